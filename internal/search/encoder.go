package search

// encoder writes texts as numbers.
type encoder struct {
	cutter
	glossary

	// number returns the number of a word that is met for the first time, and the word to be kept.
	number func(word []byte, hash uint32) (uint32, string)

	texts, docs uint32   // how many it has encoded
	distinct    []uint32 // of the last document the different words, by their places in the glossary
	openers     []uint32 // and the numbers of those that its names begin with
}

// document encodes the texts of a document, appended to a list. A text without words keeps its place.
func (e *encoder) document(to []uint32, texts []Text) []uint32 {
	e.begin()
	for i := range texts {
		class, at, length := texts[i].Class, len(to), 0
		e.texts++
		to = append(to, 0)
		for rest := e.fold(texts[i].Value); len(rest) > 0 && len(to)-at <= countMask; {
			word, after, hash := nextWord(rest)
			rest = after
			m := e.use(e.place(word, hash))
			if class == Prose && m.text == e.texts {
				continue
			}
			m.text = e.texts
			to = append(to, m.number)
			length += int(m.length)
		}
		count := len(to) - at - 1
		to[at] = uint32(class)<<(countBits+lengthBits) | uint32(min(length, lengthMask))<<countBits | uint32(count) //nolint:gosec // bounded
		e.opens(class, to[at+1:])
	}
	return to
}

// translated returns a document of another index in the numbers of this one. known holds, by number there, the places of
// the words in the glossary, and one more.
func (e *encoder) translated(to []uint32, other *Index, document, known []uint32) []uint32 {
	e.begin()
	from := len(to)
	to = append(to, document...)
	for rest := to[from:]; len(rest) > 0; {
		var text entry
		text, rest = nextEntry(rest)
		for i, n := range text.words {
			if known[n] == 0 {
				word := []byte(other.word(n))
				known[n] = e.place(word, hashOf(word)) + 1
			}
			text.words[i] = e.use(known[n] - 1).number
		}
		e.opens(text.class, text.words)
	}
	return to
}

// begin begins the next document.
func (e *encoder) begin() {
	e.docs++
	e.distinct, e.openers = e.distinct[:0], e.openers[:0]
}

// place returns the place of a word in the glossary.
func (e *encoder) place(word []byte, hash uint32) (at uint32) {
	if at, ok := e.meet(word, hash); ok {
		return at
	}
	m := metWord{hash: hash}
	m.number, m.word = e.number(word, hash)
	m.length = uint8(lengthOf(m.word)) //nolint:gosec // at most maxWeight
	return e.add(m)
}

// use returns a word of the glossary that the document has.
func (e *encoder) use(at uint32) *metWord {
	m := &e.met[at]
	if m.doc != e.docs {
		m.doc = e.docs
		e.distinct = append(e.distinct, at)
	}
	return m
}

// opens notes what a text begins with.
func (e *encoder) opens(class Class, words []uint32) {
	if class != Prose && len(words) > 0 {
		e.openers = append(e.openers, words[0])
	}
}
