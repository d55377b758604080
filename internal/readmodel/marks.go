package readmodel

import (
	"math"
	"math/bits"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
)

// marks are the records of a table as one bit each: what a query needs for a moment, to intersect and to count. Their
// memory serves one query after the other, so that a list makes next to no garbage.
type marks struct {
	words   []uint64
	counted int // how many are marked, of marks that nobody changes any more; else 0
}

// markSets keeps the words for the next query.
var markSets = sync.Pool{New: func() any { return new(marks) }}

// containerWords is how many words of marks one container of a roaring bitmap has.
const containerWords = 1 << 16 / 64

// newMarks returns marks of none of so many records. Their memory is of whole containers: see bitmap.
func newMarks(size uint32) *marks {
	m, ok := markSets.Get().(*marks)
	if !ok {
		m = new(marks)
	}
	words := (int(size) + 63) / 64
	whole := (words + containerWords - 1) / containerWords * containerWords
	if cap(m.words) < whole {
		m.words = make([]uint64, whole)
	}
	m.words = m.words[:whole]
	clear(m.words)
	m.words, m.counted = m.words[:words], 0
	return m
}

// fillWith marks the records of a set, where none is marked.
func (m *marks) fillWith(b *bitmap) {
	if words := b.base.words(); words != nil {
		copy(m.words, words)
	} else {
		b.base.WriteDenseTo(m.words)
	}
	for _, ord := range b.more {
		m.mark(ord)
	}
	for _, ord := range b.less {
		m.words[ord/64] &^= 1 << (ord % 64)
	}
}

func (m *marks) mark(ord uint32) { m.words[ord/64] |= 1 << (ord % 64) }

// markedOf returns the marks of a bitmap among so many records.
func markedOf(bits *roaring.Bitmap, size uint32) *marks {
	m := newMarks(size)
	bits.WriteDenseTo(m.words)
	return m
}

func (m *marks) release() { markSets.Put(m) }

// size is among how many records, at the least, the marks are.
func (m *marks) size() uint32 { return uint32(len(m.words) * 64) } //nolint:gosec // of 32-bit ordinals

// bitmap returns what is marked as a bitmap. It holds until the marks change or are given back, and must not be changed.
func (m *marks) bitmap() *roaring.Bitmap {
	whole := (len(m.words) + containerWords - 1) / containerWords * containerWords
	return roaring.FromDense(m.words[:whole], false) // of whole containers it copies nothing
}

// has tells whether a record is marked.
func (m *marks) has(ord uint32) bool {
	word := int(ord / 64)
	return word < len(m.words) && m.words[word]&(1<<(ord%64)) != 0
}

// meets tells whether a record of a set is marked. It looks along the set, so it is quick where that is small or where
// many are marked.
func (m *marks) meets(s set) (found bool) {
	s.each(func(ord uint32) bool {
		found = m.has(ord)
		return !found
	})
	return found
}

// commonWith is how many records of a set are marked.
func (m *marks) commonWith(s set) (n int) {
	if s.many == nil {
		for _, ord := range s.few {
			if m.has(ord) {
				n++
			}
		}
		return n
	}
	base := s.many.base.words()
	if base == nil {
		others := newMarks(m.size())
		defer others.release()
		others.fillWith(s.many)
		return m.common(others.words)
	}
	n = m.common(base)
	for _, ord := range s.many.more {
		if m.has(ord) {
			n++
		}
	}
	for _, ord := range s.many.less {
		if m.has(ord) {
			n--
		}
	}
	return n
}

// common is how many of the records that words mark are marked.
func (m *marks) common(others []uint64) (n int) {
	words := m.words[:len(others)]
	for i, word := range others {
		n += bits.OnesCount64(word & words[i])
	}
	return n
}

// add marks the records of a set, too.
func (m *marks) add(s set) {
	if s.many != nil {
		m.addMany(s.many)
		return
	}
	for _, ord := range s.few {
		m.mark(ord)
	}
}

// addMany marks the records of a bitmap, too.
func (m *marks) addMany(b *bitmap) {
	base := b.base.words()
	if base == nil {
		m.addBits(b.bits())
		return
	}
	before := make([]uint32, 0, mostBeside) // of what is not in the set, that is marked already
	for _, ord := range b.less {
		if m.has(ord) {
			before = append(before, ord)
		}
	}
	words := m.words[:len(base)]
	for i, word := range base {
		words[i] |= word
	}
	for _, ord := range b.more {
		m.mark(ord)
	}
	for _, ord := range b.less {
		m.words[ord/64] &^= 1 << (ord % 64)
	}
	for _, ord := range before {
		m.mark(ord)
	}
}

