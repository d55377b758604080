package readmodel

import (
	"math"
	"slices"
	"strings"
)

// wording is what the words of a field are called in a language, in the alphabetical order of the words. It is kept
// while the field has no other words, so that a facet need compare no text.
type wording struct {
	table  kindIndex
	field  int
	lang   string
	size   uint32 // of the dictionary that it was made from: words are never taken out
	sorted []FacetName
	rank   []uint32 // code → place in sorted
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
	codes := make([]uint32, 0, f.words.size)
	for code := uint32(1); code <= f.words.size; code++ {
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(a, b uint32) int { return strings.Compare(f.words.value(a), f.words.value(b)) })
	w.sorted, w.rank = make([]FacetName, len(codes)), make([]uint32, len(codes)+1)
	for place, code := range codes {
		value := f.words.value(code)
		named := FacetName{Value: value, Label: label(value, lang)}
		named.json = string(named.appendNames(nil))
		w.sorted[place], w.rank[code] = named, uint32(place)
	}
	return w
}

// values puts what was counted into order, by count, then by word.
func (w *wording) values(counts []int) []FacetValue {
	var buffer [128]uint64
	keys := buffer[:0] // what is left of the count to the most there can be, then the place
	for code, n := range counts {
		if n > 0 && code > 0 {
			keys = append(keys, uint64(math.MaxUint32-n)<<32|uint64(w.rank[code])) //nolint:gosec // a count of 32-bit ordinals
		}
	}
	if len(keys) == 0 {
		return nil
	}
	slices.Sort(keys)
	values := make([]FacetValue, len(keys))
	for i, key := range keys {
		values[i] = FacetValue{&w.sorted[uint32(key)], int(math.MaxUint32 - key>>32)} //nolint:gosec // the lower half
	}
	return values
}
