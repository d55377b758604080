package readmodel

import (
	"math/bits"
	"slices"
)

// deeds are the roles as a list of actors looks at them: in the order of their actors, so that who has a role that fits
// is found, and different actors are counted, in one pass over plain memory. The roles of actors of which anything
// changed since the order was made are looked up one by one.
type deeds struct {
	*run

	order *actorOrder
	held  []uint64 // the places of the roles that count
	ever  []uint64 // the same whatever the dates
	terms []deedTerm

	owners, everOwners *marks // the actors of roles that fit all filters; once asked for
}

// deedTerm is a filter through roles. Fits tells for each value of its field's column whether a role with it fits.
type deedTerm struct {
	*term

	fits   []bool
	values []uint32 // those that fit
	column []uint32 // by place
}

// deeds returns the roles for filters and facets of actors; nil where absence is asked for, which is a matter of all the
// roles of an actor.
func (x *run) deeds() *deeds {
	if x.did != nil || x.t.kind != inActors {
		return x.did
	}
	demanded, through := false, false
	for i := range x.terms {
		if t := &x.terms[i]; t.through != 0 {
			if t.none {
				return nil
			}
			through, demanded = true, demanded || t.demands()
		}
	}
	if through && !demanded {
		return nil
	}
	d := &deeds{run: x, order: x.s.actorOrder(nil)}
	d.held = d.order.whole(wholeKey{x.level, x.rolesAsOf})
	d.ever = d.order.whole(wholeKey{x.level, AsOf{Any: true}})
	for i := range x.terms {
		if t := &x.terms[i]; t.through != 0 {
			d.terms = append(d.terms, d.term(t))
		}
	}
	x.did = d
	return d
}

// term finds out which values of its field's column a filter keeps: of a field with several values the column holds the
// numbers of lists.
func (d *deeds) term(t *term) deedTerm {
	f := d.fieldOf(inRoles, t.field)
	asked, denied := d.codesWith(t, t.codes), d.codesWith(t, t.denied)
	fits := func(codes []uint32) bool {
		has := func(some []bool) bool {
			return slices.ContainsFunc(codes, func(code uint32) bool { return some[code] })
		}
		return (len(t.codes) == 0 || has(asked)) && !has(denied) && (!t.exists || len(codes) > 0)
	}
	n := int(d.codesOfRoles(t.field))
	if f.multi {
		n = int(f.lists.size) + 1
	}
	term := deedTerm{term: t, fits: make([]bool, n), column: d.order.column(columnKey{inRoles, t.field})}
	for value := range term.fits {
		var codes []uint32
		switch {
		case value == int(none):
		case f.multi:
			codes = f.lists.values.at(uint32(value))
		default:
			codes = []uint32{uint32(value)}
		}
		if term.fits[value] = fits(codes); term.fits[value] {
			term.values = append(term.values, uint32(value))
		}
	}
	return term
}

// codesOfRoles is how many codes a field of roles has, that of absence included.
func (x *run) codesOfRoles(field int) uint32 {
	if target := linked.form[inRoles][field].target; target != noKind {
		return x.s.tables[target].size + 1
	}
	return x.fieldOf(inRoles, field).words.size + 1
}

// codesWith returns which codes of a filter's field are among some, or below one of them where that counts.
func (d *deeds) codesWith(t *term, codes []uint32) []bool {
	among := make([]bool, d.codesOfRoles(t.field))
	for _, code := range codes {
		switch {
		case code == unheard:
		case t.deep:
			d.s.tables[linked.form[inRoles][t.field].target].subtree(code - 1).Iterate(func(ord uint32) bool {
				among[ord+1] = true
				return true
			})
		default:
			among[code] = true
		}
	}
	return among
}

// but returns the filters through roles but those with one name.
func (d *deeds) but(name string) []deedTerm {
	if !slices.ContainsFunc(d.terms, func(t deedTerm) bool { return t.name == name }) {
		return d.terms
	}
	return slices.DeleteFunc(slices.Clone(d.terms), func(t deedTerm) bool { return t.name == name })
}

// fitAll tells whether the role at a place fits filters.
func fitAll(terms []deedTerm, place int) bool {
	for i := range terms {
		if !terms[i].fits[terms[i].column[place]] {
			return false
		}
	}
	return true
}

// fewFitting is among how many places one fits, at the most, for each of them to be looked at.
const fewFitting = 12

// rarest parts filters into the one that the fewest places fit, and the others; few tells that they are few.
func (d *deeds) rarest(terms []deedTerm) (first *deedTerm, others []deedTerm, few bool) {
	least := -1
	for i := range terms {
		if n := d.bearersOf(&terms[i]).count(terms[i].values); least < 0 || n < least {
			first, least = &terms[i], n
		}
	}
	for i := range terms {
		if &terms[i] != first {
			others = append(others, terms[i])
		}
	}
	return first, others, least*fewFitting < len(d.order.roles)
}

