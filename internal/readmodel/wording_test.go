package readmodel_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// tagged is a commit that creates a source with a tag.
func tagged(t *testing.T, after ledger.Position, id, tag string) *ledger.Commit {
	t.Helper()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	stamp := &directory.Stamp{At: directory.At(at), By: "key-1", Seq: after.Seq + 1}
	r := &directory.Source{Title: id, Kind: "law", Envelope: directory.Envelope{
		ID: id, Version: 1, Status: directory.Published, Visibility: directory.Public, Tags: []string{tag}, Created: stamp, Updated: stamp,
	}}
	text, err := directory.Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	ref := directory.Ref{Kind: directory.Sources, ID: id}
	c := &ledger.Commit{At: at, Changes: []ledger.Change{{Op: ledger.Put, Ref: ref, Version: 1, JSON: text}}}
	c.Seal(after)
	return c
}

func tagsOf(t *testing.T, s *readmodel.Snapshot) []readmodel.FacetValue {
	t.Helper()
	page, err := s.List(&readmodel.Query{
		Kind: directory.Sources, Clearance: directory.Public, Facets: []string{"tag"}, Lang: "fr", AsOf: readmodel.AsOf{Any: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	return page.Facets[0].Values
}

func TestAFacetShowsWordsThatCameAfterItWasFirstAsked(t *testing.T) {
	t.Parallel()
	value := func(word string, count int) readmodel.FacetValue {
		return readmodel.FacetValue{FacetName: &readmodel.FacetName{Value: word, Label: word}, Count: count}
	}
	base := applied(t, readmodel.Empty(), tagged(t, ledger.Position{}, "one", "middle"))
	if diff := cmp.Diff([]readmodel.FacetValue{value("middle", 1)}, tagsOf(t, base), shownNames); diff != "" {
		t.Error(diff)
	}
	// Two continuations of one snapshot, each with a word that the other does not know.
	first := applied(t, base, tagged(t, base.Position(), "two", "before"))
	second := applied(t, base, tagged(t, base.Position(), "three", "zone"))
	if diff := cmp.Diff([]readmodel.FacetValue{value("before", 1), value("middle", 1)}, tagsOf(t, first), shownNames); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]readmodel.FacetValue{value("middle", 1), value("zone", 1)}, tagsOf(t, second), shownNames); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]readmodel.FacetValue{value("middle", 1)}, tagsOf(t, base), shownNames); diff != "" {
		t.Error(diff)
	}
}

// shownNames compares the names of facet values by what is shown of them.
var shownNames = cmpopts.IgnoreUnexported(readmodel.FacetName{})

// With many words the counts are sorted byte by byte: more than 255 of one word, several words with the same count.
func TestAFacetOfManyWordsIsInOrder(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	var records []directory.Record
	want := map[string]int{}
	for word := range 90 {
		for i := range map[bool]int{true: 300, false: 1 + word%7}[word == 41] {
			tag := fmt.Sprintf("word-%02d", (word*53)%90)
			a := actorNamed(fmt.Sprintf("a%02d-%d", word, i), "Un")
			a.Tags = []string{tag}
			want[tag]++
			records = append(records, a)
		}
	}
	page, err := s.put(records...).List(&readmodel.Query{
		Kind: directory.Actors, Clearance: directory.Public, Facets: []string{"tag"}, Lang: "fr", AsOf: readmodel.AsOf{Any: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	values := page.Facets[0].Values
	if len(values) != len(want) {
		t.Fatalf("%d words, want %d", len(values), len(want))
	}
	for i, v := range values {
		if v.Count != want[v.Value] {
			t.Errorf("%s has %d, want %d", v.Value, v.Count, want[v.Value])
		}
		if i > 0 && (values[i-1].Count < v.Count || values[i-1].Count == v.Count && values[i-1].Value >= v.Value) {
			t.Errorf("%v comes before %v", values[i-1], v)
		}
	}
}
