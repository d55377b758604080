package readmodel

import (
	"math/bits"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// nobody names absence.
func nobody(lang string) *FacetName { return &FacetName{Value: NoValue, Label: noValueLabel(lang)} }

// withoutRole counts, among what all filters but a facet's own keep, the records of which no role that counts has a value
// for the facet.
func (x *run) withoutRole(s *spec, chosen *marks) int {
	among := x.markedBut(s, chosen).bitmap()
	having := x.owners(x.havingAny(&term{spec: s}), s.through, among)
	return cardinality(roaring.AndNot(among, having))
}

// without is withoutRole for actors, of whom own keeps what all filters but those through roles keep.
func (d *deeds) without(s *spec, own, chosen *marks) int {
	others := d.but(s.name)
	known := d.known(s, d.rolesAsOf)
	if known == nil || len(others) > 0 && !slices.ContainsFunc(others, func(t deedTerm) bool { return t.demands() }) {
		return d.withoutRole(s, chosen)
	}
	bare := d.kept(newMarks(d.t.size))
	copy(bare.words, own.words)
	d.dropHaving(bare, s, known)
	switch n := onesIn(bare.words); {
	case n == 0 || len(others) == 0:
		return n
	case len(others) == len(d.terms):
		d.look()
		bare.keep(d.owners)
		return onesIn(bare.words)
	case n < fewOwning:
		return d.countFitting(bare, others)
	default:
		rest := &deeds{run: d.run, order: d.order, held: d.held, ever: d.ever, terms: others}
		rest.look()
		bare.keep(rest.owners)
		return onesIn(bare.words)
	}
}

// dropHaving leaves the actors of which no role that counts has a value.
func (d *deeds) dropHaving(among *marks, s *spec, known *codesOfActors) {
	words := among.words
	for w, having := range known.having[:min(len(words), len(known.having))] {
		words[w] &^= having
	}
	f := d.fieldOf(inRoles, s.field)
	d.order.changed.Iterate(func(actor uint32) bool {
		word, bit := actor/64, uint64(1)<<(actor%64)
		if d.own.has(actor) {
			words[word] |= bit
			d.fittingRoles(actor, nil, func(role uint32, holds bool) {
				if holds && f.one.at(role) != none {
					words[word] &^= bit
				}
			})
		}
		return true
	})
}

// countFitting counts the actors of some that have a role which fits filters.
func (d *deeds) countFitting(among *marks, terms []deedTerm) (n int) {
	for w, word := range among.words {
		for ; word != 0; word &= word - 1 {
			if d.hasFitting(uint32(w*64+bits.TrailingZeros64(word)), terms) { //nolint:gosec // an ordinal
				n++
			}
		}
	}
	return n
}

func (d *deeds) hasFitting(actor uint32, terms []deedTerm) (found bool) {
	if d.order.changed.Contains(actor) {
		d.fittingRoles(actor, terms, func(_ uint32, holds bool) { found = found || holds })
		return found
	}
	from, to := d.order.placesOfActor(actor)
	for place := from; place < to; place++ {
		if d.held[place/64]>>(place%64)&1 != 0 && fitAll(terms, int(place)) {
			return true
		}
	}
	return false
}
