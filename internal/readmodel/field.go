package readmodel

import (
	"cmp"
	"slices"

	"github.com/tidwall/btree"
)

// none is the code of absence: a record without a value stands in that set.
const none uint32 = 0

// field is one member of the records of a table, both ways: the codes of each record, and the records of each code.
// Codes count from 1; of a member that names records they are the ordinal of the record named, plus one.
type field struct {
	multi bool
	one   vector[uint32]   // ordinal → code, when not multi
	many  vector[[]uint32] // ordinal → codes ascending, when multi
	sets  vector[set]      // code → ordinals
	words dictionary       // code ↔ value; unused where codes are ordinals
}

// codes returns the codes of a record; a buffer of one serves the members that have at most one.
func (f *field) codes(ord uint32, buffer *[1]uint32) []uint32 {
	if f.multi {
		return f.many.at(ord)
	}
	buffer[0] = f.one.at(ord)
	if buffer[0] == none {
		return nil
	}
	return buffer[:]
}

// set returns the records of a code.
func (f *field) set(code uint32) set { return f.sets.at(code) }

// put writes the codes of a record, ascending and without doubles. The slice is copied when it is kept.
// A fresh record is one that no set holds yet.
func (f *field) put(o *owner, ord uint32, codes []uint32, fresh bool) {
	var buffer [1]uint32
	before := f.codes(ord, &buffer)
	if !fresh && slices.Equal(before, codes) {
		return
	}
	if !fresh {
		f.eachSet(before, func(code uint32) {
			if !slices.Contains(codes, code) {
				f.sets.set(o, code, f.sets.at(code).remove(o, ord))
			}
		})
	}
	f.eachSet(codes, func(code uint32) {
		if fresh || !slices.Contains(before, code) {
			f.sets.set(o, code, f.sets.at(code).add(o, ord))
		}
	})
	f.write(o, ord, codes)
}

// drop takes a record out of every set.
func (f *field) drop(o *owner, ord uint32) {
	var buffer [1]uint32
	f.eachSet(f.codes(ord, &buffer), func(code uint32) {
		f.sets.set(o, code, f.sets.at(code).remove(o, ord))
	})
	f.write(o, ord, nil)
}

// eachSet calls f with the codes of the sets that hold a record of these codes: that of absence when there is none.
func (*field) eachSet(codes []uint32, f func(code uint32)) {
	if len(codes) == 0 {
		f(none)
		return
	}
	for _, code := range codes {
		f(code)
	}
}

func (f *field) write(o *owner, ord uint32, codes []uint32) {
	switch {
	case f.multi && len(codes) == 0:
		if f.many.at(ord) != nil {
			f.many.set(o, ord, nil)
		}
	case f.multi:
		f.many.set(o, ord, slices.Clone(codes))
	case len(codes) == 0:
		assign(&f.one, o, ord, none)
	default:
		assign(&f.one, o, ord, codes[0])
	}
}

// dictionary gives every distinct value of a member a code, for good.
type dictionary struct {
	tree   btree.Map[string, uint32]
	values vector[string]
	size   uint32
}

// code returns the code of a value; none when no record ever had it.
func (d *dictionary) code(value string) uint32 {
	code, _ := d.tree.Get(value)
	return code
}

// intern returns the code of a value, giving it one when it has none; of the empty value it is none.
func (d *dictionary) intern(o *owner, value string) uint32 {
	if value == "" {
		return none
	}
	if code, ok := d.tree.Get(value); ok {
		return code
	}
	d.size++
	d.tree.Set(value, d.size)
	d.values.set(o, d.size, value)
	return d.size
}

// value returns the value of a code.
func (d *dictionary) value(code uint32) string { return d.values.at(code) }

// fork returns a copy that may go on by itself.
func (d dictionary) fork() dictionary {
	d.tree = forkMap(d.tree)
	return d
}

// forkMap returns a copy of a tree that shares its nodes until they change. The tree given is only read: readers of a
// snapshot may be using it, and the library's own IsoCopy writes to its receiver.
func forkMap[K cmp.Ordered, V any](tree btree.Map[K, V]) btree.Map[K, V] {
	return *tree.IsoCopy()
}
