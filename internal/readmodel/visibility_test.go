package readmodel_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

func seenOf(tb testing.TB, s *readmodel.Snapshot, ids ...string) map[string]directory.Visibility {
	tb.Helper()
	seen := make(map[string]directory.Visibility)
	for _, id := range ids {
		e, ok := s.Find(directory.Ref{Kind: directory.Initiatives, ID: id})
		if !ok {
			tb.Fatalf("%s is not held", id)
		}
		seen[id] = s.Seen(e)
	}
	return seen
}

func TestACircleOfLinksIsSeenAtTheNarrowestOfItsMembers(t *testing.T) {
	t.Parallel()
	const public, partners, ministry = directory.Public, directory.Partners, directory.Ministry
	s := newStore(t)
	steps := []struct {
		name string
		put  *directory.Initiative
		want map[string]directory.Visibility
	}{
		{"alone", initiativeTo("a", public), map[string]directory.Visibility{"a": public}},
		{"b names a", initiativeTo("b", public, "a"), map[string]directory.Visibility{"a": public, "b": public}},
		{"a names b", initiativeTo("a", public, "b"), map[string]directory.Visibility{"a": public, "b": public}},
		{"b narrows", initiativeTo("b", ministry, "a"), map[string]directory.Visibility{"a": ministry, "b": ministry}},
		{"b widens a little", initiativeTo("b", partners, "a"), map[string]directory.Visibility{"a": partners, "b": partners}},
		{"b widens", initiativeTo("b", public, "a"), map[string]directory.Visibility{"a": public, "b": public}},
		{"c is outside", initiativeTo("c", partners), map[string]directory.Visibility{"a": public, "c": partners}},
		{"a names c, too", initiativeTo("a", public, "b", "c"), map[string]directory.Visibility{"a": partners, "b": partners}},
		{"a widens by leaving c, narrows by itself", initiativeTo("a", ministry, "b"), map[string]directory.Visibility{"a": ministry, "b": ministry, "c": partners}},
		{"the circle opens", initiativeTo("b", public), map[string]directory.Visibility{"a": ministry, "b": public}},
	}
	for _, step := range steps {
		snapshot := s.put(step.put)
		ids := make([]string, 0, len(step.want))
		for id := range step.want {
			ids = append(ids, id)
		}
		if diff := cmp.Diff(step.want, seenOf(t, snapshot, ids...)); diff != "" {
			t.Errorf("%s: wanted (-), got (+):\n%s", step.name, diff)
		}
	}
}

func TestWhatNamesAHiddenRecordIsHiddenEverywhere(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	source := &directory.Source{Envelope: envelope("report", directory.Ministry), Title: "Report", Kind: "report"}
	ministry := actorNamed("ministry", "Ministère")
	ministry.Sources = []string{"report"}
	unit := actorNamed("unit", "Service")
	unit.Parent = "ministry"
	snapshot := s.put(unit, ministry, source)
	q := everything()
	q.Facets = []string{"group", "parent", "source"}
	page := listed(t, snapshot, q)
	if page.Total != 0 || len(page.Facets[0].Values)+len(page.Facets[1].Values)+len(page.Facets[2].Values) != 0 {
		t.Errorf("the public sees %+v", page)
	}
	q.Filters = []readmodel.Filter{{Name: "under", Values: []string{"ministry"}}}
	if _, err := snapshot.List(q); err == nil {
		t.Error("a hidden actor is accepted as the value of a filter")
	}
	q.Clearance = directory.Ministry
	if diff := cmp.Diff([]string{"ministry", "unit"}, idsOf(listed(t, snapshot, q))); diff != "" {
		t.Error(diff)
	}
	source.Visibility = directory.Public
	snapshot = s.put(source)
	q.Clearance = directory.Public
	if diff := cmp.Diff([]string{"ministry", "unit"}, idsOf(listed(t, snapshot, q))); diff != "" {
		t.Error(diff)
	}
}

func TestADraftIsSeenLikeMinistry(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	draft := actorNamed("draft", "Brouillon")
	draft.Status = directory.Draft
	snapshot := s.put(draft)
	if n := snapshot.Count(directory.Actors, directory.Partners); n != 0 {
		t.Errorf("partners count %d", n)
	}
	if n := snapshot.Count(directory.Actors, directory.Ministry); n != 1 {
		t.Errorf("the ministry counts %d", n)
	}
}
