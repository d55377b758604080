package readmodel

import (
	"slices"
)

// countKnown counts the codes of some actors that have not changed: of each or, where they are most of the actors with
// some values, from what was counted of those.
func (d *deeds) countKnown(counts []int, k *codesOfActors, among *marks) {
	n := among.cardinality()
	by, size := d.aroundKnown()
	if 2*n <= size {
		k.add(counts, among, 1)
		return
	}
	others := d.kept(newMarks(d.t.size))
	addTotals := func(totals []uint32) {
		for code, n := range totals {
			counts[code] += int(n)
		}
	}
	if by == nil {
		others.fill(d.order.tables[inActors].size)
		addTotals(k.bearers.counts)
	} else {
		f := &d.order.tables[inActors].fields[by.field]
		for i, code := range by.codes {
			if !slices.Contains(by.codes[:i], code) {
				others.add(f.set(code))
				addTotals(k.countedBy(fieldValue{by.field, code}, f.set(code)))
			}
		}
	}
	others.drop(among)
	k.add(counts, others, -1)
}

// aroundKnown returns the filter that keeps the fewest actors by a value of their own, of which the codes can be counted
// once and for all, and how many these were; nil and the number of all when there is none.
func (d *deeds) aroundKnown() (by *term, size int) {
	base := d.order.tables[inActors]
	size = int(base.size)
	for i := range d.run.terms {
		t := &d.run.terms[i]
		if t.through != 0 || !t.words || t.none || len(t.codes) == 0 || t.refuses() || base.fields[t.field].multi {
			continue
		}
		n := 0
		for i, code := range t.codes {
			if !slices.Contains(t.codes[:i], code) {
				n += cardinality(base.fields[t.field].set(code).bits())
			}
		}
		if n < size {
			by, size = t, n
		}
	}
	return by, size
}
