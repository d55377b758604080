package readmodel

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// fewest is up to how many ordinals a set keeps as a plain list: most sets of a directory are that small.
const fewest = 24

// set is a persistent set of ordinals: a copy of the struct is a copy of the whole.
type set struct {
	few  []uint32 // ascending, never changed in place; used until many is
	many *bitmap
}

// bitmap is a roaring bitmap that one edit may change in place. (Roaring's own copy on write is not safe for readers
// in several goroutines.)
type bitmap struct {
	owner *owner
	bits  *roaring.Bitmap
}

// bulky is the size in bytes from which a copied bitmap is looked at for runs. What nearly every record is (published,
// public) is one run of a few bytes, which the next edit copies in no time.
const bulky = 4 << 10

// writable returns the bitmap itself when the owner has it, else a copy.
func (b *bitmap) writable(o *owner) *bitmap {
	if b.owner == o {
		return b
	}
	bits := b.bits.Clone()
	if bits.GetSizeInBytes() >= bulky {
		bits.RunOptimize()
	}
	return &bitmap{o, bits}
}

func (s set) has(x uint32) bool {
	if s.many != nil {
		return s.many.bits.Contains(x)
	}
	_, ok := slices.BinarySearch(s.few, x)
	return ok
}

func (s set) add(o *owner, x uint32) set {
	if s.many != nil {
		if s.many.bits.Contains(x) {
			return s
		}
		many := s.many.writable(o)
		many.bits.Add(x)
		return set{many: many}
	}
	i, ok := slices.BinarySearch(s.few, x)
	if ok {
		return s
	}
	if len(s.few) == fewest {
		bits := roaring.BitmapOf(s.few...)
		bits.Add(x)
		return set{many: &bitmap{o, bits}}
	}
	few := make([]uint32, len(s.few)+1)
	copy(few, s.few[:i])
	few[i] = x
	copy(few[i+1:], s.few[i:])
	return set{few: few}
}

func (s set) remove(o *owner, x uint32) set {
	if !s.has(x) {
		return s
	}
	if s.many != nil {
		many := s.many.writable(o)
		many.bits.Remove(x)
		return set{many: many}
	}
	i, _ := slices.BinarySearch(s.few, x)
	return set{few: slices.Concat(s.few[:i], s.few[i+1:])}
}

// bits returns the set as a bitmap that must not be changed.
func (s set) bits() *roaring.Bitmap {
	if s.many != nil {
		return s.many.bits
	}
	return roaring.BitmapOf(s.few...)
}

// joinTo adds the ordinals to a bitmap of the caller's.
func (s set) joinTo(target *roaring.Bitmap) {
	if s.many != nil {
		target.Or(s.many.bits)
		return
	}
	target.AddMany(s.few)
}

// common is how many ordinals the set shares with a bitmap.
func (s set) common(with *roaring.Bitmap) int {
	if s.many != nil {
		return int(s.many.bits.AndCardinality(with)) //nolint:gosec // at most 2^32
	}
	n := 0
	for _, x := range s.few {
		if with.Contains(x) {
			n++
		}
	}
	return n
}

// each calls f with every ordinal in ascending order, until f says no.
func (s set) each(f func(uint32) bool) {
	if s.many != nil {
		s.many.bits.Iterate(f)
		return
	}
	for _, x := range s.few {
		if !f(x) {
			return
		}
	}
}

func cardinality(bits *roaring.Bitmap) int {
	return int(bits.GetCardinality()) //nolint:gosec // at most 2^32
}

// runs calls f with the ordinals of a bitmap, some at a time, in ascending order.
func runs(bits *roaring.Bitmap, f func([]uint32)) {
	it := bits.ManyIterator()
	buffer := make([]uint32, 512)
	for n := it.NextMany(buffer); n > 0; n = it.NextMany(buffer) {
		f(buffer[:n])
	}
}
