package readmodel

import (
	"math/bits"

	"github.com/RoaringBitmap/roaring/v2"
)

// tally returns how many of some records have each code of a field; codes says how many codes there may be.
// Of most of the records of a list without archived ones, what the others have is taken from the total.
func (x *run) tally(k kindIndex, field int, among *roaring.Bitmap, codes int) []int {
	f, all := x.fieldOf(k, field), x.s.tables[k].live[x.level].bits()
	n, most := cardinality(among), cardinality(all)
	if x.archived || 2*n < most || codes > maxTotalled {
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

// maxTotalled is of how many codes at most the totals are kept.
const maxTotalled = 1024

// What counting costs, in nanoseconds: of one code in 65,536 records, and of one record.
const (
	costOfCode   = 250
	costOfRecord = 1
)

// tally goes over the codes when they are few, else over the records.
func (f *field) tally(among *roaring.Bitmap, codes int) []int {
	counts := make([]int, codes)
	if among.IsEmpty() {
		return counts
	}
	n, blocks := cardinality(among), int(among.Maximum()>>16)+1
	switch {
	case codes*blocks*costOfCode < n*costOfRecord:
		for code := 1; code < codes; code++ {
			counts[code] = f.set(uint32(code)).common(among)
		}
	case !f.multi:
		f.count(among, counts)
	case int(f.lists.size) > 8*n:
		f.tallyEach(among, counts)
	default:
		f.tallyLists(among, counts)
	}
	return counts
}

// tallyLists counts the lists, and then the codes of each.
func (f *field) tallyLists(among *roaring.Bitmap, counts []int) {
	perList := make([]int, f.lists.size+1)
	f.count(among, perList)
	for list, n := range perList {
		if n > 0 {
			for _, code := range f.lists.values.at(uint32(list)) {
				counts[code] += n
			}
		}
	}
}

// tallyEach looks at the list of every record.
func (f *field) tallyEach(among *roaring.Bitmap, counts []int) {
	runs(among, func(ords []uint32) {
		for _, ord := range ords {
			for _, code := range f.codes(ord, nil) {
				counts[code]++
			}
		}
	})
}

// count adds up the codes. A word of marks and a leaf of the codes are of the same 64 records.
func (f *field) count(among *roaring.Bitmap, counts []int) {
	if 48*cardinality(among) < int(among.Maximum()) {
		eachCode(f, among, func(_, code uint32) { counts[code]++ })
		return
	}
	m := markedOf(among, among.Maximum()+1)
	defer m.release()
	l := lanesOf(len(counts))
	defer l.release()
	for w, word := range m.words {
		if word == 0 {
			continue
		}
		from := uint32(w) * leafSize
		leaf, size := f.one.leaf(from), f.one.size
		if from+leafSize > size { // what lies behind is not this state's
			ours := word
			if from >= size || leaf == nil {
				ours = 0
			} else {
				ours &= 1<<(size-from) - 1
			}
			counts[none] += bits.OnesCount64(word &^ ours)
			word = ours
		}
		switch {
		case word == 0:
		case leaf == nil:
			counts[none] += bits.OnesCount64(word)
		default:
			addCodes(l, &leaf.items, word)
		}
	}
	l.addTo(counts)
}
