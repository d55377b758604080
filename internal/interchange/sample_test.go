package interchange_test

import (
	"testing"

	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/sample"
)

func TestTheSampleIsReadWholeAndWithoutAFault(t *testing.T) {
	t.Parallel()
	items, faults, err := interchange.ReadFolder(sample.Morocco())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
	counts := make(map[directory.Kind]int)
	ids := make(map[directory.Ref]bool)
	for _, it := range items {
		kind := it.Record.RecordKind()
		counts[kind]++
		ids[directory.Ref{Kind: kind, ID: it.Record.Head().ID}] = true
		if err := directory.Validate(it.Record); err != nil {
			t.Errorf("%s: %v", it.Place(""), err)
		}
	}
	want := map[directory.Kind]int{
		directory.Actors: 149, directory.Initiatives: 92, directory.Functions: 56,
		directory.Roles: 387, directory.Relations: 132, directory.Sources: 204,
	}
	for kind, n := range want {
		if counts[kind] != n {
			t.Errorf("%d %s, want %d", counts[kind], kind, n)
		}
	}
	if len(ids) != len(items) {
		t.Errorf("%d ids for %d records", len(ids), len(items))
	}
	for _, it := range items {
		for _, reference := range it.Record.References() {
			if !ids[reference.To] {
				t.Errorf("%s: %s names %s, which is not there", it.Place(reference.Pointer), reference.Pointer, reference.To)
			}
		}
	}
}
