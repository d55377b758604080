package readmodel

import "math/bits"

// bearers says who has each code, for good: of frequent codes as one bit for each that might, of others as a list,
// whichever is smaller.
type bearers struct {
	frequent [][]uint64 // by code; nil for one that is not frequent
	starts   []uint32   // code → where its bearers begin in rare; one more at the end
	rare     []uint32   // ascending for each code
	counts   []uint32   // by code
}

// newBearers sorts pairs of so many bearers, which come in ascending order, and so many codes by their codes.
func newBearers(size, codes int, each func(yield func(bearer, code uint32))) *bearers {
	b := &bearers{frequent: make([][]uint64, codes), starts: make([]uint32, codes+1), counts: make([]uint32, codes)}
	each(func(_, code uint32) { b.counts[code]++ })
	next := uint32(0)
	for code, n := range b.counts {
		b.starts[code] = next
		if int(n)*32 > size {
			b.frequent[code] = make([]uint64, (size+63)/64)
		} else {
			next += n
		}
	}
	b.starts[codes] = next
	b.rare = make([]uint32, next)
	free := append([]uint32(nil), b.starts...)
	each(func(bearer, code uint32) {
		if words := b.frequent[code]; words != nil {
			words[bearer/64] |= 1 << (bearer % 64)
			return
		}
		b.rare[free[code]] = bearer
		free[code]++
	})
	return b
}

// count is how many have one of some codes, of which each has at most one.
func (b *bearers) count(codes []uint32) (n int) {
	for _, code := range codes {
		if int(code) < len(b.counts) { // else it came later
			n += int(b.counts[code])
		}
	}
	return n
}

// addTo marks who has one of some codes.
func (b *bearers) addTo(marks []uint64, codes []uint32) {
	for _, code := range codes {
		if int(code) >= len(b.counts) {
			continue
		}
		words := b.frequent[code]
		for i, word := range marks[:len(words)] {
			marks[i] = word | words[i]
		}
		for _, bearer := range b.rare[b.starts[code]:b.starts[code+1]] {
			marks[bearer/64] |= 1 << (bearer % 64)
		}
	}
}

// each calls f with who has one of some codes, in ascending order for each code.
func (b *bearers) each(codes []uint32, f func(bearer uint32)) {
	for _, code := range codes {
		if int(code) >= len(b.counts) {
			continue
		}
		eachMarked(b.frequent[code], f)
		for _, bearer := range b.rare[b.starts[code]:b.starts[code+1]] {
			f(bearer)
		}
	}
}

// eachMarked calls f with everything that is marked, in ascending order.
func eachMarked(words []uint64, f func(bearer uint32)) {
	for w, word := range words {
		for ; word != 0; word &= word - 1 {
			f(uint32(w*64 + bits.TrailingZeros64(word))) //nolint:gosec // of 32-bit ordinals
		}
	}
}
