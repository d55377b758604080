package readmodel

import "sync/atomic"

// owner is the identity of an edit between two snapshots: what carries it belongs to that edit alone and may be
// changed in place, everything else is shared and copied at its first change.
type owner struct{ _ byte } // not of size zero: two owners must have two addresses

const (
	leafBits  = 6
	leafSize  = 1 << leafBits
	innerBits = 2 * leafBits
)

// vector is a persistent array by ordinal: a copy of the struct is a copy of the whole. What was never set is zero.
//
// An element behind all that the vector has goes into the run that is there, though older copies share it: they do not
// look so far. Records are created at the end of two dozen vectors, so this saves a commit most of its copying.
type vector[T any] struct {
	owner  *owner
	size   uint32 // nothing at or behind it was ever set
	inners []*inner[T]
}

type inner[T any] struct {
	owner  *owner
	leaves [leafSize]*leaf[T]
}

type leaf[T any] struct {
	owner *owner
	taken atomic.Uint32 // the elements before it are somebody's
	items [leafSize]T
}

// at returns an element.
func (v *vector[T]) at(i uint32) (element T) {
	if i >= v.size {
		return element
	}
	if l := v.leaf(i); l != nil {
		return l.items[i%leafSize]
	}
	return element
}

// leaf returns the run of elements that holds i, or nil when none of them was ever set. Of it only what lies before
// the vector's size may be read.
func (v *vector[T]) leaf(i uint32) *leaf[T] {
	n := int(i >> innerBits)
	if n >= len(v.inners) || v.inners[n] == nil {
		return nil
	}
	return v.inners[n].leaves[i>>leafBits%leafSize]
}

// run returns the elements from one on that begins a run, as far as the vector has them; none when they were never set.
func (v *vector[T]) run(from uint32) []T {
	if l := v.leaf(from); l != nil && from < v.size {
		return l.items[:min(leafSize, v.size-from)]
	}
	return nil
}

// place returns where an element stands, for the owner to write.
func (v *vector[T]) place(o *owner, i uint32) *T {
	if i >= v.size {
		return v.grow(o, i)
	}
	return &v.writable(o, i).items[i%leafSize]
}

// grow makes the vector reach to an element behind all that it has. What it passes over stays zero, so nobody else may
// write that into a run that this vector shares.
func (v *vector[T]) grow(o *owner, i uint32) *T {
	from := i &^ (leafSize - 1)
	if had := v.size % leafSize; had > 0 && v.size < from {
		if l := v.leaf(v.size); !l.take(had, leafSize) {
			v.writable(o, v.size).taken.Store(leafSize)
		}
	}
	had := max(v.size, from) - from
	l := v.leaf(i)
	if l == nil || !l.take(had, i%leafSize+1) {
		l = v.writable(o, i)
		l.taken.Store(i%leafSize + 1)
	}
	v.size = i + 1
	return &l.items[i%leafSize]
}

// take claims elements of a run, up to one, for a vector that has those before another; of two vectors the first gets
// them.
func (l *leaf[T]) take(had, upTo uint32) bool { return l.taken.CompareAndSwap(had, upTo) }

// writable returns the run that holds an element, as one of the owner's.
func (v *vector[T]) writable(o *owner, i uint32) *leaf[T] {
	n := int(i >> innerBits)
	if v.owner != o || n >= len(v.inners) {
		inners := make([]*inner[T], max(len(v.inners), n+1))
		copy(inners, v.inners)
		v.inners, v.owner = inners, o
	}
	in := v.inners[n]
	if in == nil || in.owner != o {
		own := &inner[T]{owner: o}
		if in != nil {
			own.leaves = in.leaves
		}
		in, v.inners[n] = own, own
	}
	at := &in.leaves[i>>leafBits%leafSize]
	if *at == nil || (*at).owner != o {
		own := &leaf[T]{owner: o}
		from := i &^ (leafSize - 1)
		had := min(leafSize, max(v.size, from)-from)
		own.taken.Store(had)
		if *at != nil {
			copy(own.items[:had], (*at).items[:had])
		}
		*at = own
	}
	return *at
}

// set writes an element.
func (v *vector[T]) set(o *owner, i uint32, element T) { *v.place(o, i) = element }

// assign writes an element unless it is there already.
func assign[T comparable](v *vector[T], o *owner, i uint32, element T) {
	if v.at(i) != element {
		v.set(o, i, element)
	}
}
