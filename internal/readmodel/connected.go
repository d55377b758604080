package readmodel

import "slices"

// connected is how many live records that a clearance may see name each record of a table, in any member. Among many
// records with one score it decides which come first, so it is asked for far more of them than are shown.
type connected struct {
	table  kindIndex
	level  int
	counts vector[uint32]
}

// connections is how many live records that the caller may see name a record, in any member.
func (x *run) connections(ord uint32) int64 {
	if x.connected == nil {
		x.connected = x.s.connected(x.t.kind, x.level)
	}
	return int64(x.connected.counts.at(ord))
}

func (s *Snapshot) connected(k kindIndex, level int) *connected {
	return s.caches.connected.get(maxConnected,
		func(c *connected) bool { return c.table == k && c.level == level },
		func() *connected { return newConnected(&s.state, k, level) })
}

func newConnected(s *state, k kindIndex, level int) *connected {
	c, o := &connected{table: k, level: level}, new(owner)
	for _, from := range linked.to[k] {
		t := s.tables[from.table]
		sets, live := &t.fields[from.field].sets, t.live[level].bits()
		for ord := range s.tables[k].size {
			if naming := sets.at(ord + 1); naming != nil {
				c.add(o, ord, naming.common(live))
			}
		}
	}
	return c
}

// add counts some more connections of a record, or some less.
func (c *connected) add(o *owner, ord uint32, by int) {
	if by != 0 {
		*c.counts.place(o, ord) += uint32(by) //nolint:gosec // the sum is not negative
	}
}

// advance brings the counts up to date for the next snapshot: those of what the changed records name, and named before.
func (c *connected) advance(last, s *Snapshot, t *touches) *connected {
	next, o := *c, new(owner)
	for node := range t.nodes { // in any order: each record stands for itself
		was, is := last.tables[node.table], s.tables[node.table]
		for _, field := range linked.from[node.table] {
			if linked.form[node.table][field].target != c.table {
				continue
			}
			var bufferWas, bufferIs [1]uint32
			before, after := c.named(was, field, node.ord, &bufferWas), c.named(is, field, node.ord, &bufferIs)
			if slices.Equal(before, after) {
				continue
			}
			for _, code := range before {
				next.add(o, code-1, -1)
			}
			for _, code := range after {
				next.add(o, code-1, 1)
			}
		}
	}
	return &next
}

// named are the codes of what a record names in a field; nil when it does not count.
func (c *connected) named(t *table, field int, ord uint32, buffer *[1]uint32) []uint32 {
	if !t.live[c.level].has(ord) {
		return nil
	}
	return t.fields[field].codes(ord, buffer)
}
