package readmodel

import "math/bits"

// count counts, for each code of a facet through roles, the actors of some that have a role with it which fits the other
// filters through roles.
func (d *deeds) count(s *spec, among *marks) []int {
	terms, c := d.but(s.name), d.newCount(s)
	rest := d.kept(newMarks(d.t.size)) // actors that have not changed
	copy(rest.words, among.words)
	d.order.changed.Iterate(func(actor uint32) bool {
		if rest.has(actor) {
			rest.words[actor/64] &^= 1 << (actor % 64)
			d.fittingRoles(actor, terms, func(role uint32, holds bool) {
				if holds {
					c.add(d.fieldOf(inRoles, s.field).one.at(role), actor+1)
				}
			})
		}
		return true
	})
	counts := zeroed(&d.moment.counts, len(c.counts))
	var known *codesOfActors
	if len(terms) == 0 {
		known = d.known(s, d.rolesAsOf)
	}
	if known != nil {
		d.countKnown(counts, known, rest)
	} else {
		d.countRoles(c, d.order.column(columnKey{inRoles, s.field}), rest, terms)
	}
	for code := range counts {
		counts[code] += int(c.counts[code].actors)
	}
	return counts
}

// fewOwning is of how many actors it is cheaper to look at each of their roles than to find all roles that fit.
const fewOwning = 1024

// placesAnActor is how many places can be gone along in the time that it takes to look up those of one actor.
const placesAnActor = 3

// countRoles counts the roles, at places that fit filters, of actors that have not changed: along the actors or along the
// roles, whichever takes less.
func (d *deeds) countRoles(c *deedCount, column []uint32, among *marks, terms []deedTerm) {
	if len(terms) == 1 {
		if known := d.knownOwners(terms[0].term, d.rolesAsOf); known != nil {
			owners := d.kept(newMarks(d.t.size))
			known.addTo(owners.words, terms[0].codes)
			among.keep(owners)
		}
	}
	n := among.cardinality()
	if n < fewOwning {
		for w, word := range among.words {
			for ; word != 0; word &= word - 1 {
				actor := uint32(w*64 + bits.TrailingZeros64(word)) //nolint:gosec // an ordinal
				from, to := d.order.placesOfActor(actor)
				for place := from; place < to; place++ {
					if d.held[place/64]>>(place%64)&1 != 0 && fitAll(terms, int(place)) {
						c.add(column[place], actor+1)
					}
				}
			}
		}
		return
	}
	places := d.held
	if len(terms) > 0 {
		places = d.fitting(terms)
		for w, word := range d.held {
			places[w] &= word
		}
	}
	if n*placesAnActor < onesIn(places) {
		for w, word := range among.words {
			for ; word != 0; word &= word - 1 {
				actor := uint32(w*64 + bits.TrailingZeros64(word)) //nolint:gosec // an ordinal
				d.order.eachPlaceOf(actor, places, func(place uint32) { c.add(column[place], actor+1) })
			}
		}
		return
	}
	d.countPlaces(c, column, among, places)
}

// countPlaces goes along the places. What is of other actors is counted as nothing: the processor could not foretell
// whose a place is.
func (d *deeds) countPlaces(c *deedCount, column []uint32, among *marks, places []uint64) {
	actors, marked := d.order.actors, among.words
	eachMarked(places, func(place uint32) {
		actor := actors[place]
		in := uint32(marked[(actor-1)/64] >> ((actor - 1) % 64) & 1)
		c.add(column[place]&-in, actor)
	})
}

// eachPlaceOf calls f with the places of the roles of an actor that are among some.
func (o *orderedRoles) eachPlaceOf(actor uint32, places []uint64, f func(place uint32)) {
	from, to := o.placesOfActor(actor)
	for from < to {
		n := min(64-from%64, to-from)
		for word := places[from/64] >> (from % 64) & (^uint64(0) >> (64 - n)); word != 0; word &= word - 1 {
			f(from + uint32(bits.TrailingZeros64(word))) //nolint:gosec // at most 63
		}
		from += n
	}
}
