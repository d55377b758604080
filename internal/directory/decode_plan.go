package directory

import (
	"encoding"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// read reads a value from a place in an unescaped text into one that is zero and can be set. It returns the place after it,
// and false for all that is not written as Encode writes it.
type read func(text string, at int, v reflect.Value) (end int, ok bool)

// readPlanner works out how values are read, from their types and the json tags alone, as planner does for writing.
type readPlanner struct {
	above []reflect.Type // the structs around the one that is looked at
}

// of returns how the values of a type are read; nil when they are the library's.
func (p *readPlanner) of(t reflect.Type) read {
	switch {
	case t == reflect.TypeFor[Time]():
		return readTime
	case t == reflect.TypeFor[Text]():
		return readText
	case readsItself(t):
		return nil
	}
	switch t.Kind() {
	case reflect.String:
		return readString
	case reflect.Bool:
		return readBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return readInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return readUint
	case reflect.Float64:
		return readFloat
	case reflect.Pointer:
		return pointerReader(t.Elem(), p.of(t.Elem()))
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 { // base64
			return nil
		}
		return sliceReader(t, p.of(t.Elem()))
	case reflect.Struct:
		return p.structReader(t)
	default:
		return nil
	}
}

// structReader returns how a struct is read: its members come in the order of their names.
func (p *readPlanner) structReader(t reflect.Type) read {
	if slices.Contains(p.above, t) {
		return nil
	}
	p.above = append(p.above, t)
	defer func() { p.above = p.above[:len(p.above)-1] }()
	written, ok := new(planner).members(t, nil)
	slices.SortFunc(written, func(a, b member) int { return strings.Compare(a.name, b.name) })
	members := make([]readMember, len(written))
	for i, m := range written {
		members[i] = readMember{name: `"` + m.name + `":`, index: m.index, read: p.of(t.FieldByIndex(m.index).Type)}
		ok = ok && members[i].read != nil && (i == 0 || m.name != written[i-1].name)
	}
	if !ok {
		return nil
	}
	return membersReader(members)
}

// readsItself tells whether a type has a method that the library gives its JSON to.
func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.UnmarshalerFrom]()) || p.Implements(reflect.TypeFor[json.Unmarshaler]()) ||
		p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}
