package readmodel

import (
	"github.com/RoaringBitmap/roaring/v2"
)

// present says by ordinal which functions and which initiatives have one of some roles. The roles of each item need not
// be gathered for it: what a function or an initiative has itself is looked up once and, where an item counts what is
// below it, handed to what stands above.
type present [numKinds][]bool

// present looks among roles of the evidence.
func (f *gapFinder) present(roles *roaring.Bitmap) *present {
	p := new(present)
	for _, k := range []kindIndex{inFunctions, inInitiatives} {
		if f.ask.asks(k) {
			p[k] = f.presentOf(k, roles)
		}
	}
	return p
}

// fewPresent is of how many roles the part that is looked for has to be small for going over that part to be quicker than
// going along what each function or initiative has until one of it is met.
const fewPresent = 16

func (f *gapFinder) presentOf(k kindIndex, roles *roaring.Bitmap) []bool {
	t, holders := f.s.tables[k], f.fieldOf(inRoles, partedBy(k))
	has, below := make([]bool, t.size), f.ask.below(k)
	mark := func(ord uint32) {
		has[ord] = true
		if below {
			t.above(ord, func(over uint32) bool {
				known := has[over]
				has[over] = true
				return !known // what is above it was told before
			})
		}
	}
	if cardinality(roles) < cardinality(f.roles)/fewPresent {
		eachCode(holders, roles, func(_, code uint32) {
			if code != none && !has[code-1] {
				mark(code - 1)
			}
		})
		return has
	}
	marked := markedOf(roles, f.t.size)
	defer marked.release()
	for ord := range t.size {
		if !has[ord] && marked.meets(holders.set(ord+1)) {
			mark(ord)
		}
	}
	return has
}

// of tells whether an item has one of the roles.
func (p *present) of(item *judged) bool { return p[item.kind][item.ord] }

// allRoles are the roles of the evidence that count for any of the items.
func (f *gapFinder) allRoles() *roaring.Bitmap {
	if f.all == nil {
		f.all = roaring.New()
		for _, k := range []kindIndex{inFunctions, inInitiatives} {
			if f.ask.asks(k) {
				f.all.Or(f.rolesOfAny(k))
			}
		}
	}
	return f.all
}

// rolesOfAny are the roles of the evidence that count for any of the items of a kind. Mostly nearly all count, so the
// shorter way is to leave out those that do not.
func (f *gapFinder) rolesOfAny(k kindIndex) *roaring.Bitmap {
	counting, others := f.countingCodes(k)
	holders := f.fieldOf(inRoles, partedBy(k))
	if cardinality(counting) <= cardinality(others) {
		return roaring.And(f.roles, f.naming(holders, counting))
	}
	left := roaring.AndNot(f.roles, holders.set(none).bits())
	if !others.IsEmpty() {
		left.AndNot(f.naming(holders, others))
	}
	return left
}

// countingCodes parts the records of a kind into those whose roles count for any of the items and the others.
func (f *gapFinder) countingCodes(k kindIndex) (counting, others *roaring.Bitmap) {
	t := f.s.tables[k]
	counts := make([]bool, t.size)
	for i := range f.items {
		if item := &f.items[i]; item.kind == k {
			counts[item.ord] = true
		}
	}
	counting, others = roaring.New(), roaring.New()
	for ord := range t.size {
		if !counts[ord] && f.ask.below(k) {
			t.above(ord, func(over uint32) bool {
				counts[ord] = counts[over]
				return !counts[ord]
			})
		}
		if counts[ord] {
			counting.Add(ord)
		} else {
			others.Add(ord)
		}
	}
	return counting, others
}

// rolesOf are the roles of the evidence that count for an item.
func (f *gapFinder) rolesOf(item *judged) *roaring.Bitmap {
	return f.rolesFor(item.kind, item.ord, f.ask.below(item.kind))
}
