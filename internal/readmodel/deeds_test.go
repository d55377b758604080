package readmodel_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// The size of a crowd: so many that roles are looked at in every way there is.
const (
	crowdActors    = 4_032 // of 64 each: those that come later begin a new word
	crowdRoles     = 12_000
	crowdFunctions = 44 // of which four have no parent
)

// newCrowd is a store of many actors in three groups, most of them in the first one, with roles of every type.
func newCrowd(t *testing.T) (*staffed, map[string]string, *readmodel.Snapshot) {
	t.Helper()
	w := &staffed{
		store: newStore(t), Rand: rand.New(rand.NewPCG(3, 3)), functions: make(map[string]string),
		roles: make(map[string]*directory.Role), hidden: make(map[string]bool),
	}
	var records []directory.Record
	groups := make(map[string]string)
	for n := range crowdActors {
		a := actorNamed(fmt.Sprintf("actor-%d", n), fmt.Sprintf("Organisation %d", n))
		a.Group = []string{"government", "government", "government", "workers", "academia"}[w.IntN(5)]
		groups[a.ID] = a.Group
		records = append(records, a)
	}
	for n := range crowdFunctions {
		parent := ""
		if n >= 4 {
			parent = fmt.Sprintf("f-%d", n%4)
		}
		records = append(records, w.function(n, parent))
	}
	for n := range crowdRoles {
		records = append(records, w.crowdRole(n))
	}
	return w, groups, w.put(records...)
}

func (w *staffed) crowdRole(n int) *directory.Role {
	r := w.role(n)
	r.Actor, r.Function = fmt.Sprintf("actor-%d", w.IntN(crowdActors)), fmt.Sprintf("f-%d", w.IntN(crowdFunctions))
	return r
}

// asked is a list of the crowd, and what a role must be for its actor to be in it.
type asked struct {
	groups, types, functions []string
}

func (a *asked) filters() []readmodel.Filter {
	var filters []readmodel.Filter
	for name, values := range map[string][]string{"group": a.groups, "type": a.types, "function": a.functions} {
		if len(values) > 0 {
			filters = append(filters, readmodel.Filter{Name: name, Values: values})
		}
	}
	return filters
}

// fits tells whether a role fits what is asked of types and of functions.
func (a *asked) fits(w *staffed, r *directory.Role, byType, byFunction bool) bool {
	above := w.functionsOf(r)
	return (!byType || len(a.types) == 0 || slices.Contains(a.types, r.Type)) &&
		(!byFunction || len(a.functions) == 0 || slices.ContainsFunc(a.functions, func(f string) bool { return slices.Contains(above, f) }))
}

// compareCrowd asks a snapshot for lists and compares what it counts with what all roles, one by one, say.
func (w *staffed) compareCrowd(t *testing.T, s *readmodel.Snapshot, groups map[string]string) {
	t.Helper()
	for _, a := range []asked{
		{},
		{groups: []string{"workers"}},
		{groups: []string{"government", "academia"}},
		{types: []string{"lead"}},
		{types: []string{"lead", "partner"}, groups: []string{"government"}},
		{functions: []string{"f-7"}},
		{functions: []string{"f-1", "f-8"}, groups: []string{"government", "workers"}},
		{types: []string{"funder"}, functions: []string{"f-2"}},
		{types: []string{"funder", "lead"}, functions: []string{"f-9", "f-10"}, groups: []string{"academia"}},
		{types: []string{"funder", "lead"}, functions: []string{"f-0", "f-1", "f-2"}},
	} {
		q := everything()
		q.Today, q.RolesAsOf = day("2026-01-01"), readmodel.On("2026-01-01")
		q.Facets, q.Filters = []string{"type", "function"}, a.filters()
		ours := func(r *directory.Role) bool { return len(a.groups) == 0 || slices.Contains(a.groups, groups[r.Actor]) }
		page := listed(t, s, q)
		compareFacets(t, page,
			w.counted(typeOf, func(r *directory.Role) bool { return ours(r) && a.fits(w, r, false, true) }),
			w.counted(w.functionsOf, func(r *directory.Role) bool { return ours(r) && a.fits(w, r, true, false) }))
		if len(a.types)+len(a.functions) == 0 {
			continue
		}
		one := func(*directory.Role) []string { return []string{"all"} }
		fits := func(r *directory.Role) bool { return ours(r) && a.fits(w, r, true, true) }
		if want := w.counted(one, fits)["all"]; page.Total != want {
			t.Errorf("%v: %d actors, not %d", a, page.Total, want)
		}
		now := page.Total
		q.RolesAsOf = readmodel.AsOf{Any: true}
		if always := listed(t, s, q).Total; page.HiddenByDate != always-now {
			t.Errorf("%v: %d hidden by date, not %d", a, page.HiddenByDate, always-now)
		}
	}
}

