package search

import "sync"

// Matcher holds what a query finds in an index. It is for one goroutine, until Close.
type Matcher struct {
	x     *Index
	q     *Query
	exact []uint32 // the words of the sequence as the index numbers them; noWord for one that it has not
	sets  []Bits
	*scratch

	weights []int
	total   int // of the weights
}

// noWord is no number of a word.
const noWord = ^uint32(0)

// scratch is what a matcher borrows.
type scratch struct {
	first      []int32 // word of the index → its first candidate and one more; 0: none
	candidates []candidate
	best       []found // by word of the query, in one text
	overall    []found // in the whole document
	named      []found // in its names
}

// candidate is a word of the index by which a word of the query is found.
type candidate struct {
	word    uint32 // of the index
	of      int32  // of the query
	next    int32  // another of the same word, and one more
	length  int32
	quality int32
	way     way
}

// way is how a word is found.
type way uint8

const (
	equal way = iota
	begun
	abridged // begun, though another word follows
	spelt    // of the same consonants
	edited
)

// The qualities of a found word, of 1000.
const (
	qualityEqual   = 1000
	qualityBegun   = 700 // and up to 1000, the nearer to its end
	lessAbridged   = 200
	qualitySpelt   = 830
	qualityOneEdit = 800
	qualityEdits   = 600
)

// typedLetters is from how many letters on the last word may be a beginning with a letter wrong.
const typedLetters = 6

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// Match looks up the words of a query.
func (x *Index) Match(q *Query) *Matcher {
	borrowed, ok := scratches.Get().(*scratch)
	if !ok {
		borrowed = new(scratch)
	}
	m := &Matcher{x: x, q: q, scratch: borrowed, sets: make([]Bits, len(q.words))}
	if len(m.first) < int(x.vocabulary) {
		m.first = make([]int32, x.vocabulary)
	}
	m.best = append(m.best[:0], make([]found, len(q.words))...)
	m.named = append(m.named[:0], m.best...)
	m.overall = append(m.overall[:0], m.best...)
	for i := range q.words {
		m.sets[i] = NewBits(x.size)
		m.look(i)
	}
	for _, i := range q.sequence {
		n, ok := x.find(q.words[i])
		if !ok {
			n = noWord
		}
		m.exact = append(m.exact, n)
	}
	return m
}

// Sets returns the documents in which each word of the query is found. They must not be changed.
func (m *Matcher) Sets() []Bits { return m.sets }

// Weigh says what the words weigh, for the score.
func (m *Matcher) Weigh(weights []int) {
	m.weights, m.total = weights, 0
	for _, weight := range weights {
		m.total += weight
	}
}

// Close gives back what the matcher has borrowed.
func (m *Matcher) Close() {
	for i := range m.candidates {
		m.first[m.candidates[i].word] = 0
	}
	m.candidates = m.candidates[:0]
	scratches.Put(m.scratch)
	m.scratch = nil
}

// look finds the candidates of a word.
func (m *Matcher) look(i int) {
	word := m.q.words[i]
	letters := []rune(word)
	if n, ok := m.x.find(word); ok {
		m.admit(candidate{word: n, of: int32(i), length: int32(lengthOf(word)), quality: qualityEqual, way: equal}) //nolint:gosec // small
	}
	m.lookEdited(i, letters)
	m.lookSpelt(i, word, letters)
	if i == m.q.last() {
		m.lookBegun(i, letters)
	}
}

// shortestShort is from how many letters on a word that is not the last one may be a beginning.
const shortestShort = 3

// Widen finds each word of the query that stands for something also as a beginning, not only the last one. The sets grow by it.
func (m *Matcher) Widen() {
	for i, word := range m.q.words {
		if m.q.required[i] && i != m.q.last() && lettersOf(word) >= shortestShort {
			m.admitBegun(i, word, abridged)
		}
	}
}

// admit takes a candidate, unless the word of the index is a better one already, and adds its documents.
func (m *Matcher) admit(c candidate) {
	for at := m.first[c.word]; at > 0; at = m.candidates[at-1].next {
		other := &m.candidates[at-1]
		if other.of == c.of {
			if other.quality < c.quality {
				other.quality, other.way = c.quality, c.way
			}
			return
		}
	}
	c.next = m.first[c.word]
	m.candidates = append(m.candidates, c)
	m.first[c.word] = int32(len(m.candidates)) //nolint:gosec // fewer than words
	m.fill(m.sets[c.of], c.word)
}

