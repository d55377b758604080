package directory

import (
	"reflect"
	"strconv"
	"strings"
	"time"
)

// readMember is how one member of an object is read.
type readMember struct {
	name  string // with what stands around it: "name":
	index []int  // of the field, and before it of the embedded structs that hold it
	read  read
}

// membersReader reads a struct. Members that are not there are passed over; one that comes too late, twice or out of
// nowhere is after all of them.
func membersReader(members []readMember) read {
	return func(text string, at int, v reflect.Value) (int, bool) {
		at, more, ok := opened(text, at, '{', '}')
		for i := 0; more && ok; i++ {
			for i < len(members) && !strings.HasPrefix(text[at:], members[i].name) {
				i++
			}
			if i == len(members) {
				return at, false
			}
			m := &members[i]
			if at, ok = m.read(text, at+len(m.name), m.field(v)); ok {
				at, more, ok = next(text, at, '}')
			}
		}
		return at, ok
	}
}

func (m *readMember) field(v reflect.Value) reflect.Value {
	for _, i := range m.index {
		v = v.Field(i)
	}
	return v
}

// opened goes into an object or a list; more tells whether there is anything in it.
func opened(text string, at int, left, right byte) (inside int, more, ok bool) {
	if at+1 >= len(text) || text[at] != left {
		return at, false, false
	}
	if text[at+1] == right {
		return at + 2, false, true
	}
	return at + 1, true, true
}

// next goes on behind an item, to the next one or out of what holds them.
func next(text string, at int, right byte) (after int, more, ok bool) {
	if at >= len(text) {
		return at, false, false
	}
	return at + 1, text[at] == ',', text[at] == ',' || text[at] == right
}

func sliceReader(t reflect.Type, item read) read {
	if item == nil {
		return nil
	}
	between := ","
	if t.Elem().Kind() == reflect.Struct {
		between = "},{"
	}
	return func(text string, at int, v reflect.Value) (int, bool) {
		at, more, ok := opened(text, at, '[', ']')
		if !more {
			v.Set(reflect.MakeSlice(t, 0, 0))
			return at, ok
		}
		v.Grow(room(text, at, between))
		for n := 0; more && ok; n++ {
			v.Grow(1)
			v.SetLen(n + 1)
			if at, ok = item(text, at, v.Index(n)); ok {
				at, more, ok = next(text, at, ']')
			}
		}
		return at, ok
	}
}

// room guesses how many items a list has, by what stands between two of them and before the next bracket. Only a text
// with such signs in it leads it astray.
func room(text string, at int, between string) int {
	list := text[at:]
	if end := strings.IndexByte(list, ']'); end >= 0 {
		list = list[:end]
	}
	return strings.Count(list, between) + 1
}

func pointerReader(target reflect.Type, item read) read {
	if item == nil {
		return nil
	}
	return func(text string, at int, v reflect.Value) (int, bool) {
		p := reflect.New(target)
		v.Set(p)
		return item(text, at, p.Elem())
	}
}

// quoted returns the string at a place, without its quotes.
func quoted(text string, at int) (value string, end int, ok bool) {
	if at >= len(text) || text[at] != '"' {
		return "", at, false
	}
	size := strings.IndexByte(text[at+1:], '"')
	if size < 0 {
		return "", at, false
	}
	return text[at+1 : at+1+size], at + size + 2, true
}

func readString(text string, at int, v reflect.Value) (int, bool) {
	value, end, ok := quoted(text, at)
	v.SetString(value)
	return end, ok
}

func readBool(text string, at int, v reflect.Value) (int, bool) {
	switch {
	case strings.HasPrefix(text[at:], "true"):
		v.SetBool(true)
		return at + len("true"), true
	case strings.HasPrefix(text[at:], "false"):
		return at + len("false"), true
	default:
		return at, false
	}
}

// number returns the number at a place when it is one that needs no exponent. whole tells whether it has no fraction.
func number(text string, at int) (value string, end int, whole, ok bool) {
	digits := func(from int) int {
		for from < len(text) && '0' <= text[from] && text[from] <= '9' {
			from++
		}
		return from
	}
	first := at
	if first < len(text) && text[first] == '-' {
		first++
	}
	end = digits(first)
	ok = end == first+1 || end > first && text[first] != '0'
	whole = end >= len(text) || text[end] != '.'
	if !whole {
		from := end + 1
		end = digits(from)
		ok = ok && end > from
	}
	return text[at:end], end, whole, ok && (end >= len(text) || text[end]|0x20 != 'e')
}

func readInt(text string, at int, v reflect.Value) (int, bool) {
	value, end, whole, ok := number(text, at)
	n, err := strconv.ParseInt(value, 10, v.Type().Bits())
	if !ok || !whole || err != nil || n == 0 && value != "0" {
		return at, false
	}
	v.SetInt(n)
	return end, true
}

func readUint(text string, at int, v reflect.Value) (int, bool) {
	value, end, whole, ok := number(text, at)
	n, err := strconv.ParseUint(value, 10, v.Type().Bits())
	if !ok || !whole || err != nil {
		return at, false
	}
	v.SetUint(n)
	return end, true
}

func readFloat(text string, at int, v reflect.Value) (int, bool) {
	value, end, _, ok := number(text, at)
	f, err := strconv.ParseFloat(value, 64)
	if !ok || err != nil {
		return at, false
	}
	v.SetFloat(f)
	return end, true
}

// readTime reads a time as it is written, to the millisecond and in UTC.
func readTime(text string, at int, v reflect.Value) (int, bool) {
	value, end, ok := quoted(text, at)
	into, own := reflect.TypeAssert[*Time](v.Addr())
	if !ok || !own || len(value) != len(timeLayout) || value[len("2006-01-02T15:04:05")] != '.' {
		return at, false
	}
	t, err := time.Parse(timeLayout, value)
	if err != nil {
		return at, false
	}
	*into = Time{t}
	return end, true
}

// readText reads a text in several languages. They come in order, so none comes twice.
func readText(text string, at int, v reflect.Value) (int, bool) {
	into, own := reflect.TypeAssert[*Text](v.Addr())
	at, more, ok := opened(text, at, '{', '}')
	if !own || !ok {
		return at, false
	}
	words := make(Text)
	last := ""
	for first := true; more; first = false {
		tag, end, ok := quoted(text, at)
		if !ok || !first && tag <= last || end >= len(text) || text[end] != ':' {
			return at, false
		}
		value, end, ok := quoted(text, end+1)
		if !ok {
			return at, false
		}
		words[tag], last = value, tag
		if at, more, ok = next(text, end, '}'); !ok {
			return at, false
		}
	}
	*into = words
	return at, true
}
