package readmodel

import (
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
)

// actorOrder holds the live roles in the order of the actors that they count for, with what is counted of them in plain
// columns: who counts different actors then goes over memory once, and meets each actor once. It was made of an earlier
// snapshot; the roles of actors of which anything changed since are looked up in the current one.
type actorOrder struct {
	*orderedRoles

	changed *roaring.Bitmap // actors, as counted; never changed in place
	renewal *orderRenewal   // under way; nil when none is
	since   *roaring.Bitmap // what changed since it began; never changed in place
}

// orderedRoles is the order of one snapshot.
type orderedRoles struct {
	tables [numKinds]*table // the values of actors and of roles
	heads  *heads           // nil where units count as themselves
	roles  []uint32         // by place
	actors []uint32         // place → the actor that the role counts for, plus one
	places []uint32         // role → place, plus one
	ends   []uint32         // actor, plus one → behind the last place of its roles

	mu      sync.Mutex             // of what follows
	columns map[columnKey][]uint32 // by place
	shorts  map[columnKey][]uint8  // the same, of columns whose values fit in a byte
	values  map[columnKey]*bearers
	coded   map[int]*bearers // by field of roles with several values; see placesByCode
	funded  *orderedMoney
	known   sync.Mutex
	codes   []*codesOfActors
	wholes  map[wholeKey][]uint64
}

// orderedMoney are the amounts of roles in order.
type orderedMoney struct {
	places []uint64                 // of the roles that have one, one bit each
	by     map[uint32][]fundedPlace // by the code of the currency
}

// fundedPlace is the place of a role that has an amount.
type fundedPlace struct {
	amount millionths
	place  uint32
}

// money returns the amounts.
func (o *orderedRoles) money() *orderedMoney {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.funded != nil {
		return o.funded
	}
	t := o.tables[inRoles]
	currencies := &t.fields[roleCurrency].one
	o.funded = &orderedMoney{make([]uint64, (len(o.roles)+63)/64), make(map[uint32][]fundedPlace)}
	for place, role := range o.roles {
		if code := currencies.at(role); code != none {
			funded := fundedPlace{millionthsOf(t.amounts.at(role)), uint32(place)}
			o.funded.by[code] = append(o.funded.by[code], funded)
			o.funded.places[place/64] |= 1 << (place % 64)
		}
	}
	return o.funded
}

// among tells whether one of some places has an amount.
func (m *orderedMoney) among(places []uint64) bool {
	for w, word := range m.places {
		if word&places[w] != 0 {
			return true
		}
	}
	return false
}

// wholeKey names the evidence of a question without filters.
type wholeKey struct {
	level int
	asOf  AsOf
}

// maxWhole is of how many such questions the places are kept.
const maxWhole = 12

// whole returns the places of the roles that a clearance may see and that hold.
func (o *orderedRoles) whole(key wholeKey) []uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	if held, ok := o.wholes[key]; ok {
		return held
	}
	t := o.tables[inRoles]
	places := make([]uint64, (len(o.roles)+63)/64)
	runs(t.live[key.level].bits(), func(ords []uint32) {
		for _, role := range ords {
			if key.asOf.Holds(t.periods.at(role)) {
				place := o.places[role] - 1
				places[place/64] |= 1 << (place % 64)
			}
		}
	})
	if len(o.wholes) >= maxWhole {
		clear(o.wholes)
	}
	o.wholes[key] = places
	return places
}

// columnKey names a column: a field of roles, or of the actors that they count for.
type columnKey struct {
	table kindIndex
	field int
}

// maxChangedActors is of how many actors the roles are looked up; beyond it a new order is cheaper. It is made in the
// background from half of that on.
const maxChangedActors = 2048

// actorOrder returns the order; units count as their heads when there are heads.
func (s *Snapshot) actorOrder(h *heads) *actorOrder {
	rolled := h != nil
	return s.caches.byActor.get(2,
		func(o *actorOrder) bool { return (o.heads != nil) == rolled },
		func() *actorOrder { return &actorOrder{orderedRoles: newOrderedRoles(s, h), changed: roaring.New()} })
}

func newOrderedRoles(s *Snapshot, h *heads) *orderedRoles {
	t := s.tables[inRoles]
	live := t.live[levels-1].bits()
	n := cardinality(live)
	o := &orderedRoles{
		tables: [numKinds]*table{inActors: s.tables[inActors].values(), inRoles: t.values()}, heads: h, roles: make([]uint32, n), actors: make([]uint32, n), places: make([]uint32, t.size),
		columns: make(map[columnKey][]uint32), shorts: make(map[columnKey][]uint8),
		values: make(map[columnKey]*bearers), coded: make(map[int]*bearers), wholes: make(map[wholeKey][]uint64),
	}
	actorOf := func(code uint32) uint32 {
		if h == nil || code == none {
			return code
		}
		return h.of(code-1) + 1
	}
	next := make([]uint32, s.tables[inActors].size+2) // actor, plus one → its next place
	eachCode(&t.fields[roleActor], live, func(_, code uint32) { next[actorOf(code)+1]++ })
	for i := 1; i < len(next); i++ {
		next[i] += next[i-1]
	}
	eachCode(&t.fields[roleActor], live, func(role, code uint32) {
		actor := actorOf(code)
		place := next[actor]
		next[actor]++
		o.roles[place], o.actors[place], o.places[role] = role, actor, place+1
	})
	o.ends = next
	return o
}

// column returns a column by place.
func (o *orderedRoles) column(key columnKey) []uint32 {
	o.mu.Lock()
	defer o.mu.Unlock()
	if held, ok := o.columns[key]; ok {
		return held
	}
	column := make([]uint32, len(o.roles))
	values := &o.tables[key.table].fields[key.field].one
	if key.table == inRoles {
		for place, role := range o.roles {
			column[place] = values.at(role)
		}
	} else {
		for place, actor := range o.actors {
			column[place] = values.at(actor - 1)
		}
	}
	o.columns[key] = column
	return column
}

// bytes returns a column whose values fit in a byte as such: where only some places are looked at, far fewer pieces of
// memory are.
func (o *orderedRoles) bytes(key columnKey) []uint8 {
	column := o.column(key)
	o.mu.Lock()
	defer o.mu.Unlock()
	short, ok := o.shorts[key]
	if !ok {
		short = make([]uint8, len(column))
		for place, value := range column {
			short[place] = uint8(value) //nolint:gosec // as said
		}
		o.shorts[key] = short
	}
	return short
}
