package search

import (
	"cmp"
	"slices"
	"sync"
)

// writing puts changes beside the base of an index. What it needs is kept for the next ones.
type writing struct {
	encoder

	x         *Index   // from which it goes on
	next      *Index   // what comes of it
	words     []string // that x has not
	document  []uint32
	pairs     []wordOf
	opened    []uint64
	order     []uint32            // of the words met, by their numbers
	starts    []uint32            // by word met: where the next document stands that has it
	long      map[uint32][]uint32 // the words in order of long documents that were looked into
	ownsAgain bool
}

// wordOf is a word met, by its place in the glossary, of a document.
type wordOf struct{ word, doc uint32 }

var writings = sync.Pool{New: func() any {
	w := new(writing)
	w.number = w.numberOf
	return w
}}

func borrowWriting(x *Index, size uint32) *writing {
	w, _ := writings.Get().(*writing)
	next := &Index{
		base: x.base, size: max(x.size, size), vocabulary: x.vocabulary, again: x.again,
		late: x.late, had: x.had, opened: x.opened,
	}
	later := x.later
	next.later = *later.IsoCopy()
	next.stale = NewBits(next.size)
	copy(next.stale, x.stale)
	w.x, w.next = x, next
	return w
}

// mostKept is how many words or pairs are room enough to be kept.
const mostKept = 1 << 16

// giveBack forgets all but the room.
func (w *writing) giveBack() {
	if max(cap(w.met), cap(w.pairs), cap(w.document)) > mostKept {
		return
	}
	w.clear()
	clear(w.folded[:cap(w.folded)]) // nobody erases a text here
	w.texts, w.docs = 0, 0
	w.x, w.next, w.words, w.long, w.ownsAgain = nil, nil, nil, nil, false
	w.document, w.pairs, w.opened = w.document[:0], w.pairs[:0], w.opened[:0]
	writings.Put(w)
}

// numberOf returns the number of a word that is met for the first time.
func (w *writing) numberOf(word []byte, hash uint32) (uint32, string) {
	if n, ok := w.x.findHashed(word, hash); ok {
		return n, w.x.word(n)
	}
	n := w.x.vocabulary + uint32(len(w.words)) //nolint:gosec // a number of 32 bits
	w.words = append(w.words, string(word))
	return n, w.words[len(w.words)-1]
}

// beside returns an index in which changes stand beside the base.
func (x *Index) beside(changes []Change) *Index {
	size := x.size
	for i := range changes {
		size = max(size, changes[i].Document+1)
	}
	return x.writing(size, func(w *writing) {
		for i := range changes {
			w.document = w.encoder.document(w.document[:0], changes[i].Texts)
			w.put(changes[i].Document)
		}
	})
}

// following returns an index in which some documents are as a later one has them, whose words have other numbers.
func (x *Index) following(later *Index, documents []uint32) *Index {
	return x.writing(later.size, func(w *writing) {
		known := make([]uint32, later.vocabulary)
		for _, doc := range documents {
			w.document = w.translated(w.document[:0], later, later.document(doc), known)
			w.put(doc)
		}
	})
}

// writing returns an index with what put brings beside the base.
func (x *Index) writing(size uint32, put func(w *writing)) *Index {
	w := borrowWriting(x, size)
	put(w)
	w.finish()
	next := w.next
	w.giveBack()
	return next
}

// put replaces a document by the one just encoded.
func (w *writing) put(doc uint32) {
	next := w.next
	if slices.Equal(w.document, next.document(doc)) { // most changes are of something else
		return
	}
	switch {
	case !next.stale.Has(doc):
		next.stale.Add(doc)
	case !next.again.Has(doc):
		if !w.ownsAgain {
			again := NewBits(next.size)
			copy(again, next.again)
			next.again, w.ownsAgain = again, true
		}
		next.again.Add(doc)
	}
	next.later.Set(doc, slices.Clone(w.document))
	for _, at := range w.distinct {
		w.pairs = append(w.pairs, wordOf{at, doc})
	}
	for _, word := range w.openers {
		w.opened = append(w.opened, pairOf(word, doc))
	}
}

// finish adds the words that are new and who has which.
func (w *writing) finish() {
	next := w.next
	if len(w.words) > 0 {
		next.late = withLate(next.late, lateOf(w.x.vocabulary, w.words))
		next.vocabulary += uint32(len(w.words)) //nolint:gosec // a number of 32 bits
		w.words = nil
	}
	next.had = next.had.with(w.sortedPairs(), w.has)
	slices.Sort(w.opened)
	next.opened = next.opened.with(slices.Clone(slices.Compact(w.opened)), w.has)
}

// longDocument is from how many words on a document is not gone over for each of them: every one of a run may be asked for.
const longDocument = 128

// has tells whether a pair still counts.
func (w *writing) has(pair uint64) bool {
	doc, word := uint32(pair), uint32(pair>>32) //nolint:gosec // its halves
	if !w.next.again.Has(doc) {
		return true
	}
	words, known := w.long[doc]
	if !known {
		document := w.next.document(doc)
		if len(document) < longDocument {
			return hasWord(document, word)
		}
		words = sortedWords(document)
		if w.long == nil {
			w.long = make(map[uint32][]uint32)
		}
		w.long[doc] = words
	}
	_, has := slices.BinarySearch(words, word)
	return has
}

// sortedPairs returns the pairs in order. They are counted by word: to sort them all would take longer than all the rest.
func (w *writing) sortedPairs() []uint64 {
	w.order, w.starts = w.order[:0], append(w.starts[:0], make([]uint32, len(w.met))...)
	for i := range w.met {
		w.order = append(w.order, uint32(i))
	}
	slices.SortFunc(w.order, func(a, b uint32) int { return cmp.Compare(w.met[a].number, w.met[b].number) })
	inOrder := true
	for i, p := range w.pairs {
		w.starts[p.word]++
		inOrder = inOrder && (i == 0 || w.pairs[i-1].doc <= p.doc)
	}
	total := uint32(0)
	for _, at := range w.order {
		w.starts[at], total = total, total+w.starts[at]
	}
	all := make([]uint64, total)
	for _, p := range w.pairs {
		all[w.starts[p.word]] = pairOf(w.met[p.word].number, p.doc)
		w.starts[p.word]++
	}
	if !inOrder {
		slices.Sort(all)
	}
	return all
}
