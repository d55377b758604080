package readmodel

import (
	"math/bits"

	"github.com/RoaringBitmap/roaring/v2"
)

// tally returns how many of some records have each code of a field; codes says how many codes there may be.
// Of most of the records of a list without archived ones, what the others have is taken from the total.
func (x *run) tally(k kindIndex, field int, among *roaring.Bitmap, codes int) []int {
	f, all := x.fieldOf(k, field), x.s.tables[k].live[x.level].bits
	n, most := cardinality(among), cardinality(all)
	if x.archived || 2*n < most || codes > most/8 {
		return f.tally(among, codes)
	}
	counts := make([]int, codes)
	copy(counts, x.total(k, field, codes))
	if n < most {
		for code, others := range f.tally(roaring.AndNot(all, among), codes) {
			counts[code] -= others
		}
	}
	return counts
}

// totals are the counts of all live records that a clearance may see.
type totals struct {
	table  kindIndex
	field  int
	level  int
	counts []int
}

func (x *run) total(k kindIndex, field, codes int) []int {
	found := x.s.caches.totals.get(maxTotals,
		func(t *totals) bool { return t.table == k && t.field == field && t.level == x.level },
		func() *totals {
			counts := x.fieldOf(k, field).tally(x.s.tables[k].live[x.level].bits, codes)
			return &totals{k, field, x.level, counts}
		})
	return found.counts
}

// tally counts by going over the records: over the words of the bitmap when there are many, else over the ordinals.
func (f *field) tally(among *roaring.Bitmap, codes int) []int {
	if among.IsEmpty() {
		return make([]int, codes)
	}
	if !f.multi {
		counts := make([]int, codes)
		f.count(among, counts)
		return counts
	}
	if n := int(f.lists.size); n > 8*cardinality(among) {
		return f.tallyEach(among, codes)
	}
	perList := make([]int, f.lists.size+1)
	f.count(among, perList)
	counts := make([]int, codes)
	for list, n := range perList {
		if n > 0 {
			for _, code := range f.lists.values.at(uint32(list)) { //nolint:gosec // lists are numbered in 32 bits
				counts[code] += n
			}
		}
	}
	return counts
}

// tallyEach looks at the list of every record.
func (f *field) tallyEach(among *roaring.Bitmap, codes int) []int {
	counts := make([]int, codes)
	runs(among, func(ords []uint32) {
		for _, ord := range ords {
			for _, code := range f.codes(ord, nil) {
				counts[code]++
			}
		}
	})
	return counts
}

// count adds up the column. A word of the bitmap and a leaf of the column are of the same 64 records.
func (f *field) count(among *roaring.Bitmap, counts []int) {
	if 48*cardinality(among) < int(among.Maximum()) {
		eachCode(f, among, func(_, code uint32) { counts[code]++ })
		return
	}
	for w, word := range among.ToDense() {
		if word == 0 {
			continue
		}
		l := f.one.leaf(uint32(w) * leafSize) //nolint:gosec // at most 2^26 words
		if l == nil {
			counts[none] += bits.OnesCount64(word)
			continue
		}
		for ; word != 0; word &= word - 1 {
			counts[l.items[bits.TrailingZeros64(word)]]++
		}
	}
}
