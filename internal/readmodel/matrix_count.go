package readmodel

import "math/bits"

// counting counts the cells of a matrix. It counts by two axes, of which the outer one is bound to the actors when one of
// them is: whichever of rows and columns that is.
type counting struct {
	*ordered

	rows, cols   *axis
	outer, inner *axis // cols and rows, or the other way round
	counts
}

// counts are the cells and the totals, of all roles or of those that one worker goes over.
type counts struct {
	cells          []count // by the outer axis, then by the inner
	byOuter, inSum []count // totals
	width          int
	total          count
}

func newCounts(outer, inner int) counts {
	width := inner + 1 // with a place for what counts for nothing
	return counts{
		cells: make([]count, (outer+1)*width), byOuter: make([]count, outer+1), inSum: make([]count, width), width: width,
	}
}

// count is what is counted of a cell. The roles of one actor come one after the other, so that the last actor counted is
// enough to count each once.
type count struct {
	both uint64 // the actors above the lower half, which is the roles
	last uint32 // the actor, plus one
}

const anActor = 1 << 32

// add counts a role of an actor, plus one. No branch depends on the data: the processor could not foretell it.
func (c *count) add(actor uint32) {
	another := uint64(0)
	if c.last != actor {
		another = 1
	}
	c.both += another<<32 | 1
	c.last = actor
}

// cell returns what was counted.
func (c *count) cell() MatrixCell {
	return MatrixCell{Actors: int(c.both / anActor), Roles: int(c.both % anActor)} //nolint:gosec // counts of ordinals
}

// bound tells whether all roles of an actor have the same key.
func (x *axis) bound() bool { return x.key.table == inActors }

// count goes over the roles, an actor at a time.
func (m *counting) count() {
	m.outer, m.inner = m.cols, m.rows
	if m.rows.bound() && !m.cols.bound() || m.cols.most > 1 && m.rows.most == 1 {
		m.outer, m.inner = m.rows, m.cols
	}
	m.counts = newCounts(len(m.outer.items), len(m.inner.items))
	actors, outer, inner := m.order.actors, m.outer.column(), m.inner.column()
	over := func(c *counts, s stretch) {
		s.each(m.places, func(place int) { m.add(c, actors[place], outer[place], inner[place]) })
	}
	switch {
	case m.outer.most > 1 || m.inner.most > mostFixed:
	case m.outer.bound():
		over = m.boundCounter()
	default:
		over = m.fixedCounter()
	}
	m.share(over)
	for _, of := range m.changed {
		m.add(&m.counts, of.actor+1, m.outer.keyOf(of), m.inner.keyOf(of))
	}
	if m.outer.bound() {
		m.sumBound()
	}
}

// share lets workers go over the roles and adds up what they have counted. They meet different actors.
func (m *counting) share(over func(*counts, stretch)) {
	parts := m.order.stretches(m.places, len(m.cells))
	others := make([]counts, len(parts)-1)
	together(len(parts), func(i int) {
		c := &m.counts
		if i > 0 {
			others[i-1] = newCounts(len(m.outer.items), len(m.inner.items))
			c = &others[i-1]
		}
		over(c, parts[i])
	})
	for i := range others {
		m.join(&others[i])
	}
}

// join adds what another worker has counted.
func (c *counts) join(other *counts) {
	sum := func(to, from []count) {
		for i := range from {
			to[i].both += from[i].both
		}
	}
	sum(c.cells, other.cells)
	sum(c.byOuter, other.byOuter)
	sum(c.inSum, other.inSum)
	c.total.both += other.total.both
}

// add counts one role in every cell that its keys count for.
func (m *counting) add(c *counts, actor, outer, inner uint32) {
	c.total.add(actor)
	inside := m.inner.slotsOf(inner)
	for _, i := range inside {
		c.inSum[i].add(actor)
	}
	for _, o := range m.outer.slotsOf(outer) {
		c.byOuter[o].add(actor)
		line := c.line(o)
		for _, i := range inside {
			line[i].add(actor)
		}
	}
}

