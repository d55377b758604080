package interchange_test

import (
	"strings"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/interchange"
)

// FuzzReadCSV holds that whatever the bytes are, reading ends, and that what is read is read again from what is written.
func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{
		"id,title,kind\ns,T,law\n", "id;title;kind\r\n'=s;\"a\"\"b\nc\";law", "\xff\xfei\x00", "sep=,\nid,title,kind\n,,,\n", "id,title\rkind", "\"",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		items, _ := faultsOf(t, inMemory("sources.csv", data))
		records := make([]directory.Record, 0, len(items))
		for i := range items {
			if r := items[i].On(nil); directory.Validate(r) == nil {
				records = append(records, r)
			}
		}
		same(t, "again", mustReadDoubled(t, inMemory("sources.csv", written(t, interchange.CSV, directory.Sources, records))), records)
	})
}

// FuzzReadLines holds the same of JSON lines.
func FuzzReadLines(f *testing.F) {
	for _, seed := range []string{
		`{"id":"a","kind":"law","title":"T"}`, `{"kind":"actors","record":{"id":"a"},"same_as":"new"}`, "{\n{}\n", `{"record":null}`, "{}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		items, _ := faultsOf(t, inMemory("sources.ndjson", data))
		var records []directory.Record
		for i := range items {
			if r := items[i].On(nil); r.RecordKind() == directory.Sources {
				records = append(records, r)
			}
		}
		same(t, "again", mustReadDoubled(t, inMemory("sources.ndjson", written(t, interchange.NDJSON, directory.Sources, records))), records)
	})
}

// mustReadDoubled reads a file in which an id may stand twice, and nothing else may be wrong.
func mustReadDoubled(t *testing.T, in interchange.Input) []interchange.Item {
	t.Helper()
	items, faults := faultsOf(t, in)
	for line := range strings.SplitSeq(faults, "\n") {
		if line != "" && !strings.Contains(line, "is taken") && !strings.Contains(line, "is empty") {
			t.Error(line)
		}
	}
	return items
}

// FuzzReadSheet holds that reading a workbook ends, whatever the bytes of its sheet and of its shared texts are.
func FuzzReadSheet(f *testing.F) {
	f.Add([]byte(sheetHead+`<row r="2"><c r="A2" t="s"><v>3</v></c><c r="B2" t="inlineStr"><is><t>a&amp;b<![CDATA[]]></t></is></c></row>`+sheetFoot), []byte(sharedHeader+sharedFoot))
	f.Add([]byte(`<a b="c>d" e='<'/><!-- -- --><row r="2"><c/></row>`), []byte("<si><t>x</t><rPh><t>y</t></rPh></si>&#x41;"))
	f.Fuzz(func(t *testing.T, sheet, shared []byte) {
		items, said := faultsOf(t, inMemory("book.xlsx", packedBook(t, string(sheet), string(shared))))
		if len(items) > 0 && strings.Contains(said, "cannot be read") {
			t.Errorf("%d items of a damaged file: %s", len(items), said)
		}
	})
}
