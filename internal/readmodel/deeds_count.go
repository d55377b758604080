package readmodel

import "math/bits"

// deedCount counts different actors by the values of a field of their roles. The roles of an actor come one after the
// other, so that the last actor counted of each code is enough.
type deedCount struct {
	chains [][]uint32 // value → the codes that it counts for
	counts []deedCounted
}

// deedCounted is how many actors were counted, and the last of them, plus one.
type deedCounted struct{ actors, last uint32 }

// add counts a value of an actor, plus one.
func (c *deedCount) add(value, actor uint32) {
	for _, code := range c.chains[value] {
		counted := &c.counts[code]
		another := uint32(0)
		if counted.last != actor {
			another = 1
		}
		counted.actors += another
		counted.last = actor
	}
}

// count counts, for each code of a facet through roles, the actors of some that have a role with it which fits the other
// filters through roles.
func (d *deeds) count(s *spec, among *marks) []int {
	terms := d.but(s.name)
	c := &deedCount{d.chains(s), make([]deedCounted, d.codesOfRoles(s.field))}
	column := d.order.column(columnKey{inRoles, s.field})
	rest := d.kept(newMarks(d.t.size))
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
	d.countAll(c, column, rest, terms)
	counts := make([]int, len(c.counts))
	for code := range counts {
		counts[code] = int(c.counts[code].actors)
	}
	return counts
}

// countAll counts the roles of actors that have not changed: along the actors, or along the roles that fit, whichever are
// fewer.
func (d *deeds) countAll(c *deedCount, column []uint32, among *marks, terms []deedTerm) {
	if len(terms) > 0 {
		fitting := len(d.order.roles)
		for i := range terms {
			fitting = min(fitting, d.order.placesOfValues(columnKey{inRoles, terms[i].field}).count(terms[i].values))
		}
		if fitting < among.cardinality()*len(d.order.roles)/int(max(1, d.t.size)) {
			d.countFitting(c, column, among, terms)
			return
		}
	}
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
}

// countFitting goes along the roles that fit.
func (d *deeds) countFitting(c *deedCount, column []uint32, among *marks, terms []deedTerm) {
	actors := d.order.actors
	for w, word := range d.fitting(terms) {
		for word &= d.held[w]; word != 0; word &= word - 1 {
			place := w*64 + bits.TrailingZeros64(word)
			if actor := actors[place]; among.has(actor - 1) {
				c.add(column[place], actor)
			}
		}
	}
}

// chains returns the codes that each value of a facet's column counts for: what is above it, too, where that counts.
func (d *deeds) chains(s *spec) [][]uint32 {
	f := d.fieldOf(inRoles, s.field)
	if f.multi {
		chains := make([][]uint32, f.lists.size+1)
		for list := uint32(1); list <= f.lists.size; list++ {
			chains[list] = f.lists.values.at(list)
		}
		return chains
	}
	codes := d.codesOfRoles(s.field)
	chains, flat := make([][]uint32, codes), make([]uint32, 0, 2*codes)
	for code := uint32(1); code < codes; code++ {
		from := len(flat)
		flat = append(flat, code)
		if s.deep {
			d.s.tables[linked.form[inRoles][s.field].target].above(code-1, func(above uint32) bool {
				flat = append(flat, above+1)
				return true
			})
		}
		chains[code] = flat[from:len(flat):len(flat)]
	}
	return chains
}
