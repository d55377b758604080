package readmodel

import (
	"math"
	"math/bits"
	"sync"
)

// lanes count codes, each code in several places. Most columns hold one value for most records, and to add to the same
// number again and again means to wait for it each time: so neighbours are counted in different lanes, which are added
// up at the end.
type lanes [4][]uint32

// laneSets keeps them for the next count.
var laneSets = sync.Pool{New: func() any { return new(lanes) }}

// lanesOf returns lanes for so many codes, all zero.
func lanesOf(codes int) *lanes {
	l, ok := laneSets.Get().(*lanes)
	if !ok {
		l = new(lanes)
	}
	for i := range l {
		if cap(l[i]) < codes {
			l[i] = make([]uint32, codes)
		}
		l[i] = l[i][:codes]
		clear(l[i])
	}
	return l
}

func (l *lanes) release() { laneSets.Put(l) }

// addCodes counts the codes of those of 64 records that a word marks.
func addCodes[T uint8 | uint16 | uint32](l *lanes, codes *[leafSize]T, word uint64) {
	a, b, c, d := l[0], l[1], l[2], l[3]
	if word == math.MaxUint64 {
		for i := 0; i < leafSize; i += len(l) {
			a[codes[i]]++
			b[codes[i+1]]++
			c[codes[i+2]]++
			d[codes[i+3]]++
		}
		return
	}
	for word != 0 {
		a[codes[bits.TrailingZeros64(word)%leafSize]]++
		if word &= word - 1; word == 0 {
			return
		}
		b[codes[bits.TrailingZeros64(word)%leafSize]]++
		if word &= word - 1; word == 0 {
			return
		}
		c[codes[bits.TrailingZeros64(word)%leafSize]]++
		if word &= word - 1; word == 0 {
			return
		}
		d[codes[bits.TrailingZeros64(word)%leafSize]]++
		word &= word - 1
	}
}

// addTo adds up the lanes.
func (l *lanes) addTo(counts []int) {
	a, b, c, d := l[0], l[1], l[2], l[3]
	for code := range counts {
		counts[code] += int(a[code]) + int(b[code]) + int(c[code]) + int(d[code])
	}
}
