package readmodel

import "github.com/RoaringBitmap/roaring/v2"

// fewOwners is up to how many records it is cheaper to look at the roles of each.
const fewOwners = 64

// tallyOwners counts, for each value of a field of roles, the different records that have a role with it which fits the
// other filters through roles.
func (s *spec) tallyOwners(x *run, among *roaring.Bitmap) told {
	return s.ownerValues(x, s.countOwners(x, among))
}

// ownerValues names the codes of a field of roles that records were counted by.
func (s *spec) ownerValues(x *run, counts []int) told {
	if target := linked.form[inRoles][s.field].target; target != noKind {
		return x.recordValues(target, counts)
	}
	return x.wordValues(inRoles, s.field, counts, s.label)
}

func (s *spec) countOwners(x *run, among *roaring.Bitmap) []int {
	f := x.fieldOf(inRoles, s.field)
	var size uint32
	target := linked.form[inRoles][s.field].target
	if target == noKind {
		size = f.words.size + 1
	} else {
		size = x.s.tables[target].size + 1
	}
	if cardinality(among) > fewOwners && !x.otherThrough(s.name) {
		if o := x.owned(s); o != nil {
			return o.tally(among, size)
		}
	}
	c := &ownerCount{field: f, roles: x.candidates(s.name), counts: make([]int, size), last: make([]uint32, size)}
	if s.deep {
		c.above = x.s.tables[target]
	}
	c.count(x.fieldOf(inRoles, s.through), x.owners(c.roles, s.through, among))
	return c.counts
}

// otherThrough tells whether another filter goes through roles.
func (x *run) otherThrough(name string) bool {
	for i := range x.terms {
		if x.terms[i].through != 0 && x.terms[i].name != name {
			return true
		}
	}
	return false
}

// ownerCount counts different records by the codes of their roles.
type ownerCount struct {
	field  *field // of roles: what is counted
	above  *table // where what lies above a code counts, too
	roles  *roaring.Bitmap
	counts []int
	last   []uint32 // code → the record, plus one, that was counted last
}

// count goes over the roles of each record.
func (c *ownerCount) count(owner *field, records *roaring.Bitmap) {
	var buffer [1]uint32
	runs(records, func(ords []uint32) {
		for _, ord := range ords {
			owner.set(ord + 1).each(func(role uint32) bool {
				if c.roles.Contains(role) {
					for _, code := range c.field.codes(role, &buffer) {
						c.mark(code, ord+1)
					}
				}
				return true
			})
		}
	})
}

func (c *ownerCount) mark(code, record uint32) {
	if c.last[code] == record {
		return
	}
	c.last[code] = record
	c.counts[code]++
	if c.above != nil {
		c.above.above(code-1, func(above uint32) bool {
			if c.last[above+1] == record {
				return false // and so are those above it
			}
			c.last[above+1] = record
			c.counts[above+1]++
			return true
		})
	}
}
