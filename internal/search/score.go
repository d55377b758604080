package search

// How says by what a document is found.
type How uint8

// The ways in which a document is found; None of one that is not.
const (
	None How = iota
	Exact
	Prefix
	AllWords
	Translit
	Fuzzy
)

// String returns the word of api.md.
func (h How) String() string {
	return [...]string{"none", "exact", "prefix", "words", "translit", "fuzzy"}[h]
}

// Hit says how well a document is found, and by which of its texts.
type Hit struct {
	Score int // 0 to MaxScore; 0 when it is not found
	How   How
	Text  int    // of those that the index was given
	Found uint64 // the words found in any text, a bit for each
	Equal uint64 // those of them found as they are, or begun
}

// MaxScore is the score of a name that is equal to the query.
const MaxScore = 10_000

// The scores: where each way begins, and what it counts beside.
const (
	scorePrefix    = 8000 // + length/1
	scoreWords     = 5500 // + quality/2 + 1.5 × length + order
	scoreTranslit  = 2000 // + 2 × quality + length + order
	scoreFuzzy     = 1500 // likewise
	scoreTogether  = 1000 // + quality/2: in several names together
	scoreProse     = 600  // + quality/3: in one text of prose
	scoreScattered = 400  // + quality/5
	scoreLacking   = 0    // + quality/5 + length/5: not all words
	bonusOrder     = 400

	penaltyAbridged = 800 // of words some of which are only beginnings, though others follow
	penaltyOther    = 50
	penaltyFormer   = 100
)

// found says how well a word of the query is found.
type found struct {
	quality int32 // 0: not at all
	way     way
	place   int32
}

// take keeps the better of two.
func (f *found) take(g found) {
	if g.quality > f.quality || g.quality == f.quality && g.way < f.way {
		*f = g
	}
}

// Score judges a document. Weigh must have been called.
func (m *Matcher) Score(doc uint32) Hit {
	var best Hit
	clear(m.overall)
	clear(m.named)
	at := 0
	for rest := m.x.document(doc); len(rest) > 0; at++ {
		var e entry
		e, rest = nextEntry(rest)
		covered := m.meet(&e)
		if covered < 0 {
			continue
		}
		for i := range m.best {
			m.overall[i].take(m.best[i])
			if e.class != Prose {
				m.named[i].take(m.best[i])
			}
		}
		score, how := m.judge(&e, covered)
		if score > best.Score {
			best.Score, best.How, best.Text = score, how, at
		}
	}
	for i := range m.overall {
		if m.overall[i].quality > 0 {
			best.Found |= 1 << i
			if m.overall[i].way <= abridged {
				best.Equal |= 1 << i
			}
		}
	}
	if best.Found != 0 && best.How == None {
		return m.together(best)
	}
	return best
}

// together judges a document none of whose texts has all the words.
func (m *Matcher) together(best Hit) Hit {
	if quality, how := m.quality(m.named); how != None {
		best.Score, best.How = scoreTogether+quality/2, how
	} else if quality, how := m.quality(m.overall); how != None {
		best.Score, best.How = scoreScattered+quality/5, how
	} else {
		best.Score, best.How = max(1, best.Score), Fuzzy
	}
	return best
}

// Together judges a document by what others that it names have of the query: by the best of them or, when none has all
// the words but all of them together have, by that.
func (q *Query) Together(hits []Hit) (best Hit, of int) {
	var found, equal uint64
	of = -1
	for i, hit := range hits {
		found |= hit.Found
		equal |= hit.Equal
		if hit.Score > best.Score {
			best, of = hit, i
		}
	}
	if of < 0 || q.all(best.Found) || !q.all(found) {
		return best, of
	}
	best.Score, best.How = scoreTogether+best.Score/4, Fuzzy
	if q.all(equal) {
		best.How = AllWords
	}
	return best, of
}

// all tells whether the words required are among some.
func (q *Query) all(found uint64) bool {
	for i, required := range q.required {
		if required && found&(1<<i) == 0 {
			return false
		}
	}
	return true
}

