package httpapi

import (
	"bytes"
	"reflect"
	"slices"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// membersOf returns the top-level members that a record of a kind may have, from its struct, in alphabetical order.
func membersOf(kind directory.Kind) []string {
	var names []string
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		for f := range t.Fields() {
			if f.Anonymous {
				walk(f.Type)
				continue
			}
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
				names = append(names, name)
			}
		}
	}
	walk(reflect.TypeOf(kind.New()).Elem())
	slices.Sort(names)
	return names
}

// fields reads which members of the records are wanted; nil is all of them. The id and the version always come.
func (c *call) fields() ([]string, error) {
	if !c.query.has("fields") {
		return nil, nil
	}
	wanted := c.query.list("fields")
	for _, name := range wanted {
		if _, ok := slices.BinarySearch(c.route.members, name); !ok {
			return nil, fault.AtParameter("fields", fault.CodeUnknownField, fault.Args{"value": name})
		}
	}
	wanted = append(wanted, "id", "version")
	slices.Sort(wanted)
	return slices.Compact(wanted), nil
}

// fieldsMark is the part of an entity tag that tells which members an answer has.
func fieldsMark(fields []string) string {
	if fields == nil {
		return ""
	}
	var d digester
	for _, name := range fields {
		d.add(name)
	}
	return "f-" + d.mark()
}

// projected returns the canonical JSON of a record with some of its members only; all of them when fields is nil.
func projected(json []byte, fields []string) []byte {
	if fields == nil {
		return json
	}
	out := append(make([]byte, 0, len(json)/2), '{')
	for i := 1; i < len(json)-1; {
		start := i
		name := json[i+1 : i+1+bytes.IndexByte(json[i+1:], '"')] // our members' names need no escape
		i = valueEnd(json, i+len(name)+3)
		if _, ok := slices.BinarySearch(fields, string(name)); ok {
			if len(out) > 1 {
				out = append(out, ',')
			}
			out = append(out, json[start:i]...)
		}
		i++ // the comma
	}
	return append(out, '}')
}

// valueEnd returns where the JSON value that begins at i ends. The text is canonical: valid and without spaces.
func valueEnd(json []byte, i int) int {
	depth, quoted := 0, false
	for ; i < len(json); i++ {
		switch b := json[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			depth++
		case b == '}' || b == ']':
			if depth == 0 {
				return i
			}
			depth--
		case b == ',' && depth == 0:
			return i
		}
	}
	return i
}
