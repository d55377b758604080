package readmodel

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// totals are how many live records that a clearance may see have each code of a field: all of them or, unless by is
// everything, those that have one value of another field.
type totals struct {
	table  kindIndex
	field  int
	level  int
	by     int // a field that has at most one value
	value  uint32
	counts []int
}

// everything stands for the field of totals of all records.
const everything = -1

func (x *run) total(k kindIndex, field, codes int) []int {
	found := x.s.caches.totals.get(maxTotals,
		func(n *totals) bool { return n.table == k && n.field == field && n.level == x.level },
		func() *totals {
			counts := x.fieldOf(k, field).tally(x.s.tables[k].live[x.level].bits(), codes)
			return &totals{k, field, x.level, everything, none, counts}
		})
	return found.counts
}

// totalBy returns the counts of the records that have a value of another field.
func (x *run) totalBy(k kindIndex, field, codes, by int, value uint32) []int {
	found := x.s.caches.crossed.get(maxCrossed,
		func(n *totals) bool {
			return n.table == k && n.field == field && n.level == x.level && n.by == by && n.value == value
		},
		func() *totals {
			among := roaring.And(x.s.tables[k].live[x.level].bits(), x.fieldOf(k, by).set(value).bits())
			return &totals{k, field, x.level, by, value, x.fieldOf(k, field).tally(among, codes)}
		})
	return found.counts
}

// advance brings them up to date for the next snapshot. Most changes change no total.
func (n *totals) advance(last, s *Snapshot, t *touches) *totals {
	was, is := last.tables[n.table], s.tables[n.table]
	if was == is {
		return n
	}
	next, ours := n, false
	for node := range t.nodes { // in any order: each record stands for itself
		if node.table != n.table {
			continue
		}
		var bufferWas, bufferIs [1]uint32
		before, after := n.codes(was, node.ord, &bufferWas), n.codes(is, node.ord, &bufferIs)
		if slices.Equal(before, after) {
			continue
		}
		if !ours {
			own := *n
			own.counts = slices.Clone(n.counts)
			next, ours = &own, true
		}
		next.add(before, -1)
		next.add(after, 1)
	}
	return next
}

// codes returns the codes that a record of a table is counted under.
func (n *totals) codes(t *table, ord uint32, buffer *[1]uint32) []uint32 {
	if !t.live[n.level].has(ord) || n.by != everything && t.fields[n.by].one.at(ord) != n.value {
		return nil
	}
	return t.fields[n.field].codes(ord, buffer)
}

func (n *totals) add(codes []uint32, by int) {
	for _, code := range codes {
		for int(code) >= len(n.counts) {
			n.counts = append(n.counts, 0)
		}
		n.counts[code] += by
	}
}