func TestManyActorsAreCountedThroughTheirRolesInEveryWay(t *testing.T) {
	t.Parallel()
	w, groups, s := newCrowd(t)
	w.compareCrowd(t, s, groups)
	for step := range 3 {
		var records []directory.Record
		for n := range 200 {
			records = append(records, w.crowdRole(n*17+step))
		}
		newcomer := actorNamed(fmt.Sprintf("newcomer-%d", step), "Organisation nouvelle")
		newcomer.Group = "workers"
		groups[newcomer.ID] = newcomer.Group
		r := w.crowdRole(crowdRoles + step)
		r.Actor = newcomer.ID
		s = w.put(append(records, newcomer, r, w.function(5+step, "f-3"))...)
		w.compareCrowd(t, s, groups)
	}
}

// Nobody waits for the order that is made anew: the old one serves until it is there, and then what changed meanwhile.
func TestAnOrderIsMadeAnewWhileTheOldOneServes(t *testing.T) {
	t.Parallel()
	w, groups, s := newCrowd(t)
	w.compareCrowd(t, s, groups)
	change := func(step int) {
		var records []directory.Record
		for n := range 250 {
			records = append(records, w.crowdRole(n*31+step))
		}
		s = w.put(records...)
	}
	begun := false
	for step := range 12 {
		if change(step); s.OrderChanged() < 0 {
			t.Fatal("the order was given up")
		}
		before := s.OrderChanged()
		if s.AwaitOrder() {
			begun = true
			w.compareCrowd(t, s, groups)
			change(step + 100)
			if after := s.OrderChanged(); after < 0 || after >= before {
				t.Errorf("%d actors had changed, and %d since a new order was made", before, after)
			}
			w.compareCrowd(t, s, groups)
		}
	}
	if !begun {
		t.Error("no order was made anew")
	}
}

// Nobody has to be looked up for a change of what an order does not hold; every other one is noticed.
func TestAnOrderOfActorsIsOutOfDateOnlyForWhatItHolds(t *testing.T) {
	t.Parallel()
	w, groups, s := newCrowd(t)
	w.compareCrowd(t, s, groups)
	for step := range 3 {
		a := actorNamed("actor-7", fmt.Sprintf("Organisation rebaptisée %d", step))
		a.Group, a.Tags = groups[a.ID], []string{fmt.Sprintf("tag-%d", step)}
		r := *w.roles["role-7"]
		r.Description = directory.Text{"fr": fmt.Sprintf("Note %d", step)}
		if s = w.put(a, &r); s.OrderChanged() != 0 {
			t.Fatalf("%d actors count as changed by texts and tags", s.OrderChanged())
		}
	}
	for n, change := range []func(r *directory.Role){
		func(r *directory.Role) { r.Type = directory.RoleObserver },
		func(r *directory.Role) { r.Function = "f-1" },
		func(r *directory.Role) { r.End = "2019" },
		func(r *directory.Role) { r.Visibility = directory.Ministry },
		func(r *directory.Role) { r.Territories = []string{"MA-05"} },
		func(r *directory.Role) { r.Amount = &directory.Money{Amount: 7, Currency: "EUR"} },
	} {
		r := *w.roles[fmt.Sprintf("role-%d", 100+n)]
		change(&r)
		w.roles[r.ID], w.hidden[r.ID] = &r, r.Visibility != directory.Public || r.End != ""
		before := s.OrderChanged()
		if s = w.put(&r); s.OrderChanged() != before+1 {
			t.Errorf("change %d: %d actors count as changed, %d before", n, s.OrderChanged(), before)
		}
	}
	a := actorNamed("actor-8", "Organisation 8")
	a.Group = "employers"
	groups[a.ID] = a.Group
	before := s.OrderChanged()
	if s = w.put(a); s.OrderChanged() != before+1 {
		t.Error("an actor of another group does not count as changed")
	}
	w.compareCrowd(t, s, groups)
}

// A snapshot may be made long before it is shown, and what its predecessor is asked for until then is not lost.
func TestASnapshotThatIsAskedForAgainHasWhatWasMadeForTheOneBeforeMeanwhile(t *testing.T) {
	t.Parallel()
	w, groups, s := newCrowd(t)
	edit := s.Edit()
	newcomer := actorNamed("newcomer", "Organisation nouvelle")
	newcomer.Group = "workers"
	if err := edit.Apply(w.commit(newcomer)); err != nil {
		t.Fatal(err)
	}
	early := edit.Snapshot()
	w.compareCrowd(t, s, groups)
	if edit.View() != early || early.OrderChanged() >= 0 {
		t.Error("a snapshot changed by itself")
	}
	for range 2 {
		if edit.Snapshot() != early || early.OrderChanged() <= 0 {
			t.Error("what was made for the snapshot before meanwhile is not there")
		}
	}
	groups[newcomer.ID] = newcomer.Group
	w.compareCrowd(t, early, groups)
}
