package search

import (
	"math/bits"
	"slices"
)

// maxWords is how many words of a query count.
const maxWords = 64

// Query is what somebody looks for, cut into words.
type Query struct {
	sequence []int    // the words in order, by their places in words
	words    []string // the different ones
	required []bool   // all but stop words, unless there are no others
	length   int      // of the text, as texts are compared
	rest     string   // of the last word, what follows its article; see afterArticle
	open     bool     // the last word is an article that another word will follow: any
	bare     bool     // it is an article, and there is nothing else to look for: any Arabic word may follow
}

// NewQuery reads what somebody typed. Nothing in it has a meaning of its own: there are no wildcards, no operators.
// ok is false when there is neither a letter nor a digit in it. Of very many words the first 64 count.
func NewQuery(text string) (q *Query, ok bool) {
	all := Words(text)
	if len(all) == 0 {
		return nil, false
	}
	q = new(Query)
	any := false
	for _, word := range all[:min(len(all), maxWords)] {
		i := slices.Index(q.words, word)
		if i < 0 {
			i = len(q.words)
			q.words = append(q.words, word)
			q.required = append(q.required, !isStop(word))
			any = any || !isStop(word)
		}
		q.sequence = append(q.sequence, i)
		q.length += lengthOf(word)
	}
	if !any {
		for i := range q.required {
			q.required[i] = true
		}
	}
	q.readArticle()
	return q, true
}

// readArticle looks whether the last word, which somebody may still be typing, is or begins with the Arabic article. Where
// there is something else to look for, an article need not be found.
func (q *Query) readArticle() {
	last := q.last()
	word := q.words[last]
	q.rest = afterArticle(word)
	if !q.required[last] {
		return
	}
	whole := isArticle(word)
	switch alone := q.countRequired() == 1; {
	case alone:
		q.bare = whole
	case whole || beginsArticle(word):
		q.required[last], q.open = false, true
	case mayBeginArticle(word):
		q.required[last] = false
	}
}

func (q *Query) countRequired() (n int) {
	for _, required := range q.required {
		if required {
			n++
		}
	}
	return n
}

// last is the place of the last word, which may be a beginning.
func (q *Query) last() int { return q.sequence[len(q.sequence)-1] }

// beginnings are what the last word may be the beginning of another as.
func (q *Query) beginnings() []string {
	switch word := q.words[q.last()]; {
	case q.bare:
		return arabic[:]
	case q.rest != "":
		return []string{word, q.rest}
	default:
		return []string{word}
	}
}

// Len is how many different words the query has.
func (q *Query) Len() int { return len(q.words) }

// Weights returns what each word weighs: the more, the fewer of the documents that are seen have it. sets are the
// documents by word.
func (q *Query) Weights(sets []Bits, seen Bits) []int {
	weights := make([]int, len(q.words))
	n := seen.Count()
	for i := range weights {
		if q.required[i] {
			weights[i] = Weight(n, sets[i].CountAnd(seen))
		}
	}
	return weights
}

// Words that so many of the documents have, or fewer, all weigh the same. So one word too much, which hardly any document has,
// does not outweigh an acronym that only a few have (GIZ GmbH, ILO Geneva).
const (
	rareHits = 10
	rarePart = 16 // and no more than one document of so many
)

// Weight is what a word weighs that is found in some of n documents: twice the binary logarithm of how many documents
// there are for one that has it, rounded up, and one more.
func Weight(n, found int) int {
	found = max(found, min(rareHits, n/rarePart))
	ratio := uint64((n+1)/(found+1)) * uint64((n+1)/(found+1)) //nolint:gosec // not negative
	return 1 + bits.Len64(ratio)
}

// enoughHits is how many documents are enough: a page of suggestions.
const enoughHits = 10

// FindsEnough tells whether so many of the documents seen have every word that the query need not be widened.
func (q *Query) FindsEnough(sets []Bits, seen Bits) bool {
	return q.whole(sets, seen).Count() >= enoughHits
}

// whole returns those of the documents seen that have every word required.
func (q *Query) whole(sets []Bits, seen Bits) Bits {
	hits := NewBits(uint32(64 * len(seen))) //nolint:gosec // it was made from a number of 32 bits
	copy(hits, seen)
	for i, set := range sets {
		if q.required[i] {
			hits.And(set)
		}
	}
	return hits
}

// Hits returns the documents that the query finds. seen are those that decide whether any has all the words.
func (q *Query) Hits(sets []Bits, seen Bits, weights []int) Bits {
	hits := q.whole(sets, seen)
	if hits.Meets(seen) || q.fewest(weights) == 0 {
		return hits
	}
	return q.halves(sets, seen, weights)
}

// fewest tells how many words are required; none when a single one is, which cannot be missing.
func (q *Query) fewest(weights []int) (n int) {
	for i := range weights {
		if q.required[i] {
			n++
		}
	}
	if n < 2 {
		return 0
	}
	return n
}

// halves returns the documents that have words of at least half the weight.
func (q *Query) halves(sets []Bits, seen Bits, weights []int) Bits {
	order := make([]int, 0, len(weights))
	total := 0
	for i, weight := range weights {
		if q.required[i] {
			order = append(order, i)
			total += weight
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return weights[j] - weights[i] })
	some := NewBits(uint32(64 * len(seen))) //nolint:gosec // as above
	rest := total
	for _, i := range order { // what only has the words that are left cannot have enough
		if 2*rest < total {
			break
		}
		some.Or(sets[i])
		rest -= weights[i]
	}
	some.And(seen)
	hits := NewBits(uint32(64 * len(seen))) //nolint:gosec // as above
	some.Each(func(doc uint32) {
		found := 0
		for _, i := range order {
			if sets[i].Has(doc) {
				found += weights[i]
			}
		}
		if 2*found >= total {
			hits.Add(doc)
		}
	})
	return hits
}
