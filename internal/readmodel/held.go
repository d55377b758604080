package readmodel

import (
	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// heldOn are the records of a table that hold at some days.
type heldOn struct {
	table kindIndex
	asOf  AsOf
	set   *bitmap
}

// dated tells whether the records of a table have a period.
func (k kindIndex) dated() bool {
	switch k {
	case inActors, inInitiatives, inRoles, inRelations:
		return true
	default:
		return false
	}
}

// Holds tells whether a record held holds at the days: a role by its effective period.
func (s *state) Holds(e *Entry, asOf AsOf) bool {
	k := e.table
	if asOf.Any || !k.dated() {
		return true
	}
	ord, held := s.tables[k].ordinal(e.id)
	return held && asOf.Holds(s.tables[k].periods.at(ord))
}

// holding returns the records of a table that hold; nil when all do.
func (s *Snapshot) holding(k kindIndex, asOf AsOf) *roaring.Bitmap {
	if held := s.held(k, asOf); held != nil {
		return held.bits()
	}
	return nil
}

// held is the same as a set that is kept.
func (s *Snapshot) held(k kindIndex, asOf AsOf) *bitmap {
	if asOf.Any || !k.dated() {
		return nil
	}
	found := s.caches.held.get(maxHeld,
		func(h *heldOn) bool { return h.table == k && h.asOf == asOf },
		func() *heldOn { return &heldOn{k, asOf, &bitmap{base: &basis{Bitmap: s.tables[k].holding(asOf)}}} })
	return found.set
}

// holding looks at every period.
func (t *table) holding(asOf AsOf) *roaring.Bitmap {
	holding := make([]uint32, 0, t.size)
	for ord := uint32(0); ord < t.size; ord += leafSize {
		run := t.periods.run(ord)
		for i := range min(leafSize, t.size-ord) {
			var period directory.Period // of one day, the first of 1970, where none was ever set
			if int(i) < len(run) {
				period = run[i]
			}
			if asOf.Holds(period) {
				holding = append(holding, ord+i)
			}
		}
	}
	bits := roaring.New()
	bits.AddMany(holding)
	bits.RunOptimize()
	return bits
}

// advance brings it up to date for the next snapshot.
func (h *heldOn) advance(s *Snapshot, t *touches) *heldOn {
	o, next := new(owner), h.set
	for n := range t.nodes { // in any order: each record stands for itself
		if n.table != h.table {
			continue
		}
		if h.asOf.Holds(s.tables[n.table].periods.at(n.ord)) {
			next = next.add(o, n.ord)
		} else {
			next = next.remove(o, n.ord)
		}
	}
	return &heldOn{h.table, h.asOf, next}
}
