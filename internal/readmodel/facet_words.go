package readmodel

import (
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
)

// moment is what one query marks and counts, until its answer stands.
type moment struct {
	used   []*marks // all marks, to be given back
	counts []int
	lists  []int
	of     *marks // whose records are listed
	ords   []uint32
}

// moments keeps them for the next query.
var moments = sync.Pool{New: func() any { return new(moment) }}

// begin gives the query its moment.
func (x *run) begin() {
	var ok bool
	if x.moment, ok = moments.Get().(*moment); !ok {
		x.moment = new(moment)
	}
}

// end gives back what the query marked.
func (x *run) end() {
	m := x.moment
	for i, used := range m.used {
		used.release()
		m.used[i] = nil
	}
	m.used, m.of = m.used[:0], nil
	x.moment, x.live, x.withArchived, x.own = nil, nil, nil, nil
	moments.Put(m)
}

// marked returns the marks of a bitmap until the end of the query.
func (x *run) marked(bits *roaring.Bitmap) *marks { return x.kept(markedOf(bits, x.t.size)) }

// markedAs does the same for a set that the snapshot keeps.
func (x *run) markedAs(b *bitmap) *marks {
	m := x.kept(newMarks(x.t.size))
	m.fillWith(b)
	return m
}

// kept gives marks back at the end of the query.
func (x *run) kept(m *marks) *marks {
	x.moment.used = append(x.moment.used, m)
	return m
}

// ownFacet counts the words of a field, or the records that it names, among what all filters but its own keep; chosen is
// what all of them keep. It does not when the field has too many of them.
func (x *run) ownFacet(s *spec, chosen *marks) (counted told, ok bool) {
	f, target := x.fieldOf(x.t.kind, s.field), linked.form[x.t.kind][s.field].target
	size := f.words.size
	if s.names {
		size = x.s.tables[target].size
	}
	column := x.s.column(x.t.kind, s.field)
	if size > maxWorded || column == nil {
		return told{}, false
	}
	counts, among := zeroed(&x.moment.counts, int(size)+1), x.markedBut(s, chosen)
	x.countOwn(s, column, f, among, counts)
	none := x.bare(f, among, counts)
	switch {
	case s.words:
		counted = x.wording(x.t.kind, s.field, s.label).values(counts, x.q.FacetLimit)
	case s.deep:
		counted = x.recordValues(target, rollUp(x.s.tables[target], counts))
	default:
		counted = x.recordValues(target, counts)
	}
	counted.none = none
	return counted, true
}

// bare is how many of some records have no value of a field whose codes were counted. Where a record has one value at
// the most it is what the codes leave.
func (x *run) bare(f *field, among *marks, counts []int) int {
	if f.multi {
		return among.commonWith(f.set(none))
	}
	n := among.cardinality()
	for _, having := range counts[1:] {
		n -= having
	}
	return n
}

// countOwn counts the codes of a field among some records, in the way that costs least.
func (x *run) countOwn(s *spec, column *column, f *field, among *marks, counts []int) {
	n, around := among.cardinality(), x.around(s)
	rest := around.size - n // what is not chosen of what was counted already
	switch {
	case n == 0:
	case rest == 0 && around.known:
		x.addTotals(counts, s, around)
	case cheaperByCode(x.total(x.t.kind, s.field, len(counts)), n, x.t.size, min(n, rest)*costOfMark):
		bits := among.bitmap()
		for code := 1; code < len(counts); code++ {
			counts[code] = f.set(uint32(code)).common(bits)
		}
	case n <= rest || !around.known:
		x.countCodes(column, f, among, n, counts)
	default:
		others := x.markedAs(x.t.live[x.level])
		if around.by != nil {
			x.narrow(others, around.by)
		}
		others.drop(among)
		x.countCodes(column, f, others, rest, counts)
		for code := range counts {
			counts[code] = -counts[code]
		}
		x.addTotals(counts, s, around)
	}
}

// around is a set of records that holds all that is chosen, and whose words have been counted already.
type around struct {
	known bool // there is one
	size  int
	by    *term // the filter that it is all of; nil: all live records
}

// fewValues is up to how many words a field has whose values have their records counted.
const fewValues = 16