func (d *deeds) bearersOf(t *deedTerm) *bearers {
	return d.order.bearersOf(columnKey{inRoles, t.field})
}

// fitting returns the places of the roles that fit filters, of which there is one at the least, live or not. They are of
// this query alone.
func (d *deeds) fitting(terms []deedTerm) []uint64 {
	first, others, few := d.rarest(terms)
	size := uint32(len(d.order.roles)) //nolint:gosec // of 32-bit ordinals
	places := d.kept(newMarks(size)).words
	if few && len(others) > 0 {
		d.bearersOf(first).each(first.values, func(place uint32) {
			if fitAll(others, int(place)) {
				places[place/64] |= 1 << (place % 64)
			}
		})
		return places
	}
	d.bearersOf(first).addTo(places, first.values)
	for i := range others {
		more := newMarks(size)
		d.bearersOf(&others[i]).addTo(more.words, others[i].values)
		for w, word := range more.words {
			places[w] &= word
		}
		more.release()
	}
	return places
}

// fittingRoles calls f with the roles that fit filters and count, whatever their dates, of an actor that changed.
func (d *deeds) fittingRoles(actor uint32, terms []deedTerm, f func(role uint32, holds bool)) {
	t := d.s.tables[inRoles]
	t.fields[roleActor].set(actor + 1).each(func(role uint32) bool {
		fits := func(term deedTerm) bool { return term.fits[t.fields[term.field].one.at(role)] }
		if t.live[d.level].has(role) && !slices.ContainsFunc(terms, func(term deedTerm) bool { return !fits(term) }) {
			f(role, d.rolesAsOf.Holds(t.periods.at(role)))
		}
		return true
	})
}

// look finds the actors that have a role which fits all filters.
func (d *deeds) look() {
	if d.owners != nil {
		return
	}
	d.owners, d.everOwners = d.kept(newMarks(d.t.size)), d.kept(newMarks(d.t.size))
	if !d.lookUp(d.owners, d.rolesAsOf) || !d.lookUp(d.everOwners, AsOf{Any: true}) {
		d.lookThrough()
	}
	d.order.changed.Iterate(func(actor uint32) bool {
		word, bit := actor/64, uint64(1)<<(actor%64)
		d.owners.words[word] &^= bit
		d.everOwners.words[word] &^= bit
		d.fittingRoles(actor, d.terms, func(_ uint32, holds bool) {
			d.everOwners.words[word] |= bit
			if holds {
				d.owners.words[word] |= bit
			}
		})
		return true
	})
}

// lookUp finds the actors of a single filter from what is known of each code. It tells whether it could.
func (d *deeds) lookUp(owners *marks, asOf AsOf) bool {
	if len(d.terms) > 1 {
		return false
	}
	known := d.knownOwners(d.terms[0].term, asOf)
	if known == nil {
		return false
	}
	known.addTo(owners.words, d.terms[0].codes)
	return true
}

// knownOwners returns the actors that have each code of a filter; nil where the filter asks for more than codes.
func (d *deeds) knownOwners(t *term, asOf AsOf) *bearers {
	if t.exists || len(t.denied) > 0 {
		return nil
	}
	if known := d.known(t.spec, asOf); known != nil {
		return known.bearers
	}
	return nil
}

// lookThrough finds the actors from the places of the roles.
func (d *deeds) lookThrough() {
	mark := func(place uint32) {
		bit := place % 64
		actor := d.order.actors[place] - 1
		d.everOwners.words[actor/64] |= d.ever[place/64] >> bit & 1 << (actor % 64)
		d.owners.words[actor/64] |= d.held[place/64] >> bit & 1 << (actor % 64)
	}
	if first, others, few := d.rarest(d.terms); few {
		d.bearersOf(first).each(first.values, func(place uint32) {
			if fitAll(others, int(place)) {
				mark(place)
			}
		})
		return
	}
	for w, word := range d.fitting(d.terms) {
		for ; word != 0; word &= word - 1 {
			mark(uint32(w*64 + bits.TrailingZeros64(word))) //nolint:gosec // a place
		}
	}
}

// hidden is how many actors have a role that fits all filters at another time only.
func (d *deeds) hidden(total int) int {
	d.look()
	ever := d.kept(newMarks(d.t.size))
	copy(ever.words, d.pickOwn().words)
	ever.keep(d.everOwners)
	return ever.cardinality() - total
}
