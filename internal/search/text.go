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
	e.class = Class(head >> (countBits + lengthBits))
	e.length = int(head >> countBits & lengthMask)
	e.words = document[1 : 1+count]
	return e, document[1+count:]
}

// hasWord tells whether a word is in any text of a document.
func hasWord(document []uint32, word uint32) bool {
	for len(document) > 0 {
		var e entry
		if e, document = nextEntry(document); slices.Contains(e.words, word) {
			return true
		}
	}
	return false
}

// sortedWords returns the words of a document in the order of their numbers; those that come twice stand there twice.
func sortedWords(document []uint32) []uint32 {
	words := make([]uint32, 0, len(document))
	for len(document) > 0 {
		var e entry
		e, document = nextEntry(document)
		words = append(words, e.words...)
	}
	slices.Sort(words)
	return words
}
