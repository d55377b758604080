package readmodel

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"slices"

	"github.com/tidwall/btree"
)

// lists gives every distinct list of codes a number, for good.
type lists struct {
	owner  *owner
	loaded *slots                    // of those that a checkpoint had
	memory *lasting                  // of these
	tree   btree.Map[string, uint32] // codes as bytes → number, of the others
	values vector[[]uint32]
	size   uint32
}

func newLists() *lists { return &lists{tree: *btree.NewMap[string, uint32](mapDegree)} }

// own returns the lists as the owner's to add to.
func (l *lists) own(o *owner) *lists {
	if l.owner == o {
		return l
	}
	own := *l
	own.owner, own.tree = o, forkMap(l.tree)
	return &own
}

// load returns the number of a list of a checkpoint. The list is copied when it is kept.
func (l *lists) load(codes []uint32) uint32 {
	key := make([]byte, 0, 64)
	if n := l.known(codes, appendCodes(key, codes)); n != none {
		return n
	}
	n := l.keep(l.memory.list(codes))
	l.loaded.add(n, func(n uint32) uint64 { return maphash.Bytes(slotSeed, appendCodes(key, l.values.at(n))) })
	return n
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

// number returns the number of a list; none when no record ever had it.
func (l *lists) number(codes []uint32, key []byte) uint32 {
	if n := l.known(codes, key); n != none {
		return n
	}
	n, _ := l.tree.Get(string(key))
	return n
}

// add gives a list that has none a number.
func (l *lists) add(codes []uint32, key []byte) uint32 {
	n := l.keep(slices.Clone(codes))
	l.tree.Set(string(key), n)
	return n
}

func (l *lists) keep(codes []uint32) uint32 {
	l.size++
	l.values.set(l.owner, l.size, codes)
	return l.size
}

// dictionary gives every distinct value of a member a code, for good.
type dictionary struct {
	owner  *owner
	loaded *slots                    // of the values that a checkpoint had
	memory *lasting                  // of these
	tree   btree.Map[string, uint32] // of the others
	values vector[string]
	size   uint32
}

func newDictionary() *dictionary {
	return &dictionary{tree: *btree.NewMap[string, uint32](mapDegree)}
}

// own returns the dictionary as the owner's to add to.
func (d *dictionary) own(o *owner) *dictionary {
	if d.owner == o {
		return d
	}
	own := *d
	own.owner, own.tree = o, forkMap(d.tree)
	return &own
}

// load returns the code of a value of a checkpoint; of the empty value it is none.
func (d *dictionary) load(value string) uint32 {
	if value == "" {
		return none
	}
	if code := d.known(value); code != none {
		return code
	}
	code := d.keep(d.memory.text(value))
	d.loaded.add(code, func(code uint32) uint64 { return hashText(d.values.at(code)) })
	return code
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

// add gives a value that has none a code.
func (d *dictionary) add(value string) uint32 {
	code := d.keep(value)
	d.tree.Set(value, code)
	return code
}

func (d *dictionary) keep(value string) uint32 {
	d.size++
	d.values.set(d.owner, d.size, value)
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
