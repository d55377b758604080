package readmodel_test

import (
	"sync"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// What a question marks on its way is another's memory as soon as it is given back.
func TestListsAndAnalysesAtOnceDoNotShareWhatTheyMark(t *testing.T) {
	t.Parallel()
	_, _, s := newCrowd(t)
	analysis := func() int {
		q := &readmodel.GapQuery{StaleAfter: 365, Rules: []string{"unsourced"}}
		q.Clearance, q.AsOf, q.Today, q.Lang, q.By = directory.Ministry, readmodel.On("2026-01-01"), day("2026-01-01"), "fr", readmodel.ByFunction
		q.Filters = []readmodel.Filter{{Name: "type", Values: []string{"funder", "lead"}}, {Name: "group", Values: []string{"government"}}}
		found, err := s.Gaps(q)
		if err != nil {
			t.Error(err)
			return -1
		}
		return found.HiddenByDate
	}
	list := func() int {
		q := everything()
		q.Clearance, q.Filters = directory.Public, []readmodel.Filter{{Name: "group", Values: []string{"workers"}}}
		page, err := s.List(q)
		if err != nil {
			t.Error(err)
			return -1
		}
		return page.Total
	}
	hidden, total := analysis(), list()
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for range 500 {
				if got := analysis(); got != hidden {
					t.Errorf("%d roles are hidden by date, and %d when others ask", hidden, got)
					return
				}
			}
		})
		asking.Go(func() {
			for range 500 {
				if got := list(); got != total {
					t.Errorf("%d actors are public, and %d when others ask", total, got)
					return
				}
			}
		})
	}
	asking.Wait()
}
