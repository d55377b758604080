package search

import "math/bits"

// Bits is a set of document numbers.
type Bits []uint64

// NewBits returns an empty set for numbers below n.
func NewBits(n uint32) Bits { return make(Bits, (n+63)/64) }

// Has tells whether a number is in the set.
func (b Bits) Has(n uint32) bool { return int(n/64) < len(b) && b[n/64]&(1<<(n%64)) != 0 }

// Add puts a number into the set, which must have been made for it.
func (b Bits) Add(n uint32) { b[n/64] |= 1 << (n % 64) }

// And leaves what is in both sets.
func (b Bits) And(c Bits) {
	for i := range b {
		if i < len(c) {
			b[i] &= c[i]
		} else {
			b[i] = 0
		}
	}
}

// Or adds what is in another set, as far as there is room.
func (b Bits) Or(c Bits) {
	for i := range min(len(b), len(c)) {
		b[i] |= c[i]
	}
}

// AndNot takes out what is in another set.
func (b Bits) AndNot(c Bits) {
	for i := range min(len(b), len(c)) {
		b[i] &^= c[i]
	}
}

// Count is how many numbers are in the set.
func (b Bits) Count() int {
	n := 0
	for _, word := range b {
		n += bits.OnesCount64(word)
	}
	return n
}

// CountAnd is how many numbers are in both sets.
func (b Bits) CountAnd(c Bits) int {
	n := 0
	for i := range min(len(b), len(c)) {
		n += bits.OnesCount64(b[i] & c[i])
	}
	return n
}

// Meets tells whether two sets share a number.
func (b Bits) Meets(c Bits) bool {
	for i := range min(len(b), len(c)) {
		if b[i]&c[i] != 0 {
			return true
		}
	}
	return false
}

// Each calls f with the numbers in ascending order.
func (b Bits) Each(f func(uint32)) {
	for i, word := range b {
		for ; word != 0; word &= word - 1 {
			f(uint32(i*64 + bits.TrailingZeros64(word))) //nolint:gosec // below the number the set was made for
		}
	}
}
