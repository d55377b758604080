package readmodel

import "math/bits"

// placesOfValues says at which places of an order each value of a column stands: of frequent values as one bit for each
// place, of others as a list, whichever is smaller.
type placesOfValues struct {
	frequent [][]uint64 // by value; nil for one that is not frequent
	starts   []uint32   // value → where its places begin in rare; one more at the end
	rare     []uint32   // places, ascending for each value
	counts   []uint32   // by value
}

// newPlacesOfValues sorts the places of a column by value.
func newPlacesOfValues(column []uint32) *placesOfValues {
	values := uint32(0)
	for _, value := range column {
		values = max(values, value+1)
	}
	v := &placesOfValues{frequent: make([][]uint64, values), starts: make([]uint32, values+1), counts: make([]uint32, values)}
	for _, value := range column {
		v.counts[value]++
	}
	next := uint32(0)
	for value, n := range v.counts {
		v.starts[value] = next
		if int(n)*32 > len(column) {
			v.frequent[value] = make([]uint64, (len(column)+63)/64)
		} else {
			next += n
		}
	}
	v.starts[values] = next
	v.rare = make([]uint32, next)
	free := append([]uint32(nil), v.starts...)
	for place, value := range column {
		if words := v.frequent[value]; words != nil {
			words[place/64] |= 1 << (place % 64)
			continue
		}
		v.rare[free[value]] = uint32(place) //nolint:gosec // a place is below the number of roles
		free[value]++
	}
	return v
}

// list returns the places of a value that is not frequent.
func (v *placesOfValues) list(value uint32) []uint32 {
	return v.rare[v.starts[value]:v.starts[value+1]]
}

// count is at how many places one of some values stands.
func (v *placesOfValues) count(values []uint32) (n int) {
	for _, value := range values {
		if int(value) < len(v.counts) { // else it came later
			n += int(v.counts[value])
		}
	}
	return n
}

// addTo marks the places of some values.
func (v *placesOfValues) addTo(places []uint64, values []uint32) {
	for _, value := range values {
		if int(value) >= len(v.counts) {
			continue
		}
		for i, word := range v.frequent[value] {
			places[i] |= word
		}
		for _, place := range v.list(value) {
			places[place/64] |= 1 << (place % 64)
		}
	}
}

// placesOfValues returns where the values of a column stand.
func (o *orderedRoles) placesOfValues(key columnKey) *placesOfValues {
	column := o.column(key)
	o.mu.Lock()
	defer o.mu.Unlock()
	held, ok := o.values[key]
	if !ok {
		held = newPlacesOfValues(column)
		o.values[key] = held
	}
	return held
}

// placesOfActor returns the places of the roles of an actor, from one to before another. An actor that came later has none.
func (o *orderedRoles) placesOfActor(actor uint32) (from, to uint32) {
	if int(actor)+1 >= len(o.ends) {
		return 0, 0
	}
	return o.ends[actor], o.ends[actor+1]
}

// eachMarked calls f with every place that is marked, in ascending order.
func eachMarked(places []uint64, f func(place int)) {
	for w, word := range places {
		for ; word != 0; word &= word - 1 {
			f(w*64 + bits.TrailingZeros64(word))
		}
	}
}
