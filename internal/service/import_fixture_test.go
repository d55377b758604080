package service_test

import (
	"io"
	"strings"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/readmodel"
	"dalil/internal/service"
)

// itemsIn reads rows that are written as JSON lines: {"kind": "actors", "record": {…}}, or of a CSV file by its name.
func itemsIn(tb testing.TB, name, text string) []interchange.Item {
	tb.Helper()
	in := interchange.Input{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
	items, faults, err := interchange.Read(tb.Context(), []interchange.Input{in}, interchange.ReadOptions{})
	if err != nil || len(faults) > 0 {
		tb.Fatalf("reading %s: %v, %v", name, faults, err)
	}
	return items
}

// rows reads JSON lines of records of all kinds.
func rows(tb testing.TB, lines ...string) []interchange.Item {
	tb.Helper()
	return itemsIn(tb, "rows.ndjson", strings.Join(lines, "\n")+"\n")
}

// A row of each sort that the tests need, with further members before the end.
func actorRow(members string) string {
	return `{"kind":"actors","record":{"kind":"organisation","group":"government",` + members + `}}`
}

func roleRow(members string) string { return `{"kind":"roles","record":{` + members + `}}` }

func functionRow(notation, more string) string {
	return `{"kind":"functions","record":{"notation":"` + notation + `","label":{"en":"` + notation + `"}` + more + `}}`
}

// take imports rows, and fails the test unless all is well.
func take(tb testing.TB, s *service.Service, items []interchange.Item, opts service.ImportOptions) service.ImportReport {
	tb.Helper()
	report, err := s.Import(tb.Context(), write("import"), items, opts)
	if err != nil {
		tb.Fatalf("importing: %v, %v", err, report.Faults)
	}
	return report
}

// contents returns every record at a head as JSON lines, without what Dalil alone sets.
func contents(tb testing.TB, head *readmodel.Snapshot) []string {
	tb.Helper()
	var lines []string
	for _, kind := range directory.Kinds() {
		for entry := range head.Entries(kind) {
			r, err := directory.Decode(kind, entry.JSON())
			if err != nil {
				tb.Fatal(err)
			}
			e := r.Head()
			e.Version, e.Created, e.Updated, e.Attested = 0, nil, nil, nil
			text, err := directory.Encode(r)
			if err != nil {
				tb.Fatal(err)
			}
			lines = append(lines, `{"kind":"`+string(kind)+`","record":`+string(text)+`}`)
		}
	}
	return lines
}

// exported returns every record at a head as it is, as JSON lines.
func exported(head *readmodel.Snapshot) []string {
	var lines []string
	for _, kind := range directory.Kinds() {
		for entry := range head.Entries(kind) {
			lines = append(lines, `{"kind":"`+string(kind)+`","record":`+string(entry.JSON())+`}`)
		}
	}
	return lines
}
