package search

import (
	"cmp"
	"slices"
)

// Builder makes an index of many documents at once.
type Builder struct {
	docs lists
	enc  encoder
}

// NewBuilder returns a builder of nothing yet.
func NewBuilder() *Builder {
	b := new(Builder)
	b.enc.number = func(word []byte, _ uint32) (uint32, string) {
		return uint32(len(b.enc.met)), string(word) //nolint:gosec // a number of 32 bits
	}
	return b
}

// Add takes the texts of the next document: they are numbered from 0. One without texts is found by nothing.
func (b *Builder) Add(texts []Text) {
	b.docs.all = b.enc.document(b.docs.all, texts)
	b.docs.end()
}

// Index returns the index of the documents added. The builder must not be used after it.
func (b *Builder) Index() *Index {
	met := b.enc.met
	order := make([]uint32, len(met)) // place → number given
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(m, n uint32) int { return cmp.Compare(met[m].word, met[n].word) })
	words := make([]string, len(order))
	numbers := make([]uint32, len(order)) // number given → place
	for place, n := range order {
		words[place] = met[n].word
		numbers[n] = uint32(place)
	}
	b.enc = encoder{}
	eachWord(b.docs.all, func(n *uint32) { *n = numbers[*n] })
	return indexOf(words, b.docs, func() keyTable { return keysOf(words) })
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
