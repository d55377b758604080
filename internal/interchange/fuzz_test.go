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
