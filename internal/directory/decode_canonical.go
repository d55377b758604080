package directory

import (
	"encoding/binary"
	"reflect"
	"sync"
	"unicode/utf8"
)

// DecodeCanonical reads the canonical JSON of a record of a kind, as Encode wrote it. It is Decode for what comes back
// out of a ledger: the same record and the same refusals. The record's texts are parts of the one given, which they keep
// in memory.
//
// A start reads every record there is, so the records of every kind are read by a plan: once, in order, without a copy of
// a text. What a plan does not know, and all that is not just as Encode writes it, goes to the library.
func DecodeCanonical(kind Kind, text string) (Record, error) {
	record := kind.New()
	if read := readers()[reflect.TypeOf(record).Elem()]; read != nil && unescaped(text) {
		if end, ok := read(text, 0, reflect.ValueOf(record).Elem()); ok && end == len(text) {
			return record, nil
		}
	}
	return Decode(kind, []byte(text))
}

// readers returns how the records of each kind are read.
var readers = sync.OnceValue(func() map[reflect.Type]read {
	all := make(map[reflect.Type]read)
	for _, kind := range AllKinds() {
		record := reflect.TypeOf(kind.New()).Elem()
		all[record] = new(readPlanner).of(record)
	}
	return all
})

// unescaped tells whether a text is UTF-8 in which nothing is escaped, and no character stands that would have to be:
// each of its strings ends at the next quote. It looks at eight bytes at a time, as glance does.
func unescaped(text string) bool {
	const each, highest = 0x0101010101010101, 0x8080808080808080
	var found, all uint64
	bytes := []byte(text) // not copied: it is only read
	for ; len(bytes) >= 8; bytes = bytes[8:] {
		eight := binary.LittleEndian.Uint64(bytes)
		backslash := eight ^ each*'\\'
		found |= (eight-each*' ')&^eight | (backslash-each)&^backslash
		all |= eight
	}
	for _, c := range bytes {
		if c < ' ' || c == '\\' {
			return false
		}
		all |= uint64(c)
	}
	return found&highest == 0 && (all&highest == 0 || utf8.ValidString(text))
}