// around returns the smallest of these sets for a facet.
func (x *run) around(s *spec) around {
	if x.archived {
		return around{size: 2 * int(x.t.size)} // what is archived is in no total
	}
	best := around{true, cardinality(x.t.live[x.level].bits()), nil}
	for i := range x.terms {
		t := &x.terms[i]
		if t.name == s.name || t.through != 0 || !t.words || t.none || len(t.codes) == 0 || t.refuses() {
			continue
		}
		f := x.fieldOf(x.t.kind, t.field)
		if f.multi || f.words.size > fewValues {
			continue
		}
		totals, size := x.total(x.t.kind, t.field, int(f.words.size)+1), 0
		for n, code := range t.codes {
			if int(code) < len(totals) && !slices.Contains(t.codes[:n], code) {
				size += totals[code]
			}
		}
		if size < best.size {
			best = around{true, size, t}
		}
	}
	return best
}

// addTotals adds what was counted already.
func (x *run) addTotals(counts []int, s *spec, around around) {
	add := func(totals []int) {
		for code, n := range totals {
			counts[code] += n
		}
	}
	if around.by == nil {
		add(x.total(x.t.kind, s.field, len(counts)))
		return
	}
	for n, code := range around.by.codes {
		if code != unheard && !slices.Contains(around.by.codes[:n], code) {
			add(x.totalBy(x.t.kind, s.field, len(counts), around.by.field, code))
		}
	}
}

// What counting costs in nanoseconds: a marked record by its code in a column or in a list of the marked; one that is
// put into a bitmap; the records of a code that roaring holds as bits, in 65,536 records; and of those, the conversion of
// the marks.
const (
	costOfMark    = 1
	costOfListed  = 2
	costOfCrowded = 600
	costOfBlock   = 1000
)

// crowd is from how many in 65,536 records on roaring holds them as bits, and not one by one.
const crowd = 4096

// cheaperByCode tells whether counting n records of a table of some size code by code, of which so many have each code,
// costs less than so much.
func cheaperByCode(holders []int, n int, size uint32, than int) bool {
	blocks := int(size>>16) + 1
	few := n <= blocks*crowd
	cost, crowded, each := blocks*costOfBlock, blocks*costOfCrowded, 0
	if few {
		cost, crowded, each = n*costOfListed, n, n
	}
	for _, holders := range holders[1:] {
		switch {
		case holders > blocks*crowd:
			cost += crowded
		case holders > 0:
			cost += holders + each
		}
	}
	return cost < than
}

// zeroed returns so many zeros, in memory that is used again and again.
func zeroed(memory *[]int, n int) []int {
	if cap(*memory) < n {
		*memory = make([]int, n)
	}
	*memory = (*memory)[:n]
	clear(*memory)
	return *memory
}

// mostListed is of how many records in a table, at the most, one is marked for the marks to be listed before they are
// counted: the list then serves all facets.
const mostListed = 4

// countCodes counts the codes of n records that are marked. Of a field with several the lists are counted first, then the
// codes of each list, unless there are more lists than records.
func (x *run) countCodes(c *column, f *field, among *marks, n int, counts []int) {
	listed := n*mostListed <= int(x.t.size)
	if f.multi && listed && n < int(f.lists.size) {
		c.countLists(x.s.flatLists(c.table, c.field), f, x.listed(among, n), counts)
		return
	}
	to := counts
	if f.multi {
		to = zeroed(&x.moment.lists, int(f.lists.size)+1)
	}
	if listed {
		c.countEach(x.listed(among, n), to)
	} else {
		c.count(among, to)
	}
	if !f.multi {
		return
	}
	for list, n := range to {
		if n > 0 {
			for _, code := range f.lists.values.at(uint32(list)) {
				counts[code] += n
			}
		}
	}
}

// listed returns the n records that are marked.
func (x *run) listed(m *marks, n int) []uint32 {
	if x.moment.of != m {
		x.moment.of, x.moment.ords = m, slices.Grow(x.moment.ords[:0], n+spare)[:n+spare]
		m.listIn(x.moment.ords, n)
	}
	return x.moment.ords[:n]
}

