package readmodel_test

import (
	"slices"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// TestARecordWhoseSortKeyStaysAppearsOnceWhilePaging changes the directory between one page and the next.
func TestARecordWhoseSortKeyStaysAppearsOnceWhilePaging(t *testing.T) {
	t.Parallel()
	eachSeed(t, 20, 2, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed)
		w.grow(30)
		for n := range 20 {
			pageWhileChanging(t, w, newAsker(newOracle(t), seed+uint64(n)), 10)
		}
	})
}

// pageWhileChanging walks the pages of a list of all records of a kind, a commit between one page and the next.
func pageWhileChanging(t *testing.T, w *world, a *asker, from int) {
	t.Helper()
	kind := pick(a.rand, directory.Kinds())
	q := &readmodel.Query{
		Kind: kind, Clearance: directory.Ministry, Limit: 1 + a.rand.IntN(3), Lang: "fr",
		AsOf: readmodel.AsOf{Any: true}, RolesAsOf: readmodel.AsOf{Any: true},
		Sort: []readmodel.SortKey{{Name: pick(a.rand, readmodel.SortNames(kind)), Descending: a.rand.IntN(2) == 0}},
	}
	for _, c := range w.commits[:from] {
		a.apply(c)
	}
	s := applied(t, readmodel.Empty(), w.commits[:from]...)
	steady := a.list(q, nil) // those that are there, at the same place, all the time
	first, then := make(map[directory.Ref]directory.Record), make(map[directory.Ref]directory.Period)
	unsourced := make(map[directory.Ref]int)
	for _, ref := range steady {
		first[ref], unsourced[ref] = a.held[ref], a.unsourced(q, ref.ID)
		then[ref], _ = a.period(a.held[ref])
	}
	var got []directory.Ref
	for next := from; ; next++ {
		page, err := s.List(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Entries {
			got = append(got, e.Ref())
		}
		if page.Next == nil {
			break
		}
		if q.After = page.Next; next >= len(w.commits) {
			continue
		}
		s = applied(t, s, w.commits[next])
		a.apply(w.commits[next])
		steady = slices.DeleteFunc(steady, func(ref directory.Ref) bool {
			now, _ := a.period(a.held[ref])                                                        // of a role it changes with its initiative
			return !a.live(ref) || now != then[ref] || unsourced[ref] != a.unsourced(q, ref.ID) || // changes with its roles
				a.compare(q, q.Sort[0].Name, first[ref], a.held[ref]) != 0
		})
	}
	for _, ref := range steady {
		times := 0
		for _, other := range got {
			if other == ref {
				times++
			}
		}
		if times != 1 {
			t.Errorf("%s\n%s appears %d times", shown(q), ref, times)
		}
	}
}
