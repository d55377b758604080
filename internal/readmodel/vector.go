package readmodel

// owner is the identity of an edit between two snapshots: what carries it belongs to that edit alone and may be
// changed in place, everything else is shared and copied at its first change.
type owner struct{ _ byte } // not of size zero: two owners must have two addresses

const (
	leafBits  = 6
	leafSize  = 1 << leafBits
	innerBits = 2 * leafBits
)

// vector is a persistent array by ordinal: a copy of the struct is a copy of the whole. What was never set is zero.
type vector[T any] struct {
	owner  *owner
	inners []*inner[T]
}

type inner[T any] struct {
	owner  *owner
	leaves [leafSize]*leaf[T]
}

type leaf[T any] struct {
	owner *owner
	items [leafSize]T
}

// at returns an element.
func (v *vector[T]) at(i uint32) (element T) {
	if l := v.leaf(i); l != nil {
		return l.items[i%leafSize]
	}
	return element
}

// leaf returns the run of elements that holds i, or nil when none of them was ever set.
func (v *vector[T]) leaf(i uint32) *leaf[T] {
	n := int(i >> innerBits)
	if n >= len(v.inners) || v.inners[n] == nil {
		return nil
	}
	return v.inners[n].leaves[i>>leafBits%leafSize]
}

// place returns where an element stands, for the owner to write.
func (v *vector[T]) place(o *owner, i uint32) *T {
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
		if *at != nil {
			own.items = (*at).items
		}
		*at = own
	}
	return &(*at).items[i%leafSize]
}

// set writes an element.
func (v *vector[T]) set(o *owner, i uint32, element T) { *v.place(o, i) = element }

// assign writes an element unless it is there already.
func assign[T comparable](v *vector[T], o *owner, i uint32, element T) {
	if v.at(i) != element {
		v.set(o, i, element)
	}
}
