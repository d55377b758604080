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

func (s set) has(x uint32) bool {
	if s.many != nil {
		return s.many.has(x)
	}
	_, ok := slices.BinarySearch(s.few, x)
	return ok
}

func (s set) add(o *owner, x uint32) set {
	if s.many != nil {
		return set{many: s.many.add(o, x)}
	}
	i, ok := slices.BinarySearch(s.few, x)
	if ok {
		return s
	}
	if len(s.few) == fewest {
		bits := roaring.BitmapOf(s.few...)
		bits.Add(x)
		return set{many: &bitmap{owner: o, mine: true, base: &basis{Bitmap: bits}}}
	}
	return set{few: inserted(s.few, i, x)}
}

func (s set) remove(o *owner, x uint32) set {
	if s.many != nil {
		return set{many: s.many.remove(o, x)}
	}
	i, ok := slices.BinarySearch(s.few, x)
	if !ok {
		return s
	}
	return set{few: slices.Concat(s.few[:i], s.few[i+1:])}
}

// inserted returns a new list with an element at a place.
func inserted(list []uint32, i int, x uint32) []uint32 {
	longer := make([]uint32, len(list)+1)
	copy(longer, list[:i])
	longer[i] = x
	copy(longer[i+1:], list[i:])
	return longer
}

// bits returns the set as a bitmap that must not be changed.
func (s set) bits() *roaring.Bitmap {
	if s.many != nil {
		return s.many.bits()
	}
	return roaring.BitmapOf(s.few...)
}

// joinTo adds the ordinals to a bitmap of the caller's.
func (s set) joinTo(target *roaring.Bitmap) {
	if s.many != nil {
		s.many.joinTo(target)
		return
	}
	target.AddMany(s.few)
}

// common is how many ordinals the set shares with a bitmap.
func (s set) common(with *roaring.Bitmap) int {
	if s.many != nil {
		return s.many.common(with)
	}
	return contained(s.few, with)
}

// contained is how many of some ordinals are in a bitmap.
func contained(list []uint32, in *roaring.Bitmap) (n int) {
	for _, x := range list {
		if in.Contains(x) {
			n++
		}
	}
	return n
}

// each calls f with every ordinal in ascending order, until f says no.
func (s set) each(f func(uint32) bool) {
	if s.many != nil {
		s.many.each(f)
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
	buffer := make([]uint32, min(512, cardinality(bits)))
	if len(buffer) == 0 {
		return
	}
	for n := it.NextMany(buffer); n > 0; n = it.NextMany(buffer) {
		f(buffer[:n])
	}
}
