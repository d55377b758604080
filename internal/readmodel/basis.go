package readmodel

import (
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
)

// basis is what bitmaps that go on from each other have in common, and the same as one bit for each ordinal, once somebody
// asked: queries mark with those, and bitmaps that differ by a few ordinals need not be made whole for it.
type basis struct {
	*roaring.Bitmap

	dense atomic.Pointer[[]uint64]
}

// words returns one bit for each ordinal; nil when there is not one for each word: those are as quickly marked one by one.
func (b *basis) words() []uint64 {
	if words := b.dense.Load(); words != nil {
		return *words
	}
	n := cardinality(b.Bitmap)
	if n == 0 {
		return nil
	}
	size := int(b.Maximum())/64 + 1
	if n < size {
		return nil
	}
	words := make([]uint64, size)
	b.WriteDenseTo(words)
	b.dense.Store(&words)
	return words
}

// add and remove are for the owner of a bitmap that has a basis of its own.
func (b *basis) add(x uint32) {
	b.Add(x)
	b.changed()
}

func (b *basis) remove(x uint32) {
	b.Remove(x)
	b.changed()
}

func (b *basis) changed() {
	if b.dense.Load() != nil {
		b.dense.Store(nil)
	}
}
