package search

import (
	"cmp"
	"slices"
	"sync"
)

// Beginners finds documents by the beginnings of their names alone. What begins with a query comes before all else, so
// somebody who is typing often needs nothing more, and what else the query would find need not be looked for. It is for
// one goroutine, until Close.
type Beginners struct {
	x      *Index
	word   string
	length int
	exact  uint32   // the word as the index numbers it; noWord when it has it not
	from   uint32   // the words of the base that begin with it
	to     uint32   // and the first that does not
	later  []uint32 // other words that begin with it, by their numbers
	others []uint32 // of all these, those that count as another spelling
	tried  Bits     // empty, but while it looks for leaders
}

// triedSets keeps empty sets for the next query.
var triedSets = sync.Pool{New: func() any { return new(Bits) }}

// Beginners looks up the words that begin with the one word of a query; ok is false for a query of several, and of one
// that may begin in several ways, with the Arabic article and without.
func (x *Index) Beginners(q *Query) (b *Beginners, ok bool) {
	if len(q.sequence) != 1 || q.rest != "" || q.bare {
		return nil, false
	}
	b = &Beginners{x: x, word: q.words[0], length: q.length, exact: noWord}
	if n, known := x.find(b.word); known {
		b.exact = n
	}
	b.from, b.to = x.base.begun(b.word, 0, x.base.count())
	for _, l := range x.late {
		l.begun(b.word, func(_ string, n uint32) { b.later = append(b.later, n) })
	}
	slices.Sort(b.later)
	b.findOthers()
	tried, known := triedSets.Get().(*Bits)
	if !known || len(*tried) < int(x.size+63)/64 {
		fresh := NewBits(x.size)
		tried = &fresh
	}
	b.tried = *tried
	return b, true
}

// Close gives back what was borrowed.
func (b *Beginners) Close() {
	tried := b.tried
	b.tried = nil
	triedSets.Put(&tried)
}

// findOthers finds the words that begin with the query and are, for their length, rather another spelling of it.
func (b *Beginners) findOthers() {
	bones := skeleton(b.word)
	if bones == "" {
		return
	}
	try := func(word string, n uint32) {
		if b.begun(n) && word != b.word && qualityOfBegun(b.word, word) < qualitySpelt && skeleton(word) == bones {
			b.others = append(b.others, n)
		}
	}
	b.x.eachOfSkeleton(bones, try)
}

// begun tells whether a word begins with the query.
func (b *Beginners) begun(word uint32) bool {
	if word < b.x.base.count() {
		return word >= b.from && word < b.to
	}
	_, ok := slices.BinarySearch(b.later, word)
	return ok
}

// Score judges a document as a matcher does, if one of its names begins with the query; else the hit is of no score.
func (b *Beginners) Score(doc uint32) (best Hit) {
	at := 0
	for rest := b.x.document(doc); len(rest) > 0; at++ {
		var e entry
		e, rest = nextEntry(rest)
		if e.class == Prose || len(e.words) == 0 || !b.begun(e.words[0]) || slices.Contains(b.others, e.words[0]) {
			continue
		}
		score, how := prefixScore(b.length, e.length), Prefix
		if len(e.words) == 1 && e.words[0] == b.exact {
			score, how = MaxScore, Exact
		}
		if score -= penaltyOf(e.class); score > best.Score {
			best = Hit{Score: score, How: how, Text: at}
		}
	}
	return best
}

// Leader is a document among the best.
type Leader struct {
	Document uint32
	Score    int
}

// Leaders returns documents, of some, among which are the k with the highest scores and all that equal the last of them;
// see Matcher.Leaders. ok is false when fewer than k begin with the query. Most of them are not looked at: their scores
// follow from the length of the name.
func (b *Beginners) Leaders(k int, among func(doc uint32) bool) (leaders []Leader, ok bool) {
	names := b.queue()
	best := make(tops, 0, k+1)
	try := func(doc uint32, score func() int) {
		if b.tried.Has(doc) || !among(doc) {
			return
		}
		if l := (Leader{doc, score()}); l.Score > 0 {
			b.tried.Add(doc)
			leaders = append(leaders, l)
			best.offer(k, l.Score)
		}
	}
	defer func() {
		for i := range leaders {
			doc := leaders[i].Document
			b.tried[doc/64] &^= 1 << (doc % 64)
		}
	}()
	opener := func(doc uint32) { try(doc, func() int { return b.Score(doc).Score }) }
	b.x.opened.each(b.from, b.to, opener)
	for _, word := range b.later {
		b.x.opened.each(word, word+1, opener)
	}
	for {
		name, more := names.next()
		if !more {
			return leaders, len(best) == k && best[k-1] > scorePrefix-penaltyFormer // what does not begin so may score that
		}
		usual := prefixScore(b.length, name.length)
		if len(best) == k && best[k-1] > usual && name.length > b.length {
			return leaders, true
		}
		if b.x.stale.Has(name.doc) {
			continue
		}
		try(name.doc, func() int {
			if name.lesser || name.length <= b.length { // another name of it may be better, or it may be the very word
				return b.Score(name.doc).Score
			}
			return usual // of its names that it goes by the shorter ones came before
		})
	}
}

// queue merges the names that begin with the query.
func (b *Beginners) queue() *nameQueue {
	names := &nameQueue{openings: &b.x.base.openings}
	for n := b.from; n < b.to; n++ {
		if !slices.Contains(b.others, n) {
			names.add(names.span(n))
		}
	}
	return names
}

// tops are the highest scores, the highest first.
type tops []int

// offer takes a score if it is one of the k highest.
func (t *tops) offer(k, score int) {
	at, _ := slices.BinarySearchFunc(*t, score, func(a, b int) int { return cmp.Compare(b, a) })
	if at < k {
		*t = slices.Insert(*t, at, score)
		*t = (*t)[:min(k, len(*t))]
	}
}
