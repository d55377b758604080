package interchange_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"dalil/internal/directory"
	"dalil/internal/interchange"
)

// packedBook makes a workbook of a sheet of sources out of the XML of its parts.
func packedBook(tb testing.TB, sheet, shared string) []byte {
	tb.Helper()
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range [][2]string{
		{"[Content_Types].xml", head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`},
		{"xl/workbook.xml", head + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="sources" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", sheet},
		{"xl/sharedStrings.xml", shared},
	} {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = io.WriteString(w, part[1])
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

const (
	sheetHead = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>`
	sheetFoot    = `</sheetData></worksheet>`
	sharedHeader = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>id</t></si><si><t>title</t></si><si><t>kind</t></si><si><t>law</t></si>`
	sharedFoot   = `</sst>`
)

func TestTheXMLOfASheetIsReadAsItIsMeant(t *testing.T) {
	t.Parallel()
	const a, law = `<c r="A2" t="inlineStr"><is><t>s</t></is></c>`, `<c r="C2" t="s"><v>3</v></c>`
	row := func(title string) string { return `<row r="2">` + a + title + law + `</row>` }
	long := strings.Repeat("é&amp;", 40_000)
	tests := []struct{ name, rows, shared, want string }{
		{"an inline text", row(`<c r="B2" t="inlineStr"><is><t>T</t></is></c>`), "", "T"},
		{"a shared text", row(`<c r="B2" t="s"><v> 4 </v></c>`), `<si><t>T</t></si>`, "T"},
		{"a shared text in runs", row(`<c r="B2" t="s"><v>4</v></c>`), `<si><r><rPr><b/></rPr><t>Fonds </t></r><r><t xml:space="preserve">social</t></r></si>`, "Fonds social"},
		{"a reading aid", row(`<c r="B2" t="s"><v>4</v></c>`), `<si><t>課</t><rPh sb="0" eb="1"><t>カ</t></rPh><phoneticPr fontId="1"/></si>`, "課"},
		{"a reading aid in the cell", row(`<c r="B2" t="inlineStr"><is><t>課</t><rPh sb="0" eb="1"><t>カ</t></rPh></is></c>`), "", "課"},
		{"the result of a formula", row(`<c r="B2" t="str"><f>A1&amp;"x"</f><v>Tx</v></c>`), "", "Tx"},
		{"a formula without a text", row(`<c r="B2" t="str"><f>""</f><v></v></c>`), "", ""},
		{"a text like an error", row(`<c r="B2" t="inlineStr"><is><t>#N/A</t></is></c>`), "", "#N/A"},
		{"a formula's text like an error", row(`<c r="B2" t="str"><f>"#"&amp;"N/A"</f><v>#N/A</v></c>`), "", "#N/A"},
		{"a number", row(`<c r="B2"><v>2022</v></c>`), "", "2022"},
		{"a truth", row(`<c r="B2" t="b"><v>1</v></c>`), "", "1"},
		{"entities", row(`<c r="B2" t="inlineStr"><is><t>&lt;a&gt; &amp;amp; &quot;b&apos;&#233;&#xE9;&#x1F600;</t></is></c>`), "", `<a> &amp; "b'éé😀`},
		{"a text that is cut by the buffer", row(`<c r="B2" t="inlineStr"><is><t>` + long + `</t></is></c>`), "", strings.ReplaceAll(long, "&amp;", "&")},
		{"CDATA", row(`<c r="B2" t="inlineStr"><is><t><![CDATA[a>b & <c>]]></t></is></c>`), "", "a>b & <c>"},
		{"a comment", row(`<!-- <c r="B2"><v>1</v></c> > --><c r="B2" t="inlineStr"><is><t>T<!-- -- > --></t></is></c>`), "", "T"},
		{"the ends of lines", row(`<c r="B2" t="inlineStr"><is><t>` + "a\r\nb\rc" + `</t></is></c>`), "", "a\nb\nc"},
		{"a guarded character", row(`<c r="B2" t="inlineStr"><is><t>a_x000A_b_x005F_x000A_</t></is></c>`), "", "a\nb_x000A_"},
		{"a prefix", strings.NewReplacer("</", "</x:", "<", "<x:").Replace(row(`<c r="B2" t="inlineStr"><is><t>T</t></is></c>`)), "", "T"},
		{"other quotes and spaces", "<row\n r = '2' >" + a + "<c s='0'\tt = \"inlineStr\" x='a>b' r='B2'><is ><t >T</t ></is></c>" + law + "</row >", "", "T"},
		{"cells without their places", `<row><c t="inlineStr"><is><t>s</t></is></c><c t="inlineStr"><is><t>T</t></is></c><c t="s"><v>3</v></c></row>`, "", "T"},
		{"empty cells", `<row r="2"/><row r="3"><c r="A3" t="inlineStr"><is><t>s</t></is></c><c r="B3" t="inlineStr"><is><t>T</t></is></c><c r="C3" t="s"><v>3</v></c><c r="D3"/><c r="E3"><v/></c></row>`, "", "T"},
	}
	for _, tt := range tests {
		data := packedBook(t, sheetHead+tt.rows+sheetFoot, sharedHeader+tt.shared+sharedFoot)
		items, said := faultsOf(t, inMemory("book.xlsx", data))
		if len(items) != 1 || said != "" {
			t.Errorf("%s: %d items, %s", tt.name, len(items), said)
			continue
		}
		if s, ok := items[0].Record.(*directory.Source); !ok || s.Title != tt.want || s.Kind != "law" || s.ID != "s" {
			t.Errorf("%s: %.200q, want %.200q", tt.name, fmt.Sprintf("%+v", s), tt.want)
		}
	}
}

func TestASheetInUTF16IsRead(t *testing.T) {
	t.Parallel()
	text := strings.Replace(sheetHead, "<worksheet", `<?xml version="1.0" encoding="UTF-16"?><worksheet`, 1) +
		`<row r="2"><c r="A2" t="inlineStr"><is><t>s</t></is></c><c r="B2" t="inlineStr"><is><t>وزارة</t></is></c><c r="C2" t="s"><v>3</v></c></row>` + sheetFoot
	wide := []byte("\xff\xfe")
	for _, unit := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	items := mustRead(t, inMemory("book.xlsx", packedBook(t, string(wide), sharedHeader+sharedFoot)))
	if s, ok := items[0].Record.(*directory.Source); !ok || s.Title != "وزارة" {
		t.Errorf("%+v", items[0].Record)
	}
}

func TestTheXMLOfASheetThatNoProgramWritesIsRefused(t *testing.T) {
	t.Parallel()
	const shared = sharedHeader + sharedFoot
	bomb := `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>` + sheetHead + `<row><c t="inlineStr"><is><t>&b;</t></is></c></row>` + sheetFoot
	for name, parts := range map[string][2]string{
		"cut in a tag":               {sheetHead + `<row r="2"><c r="A2" t="inl`, shared},
		"an unknown entity":          {sheetHead + `<row r="2"><c r="A2" t="inlineStr"><is><t>&nbsp;</t></is></c></row>` + sheetFoot, shared},
		"an entity without an end":   {sheetHead + `<row r="2"><c r="A2" t="inlineStr"><is><t>&ampersand and more</t></is></c></row>` + sheetFoot, shared},
		"a character that is none":   {sheetHead + `<row r="2"><c r="A2" t="inlineStr"><is><t>&#xFFFFFFFFF;</t></is></c></row>` + sheetFoot, shared},
		"a document type":            {bomb, shared},
		"a comment without an end":   {sheetHead + "<!-- " + strings.Repeat("x", 70_000), shared},
		"a tag without an end":       {sheetHead + `<row r="` + strings.Repeat("1", 1<<20), shared},
		"an empty tag":               {sheetHead + `<>` + sheetFoot, shared},
		"a text that is not there":   {sheetHead + `<row r="2"><c r="A2" t="s"><v>4</v></c></row>` + sheetFoot, shared},
		"a text before the first":    {sheetHead + `<row r="2"><c r="A2" t="s"><v>-1</v></c></row>` + sheetFoot, shared},
		"a row too far":              {sheetHead + `<row r="1048577"><c r="A1048577"><v>1</v></c></row>` + sheetFoot, shared},
		"rows out of their order":    {sheetHead + `<row r="3"/><row r="2"><c r="A2"><v>1</v></c></row>` + sheetFoot, shared},
		"a column too far":           {sheetHead + `<row r="2"><c r="ZZZZZZZZZZZZZZZZZZZZZ2"><v>1</v></c></row>` + sheetFoot, shared},
		"a cell that is nowhere":     {sheetHead + `<row r="2"><c r="2"><v>1</v></c></row>` + sheetFoot, shared},
		"the shared texts being cut": {sheetHead + sheetFoot, sharedHeader + "<si"},
	} {
		items, said := faultsOf(t, inMemory("book.xlsx", packedBook(t, parts[0], parts[1])))
		if len(items) > 0 || said != "book.xlsx: The file cannot be read: XLSX." {
			t.Errorf("%s: %d items, %.200s", name, len(items), said)
		}
	}
}

func TestACellOfASheetThatIsTooLongIsToldAndNotHeld(t *testing.T) {
	t.Parallel()
	long := sheetHead + `<row r="2"><c r="A2" t="inlineStr"><is><t>` + strings.Repeat("x", 1<<20) + `</t></is></c></row>` + sheetFoot
	if _, said := faultsOf(t, inMemory("book.xlsx", packedBook(t, long, sharedHeader+sharedFoot))); !strings.Contains(said, "book.xlsx[sources]:2:1 (id): The cell is longer than 256 kB") {
		t.Errorf("%.200s", said)
	}
}

// The rows of workbooks with random content are those that the library reads, which takes its time.
func TestASheetIsReadAsTheLibraryReadsIt(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	pieces := []string{"a", "é", "وزارة", " ", "&", "<b>", `"`, "'", "=1", "_x000A_", "_x", "😀", "\t", "\n", "]]>", "0", "12.5", ";", "--"}
	text := func() string {
		var s strings.Builder
		for range r.IntN(8) {
			s.WriteString(pieces[r.IntN(len(pieces))])
		}
		return s.String()
	}
	for range 20 {
		rows := [][]any{{"id", "title", "kind", "note"}}
		for n := range 1 + r.IntN(60) {
			rows = append(rows, []any{fmt.Sprintf("s%d", n), "T" + text(), "law", text()})
		}
		stream := r.IntN(2) == 0
		data := sheet(t, "sources", rows, func(f *excelize.File) {
			if stream { // inline texts
				w, err := f.NewStreamWriter("sources")
				for i, row := range rows {
					err = errors.Join(err, w.SetRow(fmt.Sprintf("A%d", i+1), row))
				}
				if err = errors.Join(err, w.Flush()); err != nil {
					t.Error(err)
				}
			}
		})
		f, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		kept, err := f.GetRows("sources", excelize.Options{RawCellValue: true})
		if err = errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		var table strings.Builder
		for _, row := range kept {
			for i := range 4 {
				if i < len(row) {
					table.WriteString(`"` + strings.ReplaceAll(row[i], `"`, `""`) + `"`)
				}
				table.WriteString([]string{",", ",", ",", "\n"}[i])
			}
		}
		want := interchange.Records(mustRead(t, inMemory("sources.csv", []byte(table.String()))))
		got := interchange.Records(mustRead(t, inMemory("book.xlsx", data)))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestDaysThatAreCountedFrom1904AreRead(t *testing.T) {
	t.Parallel()
	rows := [][]any{{"id", "title", "kind", "date"}, {"a", "T", "law", 43300}, {"b", "T", "law", 44762}, {"c", "T", "law", 0.5}}
	data := sheet(t, "sources", rows, func(f *excelize.File) {
		yes := true
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14}) // a day, as the machine's language has it
		number, errNumber := f.NewStyle(&excelize.Style{NumFmt: 4})
		err = errors.Join(err, errNumber, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
		if err = errors.Join(err, f.SetCellStyle("sources", "D2", "D2", style), f.SetCellStyle("sources", "D3", "D3", number)); err != nil {
			t.Error(err)
		}
	})
	items, said := faultsOf(t, inMemory("book.xlsx", data))
	if len(items) != 1 || !strings.Contains(said, ":3:4 (date): 44762 is how a spreadsheet counts days") || !strings.Contains(said, ":4:4 (date): 0.5 is not a date") {
		t.Fatalf("%d items, %s", len(items), said)
	}
	if s, ok := items[0].Record.(*directory.Source); !ok || s.Date != "2022-07-20" {
		t.Errorf("%+v", items[0].Record)
	}
}
