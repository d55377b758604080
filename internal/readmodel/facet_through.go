package readmodel

import "github.com/RoaringBitmap/roaring/v2"

// roleFieldOf is the field of roles behind a filter through roles, and whether what lies above counts, too.
func roleFieldOf(name string) (field int, deep bool) {
	switch name {
	case "type":
		return roleType, false
	case "raci":
		return roleLetter, false
	case "function":
		return roleFunction, true
	case "initiative":
		return roleInitiative, true
	case "actor":
		return roleActor, false
	default:
		return roleFramework, false // its codes hold those that cover them
	}
}

// tallyOwners counts, for each value of a field of roles, the different records that have a role with it which fits the
// other filters through roles.
func tallyOwners(through int, name string, label labels) func(*run, *roaring.Bitmap) []FacetValue {
	field, deep := roleFieldOf(name)
	target := linked.form[inRoles][field].target
	return func(x *run, among *roaring.Bitmap) []FacetValue {
		f := x.fieldOf(inRoles, field)
		c := &ownerCount{field: f, roles: x.candidates(name)}
		if target == noKind {
			c.make(f.words.size + 1)
		} else {
			c.make(x.s.tables[target].size + 1)
		}
		if deep {
			c.above = x.s.tables[target]
		}
		c.count(x.fieldOf(inRoles, through), x.owners(c.roles, through, among))
		if target == noKind {
			return x.wordValues(f, c.counts, label)
		}
		return x.recordValues(target, c.counts)
	}
}

// ownerCount counts different records by the codes of their roles.
type ownerCount struct {
	field  *field // of roles: what is counted
	above  *table // where what lies above a code counts, too
	roles  *roaring.Bitmap
	counts []int
	last   []uint32 // code → the record, plus one, that was counted last
}

func (c *ownerCount) make(size uint32) { c.counts, c.last = make([]int, size), make([]uint32, size) }

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
