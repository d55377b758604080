package readmodel

import (
	"cmp"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// Scope says which of the functions that are chosen are items.
type Scope string

// The scopes.
const (
	ScopeLeaf Scope = "leaf" // those with none of the chosen below them
	ScopeTop  Scope = "top"  // those with none of the chosen above them
	ScopeAll  Scope = "all"
)

// Scopes returns the scopes, the usual one first.
func Scopes() []Scope { return []Scope{ScopeLeaf, ScopeTop, ScopeAll} }

// AnalysisItem is a function or an initiative that an answer is about.
type AnalysisItem struct {
	ID     string `json:"id"`
	Label  string `json:"label"`
	Parent string `json:"parent,omitempty"`

	ord uint32
}

// functions returns the functions in scope, in the taxonomy's order: each before what is below it, neighbours by their
// order, then by notation.
func (e *evidence) functions(scope Scope) []AnalysisItem {
	chosen := e.chosen(inFunctions, "function", functionFramework)
	return e.items(inFunctions, e.s.inTaxonomy(e.scoped(chosen, scope)))
}

// initiatives returns the initiatives in scope that hold, by label.
func (e *evidence) initiatives() []AnalysisItem {
	chosen := e.chosen(inInitiatives, "initiative", initiativeFramework)
	if held := e.s.holding(inInitiatives, e.asOf); held != nil {
		chosen.And(held)
	}
	items := e.items(inInitiatives, chosen.ToArray())
	slices.SortFunc(items, compareFolded)
	return items
}

func (e *evidence) items(k kindIndex, ords []uint32) []AnalysisItem {
	items := make([]AnalysisItem, len(ords))
	for i, ord := range ords {
		items[i] = e.item(k, ord)
	}
	return items
}

func (e *evidence) item(k kindIndex, ord uint32) AnalysisItem {
	t := e.s.tables[k]
	item := AnalysisItem{ID: t.id(ord), Label: e.labelOf(k, ord), ord: ord}
	if parent, ok := k.parentField(); ok {
		if code := t.fields[parent].one.at(ord); code != none {
			item.Parent = t.id(code - 1) // who sees a record sees what it names
		}
	}
	return item
}

// chosen returns those visible live records of a kind that the filters of its name and those by framework choose. Its
// result is the caller's.
func (e *evidence) chosen(k kindIndex, name string, framework int) *roaring.Bitmap {
	t := e.s.tables[k]
	all := t.live[e.level].bits().Clone()
	for i := range e.q.Filters {
		switch f := &e.q.Filters[i]; f.Name {
		case name:
			if len(f.Values) > 0 || f.None { // none chooses no record
				all.And(e.subtrees(k, name, f.Values))
			}
			all.AndNot(e.subtrees(k, name, f.Not))
		case "framework":
			e.carrying(all, k, framework, f)
		}
	}
	return all
}

// subtrees returns the records that values name, and all below them.
func (e *evidence) subtrees(k kindIndex, name string, values []string) *roaring.Bitmap {
	all := roaring.New()
	for _, value := range values {
		if ord, err := e.named(name, k, value); err == nil { // they were found before
			all.Or(e.s.tables[k].subtree(ord))
		}
	}
	return all
}

// carrying keeps those of some records that carry the codes that a filter asks for.
func (e *evidence) carrying(of *roaring.Bitmap, k kindIndex, field int, f *Filter) {
	without := e.fieldOf(k, field).set(none)
	if len(f.Values) > 0 || f.None {
		want := roaring.New()
		for _, value := range f.Values {
			want.Or(e.having(k, field, value))
		}
		if f.None {
			without.joinTo(want)
		}
		of.And(want)
	}
	for _, value := range f.Not {
		of.AndNot(e.having(k, field, value))
	}
	if f.NotNone {
		of.AndNot(without.bits())
	}
}

// scoped returns those of some functions that are in scope.
func (e *evidence) scoped(chosen *roaring.Bitmap, scope Scope) *roaring.Bitmap {
	if scope == ScopeAll {
		return chosen
	}
	t := e.s.tables[inFunctions]
	above, below := roaring.New(), roaring.New() // what is above some of them, and those that are below some
	runs(chosen, func(ords []uint32) {
		for _, ord := range ords {
			t.above(ord, func(over uint32) bool {
				above.Add(over)
				if chosen.Contains(over) {
					below.Add(ord)
				}
				return true
			})
		}
	})
	if scope == ScopeTop {
		return roaring.AndNot(chosen, below)
	}
	return roaring.AndNot(chosen, above)
}

// taxonomy holds the place of every function in the taxonomy's order.
type taxonomy struct {
	of    *table
	ranks []uint32 // by ordinal
}

// inTaxonomy returns some functions in the taxonomy's order.
func (s *Snapshot) inTaxonomy(some *roaring.Bitmap) []uint32 {
	t := s.tables[inFunctions]
	x := s.caches.taxonomy.get(1, func(x *taxonomy) bool { return x.of == t }, func() *taxonomy { return newTaxonomy(t) })
	ords := some.ToArray()
	slices.SortFunc(ords, func(a, b uint32) int { return cmp.Compare(x.ranks[a], x.ranks[b]) })
	return ords
}

func newTaxonomy(t *table) *taxonomy {
	x := &taxonomy{of: t, ranks: make([]uint32, t.size)}
	all := roaring.New()
	for ord := range t.size {
		if t.entries.at(ord) != nil {
			all.Add(ord)
		}
	}
	for rank, ord := range t.inOrder(all) {
		x.ranks[ord] = uint32(rank)
	}
	return x
}

// inOrder returns some functions in the taxonomy's order.
func (t *table) inOrder(some *roaring.Bitmap) []uint32 {
	ords := some.ToArray()
	paths := make(map[uint32][]uint32, len(ords)) // from the top down to the function itself
	for _, ord := range ords {
		path := []uint32{ord}
		t.above(ord, func(over uint32) bool {
			path = append(path, over)
			return true
		})
		slices.Reverse(path)
		paths[ord] = path
	}
	slices.SortFunc(ords, func(a, b uint32) int { return slices.CompareFunc(paths[a], paths[b], t.compareNeighbours) })
	return ords
}

// compareNeighbours compares two functions that have the same parent.
func (t *table) compareNeighbours(a, b uint32) int {
	if a == b {
		return 0
	}
	return cmp.Or(
		cmp.Compare(orderOf(t, a), orderOf(t, b)),
		strings.Compare(t.notation(a), t.notation(b)),
		strings.Compare(t.id(a), t.id(b)))
}

func (t *table) notation(ord uint32) string {
	if f, ok := t.entries.at(ord).Record().(*directory.Function); ok {
		return strings.ToLower(f.Notation)
	}
	return ""
}
