package search

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/tidwall/btree"
)

// Builder makes an index of many documents at once.
type Builder struct {
	numbers map[string]uint32
	words   []string
	docs    lists
	enc     encoder
}

// NewBuilder returns a builder of nothing yet.
func NewBuilder() *Builder {
	b := &Builder{numbers: make(map[string]uint32)}
	b.enc.number = b.number
	return b
}

func (b *Builder) number(word string) uint32 {
	if n, ok := b.numbers[word]; ok {
		return n
	}
	word = strings.Clone(word) // it is a piece of a text
	n := uint32(len(b.words))  //nolint:gosec // a number of 32 bits
	b.words = append(b.words, word)
	b.numbers[word] = n
	return n
}

// Add takes the texts of the next document: they are numbered from 0. One without texts is found by nothing.
func (b *Builder) Add(texts []Text) {
	b.docs.all = b.enc.document(b.docs.all, texts)
	b.docs.ends = append(b.docs.ends, uint32(len(b.docs.all))) //nolint:gosec // a number of 32 bits
}

// Index returns the index of the documents added. The builder must not be used after it.
func (b *Builder) Index() *Index {
	order := make([]uint32, len(b.words)) // place → number given
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(m, n uint32) int { return cmp.Compare(b.words[m], b.words[n]) })
	made := &base{words: make([]string, len(order)), lengths: make([]uint8, len(order)), docs: b.docs}
	places := make([]uint32, len(order)) // number given → place
	for place, n := range order {
		made.words[place] = b.words[n]
		made.lengths[place] = uint8(lengthOf(b.words[n])) //nolint:gosec // at most maxWeight
		places[n] = uint32(place)
	}
	eachWord(made.docs.all, func(n *uint32) { *n = places[*n] })
	var beside sync.WaitGroup
	beside.Go(func() { made.keys = keysOf(made.words) })
	made.postings = postingsOf(&made.docs, len(order))
	made.openings = openingsOf(&made.docs, len(order))
	beside.Wait()
	size := uint32(len(made.docs.ends)) //nolint:gosec // as above
	words := uint32(len(order))         //nolint:gosec // as above
	return &Index{
		base: made, size: size, vocabulary: words, stale: NewBits(size), later: *btree.NewMap[uint32, []uint32](treeDegree),
		words: *btree.NewMap[string, uint32](treeDegree), postings: *btree.NewMap[uint64, struct{}](treeDegree),
	}
}

// eachWord calls f with the words of documents one after the other.
func eachWord(documents []uint32, f func(*uint32)) {
	for i := 0; i < len(documents); {
		end := i + 1 + int(documents[i]&countMask)
		for i++; i < end; i++ {
			f(&documents[i])
		}
	}
}

// postingsOf turns documents round: for each word the documents that have it, in order.
func postingsOf(docs *lists, words int) lists {
	last := make([]uint32, words) // the document that a word was last seen in, and one more
	each := func(f func(word, doc uint32)) {
		clear(last)
		for doc := range docs.ends {
			d := uint32(doc)
			eachWord(docs.at(d), func(n *uint32) {
				if last[*n] != d+1 {
					last[*n] = d + 1
					f(*n, d)
				}
			})
		}
	}
	p := lists{ends: make([]uint32, words)}
	each(func(word, _ uint32) { p.ends[word]++ })
	total := uint32(0)
	next := make([]uint32, words)
	for word, n := range p.ends {
		next[word] = total
		total += n
		p.ends[word] = total
	}
	p.all = make([]uint32, total)
	each(func(word, doc uint32) {
		p.all[next[word]] = doc
		next[word]++
	})
	return p
}

// keysOf makes the keys of words and of their skeletons.
func keysOf(words []string) keyTable {
	most := 0
	for _, word := range words {
		most += mostKeys(len(word))
	}
	keys := make([]uint32, 0, most)
	numbers := make([]uint32, 0, most)
	runes := make([]rune, 0, maxRunes)
	for n, word := range words {
		add := func(key uint32) {
			keys = append(keys, key)
			numbers = append(numbers, uint32(n)) //nolint:gosec // as above
		}
		runes = runes[:0]
		for _, r := range word {
			runes = append(runes, r)
		}
		eachKey(runes, add)
		if bones := skeleton(word); bones != "" {
			add(skeletonKey(bones))
		}
	}
	return newKeyTable(keys, numbers)
}
