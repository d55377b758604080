package readmodel

import (
	"math"
	"slices"
	"strings"
)

// wording is what the words of a field are called in a language, in the alphabetical order of the words. It is kept
// while the field has no other words, so that a facet need compare no text.
type wording struct {
	worded

	table kindIndex
	field int
	lang  string
	size  uint32 // of the dictionary that it was made from: words are never taken out
}

// maxWorded is of how many words at most a wording is kept.
const maxWorded = 1024

func (x *run) wording(k kindIndex, field int, label labels) *wording {
	f := x.fieldOf(k, field)
	return x.s.caches.words.get(maxWordings,
		func(w *wording) bool {
			return w.table == k && w.field == field && w.size == f.words.size && w.lang == x.q.Lang
		},
		func() *wording { return newWording(k, field, f, label, x.q.Lang) })
}

func newWording(k kindIndex, field int, f *field, label labels, lang string) *wording {
	w := &wording{table: k, field: field, lang: lang, size: f.words.size}
	w.codes = make([]uint32, 0, f.words.size)
	for code := uint32(1); code <= f.words.size; code++ {
		w.codes = append(w.codes, code)
	}
	above := wordParent(k, field)
	w.name(f.words.value, func(code uint32) FacetName {
		value := f.words.value(code)
		return FacetName{Value: value, Label: label(value, lang), Parent: above(value)}
	})
	return w
}

// worded are the values of a facet in the order of the alphabet, with all that is said of them, and their codes.
type worded struct {
	sorted []FacetName
	codes  []uint32 // of the sorted ones
}

// name puts the codes into order and names them.
func (w *worded) name(value func(code uint32) string, name func(code uint32) FacetName) {
	slices.SortFunc(w.codes, func(a, b uint32) int { return strings.Compare(value(a), value(b)) })
	w.sorted = make([]FacetName, len(w.codes))
	for place, code := range w.codes {
		one := name(code)
		one.json = string(one.appendNames(nil))
		w.sorted[place] = one
	}
}

// values puts what was counted into order, by count, then by value, and names as many as are wanted.
func (w *worded) values(counts []int, limit int) told {
	var buffer [256]uint64
	keys := buffer[:0] // what is left of the count to the most there can be, then the place
	for place, code := range w.codes {
		if n := counts[code]; n > 0 {
			keys = append(keys, uint64(math.MaxUint32-n)<<32|uint64(place)) //nolint:gosec // a count of 32-bit ordinals
		}
	}
	if len(keys) == 0 {
		return told{}
	}
	sortByCount(keys)
	shown := shownOf(len(keys), limit)
	found := told{values: make([]FacetValue, shown), left: len(keys) - shown}
	for i, key := range keys[:shown] {
		found.values[i] = FacetValue{&w.sorted[uint32(key)], countIn(key)} //nolint:gosec // the lower half
	}
	if found.left > 0 {
		rest := slices.Clone(keys[shown:])
		found.leftOff = func(asked string) int {
			for _, key := range rest {
				if w.sorted[uint32(key)].Value == asked { //nolint:gosec // the lower half
					return countIn(key)
				}
			}
			return 0
		}
	}
	return found
}

// countIn is the count in a key.
func countIn(key uint64) int { return int(math.MaxUint32 - key>>32) }

// fewKeys is up to how many keys comparing them is faster than going through their bytes.
const fewKeys = 48

// sortByCount sorts keys that stand in the order of their lower halves by the upper ones, byte by byte (an LSD radix
// sort): a facet of all countries would else take longer to be sorted than to be counted.
func sortByCount(keys []uint64) {
	if len(keys) <= fewKeys {
		slices.Sort(keys)
		return
	}
	var buffer [256]uint64
	from, to := keys, append(buffer[:0], keys...)
	for shift := 32; shift < 64; shift += 8 {
		var starts [257]int
		for _, key := range from {
			starts[key>>shift&0xff+1]++
		}
		if slices.Contains(starts[:], len(from)) {
			continue // all alike here
		}
		for i := range 256 {
			starts[i+1] += starts[i]
		}
		for _, key := range from {
			at := &starts[key>>shift&0xff]
			to[*at] = key
			*at++
		}
		from, to = to, from
	}
	copy(keys, from)
}
