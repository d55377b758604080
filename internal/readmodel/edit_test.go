package readmodel_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

func TestAViewShowsWhatWasAppliedAndTheSnapshotBelowStays(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	base := s.put(actorNamed("one", "Office national des migrations"))
	edit := base.Edit()
	if edit.View() != base || edit.Snapshot() != base {
		t.Error("an edit without changes is not its snapshot")
	}
	if err := edit.Apply(s.commit(actorNamed("two", "Agence nationale de l’emploi"))); err != nil {
		t.Fatal(err)
	}
	if n := edit.View().Count(directory.Actors, directory.Public); n != 2 {
		t.Errorf("the view counts %d", n)
	}
	near := edit.View().NearNames(actorNamed("three", "Agence national de l'emploi"))
	if diff := cmp.Diff([]directory.Ref{{Kind: directory.Actors, ID: "two"}}, near); diff != "" {
		t.Error(diff)
	}
	if err := edit.Apply(s.commit(actorNamed("four", "Agence nationale des emplois"))); err != nil {
		t.Fatal(err)
	}
	near = edit.View().NearNames(actorNamed("three", "Agence nationale de emplois"))
	if diff := cmp.Diff([]directory.Ref{{Kind: directory.Actors, ID: "four"}}, near); diff != "" {
		t.Errorf("the index of names did not follow: %s", diff)
	}
	frozen := edit.Snapshot()
	if base.Count(directory.Actors, directory.Public) != 1 || frozen.Count(directory.Actors, directory.Public) != 3 {
		t.Error("the snapshots do not stand by themselves")
	}
	if len(base.NearNames(actorNamed("three", "Agence nationale de l'emploi"))) != 0 {
		t.Error("the snapshot below knows a later name")
	}
	if frozen.Position() != s.at || !frozen.At().Equal(s.now) {
		t.Errorf("the snapshot stands at %d, %s", frozen.Position().Seq, frozen.At())
	}
}

func TestAChangeIsSeenByWhateverTheSnapshotBeforeHadWorkedOut(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	old, late := actorNamed("b", "Beta"), actorNamed("c", "Gamma")
	old.Founded, late.Founded = "1950", "2024"
	snapshot := s.put(actorNamed("a", "Alpha"), old, late)
	ask := func(snapshot *readmodel.Snapshot) []string {
		q := everything()
		q.AsOf = readmodel.On("2020-05")
		q.Sort = []readmodel.SortKey{{Name: "name", Descending: true}}
		q.Facets = []string{"group"}
		page := listed(t, snapshot, q)
		if n := page.Facets[0].Values[0].Count; n != page.Total {
			t.Errorf("the facet counts %d of %d", n, page.Total)
		}
		q.Sort = []readmodel.SortKey{{Name: "founded"}}
		listed(t, snapshot, q)
		return idsOf(page)
	}
	for _, step := range []struct {
		change func() *readmodel.Snapshot
		want   []string
	}{
		{func() *readmodel.Snapshot { return snapshot }, []string{"b", "a"}},
		{func() *readmodel.Snapshot { late.Founded = "2020-05-31"; return s.put(late) }, []string{"c", "b", "a"}},
		{func() *readmodel.Snapshot { old.Name["fr"] = "Omega"; return s.put(old) }, []string{"b", "c", "a"}},
		{func() *readmodel.Snapshot { old.Dissolved = "2020-04"; return s.put(old) }, []string{"c", "a"}},
		{func() *readmodel.Snapshot { return s.put(actorNamed("d", "Delta")) }, []string{"c", "d", "a"}},
		{func() *readmodel.Snapshot { return s.archive(late) }, []string{"d", "a"}},
	} {
		if diff := cmp.Diff(step.want, ask(step.change())); diff != "" {
			t.Errorf("wanted (-), got (+):\n%s", diff)
		}
	}
}

func TestACommitThatDoesNotFollowIsRefused(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.put(actorNamed("one", "Un"))
	missed := s.commit(actorNamed("two", "Deux"))
	next := s.commit(actorNamed("three", "Trois"))
	if err := s.edit.Apply(next); err == nil {
		t.Error("a gap is accepted")
	}
	s.apply(missed)
	if err := s.edit.Apply(missed); err == nil {
		t.Error("a commit is applied twice")
	}
	s.apply(next)
}