// addBits marks the records of a bitmap, too.
func (m *marks) addBits(bits *roaring.Bitmap) {
	if 2*cardinality(bits) < len(m.words) {
		bits.Iterate(func(ord uint32) bool {
			m.mark(ord)
			return true
		})
		return
	}
	others := markedOf(bits, m.size())
	defer others.release()
	words := m.words
	for i, word := range others.words[:len(words)] {
		words[i] |= word
	}
}

// listIn lists the n ordinals that are marked in ascending order, in memory that has room for them and some to spare. Where
// most words have any, four are written at a time, however many there are: the processor cannot foretell how many.
func (m *marks) listIn(memory []uint32, n int) {
	if mostEmpty*n < len(m.words) {
		m.listFew(memory)
		return
	}
	listed := 0
	for w, word := range m.words {
		from, ones := uint32(w*64), bits.OnesCount64(word)
		for i := 0; ; {
			to := (*[spare]uint32)(memory[listed+i:])
			to[0] = from + uint32(bits.TrailingZeros64(word)) //nolint:gosec // at most 64
			word &= word - 1
			to[1] = from + uint32(bits.TrailingZeros64(word)) //nolint:gosec // as above
			word &= word - 1
			to[2] = from + uint32(bits.TrailingZeros64(word)) //nolint:gosec // as above
			word &= word - 1
			to[3] = from + uint32(bits.TrailingZeros64(word)) //nolint:gosec // as above
			word &= word - 1
			if i += spare; i >= ones {
				break
			}
		}
		listed += ones
	}
}

// How lists of what is marked are made: so much memory more than for what is marked, and in one word of so many, at the
// most, something is marked where the others are passed over.
const (
	spare     = 4
	mostEmpty = 4
)

// listFew lists the marked ordinals where most words have none.
func (m *marks) listFew(memory []uint32) {
	n := 0
	for w, word := range m.words {
		for ; word != 0; word &= word - 1 {
			memory[n] = uint32(w*64 + bits.TrailingZeros64(word)) //nolint:gosec // an ordinal
			n++
		}
	}
}

// fill marks the first so many records.
func (m *marks) fill(n uint32) {
	whole := int(n / 64)
	for i := range m.words[:whole] {
		m.words[i] = math.MaxUint64
	}
	if n%64 != 0 {
		m.words[whole] = 1<<(n%64) - 1
	}
}

// meet marks what all of some marks have in common, and returns how many records that are.
func (m *marks) meet(all [4]*marks) (n int) {
	words := m.words
	a, b, c, d := all[0].words[:len(words)], all[1].words[:len(words)], all[2].words[:len(words)], all[3].words[:len(words)]
	for i := range words {
		word := a[i] & b[i] & c[i] & d[i]
		words[i] = word
		n += bits.OnesCount64(word)
	}
	return n
}

// keep leaves the records that others mark, too.
func (m *marks) keep(others *marks) {
	m.counted = 0
	words := m.words
	for i, word := range others.words[:len(words)] {
		words[i] &= word
	}
}

// drop leaves the records that others do not mark.
func (m *marks) drop(others *marks) {
	m.counted = 0
	words := m.words
	for i, word := range others.words[:len(words)] {
		words[i] &^= word
	}
}

// cardinality is how many records are marked.
func (m *marks) cardinality() int {
	if m.counted > 0 {
		return m.counted
	}
	return onesIn(m.words)
}

// cardinalityFrom is how many records are marked from an ordinal on.
func (m *marks) cardinalityFrom(ord uint32) int {
	word := int(ord / 64)
	if word >= len(m.words) {
		return 0
	}
	return bits.OnesCount64(m.words[word]>>(ord%64)) + onesIn(m.words[word+1:])
}

func onesIn(words []uint64) int {
	n := 0
	for _, word := range words {
		n += bits.OnesCount64(word)
	}
	return n
}

// up visits the marked ordinals from one on, in ascending order, until visit says no.
func (m *marks) up(from uint32, visit func(ord uint32) bool) {
	if from >= m.size() {
		return
	}
	at := int(from / 64)
	word := m.words[at] >> (from % 64) << (from % 64)
	for {
		for ; word != 0; word &= word - 1 {
			if !visit(uint32(at*64 + bits.TrailingZeros64(word))) { //nolint:gosec // an ordinal
				return
			}
		}
		if at++; at == len(m.words) {
			return
		}
		word = m.words[at]
	}
}

// down visits the marked ordinals before one, in descending order, until visit says no.
func (m *marks) down(before uint32, visit func(ord uint32) bool) {
	if before = min(before, m.size()); before == 0 {
		return
	}
	at, unwanted := int((before-1)/64), 63-(before-1)%64
	word := m.words[at] << unwanted >> unwanted
	for {
		for word != 0 {
			top := 63 - bits.LeadingZeros64(word)
			if !visit(uint32(at*64 + top)) { //nolint:gosec // an ordinal
				return
			}
			word &^= 1 << top
		}
		if at--; at < 0 {
			return
		}
		word = m.words[at]
	}
}
