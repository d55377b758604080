package readmodel

import "slices"

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
	lists *lists         // of codes; unused unless multi
	sets  vector[*set]   // code → ordinals; pointers, so that a commit copies little
	words *dictionary    // code ↔ value; unused where codes are ordinals

	lastWord, lastList uint32 // that were asked for: most records have what the one before had
}

func newField(multi bool) field {
	return field{multi: multi, lists: newLists(), words: newDictionary()}
}

// load begins to take the words and the lists of a checkpoint.
func (f *field) load(o *owner) {
	f.words, f.lists = f.words.own(o), f.lists.own(o)
	f.words.loaded, f.lists.loaded = new(slots), new(slots)
	f.words.memory, f.lists.memory = new(lasting), new(lasting)
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

// enter adds a record to the set of a code.
func (f *field) enter(o *owner, code, ord uint32) {
	was := f.set(code)
	f.become(o, code, was, was.add(o, ord))
}

// leave takes a record out of the set of a code.
func (f *field) leave(o *owner, code, ord uint32) {
	was := f.set(code)
	f.become(o, code, was, was.remove(o, ord))
}

// become makes a set the one of a code, unless what stands there is the owner's and has changed itself.
func (f *field) become(o *owner, code uint32, was, is set) {
	if is.many != nil && is.many == was.many {
		return
	}
	kept := is
	f.sets.set(o, code, &kept)
}

// put writes the codes of a record, ascending and without doubles. The slice is copied when it is kept.
// A fresh record is one that no set holds yet.
func (f *field) put(o *owner, ord uint32, codes []uint32, fresh bool) {
	var buffer [1]uint32
	before := f.codes(ord, &buffer)
	if !fresh && slices.Equal(before, codes) {
		return
	}
	is, was := setsOf(codes), setsOf(before)
	if !fresh {
		for _, code := range was {
			if !slices.Contains(is, code) {
				f.leave(o, code, ord)
			}
		}
	}
	for _, code := range is {
		if fresh || !slices.Contains(was, code) {
			f.enter(o, code, ord)
		}
	}
	f.write(o, ord, codes)
}

// drop takes a record out of every set.
func (f *field) drop(o *owner, ord uint32) {
	var buffer [1]uint32
	for _, code := range setsOf(f.codes(ord, &buffer)) {
		f.leave(o, code, ord)
	}
	f.write(o, ord, nil)
}

// absence are the codes of the sets that hold a record without a value.
var absence = []uint32{none}

// setsOf returns the codes of the sets that hold a record of these codes: that of absence when there is none.
func setsOf(codes []uint32) []uint32 {
	if len(codes) == 0 {
		return absence
	}
	return codes
}

func (f *field) write(o *owner, ord uint32, codes []uint32) {
	switch {
	case len(codes) == 0:
		assign(&f.one, o, ord, none)
	case f.multi:
		assign(&f.one, o, ord, f.list(o, codes))
	default:
		assign(&f.one, o, ord, codes[0])
	}
}

// word returns the code of a value, giving it one when it has none; of the empty value it is none.
func (f *field) word(o *owner, value string) uint32 {
	if value == "" {
		return none
	}
	if f.lastWord != none && f.words.value(f.lastWord) == value {
		return f.lastWord
	}
	code := f.words.code(value)
	if code == none {
		f.words = f.words.own(o)
		code = f.words.add(value)
	}
	f.lastWord = code
	return code
}

// list returns the number of a list of codes that is not empty. The list is copied when it is kept.
func (f *field) list(o *owner, codes []uint32) uint32 {
	if f.lastList != none && slices.Equal(f.lists.values.at(f.lastList), codes) {
		return f.lastList
	}
	key := appendCodes(make([]byte, 0, 64), codes)
	number := f.lists.number(codes, key)
	if number == none {
		f.lists = f.lists.own(o)
		number = f.lists.add(codes, key)
	}
	f.lastList = number
	return number
}
