package search

import "sort"

// base is the part of an index that was built at once. It never changes.
type base struct {
	words    []string // in order: a word's place is its number
	lengths  []uint8
	postings lists // word → documents that have it
	docs     lists // document → its texts
	keys     keyTable
}

// lists are many short lists one after the other.
type lists struct {
	ends []uint32
	all  []uint32
}

func (l *lists) at(i uint32) []uint32 {
	if i >= uint32(len(l.ends)) { //nolint:gosec // a number of 32 bits
		return nil
	}
	start := uint32(0)
	if i > 0 {
		start = l.ends[i-1]
	}
	return l.all[start:l.ends[i]]
}

// find returns the number of a word.
func (b *base) find(word string) (uint32, bool) {
	i := sort.SearchStrings(b.words, word)
	return uint32(i), i < len(b.words) && b.words[i] == word //nolint:gosec // a number of 32 bits
}

// begun returns the words from lo to hi that begin with a prefix.
func (b *base) begun(prefix string, lo, hi uint32) (from, to uint32) {
	words := b.words[lo:hi]
	i := sort.SearchStrings(words, prefix)
	n := sort.Search(len(words)-i, func(n int) bool {
		word := words[i+n]
		return len(word) < len(prefix) || word[:len(prefix)] != prefix
	})
	return lo + uint32(i), lo + uint32(i+n) //nolint:gosec // numbers of 32 bits
}
