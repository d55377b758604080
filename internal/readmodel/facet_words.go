package readmodel

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// moment is what one query marks, counted or intersected more than once, until its answer stands.
type moment struct {
	chosen *marks   // what all filters keep
	used   []*marks // all of them, to be given back
}

// release gives back what the query marked.
func (m *moment) release() {
	for _, used := range m.used {
		used.release()
	}
}

// marked returns the marks of a bitmap until the end of the query.
func (x *run) marked(bits *roaring.Bitmap) *marks {
	m := markedOf(bits, x.t.size)
	x.moment.used = append(x.moment.used, m)
	return m
}

// wordFacet counts the words of a field among what all filters but its own keep; chosen is what all of them keep.
// It does not when the field has too many words.
func (x *run) wordFacet(s *spec, chosen *roaring.Bitmap) (values []FacetValue, ok bool) {
	f := x.fieldOf(x.t.kind, s.field)
	if f.words.size > maxWorded {
		return nil, false
	}
	column := x.s.column(x.t.kind, s.field)
	if column == nil {
		return nil, false
	}
	codes := int(f.words.size) + 1
	counts, among := make([]int, codes), x.markedBut(s, chosen)
	all := x.t.live[x.level].bits
	switch n, most := among.cardinality(), cardinality(all); {
	case x.archived || 2*n < most:
		column.countWords(f, among, counts)
	case n == most:
		copy(counts, x.total(x.t.kind, s.field, codes))
	default: // of most of the records: what the others have is taken from the total
		others := x.marked(all)
		others.drop(among)
		column.countWords(f, others, counts)
		for code, n := range x.total(x.t.kind, s.field, codes) {
			counts[code] = n - counts[code]
		}
	}
	return x.wording(x.t.kind, s.field, s.label).values(counts), true
}

// countWords counts the words of the records that are marked; of a field with several the lists first, then the words
// of each list.
func (c *column) countWords(f *field, among *marks, counts []int) {
	if !f.multi {
		c.count(among, counts)
		return
	}
	lists := make([]int, f.lists.size+1)
	c.count(among, lists)
	for list, n := range lists {
		if n > 0 {
			for _, code := range f.lists.values.at(uint32(list)) {
				counts[code] += n
			}
		}
	}
}

// markedBut returns what all filters but a facet's own keep.
func (x *run) markedBut(s *spec, chosen *roaring.Bitmap) *marks {
	if !slices.ContainsFunc(x.terms, func(t term) bool { return t.name == s.name }) {
		if x.moment.chosen == nil {
			x.moment.chosen = x.marked(chosen)
		}
		return x.moment.chosen
	}
	if s.name == "status" || slices.ContainsFunc(x.terms, func(t term) bool { return t.through != 0 }) {
		return x.marked(x.choose(leaveNamed(s.name)))
	}
	m := x.marked(x.base(x.archived))
	for i := range x.terms {
		if t := &x.terms[i]; t.name != s.name {
			x.narrow(m, t)
		}
	}
	return m
}

// narrow leaves of what is marked what one filter keeps.
func (x *run) narrow(m *marks, t *term) {
	if t.want != nil {
		if t.wanted == nil {
			t.wanted = x.marked(t.want)
		}
		m.keep(t.wanted)
	}
	if t.deny != nil {
		if t.unwanted == nil {
			t.unwanted = x.marked(t.deny)
		}
		m.drop(t.unwanted)
	}
}
