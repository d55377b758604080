package directory

import (
	"bytes"
	"reflect"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Encode returns the canonical JSON (RFC 8785) of a record: the one encoding that is answered, hashed and kept.
//
// The JSON library says what that is: it writes the record and then puts it in order. A commit would wait for that
// longer than for its store, so the records of every kind are written by a plan instead, once and in order, to the same
// bytes. What a plan does not know goes to the library, and so does what cannot be written, for the library's error.
func Encode(r Record) ([]byte, error) {
	write, ok := plans()[reflect.TypeOf(r)]
	if !ok {
		return encodeByLibrary(r)
	}
	room, _ := encoded.Get().(*[]byte)
	text, ok := write((*room)[:0], reflect.ValueOf(r))
	if !ok {
		encoded.Put(room)
		return encodeByLibrary(r)
	}
	kept := bytes.Clone(text)
	if cap(text) <= keptRoom {
		*room = text
	}
	encoded.Put(room)
	return kept, nil
}

// AppendCanonical appends the canonical JSON of a value that is a member of a record, as Encode writes it within the record.
func AppendCanonical[T any](dst []byte, value *T) ([]byte, error) {
	if text, ok := planOf(reflect.TypeFor[T]())(dst, reflect.ValueOf(value).Elem()); ok {
		return text, nil
	}
	text, err := encodeByLibrary(value)
	return append(dst, text...), err
}

// planOf returns how the values of a type are written.
func planOf(t reflect.Type) write {
	if plan, ok := parts.Load(t); ok {
		return plan.(write) //nolint:errcheck,forcetypeassert // nothing else is stored
	}
	plan := new(planner).of(t)
	parts.Store(t, plan)
	return plan
}

// parts holds how the values that AppendCanonical was given are written, by their types.
var parts sync.Map

// encodeByLibrary is the slow way of Encode, which is right for every value.
func encodeByLibrary(value any) ([]byte, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, err //nolint:wrapcheck // the caller says which record
	}
	text := jsontext.Value(raw)
	if err := text.Canonicalize(); err != nil {
		return nil, err //nolint:wrapcheck // as above
	}
	return text, nil
}

// encoded holds room to write records in. A record grows as it is written; what is handed out is as long as it is.
var encoded = sync.Pool{New: func() any { return new(make([]byte, 0, 4<<10)) }}

// keptRoom is how much room a record may leave behind for the next: few are longer.
const keptRoom = 64 << 10

// plans returns how the records of each kind are written.
var plans = sync.OnceValue(func() map[reflect.Type]write {
	all := make(map[reflect.Type]write)
	for _, kind := range AllKinds() {
		record := reflect.TypeOf(kind.New())
		all[record] = new(planner).of(record)
	}
	return all
})
