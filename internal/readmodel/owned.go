package readmodel

import (
	"github.com/RoaringBitmap/roaring/v2"
)

// owned holds, for each code of a field of roles, the different records that have a counting role with it: what filters
// and facets through one field of roles would otherwise have to find role by role.
type owned struct {
	key  ownedKey
	sets vector[*set] // code → ordinals of the records
}

// ownedKey says which records of which roles.
type ownedKey struct {
	through int // the field of roles that holds the record
	field   int
	deep    bool // what lies above a code counts, too
	level   int
	asOf    AsOf
}

// owned returns the records by code of a field of roles. It is kept for today and for whatever the dates; nil says to
// do without.
func (x *run) owned(s *spec) *owned {
	today := x.rolesAsOf.Day.First == x.q.Today && x.rolesAsOf.Day.Last == x.q.Today && !x.rolesAsOf.Strict
	if s.through != roleActor || !today && !x.rolesAsOf.Any {
		return nil
	}
	key := ownedKey{s.through, s.field, s.deep, x.level, x.rolesAsOf}
	return x.s.caches.owned.get(maxOwned,
		func(o *owned) bool { return o.key == key },
		func() *owned { return newOwned(x.s, key, x.countingRoles()) })
}

func newOwned(s *Snapshot, key ownedKey, roles *roaring.Bitmap) *owned {
	o := &owned{key: key}
	mine := new(owner)
	holder := &s.tables[inRoles].fields[key.through]
	runs(roles, func(ords []uint32) {
		for _, role := range ords {
			if code := holder.one.at(role); code != none {
				key.each(s, role, func(value uint32) { o.add(mine, value, code-1) })
			}
		}
	})
	return o
}

func (o *owned) add(mine *owner, code, record uint32) {
	is := o.of(code)
	if is.has(record) {
		return
	}
	if next := is.add(mine, record); next.many == nil || next.many != is.many { // else it is ours and has it already
		o.sets.set(mine, code, &next)
	}
}

// of returns the records of a code.
func (o *owned) of(code uint32) set {
	if s := o.sets.at(code); s != nil {
		return *s
	}
	return set{}
}

// each calls f with the codes of a role, and with those above them where these count.
func (k *ownedKey) each(s *Snapshot, role uint32, f func(code uint32)) {
	var buffer [1]uint32
	for _, code := range s.tables[inRoles].fields[k.field].codes(role, &buffer) {
		f(code)
		if k.deep {
			s.tables[linked.form[inRoles][k.field].target].above(code-1, func(above uint32) bool {
				f(above + 1)
				return true
			})
		}
	}
}

// counts tells whether a role is one that counts.
func (k *ownedKey) counts(s *Snapshot, role uint32) bool {
	t := s.tables[inRoles]
	return t.live[k.level].has(role) && k.asOf.Holds(t.periods.at(role))
}

// tally counts those of some records that have each code.
func (o *owned) tally(among *roaring.Bitmap, codes uint32) []int {
	counts := make([]int, codes)
	for code := uint32(1); code < codes; code++ {
		counts[code] = o.of(code).common(among)
	}
	return counts
}

// byOwned keeps the records that a single filter through roles keeps; nil when it cannot tell.
func (x *run) byOwned(from *roaring.Bitmap, t *term) *roaring.Bitmap {
	if t.exists || len(t.codes) > 0 && len(t.denied) > 0 {
		return nil
	}
	o := x.owned(t.spec)
	if o == nil {
		return nil
	}
	if len(t.codes) > 0 {
		return roaring.And(from, o.union(t.codes))
	}
	return roaring.AndNot(from, o.union(t.denied))
}

func (o *owned) union(codes []uint32) *roaring.Bitmap {
	all := make([]*roaring.Bitmap, len(codes))
	for i, code := range codes {
		all[i] = o.of(code).bits()
	}
	return union(all)
}

// advance brings it up to date for the next snapshot, unless a hierarchy changed.
func (o *owned) advance(last, s *Snapshot, t *touches) (*owned, bool) {
	if o.key.deep && o.moved(last, s, t) {
		return nil, false
	}
	if last.tables[inRoles] == s.tables[inRoles] {
		return o, true
	}
	next, mine := &owned{o.key, o.sets}, new(owner)
	var changed []uint32
	for n := range t.nodes { // in any order: what is added stays, and is taken out only when no role is left
		if n.table != inRoles || o.key.same(last, s, n.ord) {
			continue
		}
		changed = append(changed, n.ord)
		if o.key.counts(s, n.ord) {
			record := s.tables[inRoles].fields[o.key.through].one.at(n.ord) - 1
			o.key.each(s, n.ord, func(code uint32) { next.add(mine, code, record) })
		}
	}
	for _, role := range changed {
		if o.key.counts(last, role) {
			record := last.tables[inRoles].fields[o.key.through].one.at(role) - 1
			o.key.each(last, role, func(code uint32) { next.drop(mine, s, code, record) })
		}
	}
	return next, true
}

// same tells whether a role counts, and for what, as it did before.
func (k *ownedKey) same(last, s *Snapshot, role uint32) bool {
	was, is := last.tables[inRoles], s.tables[inRoles]
	return was.fields[k.through].one.at(role) == is.fields[k.through].one.at(role) &&
		was.fields[k.field].one.at(role) == is.fields[k.field].one.at(role) && k.counts(last, role) == k.counts(s, role)
}

// moved tells whether a record of the field's hierarchy changed its place in it.
func (o *owned) moved(last, s *Snapshot, t *touches) bool {
	target := linked.form[inRoles][o.key.field].target
	parent, _ := target.parentField()
	was, is := last.tables[target], s.tables[target]
	for n := range t.nodes {
		if n.table == target && was.entries.at(n.ord) != nil && was.fields[parent].one.at(n.ord) != is.fields[parent].one.at(n.ord) {
			return true
		}
	}
	return false
}

// drop takes a record out of the set of a code, unless a role that counts still has it there.
func (o *owned) drop(mine *owner, s *Snapshot, code, record uint32) {
	still := false
	s.tables[inRoles].fields[o.key.through].set(record + 1).each(func(role uint32) bool {
		if o.key.counts(s, role) {
			o.key.each(s, role, func(other uint32) { still = still || other == code })
		}
		return !still
	})
	if !still {
		next := o.of(code).remove(mine, record)
		o.sets.set(mine, code, &next)
	}
}
