package readmodel_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"dalil/internal/directory"
)

// TestTheFirstPageOfManyIsTheBeginningOfTheWholeList compares pages that are taken from the likely records alone with
// what looking at every record gives.
func TestTheFirstPageOfManyIsTheBeginningOfTheWholeList(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	s := newStore(t)
	var records []directory.Record
	for n := range 1500 {
		name := fmt.Sprintf("%s %s %s", pick(r, []string{"Université", "Union", "L’Université", "Institut universitaire"}),
			pick(r, []string{"de", "des", "nationale", "libre de"}), pick(r, []string{"Rabat", "Fès", "Casablanca", "Oujda", "Salé", "Tanger"}))
		a := actorNamed(fmt.Sprintf("a%04d", r.IntN(1000)*1500+n), name)
		if n > 0 && r.IntN(3) == 0 {
			a.Parent = records[r.IntN(min(n, 20))].Head().ID
		}
		if r.IntN(5) == 0 {
			a.Visibility = directory.Ministry
		}
		if r.IntN(5) == 0 {
			a.OtherNames = []directory.OtherName{{Value: "Uni " + a.ID, Type: directory.NameFormer}}
		}
		records = append(records, a)
	}
	snapshot := s.put(records...)
	for n := range 30 { // some stand beside the base
		renamed := actorNamed(records[1000+n].Head().ID, "Univers")
		snapshot = s.put(renamed)
	}
	for _, q := range []string{"uni", "univ", "univers", "universite", "union nat", "universite de", "u", "institut univ", "l univ"} {
		for _, limit := range []int{1, 5, 20} {
			query := everything()
			query.Q, query.Limit = q, limit
			first := listed(t, snapshot, query)
			query.Limit = 2000
			whole := listed(t, snapshot, query)
			if want := idsOf(whole)[:min(limit, whole.Total)]; !slices.Equal(idsOf(first), want) {
				t.Errorf("%q: the first %d of %d are %v, want %v", q, limit, first.Total, idsOf(first), want)
			}
		}
	}
}
