package search

import "slices"

// Class says what a text of a document is to it.
type Class uint8

// The classes of texts, the best first.
const (
	Name Class = iota
	Acronym
	OtherName // in use beside the name
	Former    // no longer in use
	Prose     // about the document: found last
)

// Text is one text of a document.
type Text struct {
	Value string
	Class Class
}

// A document is kept as its texts, one after the other: a header and the numbers of its words.
const (
	countBits  = 16
	lengthBits = 12
	countMask  = 1<<countBits - 1
	lengthMask = 1<<lengthBits - 1
)

// encoder writes texts as numbers; number gives every word its own.
type encoder struct {
	number func(word string) uint32
}

// document encodes the texts of a document, appended to a list. A text without words keeps its place.
func (e *encoder) document(to []uint32, texts []Text) []uint32 {
	for i := range texts {
		words := Words(texts[i].Value)
		at, length := len(to), 0
		to = append(to, 0)
		for _, word := range words {
			n := e.number(word)
			if texts[i].Class == Prose && slices.Contains(to[at+1:], n) {
				continue
			}
			to = append(to, n)
			length += lengthOf(word)
		}
		count := min(len(to)-at-1, countMask)
		to = to[:at+1+count]
		to[at] = uint32(texts[i].Class)<<(countBits+lengthBits) | uint32(min(length, lengthMask))<<countBits | uint32(count) //nolint:gosec // bounded
	}
	return to
}

// entry is one text of an encoded document.
type entry struct {
	class  Class
	length int
	words  []uint32
}

// nextEntry cuts the first text off a document.
func nextEntry(document []uint32) (e entry, rest []uint32) {
	head := document[0]
	count := head & countMask
	e.class = Class(head >> (countBits + lengthBits)) //nolint:gosec // four bits
	e.length = int(head >> countBits & lengthMask)
	e.words = document[1 : 1+count]
	return e, document[1+count:]
}

// distinctWords returns the different words of a document, in order.
func distinctWords(document []uint32) []uint32 {
	var all []uint32
	for rest := document; len(rest) > 0; {
		var e entry
		e, rest = nextEntry(rest)
		all = append(all, e.words...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
