package readmodel

import (
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// orderRenewal is the making of a new order in the background, with all that was asked of the old one, so that nobody
// has to wait for it when too many actors have changed.
type orderRenewal struct {
	done chan struct{} // closed when it has ended
	made *orderedRoles // nil when it came to nothing
}

// renew begins to make the order of a snapshot anew.
func (o *orderedRoles) renew(s *Snapshot) *orderRenewal {
	r := &orderRenewal{done: make(chan struct{})}
	s = &Snapshot{state: s.state, caches: new(caches)}
	go func() {
		defer close(r.done)
		defer func() { _ = recover() }() // who asks next makes an order, and can tell
		made := newOrderedRoles(s, o.heads)
		made.prepare(s, o)
		r.made = made
	}()
	return r
}

// prepare makes what an order of an earlier snapshot was asked for.
func (o *orderedRoles) prepare(s *Snapshot, as *orderedRoles) {
	as.mu.Lock()
	columns, values := slices.Collect(maps.Keys(as.columns)), slices.Collect(maps.Keys(as.values))
	coded, wholes, funded := slices.Collect(maps.Keys(as.coded)), slices.Collect(maps.Keys(as.wholes)), as.funded != nil
	as.mu.Unlock()
	for _, key := range wholes {
		o.whole(key)
	}
	for _, key := range columns {
		o.column(key)
	}
	for _, key := range values {
		o.bearersOf(key)
	}
	for _, field := range coded {
		o.placesByCode(field)
	}
	if funded {
		o.money()
	}
	as.known.Lock()
	known := as.codes
	as.known.Unlock()
	for _, k := range known {
		d := &deeds{run: &run{s: s, t: s.tables[inActors], level: k.key.level}, order: &actorOrder{orderedRoles: o}}
		d.known(&spec{field: k.key.field, deep: k.key.deep}, k.key.asOf)
	}
}

// renewed returns the order that was made meanwhile, or begins to make one when it is time. It tells whether the order
// is worth keeping.
func (o *actorOrder) renewed(s *Snapshot) (*actorOrder, bool) {
	n := cardinality(o.changed)
	switch {
	case o.renewal == nil && n > maxChangedActors:
		return nil, false
	case o.renewal == nil && n > maxChangedActors/2:
		begun := *o
		begun.renewal, begun.since = o.renew(s), roaring.New()
		o = &begun
	case o.renewal != nil:
		select {
		case <-o.renewal.done:
			if o.renewal.made == nil {
				return nil, false
			}
			return (&actorOrder{orderedRoles: o.renewal.made, changed: o.since}).renewed(s)
		default:
		}
	}
	return o, n <= 4*maxChangedActors
}
