package directory

import (
	"reflect"
	"slices"
	"strconv"
)

// member is how one member of an object is written.
type member struct {
	name      string // once planned with what stands around it: ,"name":
	index     []int  // of the field, and before it of the embedded structs that hold it
	write     write
	omitZero  bool // left out when the value is the zero of its type
	omitEmpty bool // left out when its JSON is null, "", [] or {}
	bare      bool // of a type whose empty values can be told before they are written
}

// membersWriter writes a struct. Each member begins with a comma; the first comma becomes the brace.
func membersWriter(members []member) write {
	return func(dst []byte, v reflect.Value) ([]byte, bool) {
		start := len(dst)
		for i := range members {
			var ok bool
			if dst, ok = members[i].append(dst, v); !ok {
				return dst, false
			}
		}
		return closed(dst, start, '{', '}'), true
	}
}

// append writes the member of a struct, or leaves it out.
func (m *member) append(dst []byte, v reflect.Value) ([]byte, bool) {
	for _, i := range m.index {
		v = v.Field(i)
	}
	if m.omitZero && v.IsZero() || m.omitEmpty && m.bare && empty(v) {
		return dst, true
	}
	start := len(dst)
	dst = append(dst, m.name...)
	dst, ok := m.write(dst, v)
	if ok && m.omitEmpty && emptyJSON(dst[start+len(m.name):]) {
		dst = dst[:start]
	}
	return dst, ok
}

// empty tells whether a value is one whose JSON is empty, as far as that is easily seen.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String, reflect.Map, reflect.Slice:
		return v.Len() == 0
	case reflect.Pointer:
		return v.IsNil()
	default:
		return false
	}
}

func emptyJSON(text []byte) bool {
	switch string(text) {
	case "null", `""`, "[]", "{}":
		return true
	default:
		return false
	}
}

// closed sets the brackets around a list of which each item begins with a comma.
func closed(dst []byte, start int, left, right byte) []byte {
	if len(dst) == start {
		return append(dst, left, right)
	}
	dst[start] = left
	return append(dst, right)
}

func sliceWriter(item write) write {
	return func(dst []byte, v reflect.Value) ([]byte, bool) {
		start := len(dst)
		for i := range v.Len() {
			var ok bool
			if dst, ok = item(append(dst, ','), v.Index(i)); !ok {
				return dst, false
			}
		}
		return closed(dst, start, '[', ']'), true
	}
}

func pointerWriter(target write) write {
	return func(dst []byte, v reflect.Value) ([]byte, bool) {
		if v.IsNil() {
			return append(dst, "null"...), true
		}
		return target(dst, v.Elem())
	}
}

// writeByLibrary writes a value that the plan does not know.
func writeByLibrary(dst []byte, v reflect.Value) ([]byte, bool) {
	text, err := encodeByLibrary(v.Addr().Interface())
	return append(dst, text...), err == nil
}

func writeString(dst []byte, v reflect.Value) ([]byte, bool) { return appendString(dst, v.String()) }

func writeBool(dst []byte, v reflect.Value) ([]byte, bool) {
	return strconv.AppendBool(dst, v.Bool()), true
}

// exact is up to where each whole number is a JSON number of its own: RFC 8785 rounds those beyond as a float.
const exact = 1 << 53

func writeInt(dst []byte, v reflect.Value) ([]byte, bool) {
	n := v.Int()
	return strconv.AppendInt(dst, n, 10), -exact <= n && n <= exact
}

func writeUint(dst []byte, v reflect.Value) ([]byte, bool) {
	n := v.Uint()
	return strconv.AppendUint(dst, n, 10), n <= exact
}

// writeFloat writes the numbers that need no exponent; the others, and what is no number, are the library's.
func writeFloat(dst []byte, v reflect.Value) ([]byte, bool) {
	f := v.Float()
	switch size := max(f, -f); {
	case f == 0: // -0 too
		return append(dst, '0'), true
	case 1e-6 <= size && size < 1e21:
		return strconv.AppendFloat(dst, f, 'f', -1, 64), true
	default:
		return dst, false
	}
}

func writeTime(dst []byte, v reflect.Value) ([]byte, bool) {
	t, ok := reflect.TypeAssert[*Time](v.Addr())
	return t.appendJSON(dst), ok
}

// writeText writes the languages in order. The order of bytes is that of RFC 8785 as long as the tags are of ASCII.
func writeText(dst []byte, v reflect.Value) ([]byte, bool) {
	text, ok := reflect.TypeAssert[*Text](v.Addr())
	var room [4]string
	tags := room[:0]
	for tag := range *text {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	start := len(dst)
	for _, tag := range tags {
		from := len(dst)
		dst, ok = appendString(append(dst, ','), tag)
		if _, ascii := glance(dst[from:]); !ok || !ascii {
			return dst, false
		}
		if dst, ok = appendString(append(dst, ':'), (*text)[tag]); !ok {
			return dst, false
		}
	}
	return closed(dst, start, '{', '}'), ok
}
