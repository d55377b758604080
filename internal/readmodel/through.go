package readmodel

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// countingRoles are the roles that filters through roles look at: live, visible, holding.
func (x *run) countingRoles() *roaring.Bitmap {
	if x.rolesHeld == nil {
		x.rolesHeld = x.s.tables[inRoles].live[x.level].bits()
		if held := x.s.holding(inRoles, x.rolesAsOf); held != nil {
			x.rolesHeld = roaring.And(x.rolesHeld, held)
		}
	}
	return x.rolesHeld
}

// throughRoles returns those of some records that the filters through roles keep.
//
// Absence asked for by a filter is satisfied when the record has no role with a value at all; the filter then asks
// nothing more. So each way of satisfying some of the filters by absence, and the others by roles, is tried.
func (x *run) throughRoles(from *roaring.Bitmap, terms []*term) *roaring.Bitmap {
	var open []string // names of filters that absence may satisfy
	for _, t := range terms {
		if t.none && !slices.Contains(open, t.name) {
			open = append(open, t.name)
		}
	}
	if len(open) == 0 {
		return x.byRoles(from, terms)
	}
	all := roaring.New()
	for way := range 1 << len(open) {
		absent := func(t *term) bool { return t.none && way&(1<<slices.Index(open, t.name)) != 0 }
		all.Or(x.byAbsence(from, terms, absent))
	}
	return all
}

// byAbsence keeps what satisfies some of the filters by absence, and the others by roles.
func (x *run) byAbsence(from *roaring.Bitmap, terms []*term, absent func(*term) bool) *roaring.Bitmap {
	var rest []*term
	for _, t := range terms {
		switch byAbsence := absent(t); {
		case byAbsence && t.exists, !byAbsence && t.none && len(t.codes) == 0:
			return roaring.New()
		case byAbsence:
			from = roaring.AndNot(from, x.owners(x.havingAny(t), t.through, from))
		default:
			rest = append(rest, t)
		}
	}
	return x.byRoles(from, rest)
}

// havingAny returns the counting roles that have a value for a filter.
func (x *run) havingAny(t *term) *roaring.Bitmap {
	return roaring.AndNot(x.countingRoles(), t.absent(x))
}

// byRoles keeps the records that have one and the same role for all filters, or, when all filters only exclude, those
// that have no role that is excluded.
func (x *run) byRoles(from *roaring.Bitmap, terms []*term) *roaring.Bitmap {
	if len(terms) == 0 {
		return from
	}
	if len(terms) == 1 {
		if kept := x.byOwned(from, terms[0]); kept != nil {
			return kept
		}
	}
	if slices.ContainsFunc(terms, (*term).demands) {
		return x.owners(x.fitting(x.countingRoles(), terms), terms[0].through, from)
	}
	excluded := roaring.New()
	for _, t := range terms {
		t.look(x)
		excluded.Or(t.deny)
	}
	excluded.And(x.countingRoles())
	return roaring.AndNot(from, x.owners(excluded, terms[0].through, from))
}

// fitting returns those of some roles that fit all filters.
func (x *run) fitting(roles *roaring.Bitmap, terms []*term) *roaring.Bitmap {
	for _, t := range terms {
		roles = t.fitting(x, roles)
	}
	return roles
}

// demands tells whether the filter asks for a role, and not only for none.
func (t *term) demands() bool { return len(t.codes) > 0 || t.exists }

// fitting returns those of some roles that fit the filter.
func (t *term) fitting(x *run, roles *roaring.Bitmap) *roaring.Bitmap {
	t.look(x)
	if t.want != nil {
		roles = roaring.And(t.want, roles)
	}
	if t.deny != nil {
		roles = roaring.AndNot(roles, t.deny)
	}
	if t.exists {
		roles = roaring.AndNot(roles, t.absent(x))
	}
	return roles
}

// owners returns those of some records that roles are about: their actors, or their initiatives.
func (x *run) owners(roles *roaring.Bitmap, through int, from *roaring.Bitmap) *roaring.Bitmap {
	f := x.fieldOf(inRoles, through)
	if roles.IsEmpty() || from.IsEmpty() {
		return roaring.New()
	}
	if 4*cardinality(from) < cardinality(roles) { // few records: look at the roles of each
		return ownersAmong(f, roles, from)
	}
	marks := make([]uint64, (x.t.size+63)/64)
	eachCode(f, roles, func(_, code uint32) {
		if code != none {
			marks[(code-1)/64] |= 1 << ((code - 1) % 64)
		}
	})
	found := roaring.New()
	found.FromDense(marks, false)
	found.And(from)
	return found
}

func ownersAmong(f *field, roles, from *roaring.Bitmap) *roaring.Bitmap {
	found := roaring.New()
	runs(from, func(ords []uint32) {
		for _, ord := range ords {
			f.set(ord + 1).each(func(role uint32) bool {
				if roles.Contains(role) {
					found.Add(ord)
					return false
				}
				return true
			})
		}
	})
	return found
}

// eachCode calls f with every record of a bitmap and its code in a field that is not multi.
func eachCode(f *field, among *roaring.Bitmap, visit func(ord, code uint32)) {
	runs(among, func(ords []uint32) {
		at, l := ^uint32(0), (*leaf[uint32])(nil)
		for _, ord := range ords {
			if ord>>leafBits != at {
				at, l = ord>>leafBits, f.one.leaf(ord)
			}
			if l != nil {
				visit(ord, l.items[ord%leafSize])
			}
		}
	})
}

// candidates returns the counting roles that fit the filters through roles but those with one name. Where absence will
// do for a filter, the roles of records that have no value for it fit as well.
func (x *run) candidates(but string) *roaring.Bitmap {
	roles := x.countingRoles()
	for i := range x.terms {
		t := &x.terms[i]
		if t.through == 0 || t.name == but {
			continue
		}
		fit := t.fitting(x, roles)
		if !t.none {
			roles = fit
			continue
		}
		if len(t.codes) == 0 {
			fit = roaring.New() // nothing but absence was asked for
		}
		if !t.exists {
			fit = roaring.Or(fit, x.ofWithout(roles, t))
		}
		roles = fit
	}
	return roles
}

// ofWithout returns those of some roles whose record has no value at all for a filter.
func (x *run) ofWithout(roles *roaring.Bitmap, t *term) *roaring.Bitmap {
	having := x.owners(x.havingAny(t), t.through, x.everything())
	found := roaring.New()
	eachCode(x.fieldOf(inRoles, t.through), roles, func(role, code uint32) {
		if code != none && !having.Contains(code-1) {
			found.Add(role)
		}
	})
	return found
}

// everything returns all records of the table, live or not.
func (x *run) everything() *roaring.Bitmap {
	all := roaring.New()
	all.AddRange(0, uint64(x.t.size))
	return all
}
