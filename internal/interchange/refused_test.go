package interchange_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"dalil/internal/directory"
	"dalil/internal/interchange"
)

func TestTheRowsWithAFaultAreGivenAsFarAsTheyCanBeRead(t *testing.T) {
	t.Parallel()
	const head = "id,title,kind,date\n"
	tests := []struct {
		name, file string
		data       []byte
		good       int
		want       []string // place, id, and whether no more is known
	}{
		{"a wrong cell", "sources.csv", []byte(head + "a,T,reprot,\nb,T,law,\n"), 1, []string{"sources.csv:2 a"}},
		{"a row of another width", "sources.csv", []byte(head + "a,T\nb,T,law,\n"), 1, []string{"sources.csv:2 a bare"}},
		{"an id twice", "sources.csv", []byte(head + "a,T,law,\na,T,law,\n"), 1, []string{"sources.csv:3 a"}},
		{"a header with a wrong column", "sources.csv", []byte("id,titel,kind\na,T,law\nb,T,law\n"), 0, []string{"sources.csv:2 a bare", "sources.csv:3 b bare", "sources.csv:1  bare"}},
		{"a header without an id", "sources.csv", []byte("titel,kind\nT,law\n"), 0, []string{"sources.csv  bare"}},
		{"another coding", "sources.csv", []byte(head + "a,T\xe9,law,\nb,T,law,\n"), 0, []string{"sources.csv:2 a bare", "sources.csv:3 b bare"}},
		{"quotes that do not match", "sources.csv", []byte(head + "a,T,law,\n\"b\"c,T,law,\n"), 1, []string{"sources.csv:3  bare"}},
		{"an empty file", "sources.csv", nil, 0, []string{"sources.csv  bare"}},
		{"a line with a wrong member", "sources.ndjson", []byte(`{"id":"a","title":1}`), 0, []string{"sources.ndjson:1 a bare"}},
		{"a function known by its notation", "x.ndjson", []byte(`{"kind":"functions","record":{"notation":"POL","titel":1}}`), 0, []string{"x.ndjson:1  bare"}},
		{"a broken line", "sources.ndjson", []byte(`{"id":"a","title":"T","kind":"law"}` + "\n{\n"), 1, []string{"sources.ndjson:2  bare"}},
		{"the error of a formula", "book.xlsx", bookWithTitle(t, `<c r="B2" t="e"><v>#REF!</v></c>`), 0, []string{"book.xlsx[sources]:2 s"}},
		{"a formula without a value", "book.xlsx", bookWithTitle(t, `<c r="B2"><f>A1</f></c>`), 0, []string{"book.xlsx[sources]:2 s"}},
		{"a sheet with a wrong header", "book.xlsx", sheet(t, "sources", [][]any{{"id", "titel", "kind"}, {"a", "T", "law"}}, nil), 0, []string{"book.xlsx[sources]:2 a bare", "book.xlsx[sources]:1  bare"}},
		{"merged cells", "book.xlsx", sheet(t, "sources", [][]any{{"id", "title", "kind"}, {"a", "T", "law"}}, func(f *excelize.File) {
			if err := f.MergeCell("sources", "B2", "B3"); err != nil {
				t.Error(err)
			}
		}), 1, nil},
	}
	for _, tt := range tests {
		var got []string
		items, faults, err := interchange.Read(t.Context(), []interchange.Input{inMemory(tt.file, tt.data)}, interchange.ReadOptions{
			Refused: func(it interchange.Item) {
				line := it.Place("").String() + " " + it.Record.Head().ID
				if it.Bare() {
					line += " bare"
				}
				got = append(got, line)
			},
		})
		if err != nil || len(faults) == 0 || len(items) != tt.good {
			t.Errorf("%s: %d items, %v, %v", tt.name, len(items), faults, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

func TestALineOfWhichNotEvenTheKindIsKnownMayBeOfAny(t *testing.T) {
	t.Parallel()
	var got []string
	_, _, err := interchange.Read(t.Context(), []interchange.Input{inMemory("x.ndjson", []byte("{\n"))}, interchange.ReadOptions{
		Refused: func(it interchange.Item) { got = append(got, string(it.Record.RecordKind())) },
	})
	want := strings.Trim(fmt.Sprint(directory.Kinds()), "[]")
	if err != nil || strings.Join(got, " ") != want {
		t.Errorf("%v, %v, want %s", got, err, want)
	}
}
