package search

import (
	"slices"
	"strings"
	"sync/atomic"

	"github.com/tidwall/btree"
)

// Index finds documents by their texts. It never changes; With returns another one, which shares what did not change:
// a base that was built at once, and beside it what came later, in trees that copy what they change. When too much
// stands beside the base a new one is built in the background: see renewal.
type Index struct {
	base       *base
	size       uint32 // of the numbers of documents
	vocabulary uint32 // of the numbers of words

	stale    Bits                        // documents that stand in later, not in base
	later    btree.Map[uint32, []uint32] // document → its texts; none: the document is gone
	words    btree.Map[string, uint32]   // words that base does not know
	postings btree.Map[uint64, struct{}] // word<<32 | document, of later

	renewal *renewal                // under way; nil when none is
	missed  *missed                 // what changed since it began
	begun   atomic.Pointer[renewal] // the one that began with what this index holds
}

// treeDegree is that of the trees beside the base. A document changes the postings in dozens of places that lie far
// apart, and each copies its node: small nodes are what makes that cheap.
const treeDegree = 6

// Empty returns an index of nothing.
func Empty() *Index { return NewBuilder().Index() }

// Change says the new texts of a document; without any the document is no longer found.
type Change struct {
	Document uint32
	Texts    []Text
}

// The most that stands beside the base before both become a new base, at least; it may be half of the documents of the
// base, and an eighth of its words: a query goes over each word that stands beside it.
const (
	minLater = 4096
	minWords = 2048
)

// With returns an index in which some documents have changed.
func (x *Index) With(changes []Change) *Index {
	switch {
	case len(changes) == 0:
		return x
	case x.renewal != nil:
		return x.during(changes)
	case !x.outgrown(len(changes)):
		return x.beside(changes)
	case len(changes) > minLater: // so many that a new base is the shortest way
		return x.rebuilt(changes)
	default:
		return x.renewing(changes, func() *Index { return x.rebuilt(nil) })
	}
}

// outgrown tells whether too much would stand beside the base with so many changes.
func (x *Index) outgrown(changes int) bool {
	return x.later.Len()+changes > max(minLater, len(x.base.docs.ends)/2) || x.words.Len() > max(minWords, len(x.base.words)/8)
}

// beside returns an index in which changes stand beside the base.
func (x *Index) beside(changes []Change) *Index {
	next := &Index{base: x.base, size: x.size, vocabulary: x.vocabulary}
	later, words, postings := x.later, x.words, x.postings
	next.later, next.words, next.postings = *later.IsoCopy(), *words.IsoCopy(), *postings.IsoCopy()
	for _, c := range changes {
		next.size = max(next.size, c.Document+1)
	}
	next.stale = NewBits(next.size)
	copy(next.stale, x.stale)
	enc := encoder{next.number}
	for _, c := range changes {
		next.put(c.Document, enc.document(nil, c.Texts))
	}
	return next
}

// put replaces the texts of a document, in an index that nobody else has yet.
func (x *Index) put(doc uint32, document []uint32) {
	before, has := x.later.Get(doc)
	if !has && slices.Equal(document, x.base.docs.at(doc)) {
		return
	}
	for _, word := range distinctWords(before) {
		x.postings.Delete(uint64(word)<<32 | uint64(doc))
	}
	x.stale.Add(doc)
	x.later.Set(doc, document)
	for _, word := range distinctWords(document) {
		x.postings.Set(uint64(word)<<32|uint64(doc), struct{}{})
	}
}

// number returns the number of a word, which it gives to a new one.
func (x *Index) number(word string) uint32 {
	if n, ok := x.find(word); ok {
		return n
	}
	n := x.vocabulary
	x.vocabulary++
	x.words.Set(strings.Clone(word), n) // it is a piece of a text
	return n
}

// find returns the number of a word.
func (x *Index) find(word string) (uint32, bool) {
	if n, ok := x.base.find(word); ok {
		return n, true
	}
	return x.words.Get(word)
}

// document returns the texts of a document.
func (x *Index) document(doc uint32) []uint32 {
	if x.stale.Has(doc) {
		document, _ := x.later.Get(doc)
		return document
	}
	return x.base.docs.at(doc)
}

// rebuilt returns the index with all that it has in a new base.
func (x *Index) rebuilt(changes []Change) *Index {
	words := slices.Grow(slices.Clone(x.base.words), x.words.Len())[:x.vocabulary]
	x.words.Scan(func(word string, n uint32) bool {
		words[n] = word
		return true
	})
	size := x.size
	texts := make(map[uint32][]Text, len(changes))
	for _, c := range changes {
		texts[c.Document] = c.Texts
		size = max(size, c.Document+1)
	}
	b := NewBuilder()
	for doc := range size {
		if changed, ok := texts[doc]; ok {
			b.Add(changed)
			continue
		}
		from := len(b.docs.all)
		b.docs.all = append(b.docs.all, x.document(doc)...)
		eachWord(b.docs.all[from:], func(n *uint32) { *n = b.number(words[*n]) })
		b.docs.ends = append(b.docs.ends, uint32(len(b.docs.all))) //nolint:gosec // a number of 32 bits
	}
	return b.Index()
}
