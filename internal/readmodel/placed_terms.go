package readmodel

import "slices"

// placedTerm is a filter by a field of roles that is answered in the order of the actors: from the places of the roles
// that have each code.
type placedTerm struct {
	field          int
	wanted, denied []uint32 // codes, with what stands below them where that counts; absence is the code none
	of             *bearers
}

// placedTerms returns the filters of the evidence as such; ok is false where one of them is of another kind, or by a
// field with so many codes that the places of each are not worth keeping.
func (e *evidence) placedTerms(o *orderedRoles) (terms []placedTerm, ok bool) {
	for i := range e.terms {
		t := &e.terms[i]
		if t.code == nil || e.codesOfRoles(t.field) > maxWorded {
			return nil, false
		}
		placed := placedTerm{t.field, e.withBelow(t, t.codes), e.withBelow(t, t.denied), o.placesByCode(t.field)}
		if t.none {
			placed.wanted = append(placed.wanted, none)
		}
		if t.exists {
			placed.denied = append(placed.denied, none)
		}
		terms = append(terms, placed)
	}
	return terms, true
}

// withBelow returns codes of a filter with those of what stands below them, where that counts.
func (e *evidence) withBelow(t *term, codes []uint32) []uint32 {
	if !t.deep {
		return slices.Clone(codes)
	}
	var all []uint32
	target := e.s.tables[linked.form[inRoles][t.field].target]
	for _, code := range codes {
		runs(target.subtree(code-1), func(ords []uint32) {
			for _, ord := range ords {
				all = append(all, ord+1)
			}
		})
	}
	return all
}

// narrow leaves of some places those that the filter keeps.
func (t *placedTerm) narrow(places *marks) {
	having := func(codes []uint32, leave func(*marks)) {
		if len(codes) > 0 {
			m := newMarks(places.size())
			t.of.addTo(m.words, codes)
			leave(m)
			m.release()
		}
	}
	having(t.wanted, places.keep)
	having(t.denied, places.drop)
}

// keeps tells whether the filter keeps a role.
func (t *placedTerm) keeps(roles *table, role uint32) bool {
	var buffer [1]uint32
	codes := setsOf(roles.fields[t.field].codes(role, &buffer))
	among := func(some []uint32) bool {
		return slices.ContainsFunc(codes, func(code uint32) bool { return slices.Contains(some, code) })
	}
	return (len(t.wanted) == 0 || among(t.wanted)) && !among(t.denied)
}

// fitsAll tells whether all of some filters keep a role.
func fitsAll(terms []placedTerm, roles *table, role uint32) bool {
	return !slices.ContainsFunc(terms, func(t placedTerm) bool { return !t.keeps(roles, role) })
}

// placesByCode returns the places of the roles that have each code of a field of theirs.
func (o *orderedRoles) placesByCode(field int) *bearers {
	f, key := &o.tables[inRoles].fields[field], columnKey{inRoles, field}
	if !f.multi {
		return o.bearersOf(key)
	}
	column := o.column(key)
	o.mu.Lock()
	defer o.mu.Unlock()
	if held, ok := o.coded[field]; ok {
		return held
	}
	each := func(yield func(place, code uint32)) {
		for place, list := range column {
			for _, code := range setsOf(f.lists.values.at(list)) {
				yield(uint32(place), code)
			}
		}
	}
	codes := uint32(0)
	each(func(_, code uint32) { codes = max(codes, code+1) })
	made := newBearers(len(column), int(codes), each)
	o.coded[field] = made
	return made
}
