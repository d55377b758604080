package search

import (
	"sync/atomic"

	"github.com/tidwall/btree"
)

// Index finds documents by their texts. It never changes; With returns another one, which shares what did not change:
// a base that was built at once, and beside it what came later: documents in a tree that copies what it changes, words
// and the documents that have them in runs. When too much stands beside the base a new one is built in the background:
// see renewal.
type Index struct {
	base       *base
	size       uint32 // of the numbers of documents
	vocabulary uint32 // of the numbers of words

	stale  Bits                        // documents that stand in later, not in base
	again  Bits                        // those of them that have changed since they came there; see pairs
	later  btree.Map[uint32, []uint32] // document → its texts; none: the document is gone
	late   []*lateWords                // words that base does not know, in the order of their numbers
	had    pairs                       // the words of the documents of later
	opened pairs                       // those that their names begin with

	renewal *renewal                // under way; nil when none is
	missed  *missed                 // what changed since it began
	begun   atomic.Pointer[renewal] // the one that began with what this index holds
}

// treeDegree is that of the tree beside the base: a small node is what makes changing one document cheap.
const treeDegree = 6

// Empty returns an index of nothing.
func Empty() *Index { return NewBuilder().Index() }

// Change says the new texts of a document; without any the document is no longer found.
type Change struct {
	Document uint32
	Texts    []Text
}

// minLate is how many documents, or words, stand beside the base before all becomes a new base, at least; it may be half
// of those of the base.
const minLate = 4096

// With returns an index in which some documents have changed. Of several changes of one the last counts.
func (x *Index) With(changes []Change) *Index {
	switch {
	case len(changes) == 0:
		return x
	case x.renewal != nil:
		return x.during(changes)
	case !x.outgrown(len(changes)):
		return x.beside(changes)
	case len(changes) > minLate: // so many that a new base is the shortest way
		return x.rebuilt(changes)
	default:
		return x.renewing(changes, func() *Index { return x.rebuilt(nil) })
	}
}

// outgrown tells whether too much would stand beside the base with so many changes.
func (x *Index) outgrown(changes int) bool {
	return x.later.Len()+changes > max(minLate, len(x.base.docs.ends)/2) || x.lateCount() > max(minLate, x.base.count()/2)
}

// lateCount is how many words stand beside the base.
func (x *Index) lateCount() uint32 { return x.vocabulary - x.base.count() }

// find returns the number of a word.
func (x *Index) find(word string) (uint32, bool) {
	return x.findHashed([]byte(word), hashOf(word))
}

func (x *Index) findHashed(word []byte, hash uint32) (uint32, bool) {
	if n, ok := x.base.places.find(x.base.words, word, hash); ok {
		return n, true
	}
	for _, l := range x.late {
		if at, ok := l.places.find(l.words, word, hash); ok {
			return l.first + at, true
		}
	}
	return 0, false
}

// word returns the word of a number.
func (x *Index) word(number uint32) string {
	if number < x.base.count() {
		return x.base.words[number]
	}
	i := len(x.late) - 1
	for x.late[i].first > number {
		i--
	}
	return x.late[i].words[number-x.late[i].first]
}

// eachBegun calls f with the ranges of the numbers of the words that begin with a prefix.
func (x *Index) eachBegun(prefix string, f func(from, to uint32)) {
	if from, to := x.base.begun(prefix, 0, x.base.count()); from < to {
		f(from, to)
	}
	for _, l := range x.late {
		l.begun(prefix, func(_ string, n uint32) { f(n, n+1) })
	}
}

// eachOfSkeleton calls f with words among which are all of some consonants.
func (x *Index) eachOfSkeleton(bones string, f func(word string, number uint32)) {
	key := skeletonKey(bones)
	x.base.keys.each(key, func(n uint32) { f(x.base.words[n], n) })
	for _, l := range x.late {
		l.like([]uint32{key}, f)
	}
}

// document returns the texts of a document.
func (x *Index) document(doc uint32) []uint32 {
	if x.stale.Has(doc) {
		document, _ := x.later.Get(doc)
		return document
	}
	return x.base.docs.at(doc)
}

// addWith adds the documents that have a word to a set.
func (x *Index) addWith(word uint32, set Bits) {
	for _, doc := range x.base.postings.at(word) { // none of a word that the base does not know
		if !x.stale.Has(doc) {
			set.Add(doc)
		}
	}
	x.had.each(word, word+1, func(doc uint32) {
		if !set.Has(doc) && x.has(doc, word) { // a long text has many words that begin alike: it is gone over for the first
			set.Add(doc)
		}
	})
}

// has tells whether a document beside the base that once had a word still has it.
func (x *Index) has(doc, word uint32) bool {
	return !x.again.Has(doc) || hasWord(x.document(doc), word)
}
