package interchange_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"dalil/internal/directory"
	"dalil/internal/interchange"
)

// faultsOf reads one file and returns what is said of it.
func faultsOf(t *testing.T, in interchange.Input) ([]interchange.Item, string) {
	t.Helper()
	items, faults, err := interchange.Read(t.Context(), []interchange.Input{in}, interchange.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	said := make([]string, len(faults))
	for i, f := range faults {
		said[i] = f.Error()
	}
	return items, strings.Join(said, "\n")
}

// sheet makes a workbook of one sheet and lets a test change it.
func sheet(t *testing.T, name string, rows [][]any, change func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	err := f.SetSheetName("Sheet1", name)
	for i, row := range rows {
		at, _ := excelize.CoordinatesToCellName(1, i+1)
		err = errors.Join(err, f.SetSheetRow(name, at, &row))
	}
	if change != nil {
		change(f)
	}
	out, errWrite := f.WriteToBuffer()
	if err = errors.Join(err, errWrite, f.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// bookWithTitle makes a workbook of one source with a cell for its title.
func bookWithTitle(t *testing.T, cell string) []byte {
	t.Helper()
	row := `<row r="2"><c r="A2" t="inlineStr"><is><t>s</t></is></c>` + cell + `<c r="C2" t="s"><v>3</v></c></row>`
	return packedBook(t, sheetHead+row+sheetFoot, sharedHeader+sharedFoot)
}

// filledIn fills a row of a sheet of a workbook in, by the header.
func filledIn(t *testing.T, data []byte, name string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows(name)
	if err != nil || len(rows) == 0 {
		t.Fatalf("no sheet %s among %v: %v", name, f.GetSheetList(), err)
	}
	for i, head := range rows[0] {
		value := map[string]string{"id": "a", "kind": "network", "group": "workers", "name_fr": "N"}[head]
		at, _ := excelize.CoordinatesToCellName(i+1, 2)
		if err := f.SetCellStr(name, at, value); err != nil {
			t.Fatal(err)
		}
	}
	out, err := f.WriteToBuffer()
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func packedZip(t *testing.T, name string, size int) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create(name)
	if err == nil {
		_, err = io.CopyN(w, zeros{}, int64(size))
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// zeros is a source of blanks without end.
type zeros struct{}

var blanks = strings.Repeat(" ", 64<<10)

func (zeros) Read(p []byte) (int, error) { return copy(p, blanks), nil }

func zipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestEachBadFileGetsAnErrorToActOn(t *testing.T) {
	t.Parallel()
	const head = "id,title,kind\n"
	header := []any{"id", "title", "kind"}
	book := sheet(t, "Sources", [][]any{header, {"s", "T", "law"}}, nil)
	lines := []byte(`{"id":"a","kind":"law","title":"T"}` + "\n")
	random := make([]byte, 200_000)
	for i, r := 0, rand.New(rand.NewPCG(1, 2)); i < len(random); i++ {
		random[i] = "abcdefghij,\n"[r.IntN(12)]
	}
	gz := zipped(t, append([]byte(head), random...))
	tests := []struct {
		name, file string
		data       []byte
		want       string
	}{
		{"nothing", "sources.csv", nil, "sources.csv: The file is empty"},
		{"text named as a workbook", "notzip.xlsx", []byte("hello"), "notzip.xlsx: This is not a workbook, though it is named .xlsx."},
		{"bytes named as a workbook", "actors.XLSX", []byte("\x00\x01\x02\x03\x04"), "actors.XLSX: This is not a workbook, though it is named .XLSX."},
		{"UTF-16 without its mark", "sources.csv", []byte("i\x00d\x00,\x00t\x00i\x00t\x00l\x00e\x00\n\x00"), "sources.csv: The file is UTF-16 without a byte order mark; in the spreadsheet program, save it as “CSV UTF-8”."},
		{"a date of a clerk", "sources.csv", []byte("id,title,kind,date\ns,T,law,01/02/2003\n"), "sources.csv:2:4 (date): 01/02/2003 is not a date: write YYYY"},
		{"a workbook of empty sheets", "book.xlsx", sheet(t, "Feuil1", nil, nil), "book.xlsx: The workbook has none of the sheets of a directory: sources, "},
		{"a name that says nothing, of any format", "stuff.csv", []byte(head), "relations (.csv, .xlsx, .ndjson)."},
		{"blank lines", "sources.csv", []byte("\n \n"), "sources.csv: The file is empty"},
		{"Windows-1256", "sources.csv", []byte(head + "a,ok,law\ns,\xe6\xd2\xc7\xd1\xc9,law\n"), "sources.csv:3:2 (title): The file is not UTF-8 from here on (faulty cells: 1)"},
		{"UTF-8 broken off", "sources.csv", []byte(head + "s,Minist\xc3,law\n"), "sources.csv:2:2 (title): The file is not UTF-8"},
		{"NUL", "sources.csv", []byte(head + "s,a\x00b,law\n"), "sources.csv:2:2 (title): The text has a control character"},
		{"an open quote", "sources.csv", []byte(head + "s,\"T,law\nb,T,law\n"), "sources.csv:2: The quotes of this row do not match"},
		{"a quote within", "sources.csv", []byte(head + "s,T,law\n\nb,T\"U,law\n"), "sources.csv:4: The quotes of this row do not match"},
		{"a column without a name", "sources.csv", []byte("id,title,,kind\ns,T,x,law\n"), "sources.csv:1:3: The column C has no name in the header."},
		{"a misspelled column", "sources.csv", []byte("id,titel,kind\n"), "sources.csv:1:2 (titel): There is no column titel here; did you mean title?"},
		{"a misspelled code", "sources.csv", []byte(head + "s,T,reprot\n"), "sources.csv:2:3 (kind): reprot is not a code of the vocabulary source_kinds; did you mean report?"},
		{"a serial date", "sources.csv", []byte("id,title,kind,date\ns,T,law,44762\n"), "sources.csv:2:4 (date): 44762 is how a spreadsheet counts days (2022-07-20?)"},
		{"a decimal comma", "relations.csv", []byte("from;type;to;amount;currency\na;funds;b;1,5;EUR\n"), "relations.csv:2:4 (amount): 1,5 is not a number"},
		{"a currency alone", "relations.csv", []byte("from,type,to,amount,currency\na,funds,b,,EUR\n"), "relations.csv:2:4 (amount): This is required"},
		{"objects that are none", "actors.csv", []byte("id,kind,group,locations\na,network,workers,\"[{\"\"town\"\":1}]\"\n"), "actors.csv:2:4 (locations): The cell is not a list of objects in JSON"},
		{"a name that says nothing", "stuff.csv", []byte(head), "stuff.csv: The name of the file does not say"},
		{"half a gzip", "sources.csv.gz", gz[:len(gz)/2], "The file ends in the middle"},
		{"a gzip with a wrong sum", "sources.csv.gz", append(slices.Clone(gz[:len(gz)-8]), 0, 0, 0, 0, 0, 0, 0, 0), "The file cannot be read: gzip"},
		{"a broken line", "sources.ndjson", slices.Concat(lines, []byte("{\"id\":\n"), lines[:10], []byte("b"), lines[10:]), "sources.ndjson:2: The line is not one object in JSON"},
		{"a wrong type", "sources.ndjson", []byte(`{"id":"a","title":1}`), "sources.ndjson:1 (/title): This value has the wrong JSON type"},
		{"a wrong type beside its kind", "x.ndjson", []byte(`{"kind":"sources","record":{"id":"a","title":1}}`), "x.ndjson:1 (/record/title): This value has the wrong JSON type"},
		{"an unknown member", "sources.ndjson", []byte(`{"id":"a","titel":"x"}`), "sources.ndjson:1 (/titel): There is no such member"},
		{"a line of no kind", "x.ndjson", lines, "x.ndjson:1: Nothing says of what kind this record is"},
		{"invalid UTF-8 in a line", "sources.ndjson", []byte("{\"id\":\"a\",\"title\":\"\xe9\"}"), "sources.ndjson:1"},
		{"half a workbook", "book.xlsx", book[:len(book)/2], "book.xlsx: The file ends in the middle"},
		{"a zip bomb", "book.xlsx", packedZip(t, "xl/worksheets/sheet1.xml", 64<<20), "book.xlsx: The workbook unpacks to more than"},
		{"a zip of something else", "book.xlsx", packedZip(t, "word/document.xml", 100), "book.xlsx: The folder holds none of the files"},
		{"an old workbook", "book.xls", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...), "book.xls: This is a workbook of the old format"},
		{"an unknown sheet", "book.xlsx", sheet(t, "Feuil1", [][]any{header}, nil), "book.xlsx[Feuil1]: The sheet Feuil1 is none of a directory"},
		{"merged cells", "book.xlsx", sheet(t, "sources", [][]any{header, {"s", "T", "law"}, {"u", "T", "law"}}, func(f *excelize.File) {
			if err := f.MergeCell("sources", "B2", "B3"); err != nil {
				t.Error(err)
			}
		}), "book.xlsx[sources]:2:2: The cells B2:B3 are merged"},
		{"the error of a formula", "book.xlsx", bookWithTitle(t, `<c r="B2" t="e"><f>A9+1</f><v>#REF!</v></c>`), "book.xlsx[sources]:2:2 (title): The cell holds the error #REF!"},
		{"an error that is new", "book.xlsx", bookWithTitle(t, `<c r="B2" t="e"><v>#PYTHON!</v></c>`), "book.xlsx[sources]:2:2 (title): The cell holds the error #PYTHON!"},
		{"a formula without a value", "book.xlsx", bookWithTitle(t, `<c r="B2"><f>"T"&amp;1</f></c>`), "book.xlsx[sources]:2:2 (title): The formula in this cell has no stored value; open the workbook"},
		{"a formula with an empty number", "book.xlsx", bookWithTitle(t, `<c r="B2"><f>A1</f><v></v></c>`), "book.xlsx[sources]:2:2 (title): The formula in this cell has no stored value; open the workbook"},
		{"a formula of the library", "book.xlsx", sheet(t, "sources", [][]any{header, {"s", nil, "law"}}, func(f *excelize.File) {
			if err := f.SetCellFormula("sources", "B2", `"T"&1`); err != nil {
				t.Error(err)
			}
		}), "book.xlsx[sources]:2:2 (title): The formula in this cell has no stored value"},
		{"a misspelled code in a sheet", "book.xlsx", sheet(t, "Sources", [][]any{header, {}, {"s", "T", "reprot"}}, nil), "book.xlsx[Sources]:3:3 (kind): reprot is not"},
	}
	for _, tt := range tests {
		if _, got := faultsOf(t, inMemory(tt.file, tt.data)); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestAWorkbookWithAPasswordIsRefused(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	var out bytes.Buffer
	if err := errors.Join(f.Write(&out, excelize.Options{Password: "p"}), f.Close()); err != nil {
		t.Fatal(err)
	}
	if _, got := faultsOf(t, inMemory("book.xlsx", out.Bytes())); !strings.Contains(got, "protected by a password") {
		t.Error(got)
	}
}

func TestTheGoodLinesAroundABrokenOneAreRead(t *testing.T) {
	t.Parallel()
	text := `{"id":"a","kind":"law","title":"T"}` + "\n{\n" + `{"id":"b","kind":"law","title":"T"}` + "\n"
	items, _ := faultsOf(t, inMemory("sources.ndjson", []byte(text)))
	if len(items) != 2 || items[1].Place("/title").String() != "sources.ndjson:3 (/title)" {
		t.Errorf("%v", items)
	}
}

// It does not run beside other tests, because it counts what is allocated.
func TestALineOfTwoHundredMegabytesCostsNoMemory(t *testing.T) {
	for name, start := range map[string]string{"sources.csv": "id,title,kind\ns,", "roles.ndjson": `{"id":"`} {
		in := interchange.Input{Name: name, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader(start), io.LimitReader(zeros{}, 200<<20))), nil
		}}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, got := faultsOf(t, in)
		runtime.ReadMemStats(&after)
		if !strings.Contains(got, "The row is longer than 1 MB;") {
			t.Errorf("%s: %s", name, got)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 32<<20 {
			t.Errorf("%s: %d bytes allocated", name, used)
		}
	}
}

func TestWhatSpreadsheetProgramsWriteIsTaken(t *testing.T) {
	t.Parallel()
	utf16 := []byte("\xff\xfe")
	for _, r := range "id\ttitle\tkind\r\ns\tوزارة\tWeb page\r\n" {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	for name, data := range map[string][]byte{
		"upright strokes":      []byte("id|title|kind\ns|وزارة|Page web\n"),
		"semicolons":           []byte("\xef\xbb\xbfid;title;kind\r\ns;وزارة;Page web\r\n"),
		"tabs":                 []byte("id\ttitle\tkind\ns\tوزارة\tweb-page\n"),
		"lone CR":              []byte("id,title,kind\rs,وزارة,web page\r"),
		"a word for the comma": []byte("sep=;\nid;title;kind\ns;وزارة;web_page\n"),
		"UTF-16":               utf16,
		"blank cells":          []byte("ID,Title,Kind,,\ns,وزارة,web_page,,\n,,,,\n"),
	} {
		items, faults := faultsOf(t, inMemory("sources.csv", data))
		if len(items) != 1 || faults != "" {
			t.Errorf("%s: %d items, %s", name, len(items), faults)
			continue
		}
		if s, ok := items[0].Record.(*directory.Source); !ok || s.Title != "وزارة" || s.Kind != "web_page" {
			t.Errorf("%s: %+v", name, items[0].Record)
		}
	}
}

func TestADayOfASheetIsADate(t *testing.T) {
	t.Parallel()
	rows := [][]any{{"id", "title", "kind", "date"}, {"a", "T", "law", 44762}, {"b", "T", "law", 2022}, {"c", "T", "law", 44762}}
	data := sheet(t, "المصادر", rows, func(f *excelize.File) {
		french := "dd/mm/yyyy"
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &french})
		if err = errors.Join(err, f.SetCellStyle("المصادر", "D2", "D2", style)); err != nil {
			t.Error(err)
		}
	})
	items, faults := faultsOf(t, inMemory("book.xlsx", data))
	if len(items) != 2 || !strings.Contains(faults, "[المصادر]:4:4 (date): 44762 is how a spreadsheet counts days") {
		t.Fatalf("%d items, %s", len(items), faults)
	}
	for i, want := range []directory.Date{"2022-07-20", "2022"} {
		if s, ok := items[i].Record.(*directory.Source); !ok || s.Date != want {
			t.Errorf("%+v, want %s", items[i].Record, want)
		}
	}
}
