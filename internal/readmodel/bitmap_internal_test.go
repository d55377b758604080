package readmodel

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
)

// TestABitmapThatGoesOnLeavesEveryoneElsesAsItWas lets owners go on from each other's bitmaps, and looks at all that
// were left behind again at the end.
func TestABitmapThatGoesOnLeavesEveryoneElsesAsItWas(t *testing.T) {
	t.Parallel()
	type left struct {
		bits *bitmap
		want []uint32
	}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 2))
		kept := []left{{bits: &bitmap{base: &basis{Bitmap: roaring.New()}}}}
		for range 30 {
			from := kept[r.IntN(len(kept))]
			held := make(map[uint32]bool)
			for _, x := range from.want {
				held[x] = true
			}
			o, b := new(owner), from.bits
			for range 1 + r.IntN(2*mostBeside) {
				x := r.Uint32N(600)
				if r.IntN(3) > 0 {
					b, held[x] = b.add(o, x), true
				} else {
					b = b.remove(o, x)
					delete(held, x)
				}
				if r.IntN(40) == 0 { // somebody looks at it meanwhile
					sameBitmap(t, seed, b, ascending(held))
				}
			}
			kept = append(kept, left{b, ascending(held)})
		}
		for _, one := range kept {
			sameBitmap(t, seed, one.bits, one.want)
		}
	}
}

func ascending(held map[uint32]bool) []uint32 {
	all := make([]uint32, 0, len(held))
	for x := range held { // sorted below
		all = append(all, x)
	}
	slices.Sort(all)
	return all
}

// sameBitmap compares what a bitmap tells in each of its ways.
func sameBitmap(t *testing.T, seed uint64, b *bitmap, want []uint32) {
	t.Helper()
	walked := make([]uint32, 0, len(want))
	b.each(func(x uint32) bool {
		walked = append(walked, x)
		return true
	})
	joined, among := roaring.New(), roaring.New()
	b.joinTo(joined)
	among.AddRange(100, 300)
	inside := 0
	for _, x := range want {
		if x >= 100 && x < 300 {
			inside++
		}
		if !b.has(x) {
			t.Fatalf("seed %d: it lacks %d", seed, x)
		}
	}
	for name, got := range map[string][]uint32{"each": walked, "joinTo": joined.ToArray(), "bits": b.bits().ToArray()} {
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: %s gives %v, want %v", seed, name, got, want)
		}
	}
	sameMarks(t, seed, b, want, among)
	if n := b.common(among); n != inside {
		t.Fatalf("seed %d: it shares %d, want %d", seed, n, inside)
	}
}

// sameMarks compares the marks of a bitmap, alone and beside others, with what it holds.
func sameMarks(t *testing.T, seed uint64, b *bitmap, want []uint32, among *roaring.Bitmap) {
	t.Helper()
	alone, beside, of := newMarks(640), markedOf(among, 640), markedOf(among, 640)
	defer alone.release()
	defer beside.release()
	defer of.release()
	alone.fillWith(b)
	beside.addMany(b)
	held := roaring.BitmapOf(want...)
	for name, got := range map[string]struct{ is, want *roaring.Bitmap }{
		"alone": {alone.bitmap(), held}, "beside others": {beside.bitmap(), roaring.Or(held, among)},
	} {
		if !got.is.Equals(got.want) {
			t.Fatalf("seed %d: marked %s are %v, want %v", seed, name, got.is, got.want)
		}
	}
	if n := of.commonWith(set{many: b}); n != int(held.AndCardinality(among)) {
		t.Fatalf("seed %d: %d are common, want %d", seed, n, held.AndCardinality(among))
	}
	listed := make([]uint32, len(want)+spare)
	alone.listIn(listed, len(want))
	if got := listed[:len(want)]; !slices.Equal(got, want) {
		t.Fatalf("seed %d: listed are %v, want %v", seed, got, want)
	}
}
