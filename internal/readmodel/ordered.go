package readmodel

import (
	"math/bits"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// ordered is the evidence of an analysis that counts different actors: the roles in the order of their actors. It does
// without the set of the roles.
type ordered struct {
	*evidence

	order   *actorOrder
	places  []uint64     // not to be changed: of the roles, but those of actors that changed
	changed []actorsRole // the roles of actors of which anything changed since the order was made, an actor at a time
}

// actorsRole is a role, and the actor that it counts for.
type actorsRole struct{ actor, role uint32 }

// ordered gathers the roles in the order of their actors. Its errors are faults about parameters.
func (s *Snapshot) ordered(q *Analysis) (*ordered, error) {
	e, err := s.question(q)
	if err != nil {
		return nil, err
	}
	o := &ordered{evidence: e, order: s.actorOrder(e.heads)}
	if terms, ok := e.placedTerms(o.order.orderedRoles); ok {
		o.gatherPlaces(terms)
	} else {
		o.gatherRoles()
	}
	return o, nil
}

// gatherRoles looks for the roles as other analyses do.
func (o *ordered) gatherRoles() {
	o.gather()
	o.places = o.order.placesOf(o.roles)
	o.leaveChanged(o.places)
	o.eachChanged(func(of actorsRole) {
		if o.roles.Contains(of.role) {
			o.changed = append(o.changed, of)
		}
	})
}

// gatherPlaces finds the places that all of some filters keep, and looks at the roles of changed actors one by one.
func (o *ordered) gatherPlaces(terms []placedTerm) {
	ever := o.order.whole(wholeKey{o.level, AsOf{Any: true}})
	held := o.order.whole(wholeKey{o.level, o.asOf})
	if len(terms) == 0 && o.order.changed.IsEmpty() {
		o.places, o.HiddenByDate = held, marked(ever)-marked(held)
		return
	}
	fitting := newMarks(uint32(len(o.order.roles))) //nolint:gosec // of 32-bit ordinals
	defer fitting.release()
	fitting.fill(uint32(len(o.order.roles))) //nolint:gosec // as above
	o.leaveChanged(fitting.words)
	for i := range terms {
		terms[i].narrow(fitting)
	}
	o.places = slices.Clone(fitting.words)
	for w, fits := range fitting.words {
		o.places[w] &= held[w]
		o.HiddenByDate += bits.OnesCount64(fits & ever[w] &^ held[w])
	}
	o.eachChanged(func(of actorsRole) {
		switch {
		case !o.t.live[o.level].has(of.role) || !fitsAll(terms, o.t, of.role):
		case o.asOf.Holds(o.t.periods.at(of.role)):
			o.changed = append(o.changed, of)
		default:
			o.HiddenByDate++
		}
	})
}

// leaveChanged leaves the roles of changed actors out of some places.
func (o *ordered) leaveChanged(places []uint64) {
	o.order.changed.Iterate(func(actor uint32) bool {
		from, to := o.order.placesOfActor(actor)
		for place := from; place < to; place++ {
			places[place/64] &^= 1 << (place % 64)
		}
		return true
	})
}

// eachChanged calls f with every role that counts for an actor of which anything changed, an actor at a time.
func (o *ordered) eachChanged(f func(actorsRole)) {
	holder := o.fieldOf(inRoles, roleActor)
	o.order.changed.Iterate(func(actor uint32) bool {
		for _, member := range o.membersOf(actor) {
			holder.set(member + 1).each(func(role uint32) bool {
				f(actorsRole{actor, role})
				return true
			})
		}
		return true
	})
}

// membersOf returns the actors that count as one.
func (e *evidence) membersOf(actor uint32) []uint32 {
	if e.heads == nil {
		return []uint32{actor}
	}
	return e.heads.membersOf(actor)
}

// placesOf returns the places of those of some roles that were there when the order was made.
func (o *orderedRoles) placesOf(roles *roaring.Bitmap) []uint64 {
	places := make([]uint64, (len(o.roles)+63)/64)
	known := uint32(len(o.places)) //nolint:gosec // ordinals
	runs(roles, func(ords []uint32) {
		for _, role := range ords {
			if role >= known { // it is new, and so is of a changed actor
				return
			}
			if at := o.places[role]; at > 0 {
				places[(at-1)/64] |= 1 << ((at - 1) % 64)
			}
		}
	})
	return places
}
