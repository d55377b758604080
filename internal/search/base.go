package search

import (
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/tidwall/btree"
)

// base is the part of an index that was built at once. It never changes.
type base struct {
	words    []string // in order: a word's place is its number
	places   places   // of words
	postings lists    // word → documents that have it
	docs     lists    // document → its texts
	openings openings
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

// end closes a list, with what was appended to all.
func (l *lists) end() {
	l.ends = append(l.ends, uint32(len(l.all))) //nolint:gosec // a number of 32 bits
}

// indexOf returns an index of documents alone, whose words are in order. keys makes the keys of the words.
func indexOf(words []string, docs lists, keys func() keyTable) *Index {
	made := &base{words: words, docs: docs}
	var beside sync.WaitGroup
	beside.Go(func() { made.places, made.keys = placesOf(words), keys() })
	made.postings = postingsOf(&made.docs, len(words))
	made.openings = openingsOf(&made.docs, len(words))
	beside.Wait()
	size := uint32(len(docs.ends)) //nolint:gosec // a number of 32 bits
	return &Index{
		base: made, size: size, vocabulary: made.count(), stale: NewBits(size),
		later: *btree.NewMap[uint32, []uint32](treeDegree),
	}
}

// count is how many words there are.
func (b *base) count() uint32 { return uint32(len(b.words)) } //nolint:gosec // a number of 32 bits

// begun returns the words from lo to hi that begin with a prefix. There are few of them, so the end is looked for from
// the first one on, in steps that double.
func (b *base) begun(prefix string, lo, hi uint32) (from, to uint32) {
	words := b.words[lo:hi]
	first := sort.SearchStrings(words, prefix)
	last, step := first, 1 // words[first:last] begin so
	for last+step <= len(words) && strings.HasPrefix(words[last+step-1], prefix) {
		last += step
		step *= 2
	}
	last += sort.Search(min(step, len(words)-last), func(n int) bool { return !strings.HasPrefix(words[last+n], prefix) })
	return lo + uint32(first), lo + uint32(last) //nolint:gosec // numbers of 32 bits
}

// rebuilt returns the index with all that it has in a new base. Words that no document has any more are not in it.
func (x *Index) rebuilt(changes []Change) *Index {
	if len(changes) > 0 {
		x = x.beside(changes)
	}
	words := slices.Grow(slices.Clone(x.base.words), int(x.vocabulary-x.base.count()))
	order := make([]uint32, len(words), x.vocabulary)
	for i := range order {
		order[i] = uint32(i)
	}
	keys := []numberedKeys{{x.base.keys.keys, x.base.keys.words, 0}}
	for _, l := range x.late {
		words = append(words, l.words...)
		order = merged(words, order, l.numbers())
		keys = append(keys, l.allKeys())
	}
	docs := x.documents()
	used := make([]uint32, len(words)) // word → its new number and one more
	eachWord(docs.all, func(n *uint32) { used[*n] = 1 })
	kept := make([]string, 0, len(words))
	for _, n := range order {
		if used[n] > 0 {
			kept = append(kept, words[n])
			used[n] = uint32(len(kept)) //nolint:gosec // as above
		}
	}
	eachWord(docs.all, func(n *uint32) { *n = used[*n] - 1 })
	return indexOf(kept, docs, func() keyTable { return renumbered(keys, used) })
}

// documents returns the texts of all documents.
func (x *Index) documents() (docs lists) {
	docs.ends = make([]uint32, 0, x.size)
	room := len(x.base.docs.all)
	x.later.Scan(func(_ uint32, document []uint32) bool {
		room += len(document)
		return true
	})
	docs.all = make([]uint32, 0, room)
	for doc := range x.size {
		docs.all = append(docs.all, x.document(doc)...)
		docs.end()
	}
	return docs
}
