package readmodel

import "github.com/RoaringBitmap/roaring/v2"

// gather makes the sets of a field from its column, those of the codes up to the highest that may occur. The records are
// all that are in any of the sets, in ascending order. Small sets share one piece of memory.
func (f *field) gather(o *owner, records []uint32, codes uint32) {
	var buffer [1]uint32
	starts := make([]uint32, codes+2) // of each code in all; at first how many records the code before has
	for _, ord := range records {
		for _, code := range setsOf(f.codes(ord, &buffer)) {
			starts[code+1]++
		}
	}
	kept, few := 0, uint32(0)
	for code := range codes + 1 {
		if n := starts[code+1]; n > 0 {
			kept++
			if n <= fewest {
				few += n
			}
		}
		starts[code+1] += starts[code]
	}
	all, next := make([]uint32, starts[codes+1]), starts[:codes+1]
	for _, ord := range records {
		for _, code := range setsOf(f.codes(ord, &buffer)) {
			all[next[code]] = ord
			next[code]++
		}
	}
	sets, small := make([]set, 0, kept), make([]uint32, 0, few)
	from := uint32(0)
	for code, end := range next { // where the next code began is where this one ends now
		list := all[from:end]
		from = end
		switch {
		case len(list) == 0:
			continue
		case len(list) <= fewest:
			at := len(small)
			small = append(small, list...)
			sets = append(sets, set{few: small[at:len(small):len(small)]})
		default:
			sets = append(sets, set{many: &bitmap{owner: o, mine: true, base: &basis{Bitmap: bitmapOf(list)}}})
		}
		f.sets.set(o, uint32(code), &sets[len(sets)-1])
	}
}

// bitmapOf returns a bitmap of ordinals in ascending order that takes no more memory than it must.
func bitmapOf(ords []uint32) *roaring.Bitmap {
	bits := roaring.New()
	bits.AddMany(ords)
	bits.RunOptimize()
	return bits.Clone()
}
