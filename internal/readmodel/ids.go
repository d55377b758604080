package readmodel

import (
	"slices"
	"strings"

	"github.com/tidwall/btree"
)

// ids knows the ordinals of the ids of a table, and their order. A copy of the struct is a copy of the whole.
type ids struct {
	owner  *owner   // of more
	loaded []string // those that a checkpoint gave, in their order: the place of each is its ordinal; never changed
	places *slots   // of these, from 1
	more   btree.Map[string, uint32]
}

// load makes ids in ascending order those with the first ordinals. There must be no others yet.
func (x *ids) load(ids []string) {
	x.loaded, x.places = ids, &slots{numbers: make([]uint32, slotsFor(len(ids)))}
	for i := range ids {
		x.places.add(uint32(i)+1, func(n uint32) uint64 { return hashText(ids[n-1]) })
	}
}

// slotsFor is how many slots serve so many things well.
func slotsFor(things int) int {
	room := 16
	for 3*room < 4*(things+1) {
		room *= 2
	}
	return room
}

// Get returns the ordinal of an id.
func (x *ids) Get(id string) (uint32, bool) {
	if n := x.places.find(hashText(id), func(n uint32) bool { return x.loaded[n-1] == id }); n != 0 {
		return n - 1, true
	}
	return x.more.Get(id)
}

// Set gives an id that has none an ordinal.
func (x *ids) Set(o *owner, id string, ord uint32) {
	if x.owner != o {
		x.owner, x.more = o, forkMap(x.more)
	}
	x.more.Set(id, ord)
}

// Scan calls f with all ids in ascending order, until f says no.
func (x *ids) Scan(f func(id string, ord uint32) bool) { x.Ascend("", f) }

// Ascend calls f with the ids from one on in ascending order, until f says no.
func (x *ids) Ascend(from string, f func(id string, ord uint32) bool) {
	next, _ := slices.BinarySearch(x.loaded, from)
	on := true
	loadedBefore := func(less func(id string) bool) {
		for ; on && next < len(x.loaded) && less(x.loaded[next]); next++ {
			on = f(x.loaded[next], uint32(next)) //nolint:gosec // an ordinal
		}
	}
	x.more.Ascend(from, func(id string, ord uint32) bool {
		loadedBefore(func(other string) bool { return strings.Compare(other, id) < 0 })
		on = on && f(id, ord)
		return on
	})
	loadedBefore(func(string) bool { return true })
}

// Reverse calls f with all ids in descending order, until f says no.
func (x *ids) Reverse(f func(id string, ord uint32) bool) {
	x.down(len(x.loaded), x.more.Reverse, f)
}

// Descend calls f with the ids from one on in descending order, until f says no.
func (x *ids) Descend(from string, f func(id string, ord uint32) bool) {
	end, found := slices.BinarySearch(x.loaded, from)
	if found {
		end++
	}
	x.down(end, func(visit func(string, uint32) bool) { x.more.Descend(from, visit) }, f)
}

// down merges the loaded ids before a place with the others that walk yields.
func (x *ids) down(end int, walk func(func(string, uint32) bool), f func(id string, ord uint32) bool) {
	next, on := end-1, true
	loadedAfter := func(more func(id string) bool) {
		for ; on && next >= 0 && more(x.loaded[next]); next-- {
			on = f(x.loaded[next], uint32(next)) //nolint:gosec // an ordinal
		}
	}
	walk(func(id string, ord uint32) bool {
		loadedAfter(func(other string) bool { return strings.Compare(other, id) > 0 })
		on = on && f(id, ord)
		return on
	})
	loadedAfter(func(string) bool { return true })
}
