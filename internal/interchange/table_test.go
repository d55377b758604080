package interchange_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"dalil/internal/interchange"
)

// sheetRows are the rows of a sheet of a workbook with one table, each as long as the first.
func sheetRows(t *testing.T, table *interchange.Table, sheet string) [][]string {
	t.Helper()
	var out bytes.Buffer
	if err := interchange.WriteTable(&out, interchange.XLSX, table, interchange.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		for len(rows[i]) < len(rows[0]) {
			rows[i] = append(rows[i], "")
		}
	}
	return rows
}

func TestATextThatIsTooLongForACellGoesOnInTheRowsBelow(t *testing.T) {
	t.Parallel()
	var names []string
	for i := range 3_000 {
		names = append(names, fmt.Sprintf("Fédération nº %d 🏗", i))
	}
	list, text := strings.Join(names, ";"), "'"+strings.Repeat("ك🏗", 20_000)
	table := &interchange.Table{
		Name: "t", Columns: []interchange.TableColumn{{Name: "id"}, {Name: "list"}, {Name: "n", Numbers: true}, {Name: "text"}},
		Rows:  slices.Values([][]string{{"a", list, "5", text}, {"b", "x;y", "6", "short"}}),
		About: []interchange.Fact{{Name: "query", Value: list}, {Name: "seq", Value: "7"}},
	}
	rows := sheetRows(t, table, "t")[1:]
	whole, last := [4]string{}, len(rows)-1
	for i, row := range rows[:last] {
		if row[0] != "a" {
			t.Errorf("row %d is of %q", i, row[0])
		}
		for j, cell := range row {
			if units := len(utf16.Encode([]rune(cell))); units > 32_767 {
				t.Errorf("row %d has a cell of %d letters", i, units)
			}
			if strings.HasPrefix(cell, "''") { // one is the mark of a text
				cell = cell[1:]
			}
			whole[j] += cell
		}
		if i < last-1 && row[1] != "" && !strings.HasSuffix(row[1], ";") && !strings.HasSuffix(list, row[1]) {
			t.Errorf("row %d breaks off within a name: …%s", i, row[1][len(row[1])-40:])
		}
	}
	if last < 2 || whole[1] != list || whole[2] != "5" || whole[3] != text {
		t.Errorf("%d rows hold %d and %d bytes, and the number %q; want %d and %d, and 5", last, len(whole[1]), len(whole[3]), whole[2], len(list), len(text))
	}
	if got := strings.Join(rows[last], "|"); got != "b|x;y|6|short" {
		t.Errorf("the row after it is %s", got)
	}
	var parts []string
	for _, row := range sheetRows(t, table, "about") {
		if row[0] == "query" {
			parts = append(parts, row[1])
		}
	}
	if query := strings.Join(parts, ""); query != list {
		t.Errorf("the sheet about it tells %d bytes of the query, want %d", len(query), len(list))
	}
}