func TestATextThatIsNoRecordNamesItself(t *testing.T) {
	t.Parallel()
	edit := readmodel.Empty().Edit()
	record := ledger.Record{
		Ref: directory.Ref{Kind: directory.Actors, ID: "broken"}, Version: 3, Op: ledger.Put, JSON: []byte(`{"id":`),
	}
	if err := edit.Load(record); err != nil {
		t.Fatal(err)
	}
	if err := edit.Loaded(ledger.Position{}, time.Time{}); err == nil || !strings.Contains(err.Error(), "actors/broken version 3") {
		t.Errorf("got %v", err)
	}
	edit = readmodel.Empty().Edit()
	for n := 0; ; n++ { // a start does not read on for long when it cannot go well
		if err := edit.Load(record); err != nil {
			break
		}
		if n == 100_000 {
			t.Fatal("all of them are taken")
		}
	}
	edit = readmodel.Empty().Edit()
	record.Ref.Kind = "contacts"
	if err := edit.Load(record); err != nil {
		t.Errorf("a kind of a later program stops the start: %v", err)
	}
	if err := edit.Loaded(ledger.Position{}, time.Time{}); err != nil {
		t.Errorf("a kind of a later program stops the start: %v", err)
	}
	c := &ledger.Commit{Changes: []ledger.Change{{Op: ledger.Put, Ref: directory.Ref{Kind: directory.Actors, ID: "broken"}, JSON: []byte("[]")}}}
	c.Seal(ledger.Position{})
	if err := edit.Apply(c); err == nil || edit.View().Position().Seq != 0 {
		t.Errorf("a broken commit leaves something behind: %v", err)
	}
}

func TestAnErasedRecordIsHeldWithoutItsText(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.put(actorNamed("one", "Un"))
	ref := directory.Ref{Kind: directory.Actors, ID: "one"}
	snapshot := s.apply(s.seal(ledger.Change{Op: ledger.Erase, Ref: ref, Version: 2, Erased: []uint64{1}}))
	entry, ok := snapshot.Find(ref)
	if !ok || !entry.Erased() || !entry.Archived() || entry.Version() != 2 || entry.JSON() != nil || entry.Record().Head().ID != "one" {
		t.Errorf("it is held as %+v", entry)
	}
	if _, ok := snapshot.Lookup(ref, directory.Partners); ok {
		t.Error("partners find it")
	}
	q := everything()
	q.Clearance = directory.Ministry
	q.Filters = []readmodel.Filter{{Name: "status", Values: []string{"archived", "published"}}}
	if n := listed(t, snapshot, q).Total; n != 0 {
		t.Errorf("it is listed: %d", n)
	}
	s.versions[ref] = 2
	q.Filters = nil
	if diff := cmp.Diff([]string{"one"}, idsOf(listed(t, s.put(actorNamed("one", "Un")), q))); diff != "" {
		t.Errorf("created again it is not listed: %s", diff)
	}
}

func TestARecordErasedAndPutInOneCommitStandsWhereItIsNow(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.put(actorNamed("one", "Un"))
	ref := directory.Ref{Kind: directory.Actors, ID: "one"}
	s.versions[ref] = 2
	again := actorNamed("one", "Deux")
	again.Group = directory.GroupWorkers
	put := s.change(ledger.Put, again)
	snapshot := s.apply(s.seal(ledger.Change{Op: ledger.Erase, Ref: ref, Version: 2, Erased: []uint64{1}}, put))
	q := everything()
	q.Clearance, q.Facets = directory.Ministry, []string{"status", "group"}
	for _, test := range []struct {
		name, value string
		want        int
	}{
		{"group", "government", 0}, {"group", "workers", 1}, {"status", "archived", 0}, {"status", "published", 1},
	} {
		q.Filters = []readmodel.Filter{{Name: test.name, Values: []string{test.value}}}
		if got := listed(t, snapshot, q).Total; got != test.want {
			t.Errorf("%d with %s %s, want %d", got, test.name, test.value, test.want)
		}
	}
	q.Filters = nil
	for _, of := range listed(t, snapshot, q).Facets {
		for _, value := range of.Values {
			if value.Value != "workers" && value.Value != "published" && value.Count > 0 {
				t.Errorf("it is counted as %q", value.Value)
			}
		}
	}
}
