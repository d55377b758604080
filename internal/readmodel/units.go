package readmodel

import "dalil/internal/directory"

// heads says which actor each unit counts as: its nearest ancestor that is no unit, or the topmost one when all are.
type heads struct {
	counted map[uint32]uint32   // unit → head
	units   map[uint32][]uint32 // head → units
}

// of returns the actor that an actor counts as.
func (h *heads) of(actor uint32) uint32 {
	if head, ok := h.counted[actor]; ok {
		return head
	}
	return actor
}

// membersOf returns the actors that count as one: none for a unit that counts as another.
func (h *heads) membersOf(actor uint32) []uint32 {
	if h.of(actor) != actor {
		return nil
	}
	members := []uint32{actor}
	for _, unit := range h.units[actor] {
		if unit != actor {
			members = append(members, unit)
		}
	}
	return members
}

// heads returns what units count as.
func (s *Snapshot) heads() *heads {
	return s.caches.heads.get(1, func(*heads) bool { return true }, func() *heads { return newHeads(s.tables[inActors]) })
}

func newHeads(t *table) *heads {
	kinds := &t.fields[actorKind]
	unit := kinds.words.code(directory.ActorUnit)
	h := &heads{make(map[uint32]uint32), make(map[uint32][]uint32)}
	if unit == none {
		return h
	}
	kinds.set(unit).each(func(ord uint32) bool {
		head := ord
		t.above(ord, func(over uint32) bool {
			if t.entries.at(over) == nil {
				return false
			}
			head = over
			return kinds.one.at(over) == unit
		})
		h.counted[ord] = head
		h.units[head] = append(h.units[head], ord)
		return true
	})
	return h
}

// advance keeps it unless units moved.
func (h *heads) advance(last, s *Snapshot, t *touches) (*heads, bool) {
	return h, !unitsMoved(last, s, t)
}

// unitsMoved tells whether what units count as may have changed: an actor became a unit or is one no longer, or a unit
// has another parent.
func unitsMoved(last, s *Snapshot, t *touches) bool {
	was, is := last.tables[inActors], s.tables[inActors]
	unit := is.fields[actorKind].words.code(directory.ActorUnit)
	for n := range t.nodes {
		if n.table != inActors || unit == none {
			continue
		}
		before, after := was.fields[actorKind].one.at(n.ord) == unit, is.fields[actorKind].one.at(n.ord) == unit
		if before != after || after && was.fields[actorParent].one.at(n.ord) != is.fields[actorParent].one.at(n.ord) {
			return true
		}
	}
	return false
}
