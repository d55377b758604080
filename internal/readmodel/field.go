package readmodel

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"slices"

	"github.com/tidwall/btree"
)

// none is the code of absence: a record without a value stands in that set.
const none uint32 = 0

// field is one member of the records of a table, both ways: the codes of each record, and the records of each code.
// Codes count from 1; of a member that names records they are the ordinal of the record named, plus one.
//
// Where a member has several values, each different list of codes is kept once, under a number, and the column holds
// that number: counting what has which code is then as fast as with one value.
type field struct {
	multi bool
	one   vector[uint32] // ordinal → code, or number of the list
	lists lists          // of codes; unused unless multi
	sets  vector[*set]   // code → ordinals; pointers, so that a commit copies little
	words dictionary     // code ↔ value; unused where codes are ordinals
}

func newField(multi bool) field {
	f := field{multi: multi}
	f.lists.tree, f.words.tree = *btree.NewMap[string, uint32](mapDegree), *btree.NewMap[string, uint32](mapDegree)
	return f
}

// codes returns the codes of a record; a buffer of one serves the members that have at most one.
func (f *field) codes(ord uint32, buffer *[1]uint32) []uint32 {
	n := f.one.at(ord)
	if n == none {
		return nil
	}
	if f.multi {
		return f.lists.values.at(n)
	}
	buffer[0] = n
	return buffer[:]
}

// set returns the records of a code.
func (f *field) set(code uint32) set {
	if s := f.sets.at(code); s != nil {
		return *s
	}
	return set{}
}

// setTo makes a set the one of a code.
func (f *field) setTo(o *owner, code uint32, s set) { f.sets.set(o, code, &s) }

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
				f.setTo(o, code, f.set(code).remove(o, ord))
			}
		})
	}
	f.eachSet(codes, func(code uint32) {
		if fresh || !slices.Contains(before, code) {
			f.setTo(o, code, f.set(code).add(o, ord))
		}
	})
	f.write(o, ord, codes)
}

// drop takes a record out of every set.
func (f *field) drop(o *owner, ord uint32) {
	var buffer [1]uint32
	f.eachSet(f.codes(ord, &buffer), func(code uint32) {
		f.setTo(o, code, f.set(code).remove(o, ord))
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
	case len(codes) == 0:
		assign(&f.one, o, ord, none)
	case f.multi:
		assign(&f.one, o, ord, f.lists.intern(o, codes))
	default:
		assign(&f.one, o, ord, codes[0])
	}
}

// fork returns a copy that may go on by itself.
func (f *field) fork() field {
	own := *f
	own.words.tree = forkMap(f.words.tree)
	own.lists.tree = forkMap(f.lists.tree)
	return own
}

// lists gives every distinct list of codes a number, for good.
type lists struct {
	loaded *slots                    // of those that a checkpoint had
	tree   btree.Map[string, uint32] // codes as bytes → number, of the others
	values vector[[]uint32]
	size   uint32
}

// load begins to take the lists of a checkpoint.
func (l *lists) load() { l.loaded = new(slots) }

// loadList returns the number of a list of a checkpoint. The list is copied when it is kept.
func (l *lists) loadList(o *owner, codes []uint32) uint32 {
	key := make([]byte, 0, 64)
	if n := l.known(codes, appendCodes(key, codes)); n != none {
		return n
	}
	l.size++
	l.values.set(o, l.size, slices.Clone(codes))
	l.loaded.add(l.size, func(n uint32) uint64 { return maphash.Bytes(slotSeed, appendCodes(key, l.values.at(n))) })
	return l.size
}

// known returns the number of a list that a checkpoint had; none of another.
func (l *lists) known(codes []uint32, key []byte) uint32 {
	if l.loaded == nil {
		return none
	}
	return l.loaded.find(maphash.Bytes(slotSeed, key), func(n uint32) bool { return slices.Equal(l.values.at(n), codes) })
}

func appendCodes(key []byte, codes []uint32) []byte {
	for _, code := range codes {
		key = binary.BigEndian.AppendUint32(key, code)
	}
	return key
}

// intern returns the number of a list that is not empty. The list is copied when it is kept.
func (l *lists) intern(o *owner, codes []uint32) uint32 {
	key := appendCodes(make([]byte, 0, 64), codes)
	if n := l.known(codes, key); n != none {
		return n
	}
	if n, ok := l.tree.Get(string(key)); ok {
		return n
	}
	l.size++
	l.tree.Set(string(key), l.size)
	l.values.set(o, l.size, slices.Clone(codes))
	return l.size
}

// dictionary gives every distinct value of a member a code, for good.
type dictionary struct {
	loaded *slots                    // of the values that a checkpoint had
	tree   btree.Map[string, uint32] // of the others
	values vector[string]
	size   uint32
}

// load begins to take the values of a checkpoint.
func (d *dictionary) load() { d.loaded = new(slots) }

// loadValue returns the code of a value of a checkpoint; of the empty value it is none.
func (d *dictionary) loadValue(o *owner, value string) uint32 {
	if value == "" {
		return none
	}
	if code := d.known(value); code != none {
		return code
	}
	d.size++
	d.values.set(o, d.size, value)
	d.loaded.add(d.size, func(code uint32) uint64 { return hashText(d.values.at(code)) })
	return d.size
}

// known returns the code of a value that a checkpoint had; none of another.
func (d *dictionary) known(value string) uint32 {
	if d.loaded == nil {
		return none
	}
	return d.loaded.find(hashText(value), func(code uint32) bool { return d.values.at(code) == value })
}

// code returns the code of a value; none when no record ever had it.
func (d *dictionary) code(value string) uint32 {
	if code := d.known(value); code != none {
		return code
	}
	code, _ := d.tree.Get(value)
	return code
}

// intern returns the code of a value, giving it one when it has none; of the empty value it is none.
func (d *dictionary) intern(o *owner, value string) uint32 {
	if value == "" {
		return none
	}
	if code := d.code(value); code != none {
		return code
	}
	d.size++
	d.tree.Set(value, d.size)
	d.values.set(o, d.size, value)
	return d.size
}

// value returns the value of a code.
func (d *dictionary) value(code uint32) string { return d.values.at(code) }

// mapDegree is that of the trees of ids and of values: a commit copies a path of a dozen of them, so their nodes are
// smaller than the library's own.
const mapDegree = 8

// forkMap returns a copy of a tree that shares its nodes until they change. The tree given is only read: readers of a
// snapshot may be using it, and the library's own IsoCopy writes to its receiver.
func forkMap[K cmp.Ordered, V any](tree btree.Map[K, V]) btree.Map[K, V] {
	return *tree.IsoCopy()
}
