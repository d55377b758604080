package readmodel

import (
	"math/bits"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
)

// marks are the records of a table as one bit each: what a query needs for a moment, to intersect and to count.
type marks struct{ words []uint64 }

// markSets keeps the words for the next query.
var markSets = sync.Pool{New: func() any { return new(marks) }}

// markedOf returns the marks of a bitmap among so many records.
func markedOf(bits *roaring.Bitmap, size uint32) *marks {
	m, ok := markSets.Get().(*marks)
	if !ok {
		m = new(marks)
	}
	words := (int(size) + 63) / 64
	if cap(m.words) < words {
		m.words = make([]uint64, words)
	}
	m.words = m.words[:words]
	clear(m.words)
	bits.WriteDenseTo(m.words)
	return m
}

func (m *marks) release() { markSets.Put(m) }

// keep leaves the records that others mark, too.
func (m *marks) keep(others *marks) {
	for i := range m.words {
		m.words[i] &= others.words[i]
	}
}

// drop leaves the records that others do not mark.
func (m *marks) drop(others *marks) {
	for i := range m.words {
		m.words[i] &^= others.words[i]
	}
}

// cardinality is how many records are marked.
func (m *marks) cardinality() int {
	n := 0
	for _, word := range m.words {
		n += bits.OnesCount64(word)
	}
	return n
}
