package directory

import (
	"encoding"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// write appends the canonical JSON of a value that can be addressed. It returns false when it cannot.
type write func(dst []byte, v reflect.Value) ([]byte, bool)

// planner works out how values are written, from their types and the json tags alone: a member that is added to a
// record has its place, its name and its rules with nothing else to be said.
type planner struct {
	above []reflect.Type // the structs around the one that is looked at
}

// of returns how the values of a type are written: by what this package knows, else by the library.
func (p *planner) of(t reflect.Type) write {
	switch {
	case t == reflect.TypeFor[Time]():
		return writeTime
	case t == reflect.TypeFor[Text]():
		return writeText
	case writesItself(t):
		return writeByLibrary
	}
	switch t.Kind() {
	case reflect.String:
		return writeString
	case reflect.Bool:
		return writeBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return writeInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return writeUint
	case reflect.Float64:
		return writeFloat
	case reflect.Pointer:
		return pointerWriter(p.of(t.Elem()))
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 { // base64
			return writeByLibrary
		}
		return sliceWriter(p.of(t.Elem()))
	case reflect.Struct:
		return p.structWriter(t)
	default:
		return writeByLibrary
	}
}

// structWriter returns how a struct is written: its members in the order of their names, of which the order of bytes is
// that of RFC 8785. A struct with a member or tag out of the ordinary is the library's.
func (p *planner) structWriter(t reflect.Type) write {
	if slices.Contains(p.above, t) { // it holds itself, and a plan has an end
		return writeByLibrary
	}
	p.above = append(p.above, t)
	members, ok := p.members(t, nil)
	p.above = p.above[:len(p.above)-1]
	slices.SortFunc(members, func(a, b member) int { return strings.Compare(a.name, b.name) })
	names := slices.CompactFunc(slices.Clone(members), func(a, b member) bool { return a.name == b.name })
	if !ok || len(names) < len(members) {
		return writeByLibrary
	}
	for i := range members {
		members[i].name = `,"` + members[i].name + `":`
	}
	return membersWriter(members)
}

// members returns the members of a struct, those of the envelope among them; false when one is out of the ordinary.
func (p *planner) members(t reflect.Type, above []int) (all []member, ok bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(slices.Clone(above), i)
		if f.Anonymous && f.Type == reflect.TypeFor[Envelope]() && f.Tag == "" {
			envelope, ok := p.members(f.Type, index)
			if !ok {
				return nil, false
			}
			all = append(all, envelope...)
			continue
		}
		m, ok := memberOf(f)
		if !ok {
			return nil, false
		}
		m.index, m.write = index, p.of(f.Type)
		all = append(all, m)
	}
	return all, true
}

// memberOf reads the tag of a field: a name of a to z, digits and underscores, and one of the two rules for leaving it out.
func memberOf(f reflect.StructField) (m member, ok bool) {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || !f.IsExported() {
		return m, false
	}
	m.name, m.bare = name, !writesItself(f.Type)
	switch options {
	case "":
		return m, true
	case "omitempty":
		m.omitEmpty = true
		return m, true
	case "omitzero":
		m.omitZero = true
		return m, !saysWhetherZero(f.Type)
	default:
		return m, false
	}
}

// writesItself tells whether a type has a method that the library asks for its JSON.
func writesItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.MarshalerTo]()) || p.Implements(reflect.TypeFor[json.Marshaler]()) ||
		p.Implements(reflect.TypeFor[encoding.TextAppender]()) || p.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// saysWhetherZero tells whether a type has a method that the library asks whether a value is zero.
func saysWhetherZero(t reflect.Type) bool {
	zeroer := reflect.TypeFor[interface{ IsZero() bool }]()
	return t.Implements(zeroer) || reflect.PointerTo(t).Implements(zeroer)
}
