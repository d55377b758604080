package readmodel

// deedCount counts different actors by the values of a field of their roles. The roles of an actor come one after the
// other, so that the last actor counted of each code is enough.
type deedCount struct {
	lists  *lists   // of a field with several values, whose column holds the numbers of lists; else nil
	above  []uint32 // code → the code above it that counts, too
	counts []deedCounted
	found  func(code uint32) // is told of each; may be nil
}

// deedCounted is how many actors were counted, and the last of them, plus one.
type deedCounted struct{ actors, last uint32 }

func (d *deeds) newCount(s *spec) *deedCount {
	c := &deedCount{above: d.above(s), counts: make([]deedCounted, d.codesOfRoles(s.field))}
	if f := d.fieldOf(inRoles, s.field); f.multi {
		c.lists = &f.lists
	}
	return c
}

// above returns the code above each code of a field of roles where it counts, too; none elsewhere.
func (d *deeds) above(s *spec) []uint32 {
	above := make([]uint32, d.codesOfRoles(s.field))
	if s.deep {
		target := linked.form[inRoles][s.field].target
		parent, _ := target.parentField()
		f := &d.s.tables[target].fields[parent]
		for code := range above[1:] {
			above[code+1] = f.one.at(uint32(code)) //nolint:gosec // an ordinal
		}
	}
	return above
}

// add counts a value of an actor, plus one.
func (c *deedCount) add(value, actor uint32) {
	if c.lists == nil {
		c.mark(value, actor)
		return
	}
	for _, code := range c.lists.values.at(value) {
		c.mark(code, actor)
	}
}

// mark counts a code and those above it. Where one was counted already, so were those above it.
func (c *deedCount) mark(code, actor uint32) {
	for ; code != none; code = c.above[code] {
		counted := &c.counts[code]
		if counted.last == actor {
			return
		}
		counted.last = actor
		counted.actors++
		if c.found != nil {
			c.found(code)
		}
	}
}
