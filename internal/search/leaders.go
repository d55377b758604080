package search

// openings are the names by the word that they begin with, the shortest first.
type openings struct {
	lists

	lengths []uint16 // of the names in lists.all, which holds their documents; see lesser
}

// lesser marks, in the length of a name, that it is not the one that the document goes by: it scores less.
const lesser = 1 << 15

// opening is one name.
type opening struct {
	word, doc uint32
	length    uint16 // see lesser
}

// openingsOf gathers the beginnings of the names of documents.
func openingsOf(docs *lists, words int) openings {
	var all []opening
	var starts [lengthMask + 2]uint32 // of the names of a length
	for doc := range docs.ends {
		for rest := docs.at(uint32(doc)); len(rest) > 0; {
			var e entry
			if e, rest = nextEntry(rest); e.class == Prose || len(e.words) == 0 {
				continue
			}
			o := opening{e.words[0], uint32(doc), uint16(e.length)} //nolint:gosec // as above; lengthMask has 12 bits
			if penaltyOf(e.class) > 0 {
				o.length |= lesser
			}
			all = append(all, o)
			starts[e.length+1]++
		}
	}
	o := openings{lists: lists{ends: make([]uint32, words), all: make([]uint32, len(all))}, lengths: make([]uint16, len(all))}
	// They are put in order by the length, then by the word, which leaves those of a word in the order of lengths: most of
	// a directory may begin with one word.
	for length := 1; length < len(starts); length++ {
		starts[length] += starts[length-1]
	}
	byLength := make([]opening, len(all))
	for i := range all {
		at := &starts[all[i].length&lengthMask]
		byLength[*at] = all[i]
		*at++
		o.ends[all[i].word]++
	}
	next, total := make([]uint32, words), uint32(0)
	for word, n := range o.ends {
		next[word] = total
		total += n
		o.ends[word] = total
	}
	for i := range byLength {
		at := &next[byLength[i].word]
		o.all[*at], o.lengths[*at] = byLength[i].doc, byLength[i].length
		*at++
	}
	return o
}

// span returns where the names that begin with a word stand.
func (o *openings) span(word uint32) (from, to uint32) {
	if word > 0 {
		from = o.ends[word-1]
	}
	return from, o.ends[word]
}

// Leaders returns documents, of some, among which are the k with the highest scores and all that equal the last of them.
// What begins with the query comes before all else, the shortest first; so it looks along the beginnings, and stops when
// nothing better can come. ok is false when fewer than k begin with the query.
func (m *Matcher) Leaders(k int, among func(doc uint32) bool) (leaders []uint32, ok bool) {
	names := m.queue()
	tried := NewBits(m.x.size)
	best := make(tops, 0, k+1)
	try := func(doc uint32) {
		if tried.Has(doc) || !among(doc) {
			return
		}
		tried.Add(doc)
		leaders = append(leaders, doc)
		best.offer(k, m.Score(doc).Score)
	}
	m.eachLaterOpener(func(from, to uint32) { m.x.opened.each(from, to, try) })
	for {
		name, more := names.next()
		if !more {
			break
		}
		if len(best) == k && best[k-1] > prefixScore(m.q.length, name.length) && name.length > m.q.length {
			return leaders, true
		}
		if !m.x.stale.Has(name.doc) {
			try(name.doc)
		}
	}
	return leaders, len(best) == k && best[k-1] >= scorePrefix-penaltyFormer
}

// queue merges the names that begin with the first word of the query, or when it is the only one with what it begins.
func (m *Matcher) queue() *nameQueue {
	b := m.x.base
	q := &nameQueue{openings: &b.openings}
	if len(m.q.sequence) > 1 {
		if n := m.exact[0]; n < b.count() {
			q.add(b.openings.span(n))
		}
		return q
	}
	for _, beginning := range m.q.beginnings() {
		from, to := b.begun(beginning, 0, b.count())
		for n := from; n < to; n++ {
			q.add(b.openings.span(n))
		}
	}
	return q
}

// eachLaterOpener calls f with the ranges of numbers of the words by which a name beside the base begins with the query.
func (m *Matcher) eachLaterOpener(f func(from, to uint32)) {
	if len(m.q.sequence) > 1 {
		if n := m.exact[0]; n != noWord {
			f(n, n+1)
		}
		return
	}
	for _, beginning := range m.q.beginnings() {
		m.x.eachBegun(beginning, f)
	}
}

// nameQueue gives out names of several lists, the shortest first: a heap of the lists by their first name.
type nameQueue struct {
	*openings

	heads []span
}

// span is what is left of a list.
type span struct{ from, to uint32 }

func (q *nameQueue) add(from, to uint32) {
	if from == to {
		return
	}
	q.heads = append(q.heads, span{from, to})
	for i := len(q.heads) - 1; i > 0 && q.before(i, (i-1)/2); i = (i - 1) / 2 {
		q.heads[i], q.heads[(i-1)/2] = q.heads[(i-1)/2], q.heads[i]
	}
}

func (q *nameQueue) before(i, j int) bool {
	return q.lengths[q.heads[i].from]&lengthMask < q.lengths[q.heads[j].from]&lengthMask
}

// begunName is a name from the queue.
type begunName struct {
	doc    uint32
	length int
	lesser bool
}

// next takes the shortest name.
func (q *nameQueue) next() (name begunName, ok bool) {
	if len(q.heads) == 0 {
		return name, false
	}
	at := q.heads[0].from
	if q.heads[0].from++; q.heads[0].from == q.heads[0].to {
		q.heads[0] = q.heads[len(q.heads)-1]
		q.heads = q.heads[:len(q.heads)-1]
	}
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(q.heads); child++ {
			if q.before(child, least) {
				least = child
			}
		}
		if least == i {
			break
		}
		q.heads[i], q.heads[least] = q.heads[least], q.heads[i]
		i = least
	}
	return begunName{q.all[at], int(q.lengths[at] & lengthMask), q.lengths[at]&lesser != 0}, true
}