// line returns the cells of an item of the outer axis.
func (c *counts) line(outer int32) []count { return c.cells[int(outer)*c.width:][:c.width] }

// fixedCounter counts where each key has one item on the outer axis and a few on the inner one.
func (m *counting) fixedCounter() func(*counts, stretch) {
	actors, outerKeys, innerKeys := m.order.actors, m.outer.column(), m.inner.column()
	outer, inner, few := m.outer.fixed(), m.inner.fixed(), uint32(m.inner.most) //nolint:gosec // few
	return func(c *counts, s stretch) {
		for w := s.from / 64; w*64 < s.to; w++ {
			for word := s.word(m.places, w); word != 0; word &= word - 1 {
				place := w*64 + bits.TrailingZeros64(word)
				actor, o, key := actors[place], outer[outerKeys[place]], innerKeys[place]*few
				c.total.add(actor)
				c.byOuter[o].add(actor)
				line := c.line(o)
				for _, i := range inner[key : key+few] {
					c.inSum[i].add(actor)
					line[i].add(actor)
				}
			}
		}
	}
}

// boundCounter counts where, beside, the outer axis is bound to the actors: what they have in common is looked up once.
func (m *counting) boundCounter() func(*counts, stretch) {
	if m.outer.short() && m.inner.short() {
		return countBound(m, m.order.bytes(m.outer.key), m.order.bytes(m.inner.key))
	}
	return countBound(m, m.outer.column(), m.inner.column())
}

func countBound[key uint8 | uint32](m *counting, outerKeys, innerKeys []key) func(*counts, stretch) {
	actors := m.order.actors
	outer, inner, few := m.outer.fixed(), m.inner.fixed(), m.inner.most
	return func(c *counts, s stretch) {
		last, roles := uint32(0), uint64(0)
		by, line := &count{}, []count(nil)
		for w := s.from / 64; w*64 < s.to; w++ {
			for word := s.word(m.places, w); word != 0; word &= word - 1 {
				place := w*64 + bits.TrailingZeros64(word)
				if actor := actors[place]; actor != last {
					by.both += roles
					o := outer[outerKeys[place]]
					by, line, last, roles = &c.byOuter[o], c.line(o), actor, anActor
				}
				roles++
				at := int(innerKeys[place]) * few
				line[inner[at]].add(last)
				for k := at + 1; k < at+few; k++ {
					line[inner[k]].add(last)
				}
			}
		}
		by.both += roles
	}
}

// sumBound sums up where the outer axis is bound to the actors: each actor counts for one of its items.
func (m *counting) sumBound() {
	m.total = count{}
	clear(m.inSum)
	for o := range m.byOuter[:len(m.outer.items)] {
		m.total.both += m.byOuter[o].both
		for i, cell := range m.line(int32(o)) {
			m.inSum[i].both += cell.both
		}
	}
}

// answer lays out what was counted.
func (m *counting) answer() *Matrix {
	byRow, byCol := m.inSum, m.byOuter
	rowStep, colStep := 1, m.width
	if m.outer == m.rows {
		byRow, byCol, rowStep, colStep = byCol, byRow, colStep, rowStep
	}
	answer := &Matrix{Findings: m.Findings, Rows: lines(m.rows.items, byRow), Cols: lines(m.cols.items, byCol), Total: m.total.cell()}
	all, width := make([]MatrixCell, len(m.rows.items)*len(m.cols.items)), len(m.cols.items)
	answer.Cells = make([][]MatrixCell, len(m.rows.items))
	for i := range answer.Cells {
		line := all[i*width:][:width:width]
		for j := range line {
			line[j] = m.cells[i*rowStep+j*colStep].cell()
		}
		answer.Cells[i] = line
	}
	return answer
}

func lines(items []AnalysisItem, counts []count) []MatrixLine {
	list := make([]MatrixLine, len(items))
	for i := range items {
		list[i] = MatrixLine{items[i], counts[i].cell()}
	}
	return list
}