// markedBut returns what all filters but a facet's own keep.
func (x *run) markedBut(s *spec, chosen *marks) *marks {
	if !slices.ContainsFunc(x.terms, func(t term) bool { return t.name == s.name }) {
		return chosen
	}
	return x.pick(leaveNamed(s.name))
}

// pick returns, as marks, the records that all filters keep, but those that are left out.
func (x *run) pick(leave func(*term) bool) *marks {
	archived, all := x.archived, true
	var through []*term
	for i := range x.terms {
		switch t := &x.terms[i]; {
		case t.through != 0 && leave(t):
			all = false
		case t.through != 0:
			through = append(through, t)
		case leave(t):
			archived = archived && t.name != "status"
		}
	}
	m := x.narrowed(x.baseMarks(archived), leave)
	if len(through) == 0 {
		return m
	}
	if d := x.deeds(); d != nil && all {
		d.look()
		m.keep(d.owners)
		m.counted = onesIn(m.words)
		return m
	}
	return x.marked(x.throughRoles(m.bitmap(), through))
}

// baseMarks are the records of a list without filters.
func (x *run) baseMarks(archived bool) *marks {
	base := &x.live
	if archived {
		base = &x.withArchived
	}
	if *base == nil {
		m := x.markedAs(x.t.live[x.level])
		if archived {
			m.addMany(x.t.archived[x.level])
		}
		if held := x.s.held(x.t.kind, x.asOf); held != nil {
			m.keep(x.markedAs(held))
		}
		*base = m
	}
	return *base
}

// narrowed returns those of some records that all filters of their own members keep, but those that are left out.
func (x *run) narrowed(from *marks, leave func(*term) bool) *marks {
	wanted := [4]*marks{from, from, from, from}
	n := 1
	m := x.kept(newMarks(x.t.size))
	for i := range x.terms {
		t := &x.terms[i]
		if t.through != 0 || leave(t) || !t.asks() {
			continue
		}
		wanted[n] = x.wanted(t)
		if n++; n == len(wanted) {
			m.meet(wanted)
			wanted, n = [4]*marks{m, m, m, m}, 1
		}
	}
	n = m.meet(wanted)
	for i := range x.terms {
		if t := &x.terms[i]; t.through == 0 && !leave(t) && t.refuses() {
			m.drop(x.unwanted(t))
			n = onesIn(m.words)
		}
	}
	m.counted = n
	return m
}

// narrow leaves of what is marked what one filter keeps.
func (x *run) narrow(m *marks, t *term) {
	if t.asks() {
		m.keep(x.wanted(t))
	}
	if t.refuses() {
		m.drop(x.unwanted(t))
	}
}

// wanted returns what a filter asks for.
func (x *run) wanted(t *term) *marks {
	if t.wanted == nil {
		t.wanted = x.markedBy(t, t.codes, t.none, func() *roaring.Bitmap { return t.want })
	}
	return t.wanted
}

// unwanted returns what a filter leaves out.
func (x *run) unwanted(t *term) *marks {
	if t.unwanted == nil {
		t.unwanted = x.markedBy(t, t.denied, t.exists, func() *roaring.Bitmap { return t.deny })
	}
	return t.unwanted
}

// markedBy returns the marks of what has one of some values of a filter or, where that is meant, none. Of a filter by a
// field it goes to the records of each code; of others found tells, once the filter has looked.
func (x *run) markedBy(t *term, codes []uint32, none bool, found func() *roaring.Bitmap) *marks {
	if t.code == nil {
		t.look(x)
		return x.marked(found())
	}
	m := x.kept(newMarks(x.t.size))
	f, bare := x.fieldOf(x.t.kind, t.field), true
	add := func(code uint32) {
		if s := f.set(code); bare && s.many != nil {
			m.fillWith(s.many)
		} else {
			m.add(s)
		}
		bare = false
	}
	for _, code := range codes {
		if !t.deep || code == unheard {
			add(code)
			continue
		}
		runs(x.s.tables[linked.form[x.t.kind][t.field].target].subtree(code-1), func(ords []uint32) {
			for _, ord := range ords {
				add(ord + 1)
			}
		})
	}
	if none {
		m.addBits(t.absent(x))
	}
	return m
}
