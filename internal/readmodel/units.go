package readmodel

import "dalil/internal/directory"

// heads says which actor each unit counts as: its nearest ancestor that is no unit, or the topmost one when all are.
type heads struct{ counted map[uint32]uint32 }

// of returns the actor that an actor counts as.
func (h *heads) of(actor uint32) uint32 {
	if head, ok := h.counted[actor]; ok {
		return head
	}
	return actor
}

// heads returns what units count as.
func (s *Snapshot) heads() *heads {
	return s.caches.heads.get(1, func(*heads) bool { return true }, func() *heads { return newHeads(s.tables[inActors]) })
}

func newHeads(t *table) *heads {
	kinds := &t.fields[actorKind]
	unit := kinds.words.code(directory.ActorUnit)
	h := &heads{make(map[uint32]uint32)}
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
		return true
	})
	return h
}

// advance keeps it unless an actor became or was a unit, or moved.
func (h *heads) advance(last, s *Snapshot, t *touches) (*heads, bool) {
	was, is := last.tables[inActors], s.tables[inActors]
	for n := range t.nodes {
		if n.table == inActors && (was.entries.at(n.ord) == nil || is.entries.at(n.ord).Erased() ||
			was.fields[actorKind].one.at(n.ord) != is.fields[actorKind].one.at(n.ord) ||
			was.fields[actorParent].one.at(n.ord) != is.fields[actorParent].one.at(n.ord)) {
			return nil, false
		}
	}
	return h, true
}