// meet finds the words of the query in a text. It returns how much of the text they cover; less than zero when there is
// none.
func (m *Matcher) meet(e *entry) (covered int) {
	clear(m.best)
	covered = -1
	for place, word := range e.words {
		at := m.first[word]
		if at == 0 {
			continue
		}
		covered = max(covered, 0) + int(m.candidates[at-1].length)
		for ; at > 0; at = m.candidates[at-1].next {
			c := &m.candidates[at-1]
			m.best[c.of].take(found{c.quality, c.way, int32(place)})
		}
	}
	return covered
}

// quality is how well the required words are found, of 1000, and by what; None when one is missing.
func (m *Matcher) quality(words []found) (quality int, how How) {
	sum := 0
	how = AllWords
	for i := range words {
		if !m.q.required[i] {
			continue
		}
		sum += m.weights[i] * int(words[i].quality)
		switch {
		case words[i].quality == 0 || how == None:
			how = None
		case words[i].way == edited:
			how = Fuzzy
		case words[i].way == spelt && how == AllWords:
			how = Translit
		}
	}
	return sum / max(1, m.total), how
}

// judge scores one text of which the words in m.best cover some.
func (m *Matcher) judge(e *entry, covered int) (score int, how How) {
	quality, how := m.quality(m.best)
	if e.class == Prose {
		if how == None {
			return scoreLacking + quality/5, None
		}
		return scoreProse + quality/3, how
	}
	penalty := penaltyOf(e.class)
	if m.equals(e) {
		return MaxScore - penalty, Exact
	}
	if m.begins(e) {
		return prefixScore(m.q.length, e.length) - penalty, Prefix
	}
	length := 1000 * min(covered, e.length) / max(1, e.length)
	order := 0
	if m.inOrder() {
		order = bonusOrder
	}
	switch how {
	case AllWords:
		if m.abridges() {
			penalty += penaltyAbridged
		}
		return scoreWords + quality/2 + length*3/2 + order - penalty, how
	case Translit:
		return scoreTranslit + 2*quality + length + order - penalty, how
	case Fuzzy:
		return scoreFuzzy + 2*quality + length + order - penalty, how
	default:
		return scoreLacking + quality/5 + length/5, None
	}
}

// prefixScore is the score of a name of a length that begins with a query of a length.
func prefixScore(query, name int) int { return scorePrefix + 1000*min(query, name)/max(1, name) }

// penaltyOf is what a name of a class scores less.
func penaltyOf(c Class) int {
	switch c {
	case OtherName:
		return penaltyOther
	case Former:
		return penaltyFormer
	default: // the names that it goes by
		return 0
	}
}

// equals tells whether a text has the words of the query, in their order, and no others.
func (m *Matcher) equals(e *entry) bool {
	if len(e.words) != len(m.exact) {
		return false
	}
	for i, word := range e.words {
		if word != m.exact[i] {
			return false
		}
	}
	return true
}

// begins tells whether a text begins with the query.
func (m *Matcher) begins(e *entry) bool {
	n := len(m.exact)
	if len(e.words) < n {
		return false
	}
	for i, word := range m.exact[:n-1] {
		if e.words[i] != word {
			return false
		}
	}
	if m.q.open {
		return true
	}
	for at := m.first[e.words[n-1]]; at > 0; at = m.candidates[at-1].next {
		if c := &m.candidates[at-1]; int(c.of) == m.q.last() && c.way <= begun {
			return true
		}
	}
	return false
}

// abridges tells whether one of the words required is found only as a beginning that another word follows.
func (m *Matcher) abridges() bool {
	for i := range m.best {
		if m.q.required[i] && m.best[i].way == abridged {
			return true
		}
	}
	return false
}

// inOrder tells whether the words found stand in the order of the query.
func (m *Matcher) inOrder() bool {
	last := int32(-1)
	for _, i := range m.q.sequence {
		f := &m.best[i]
		if f.quality == 0 || !m.q.required[i] {
			continue
		}
		if f.place < last {
			return false
		}
		last = f.place
	}
	return true
}
