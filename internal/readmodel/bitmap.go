package readmodel

import (
	"slices"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
)

// bitmap is a persistent set of many ordinals: a roaring bitmap, and beside it the few that came and went since. A
// commit changes one ordinal of two dozen bitmaps, so it writes that down and leaves it to whoever reads the bitmap to
// make it whole, once. (Roaring's own copy on write is not safe for readers in several goroutines.)
type bitmap struct {
	owner *owner                         // it may change what stands beside the base in place
	mine  bool                           // the base, too, beside which nothing stands then
	base  *basis                         // not to be changed by anybody else
	more  []uint32                       // ascending: not in the base, but in the set
	less  []uint32                       // ascending: in the base, but not in the set
	whole atomic.Pointer[roaring.Bitmap] // the set, once somebody asked
}

// When so many ordinals stand beside the base, the next owner makes a new one; one that goes on and on does so before,
// when far more do: readers look through them one by one.
const (
	manyBeside = 48
	mostBeside = 4 * manyBeside
)

// bulky is the size in bytes from which a copied bitmap is looked at for runs. What nearly every record is (published,
// public) is one run of a few bytes, which is copied in no time.
const bulky = 4 << 10

// bits returns the set as a bitmap that must not be changed.
func (b *bitmap) bits() *roaring.Bitmap {
	if len(b.more)+len(b.less) == 0 {
		return b.base.Bitmap
	}
	if whole := b.whole.Load(); whole != nil {
		return whole
	}
	b.whole.CompareAndSwap(nil, b.copied())
	return b.whole.Load()
}

// copied returns the set as a bitmap of the caller's.
func (b *bitmap) copied() *roaring.Bitmap {
	bits := b.base.Clone()
	bits.AddMany(b.more)
	for _, x := range b.less {
		bits.Remove(x)
	}
	return bits
}

func (b *bitmap) has(x uint32) bool {
	if b.base.Contains(x) {
		_, out := slices.BinarySearch(b.less, x)
		return !out
	}
	_, in := slices.BinarySearch(b.more, x)
	return in
}

// add returns the set with an ordinal: the same one when it is the owner's.
func (b *bitmap) add(o *owner, x uint32) *bitmap {
	if b.mine && b.owner == o {
		b.base.add(x)
		return b
	}
	if b.has(x) {
		return b
	}
	to := b.writable(o)
	if to.mine {
		to.base.add(x)
		return to
	}
	if i, out := slices.BinarySearch(to.less, x); out {
		to.less = slices.Delete(to.less, i, i+1)
	} else {
		to.more = besides(to.more, x)
	}
	return to
}

// remove returns the set without an ordinal: the same one when it is the owner's.
func (b *bitmap) remove(o *owner, x uint32) *bitmap {
	if !b.has(x) {
		return b
	}
	to := b.writable(o)
	if to.mine {
		to.base.remove(x)
		return to
	}
	if i, in := slices.BinarySearch(to.more, x); in {
		to.more = slices.Delete(to.more, i, i+1)
	} else {
		to.less = besides(to.less, x)
	}
	return to
}

// besides puts an ordinal into a list of the owner's that lacks it; most ordinals are new, and the last.
func besides(list []uint32, x uint32) []uint32 {
	if n := len(list); n == 0 || list[n-1] < x {
		return append(list, x)
	}
	i, _ := slices.BinarySearch(list, x)
	return slices.Insert(list, i, x)
}

// writable returns a set with the same ordinals for the owner to change: the same one when it is the owner's, one with a
// base of the owner's when too much would stand beside it, else one to write beside.
func (b *bitmap) writable(o *owner) *bitmap {
	whole := b.whole.Load()
	if b.owner == o && (b.mine || whole == nil && len(b.more)+len(b.less) < mostBeside) {
		return b
	}
	switch {
	case whole != nil:
		return &bitmap{owner: o, base: &basis{Bitmap: whole}}
	case len(b.more)+len(b.less) < manyBeside:
		return &bitmap{owner: o, base: b.base, more: withRoom(b.more), less: withRoom(b.less)}
	default:
		bits := b.copied()
		if bits.GetSizeInBytes() >= bulky {
			bits.RunOptimize()
		}
		return &bitmap{owner: o, mine: true, base: &basis{Bitmap: bits}}
	}
}

// withRoom returns a copy of a list that may be added to.
func withRoom(list []uint32) []uint32 {
	if len(list) == 0 {
		return nil
	}
	return append(make([]uint32, 0, len(list)+4), list...)
}

// joinTo adds the ordinals to a bitmap of the caller's.
func (b *bitmap) joinTo(target *roaring.Bitmap) {
	if len(b.less) > 0 { // the target may have those itself
		target.Or(b.bits())
		return
	}
	target.Or(b.base.Bitmap)
	target.AddMany(b.more)
}

// common is how many ordinals the set shares with a bitmap.
func (b *bitmap) common(with *roaring.Bitmap) int {
	n := int(b.base.AndCardinality(with)) //nolint:gosec // at most 2^32
	return n + contained(b.more, with) - contained(b.less, with)
}

// each calls f with every ordinal in ascending order, until f says no.
func (b *bitmap) each(f func(uint32) bool) {
	more, less, on := b.more, b.less, true
	b.base.Iterate(func(x uint32) bool {
		for on && len(more) > 0 && more[0] < x {
			on, more = f(more[0]), more[1:]
		}
		if len(less) > 0 && less[0] == x {
			less = less[1:]
			return on
		}
		on = on && f(x)
		return on
	})
	for on && len(more) > 0 {
		on, more = f(more[0]), more[1:]
	}
}
