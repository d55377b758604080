package readmodel

import (
	"math"
	"math/bits"
	"slices"
	"sync"
)

// codesOfActors are the different codes that the roles of each actor have, and the actors of each code: for filters
// and facets through roles that no other filter through roles narrows.
type codesOfActors struct {
	key     codesKey
	above   []uint32 // the hierarchy that the codes were found with
	starts  []uint32 // actor → where its codes begin; one more at the end
	codes   []uint16
	bearers *bearers
	having  []uint64 // the actors that have a code, one bit each

	mu sync.Mutex
	by map[fieldValue][]uint32 // how many of the actors with a value have each code
}

// codesKey says of which roles, and what of them.
type codesKey struct {
	wholeKey

	field int
	deep  bool
}

// fieldValue is a value of a field of actors.
type fieldValue struct {
	field int
	value uint32
}

// The most that is kept: of how many questions the codes, and of how many values of actors the counts.
const (
	maxCodesOfActors = 32
	maxCountedBy     = 512
)

// known returns the codes of actors for a field of roles; nil when there are too many codes.
func (d *deeds) known(s *spec, asOf AsOf) *codesOfActors {
	if d.codesOfRoles(s.field) > math.MaxUint16 {
		return nil
	}
	key, above := codesKey{wholeKey{d.level, asOf}, s.field, s.deep}, d.above(s)
	o := d.order
	o.known.Lock() // apart from the columns, which it is made of
	defer o.known.Unlock()
	for _, k := range o.codes {
		if k.key == key && slices.Equal(k.above, above) {
			return k
		}
	}
	k := d.newCodes(s, key, above)
	o.codes = append(slices.Clone(o.codes[max(0, len(o.codes)+1-maxCodesOfActors):]), k)
	return k
}

func (d *deeds) newCodes(s *spec, key codesKey, above []uint32) *codesOfActors {
	o, c := d.order, d.newCount(s)
	column, places := o.column(columnKey{inRoles, s.field}), o.whole(key.wholeKey)
	k := &codesOfActors{
		key: key, above: above, starts: make([]uint32, len(o.ends)), having: make([]uint64, (len(o.ends)+63)/64),
		by: make(map[fieldValue][]uint32),
	}
	for actor := range len(o.ends) - 1 {
		last := uint32(actor) + 1
		o.eachPlaceOf(last-1, places, func(place uint32) { k.codes = c.appendNew(k.codes, column[place], last) })
		k.starts[last] = uint32(len(k.codes)) //nolint:gosec // a few for each role
		if k.starts[last] > k.starts[actor] {
			k.having[actor/64] |= 1 << (actor % 64)
		}
	}
	k.codes = slices.Clip(k.codes)
	k.bearers = newBearers(len(o.ends)-2, len(above), func(yield func(actor, code uint32)) {
		for actor := range len(o.ends) - 2 {
			for _, code := range k.codes[k.starts[actor]:k.starts[actor+1]] {
				yield(uint32(actor), uint32(code))
			}
		}
	})
	return k
}

// add counts the codes of some actors.
func (k *codesOfActors) add(counts []int, among *marks, by int) {
	for w, word := range among.words {
		for ; word != 0; word &= word - 1 {
			actor := w*64 + bits.TrailingZeros64(word)
			if actor+1 >= len(k.starts) {
				return // those that came later have changed
			}
			for _, code := range k.codes[k.starts[actor]:k.starts[actor+1]] {
				counts[code] += by
			}
		}
	}
}

// countedBy returns how many of the actors with a value have each code.
func (k *codesOfActors) countedBy(value fieldValue, actors set) []uint32 {
	k.mu.Lock()
	defer k.mu.Unlock()
	if counted, ok := k.by[value]; ok {
		return counted
	}
	if len(k.by) >= maxCountedBy {
		clear(k.by)
	}
	counts := make([]int, len(k.above))
	among := newMarks(uint32(len(k.starts))) //nolint:gosec // of 32-bit ordinals
	among.add(actors)
	k.add(counts, among, 1)
	among.release()
	counted := make([]uint32, len(counts))
	for code, n := range counts {
		counted[code] = uint32(n) //nolint:gosec // a count of 32-bit ordinals
	}
	k.by[value] = counted
	return counted
}
