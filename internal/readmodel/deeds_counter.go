package readmodel

// deedCount counts different actors by the values of a field of their roles. The roles of an actor come one after the
// other, so that the last actor counted of each code is enough.
type deedCount struct {
	lists  *lists   // of a field with several values, whose column holds the numbers of lists; else nil
	above  []uint32 // code → the code above it that counts, too
	counts []deedCounted
}

// deedCounted is how many actors were counted, and the last of them, plus one.
type deedCounted struct{ actors, last uint32 }

func (d *deeds) newCount(s *spec) *deedCount {
	c := &deedCount{above: d.above(s), counts: make([]deedCounted, d.codesOfRoles(s.field))}
	if f := d.fieldOf(inRoles, s.field); f.multi {
		c.lists = f.lists
	}
	return c
}

// above returns the code above each code of a field of roles where it counts, too; none elsewhere. Should records ever
// stand above themselves, what is above them counts for nothing.
func (d *deeds) above(s *spec) []uint32 {
	above := make([]uint32, d.codesOfRoles(s.field))
	if !s.deep {
		return above
	}
	target := linked.form[inRoles][s.field].target
	parent, _ := target.parentField()
	f := &d.s.tables[target].fields[parent]
	for code := range above[1:] {
		above[code+1] = f.one.at(uint32(code))
	}
	for code := range above {
		steps := 0
		for at := above[code]; at != none; at = above[at] {
			if steps++; steps > len(above) {
				above[code] = none
				break
			}
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

// mark counts a code and those above it. Whether a code was counted already is nothing to branch on: the processor could
// not foretell it.
func (c *deedCount) mark(code, actor uint32) {
	for {
		counted := &c.counts[code]
		another := uint32(1)
		if counted.last == actor {
			another = 0
		}
		counted.actors += another
		counted.last = actor
		if code = c.above[code]; code == none {
			return
		}
	}
}

// appendNew appends the codes that a value of an actor, plus one, counts for and that were not counted for it yet.
func (c *deedCount) appendNew(to []uint16, value, actor uint32) []uint16 {
	var buffer [1]uint32
	codes := append(buffer[:0], value)
	if c.lists != nil {
		codes = c.lists.values.at(value)
	}
	for _, code := range codes {
		for ; code != none && c.counts[code].last != actor; code = c.above[code] {
			c.counts[code].last = actor
			to = append(to, uint16(code)) //nolint:gosec // fields with more codes are not counted in this way
		}
	}
	return to
}
