package search

import (
	"slices"
	"sort"
	"strings"
)

// lateWords are words that came after the base was built, in the order in which they came: the place of one, and first,
// is its number. They never change: what comes later is beside them, and is put together with them when it is about as
// much, so that every word is moved only a few times.
type lateWords struct {
	first  uint32
	words  []string
	order  []uint32 // the places of words in alphabetical order
	places places   // of words
	keys   keyTable // of the places of words; none of a few, which are gone over
}

// fewLate is up to how many words are gone over when the like of one is looked for.
const fewLate = 64

// lateOf returns words that are numbered from first on.
func lateOf(first uint32, words []string) *lateWords {
	l := &lateWords{first: first, words: words, order: make([]uint32, len(words)), places: placesOf(words)}
	for i := range l.order {
		l.order[i] = uint32(i)
	}
	slices.SortFunc(l.order, func(a, b uint32) int { return strings.Compare(words[a], words[b]) })
	if len(words) > fewLate {
		l.keys = keysOf(words)
	}
	return l
}

// and returns these words and those that came next.
func (l *lateWords) and(next *lateWords) *lateWords {
	both := &lateWords{first: l.first, words: slices.Concat(l.words, next.words)}
	both.order = merged(both.words, l.order, shifted(next.order, len(l.words)))
	both.places = placesOf(both.words)
	if len(both.words) > fewLate {
		mine, others := l.allKeys(), next.allKeys()
		both.keys = newKeyTable(slices.Concat(mine.keys, others.keys), slices.Concat(mine.words, shifted(others.words, len(l.words))))
	}
	return both
}

// withLate returns runs of late words and one more, put together with those before that are not much more.
func withLate(runs []*lateWords, next *lateWords) []*lateWords {
	n := len(runs)
	for ; n > 0 && len(runs[n-1].words) < 2*len(next.words); n-- {
		next = runs[n-1].and(next)
	}
	return append(slices.Clone(runs[:n]), next)
}

// shifted returns numbers that are by so much more.
func shifted(numbers []uint32, by int) []uint32 {
	all := make([]uint32, len(numbers))
	for i, n := range numbers {
		all[i] = n + uint32(by) //nolint:gosec // a number of 32 bits
	}
	return all
}

// merged returns two orders of words as one.
func merged(words []string, a, b []uint32) []uint32 {
	all := make([]uint32, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if words[a[0]] < words[b[0]] {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return append(append(all, a...), b...)
}

// numbers returns the numbers of the words in alphabetical order.
func (l *lateWords) numbers() []uint32 { return shifted(l.order, int(l.first)) }

// allKeys returns the keys of all the words.
func (l *lateWords) allKeys() numberedKeys {
	k := numberedKeys{l.keys.keys, l.keys.words, l.first}
	if len(l.words) <= fewLate {
		k = keysOfWords(l.words)
		k.first = l.first
	}
	return k
}

// begun calls f with the words that begin with a prefix, in alphabetical order.
func (l *lateWords) begun(prefix string, f func(word string, number uint32)) {
	from := sort.Search(len(l.order), func(i int) bool { return l.words[l.order[i]] >= prefix })
	for _, at := range l.order[from:] {
		if !strings.HasPrefix(l.words[at], prefix) {
			return
		}
		f(l.words[at], l.first+at)
	}
}

// like calls f with words among which are all that have one of some keys.
func (l *lateWords) like(keys []uint32, f func(word string, number uint32)) {
	if len(l.words) <= fewLate {
		for at, word := range l.words {
			f(word, l.first+uint32(at))
		}
		return
	}
	for _, key := range keys {
		l.keys.each(key, func(at uint32) { f(l.words[at], l.first+at) })
	}
}
