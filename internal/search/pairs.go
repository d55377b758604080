package search

import "slices"

// pairs are words of documents beside the base: word<<32 | document, in order, in several runs. A run never changes. A
// new one is put together with those before it that are not much more, so that every pair is moved only a few times.
// What a document had before it changed again may still be in them.
type pairs [][]uint64

func pairOf(word, doc uint32) uint64 { return uint64(word)<<32 | uint64(doc) }

// with returns the pairs and some more, which must be in order. has tells whether a pair still counts.
func (p pairs) with(next []uint64, has func(pair uint64) bool) pairs {
	if len(next) == 0 {
		return p
	}
	n := len(p)
	for ; n > 0 && len(p[n-1]) < 2*len(next); n-- {
		next = mergedPairs(p[n-1], next, has)
	}
	return append(slices.Clone(p[:n]), next)
}

// mergedPairs returns the pairs of two runs, each once, without those that count no more.
func mergedPairs(a, b []uint64, has func(pair uint64) bool) []uint64 {
	all := make([]uint64, 0, len(a)+len(b))
	for len(a) > 0 || len(b) > 0 {
		var next uint64
		if len(b) == 0 || len(a) > 0 && a[0] <= b[0] {
			next, a = a[0], a[1:]
		} else {
			next, b = b[0], b[1:]
		}
		if (len(all) == 0 || all[len(all)-1] != next) && has(next) {
			all = append(all, next)
		}
	}
	return all
}

// each calls f with the documents of the words of a range of numbers.
func (p pairs) each(from, to uint32, f func(doc uint32)) {
	for _, run := range p {
		at, _ := slices.BinarySearch(run, pairOf(from, 0))
		for ; at < len(run) && run[at]>>32 < uint64(to); at++ {
			f(uint32(run[at])) //nolint:gosec // the lower half
		}
	}
}