// fill adds the documents that have a word.
func (m *Matcher) fill(set Bits, word uint32) { m.x.addWith(word, set) }

// lookEdited finds the words within some edits.
func (m *Matcher) lookEdited(i int, letters []rune) {
	most := edits(letters)
	if most == 0 {
		return
	}
	try := func(word string, number uint32) {
		var buffer [maxRunes]rune
		other := appendRunes(buffer[:0], word)
		if d := distance(letters, other, most); d <= most && d > 0 {
			quality := int32(qualityOneEdit)
			if d > 1 {
				quality = qualityEdits
			}
			m.admit(candidate{word: number, of: int32(i), length: int32(lengthOf(word)), quality: quality, way: edited}) //nolint:gosec // small
		}
	}
	untried := func(word string, number uint32) {
		if !m.has(number, i) {
			try(word, number)
		}
	}
	keys := make([]uint32, 0, mostKeys(len(m.q.words[i])))
	eachKey(letters, func(key uint32) { keys = append(keys, key) })
	b := m.x.base
	for _, key := range keys {
		b.keys.each(key, func(n uint32) { untried(b.words[n], n) })
	}
	for _, l := range m.x.late {
		l.like(keys, untried)
	}
}

// has tells whether a word of the index is a candidate for a word of the query.
func (m *Matcher) has(number uint32, i int) bool {
	for at := m.first[number]; at > 0; at = m.candidates[at-1].next {
		if m.candidates[at-1].of == int32(i) { //nolint:gosec // small
			return true
		}
	}
	return false
}

func appendRunes(to []rune, word string) []rune {
	for _, r := range word {
		to = append(to, r)
	}
	return to
}

// lookSpelt finds other spellings.
func (m *Matcher) lookSpelt(i int, word string, letters []rune) {
	bones := skeleton(word)
	if bones == "" {
		return
	}
	try := func(other string, number uint32) {
		if other == word || skeleton(other) != bones {
			return
		}
		c := candidate{word: number, of: int32(i), length: int32(lengthOf(other)), quality: qualitySpelt, way: spelt} //nolint:gosec // small
		if m.has(number, i) && isArabic(letters[0]) == isArabic([]rune(other)[0]) {
			c.way = edited // a letter that differs, no matter of scripts
		}
		m.admit(c)
	}
	m.x.eachOfSkeleton(bones, try)
}

// lookBegun finds the words that the last one is the beginning of, from six letters on also when a letter is wrong.
func (m *Matcher) lookBegun(i int, letters []rune) {
	for _, beginning := range m.q.beginnings() {
		m.admitBegun(i, beginning, begun)
	}
	if len(letters) < typedLetters || edits(letters) == 0 {
		return
	}
	for _, variant := range m.variants(letters) {
		m.admitBegun(i, variant, edited)
	}
}

// admitBegun takes the words that begin with a prefix.
func (m *Matcher) admitBegun(i int, prefix string, how way) {
	admit := func(word string, n uint32) {
		quality := qualityOfBegun(prefix, word)
		switch how {
		case edited:
			quality -= qualityEqual - qualityOneEdit
		case abridged:
			quality -= lessAbridged
		default:
		}
		m.admit(candidate{word: n, of: int32(i), length: int32(lengthOf(word)), quality: int32(quality), way: how}) //nolint:gosec // small
	}
	b := m.x.base
	from, to := b.begun(prefix, 0, b.count())
	for n := from; n < to; n++ {
		admit(b.words[n], n)
	}
	for _, l := range m.x.late {
		l.begun(prefix, admit)
	}
}

// qualityOfBegun is how well a word is found that begins with another: the better, the nearer that is to its end.
func qualityOfBegun(beginning, word string) int {
	letters := lettersOf(beginning)
	return qualityBegun + (qualityEqual-qualityBegun)*letters/max(letters, lettersOf(word))
}
