package readmodel_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// staffed is a store with many actors that have roles, and a plain record of the roles.
type staffed struct {
	*store
	*rand.Rand
	functions map[string]string // id → parent
	roles     map[string]*directory.Role
	hidden    map[string]bool // roles that the public does not see
}

const (
	staffedActors    = 150
	staffedFunctions = 12
)

func newStaffed(t *testing.T) (*staffed, *readmodel.Snapshot) {
	t.Helper()
	w := &staffed{
		store: newStore(t), Rand: rand.New(rand.NewPCG(7, 7)), functions: make(map[string]string),
		roles: make(map[string]*directory.Role), hidden: make(map[string]bool),
	}
	var records []directory.Record
	for n := range staffedActors {
		records = append(records, actorNamed(fmt.Sprintf("actor-%d", n), fmt.Sprintf("Organisation %d", n)))
	}
	for n := range staffedFunctions {
		parent := ""
		if n >= 3 {
			parent = fmt.Sprintf("f-%d", n/3-1)
		}
		records = append(records, w.function(n, parent))
	}
	for n := range 400 {
		records = append(records, w.role(n))
	}
	return w, w.put(records...)
}

func (w *staffed) function(n int, parent string) *directory.Function {
	id := fmt.Sprintf("f-%d", n)
	w.functions[id] = parent
	return &directory.Function{
		Envelope: envelope(id, directory.Public), Notation: id, Parent: parent, Label: directory.Text{"fr": id},
	}
}

// role makes a role anew, with another actor, type, function, date and visibility.
func (w *staffed) role(n int) *directory.Role {
	id := fmt.Sprintf("role-%d", n)
	types := []string{directory.RoleLead, directory.RoleFunder, directory.RolePartner}
	r := &directory.Role{
		Envelope: envelope(id, directory.Public), Actor: fmt.Sprintf("actor-%d", w.IntN(staffedActors)),
		Type: types[w.IntN(len(types))], Function: fmt.Sprintf("f-%d", w.IntN(staffedFunctions)),
	}
	if w.IntN(4) == 0 {
		r.End = "2020"
	}
	if w.IntN(5) == 0 {
		r.Visibility = directory.Partners
	}
	w.roles[id], w.hidden[id] = r, r.Visibility != directory.Public || r.End != ""
	return r
}

// counted is the number of actors that have a role with a value, among the roles that the public sees today and that fit.
func (w *staffed) counted(values func(*directory.Role) []string, fits func(*directory.Role) bool) map[string]int {
	actors := make(map[string]map[string]bool)
	for id, r := range w.roles {
		if w.hidden[id] || !fits(r) {
			continue
		}
		for _, value := range values(r) {
			if actors[value] == nil {
				actors[value] = make(map[string]bool)
			}
			actors[value][r.Actor] = true
		}
	}
	counts := make(map[string]int)
	for value, some := range actors {
		counts[value] = len(some)
	}
	return counts
}

func (w *staffed) functionsOf(r *directory.Role) (ids []string) {
	for id := r.Function; id != ""; id = w.functions[id] {
		ids = append(ids, id)
	}
	return ids
}

func typeOf(r *directory.Role) []string { return []string{r.Type} }

// compare asks a snapshot about the actors through their roles.
func (w *staffed) compare(t *testing.T, s *readmodel.Snapshot) {
	t.Helper()
	q := everything()
	q.Today = day("2026-01-01")
	q.RolesAsOf = readmodel.On("2026-01-01")
	q.Facets = []string{"type", "function"}
	all := func(*directory.Role) bool { return true }
	types, functions := w.counted(typeOf, all), w.counted(w.functionsOf, all)
	compareFacets(t, listed(t, s, q), types, functions)
	for value, want := range types {
		q.Filters = []readmodel.Filter{{Name: "type", Values: []string{value}}}
		page := listed(t, s, q)
		if page.Total != want {
			t.Errorf("at %d: %d have the type %s, not %d", s.Position().Seq, page.Total, value, want)
		}
		compareFacets(t, page, types, w.counted(w.functionsOf, func(r *directory.Role) bool { return r.Type == value }))
		q.Filters = []readmodel.Filter{{Name: "type", Not: []string{value}}}
		if total := listed(t, s, q).Total; total != staffedActors-want {
			t.Errorf("at %d: %d do not have the type %s, not %d", s.Position().Seq, total, value, staffedActors-want)
		}
	}
	for value, want := range functions {
		q.Filters = []readmodel.Filter{{Name: "function", Values: []string{value}}}
		if total := listed(t, s, q).Total; total != want {
			t.Errorf("at %d: %d have the function %s, not %d", s.Position().Seq, total, value, want)
		}
	}
}

func compareFacets(t *testing.T, page *readmodel.Page, want ...map[string]int) {
	t.Helper()
	for i, facet := range page.Facets {
		got := make(map[string]int)
		for _, v := range facet.Values {
			got[v.Value] = v.Count
		}
		if diff := cmp.Diff(want[i], got); diff != "" {
			t.Errorf("%s: wanted (-), got (+):\n%s", facet.Name, diff)
		}
	}
}

func TestActorsAreFoundThroughTheRolesThatTheyHaveNow(t *testing.T) {
	t.Parallel()
	w, snapshot := newStaffed(t)
	w.compare(t, snapshot)
	for step := range 60 {
		switch step % 6 {
		case 0: // a function moves below another top
			snapshot = w.put(w.function(3+w.IntN(staffedFunctions-3), fmt.Sprintf("f-%d", w.IntN(3))))
		case 1: // a role ends
			id := fmt.Sprintf("role-%d", w.IntN(400))
			snapshot = w.archive(w.roles[id])
			delete(w.roles, id)
		case 2: // a role begins
			snapshot = w.put(w.role(400 + step))
		default: // roles change
			snapshot = w.put(w.role(w.IntN(400)), w.role(w.IntN(400)))
		}
		w.compare(t, snapshot)
	}
}
