package readmodel_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// Every commit of this test moves one actor from one group to the other, under a new name and with another date, so that
// whoever sees half of a commit, or something of another state, counts wrong.
func TestReadersShareSnapshotsWhileAnEditGoesOn(t *testing.T) {
	t.Parallel()
	const actors, commits, readers = 200, 150, 4
	s := newStore(t)
	var records []directory.Record
	for n := range actors {
		records = append(records, actorNamed(fmt.Sprintf("actor-%03d", n), fmt.Sprintf("Organisation %d", n)))
	}
	var head atomic.Pointer[readmodel.Snapshot]
	head.Store(s.put(records...))
	done := make(chan struct{})
	var wait sync.WaitGroup
	for range readers {
		wait.Go(func() {
			for {
				readAll(t, head.Load(), actors)
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for n := range commits {
		a := actorNamed(fmt.Sprintf("actor-%03d", n%actors), fmt.Sprintf("Moved %d", n))
		a.Group, a.Founded = directory.GroupWorkers, "2030"
		head.Store(s.put(a))
	}
	close(done)
	wait.Wait()
	if moved := listed(t, head.Load(), inGroup(directory.GroupWorkers)).Total; moved != commits {
		t.Errorf("%d moved, not %d", moved, commits)
	}
}

func inGroup(group string) *readmodel.Query {
	q := everything()
	q.Filters = []readmodel.Filter{{Name: "group", Values: []string{group}}}
	return q
}

// readAll asks one snapshot about the same in several ways.
func readAll(t *testing.T, s *readmodel.Snapshot, actors int) {
	t.Helper()
	moved := int(s.Position().Seq) - 1
	q := inGroup(directory.GroupWorkers)
	q.Facets, q.Sort, q.Limit = []string{"group"}, []readmodel.SortKey{{Name: "name"}}, 7
	page, err := s.List(q)
	if err != nil {
		t.Error(err)
		return
	}
	counts := make(map[string]int)
	for _, v := range page.Facets[0].Values {
		counts[v.Value] = v.Count
	}
	if page.Total != moved || counts["workers"] != moved || counts["government"] != actors-moved {
		t.Errorf("at %d: %d, %v", s.Position().Seq, page.Total, counts)
	}
	q = everything()
	q.AsOf = readmodel.On("2026-01-01")
	if page, err = s.List(q); err != nil || page.Total != actors-moved || page.HiddenByDate != moved {
		t.Errorf("at %d: %d hold, %d do not, %v", s.Position().Seq, page.Total, page.HiddenByDate, err)
	}
	if near := s.NearNames(actorNamed("", "Moved 0")); len(near) != min(moved, 1) {
		t.Errorf("at %d: %v", s.Position().Seq, near)
	}
}
