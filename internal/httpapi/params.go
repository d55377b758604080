package httpapi

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/internal/fault"
)

// The bounds of a query.
const (
	maxValues     = 200
	maxValueRunes = 500 // of whatever is not bounded otherwise
)

// Param is a query parameter that an address takes.
type Param struct {
	Name string
	Many bool // it may be repeated
	Long bool // its length is judged elsewhere
}

// pair is one parameter as it was sent.
type pair struct{ name, value string }

// params are the parameters of a query in the order they were sent.
type params []pair

// parseParams reads a query. Nothing of it is passed over: what cannot be read is refused with its name. What can be read is
// returned all the same, as lang= says in which language the refusal is.
func parseParams(raw string) (all params, unread error) {
	if raw == "" {
		return nil, nil
	}
	all = make(params, 0, 8)
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(part, "=")
		if len(all) == maxValues { // of what cannot be read there is no more than the address is long
			return all, fault.AtParameter(said(rawName), fault.CodeTooManyValues, fault.Args{"max": maxValues})
		}
		p, err := parseParam(rawName, rawValue)
		switch {
		case err == nil:
			all = append(all, p)
		case unread == nil:
			unread = err
		}
	}
	return all, unread
}

func parseParam(rawName, rawValue string) (p pair, err error) {
	if p.name, err = url.QueryUnescape(rawName); err != nil || !readable(p.name) {
		return p, badText(rawName)
	}
	if p.value, err = url.QueryUnescape(rawValue); err != nil || !readable(p.value) {
		return p, badText(p.name)
	}
	return p, nil
}

// readable tells whether a text is UTF-8 without control characters.
func readable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

func badText(name string) error { return fault.AtParameter(said(name), fault.CodeBadCharacter, nil) }

// said is a name that somebody made up, as it is said back to them.
func said(name string) string {
	if name == "" {
		return "="
	}
	name = strings.ToValidUTF8(name, "\uFFFD")
	if r := []rune(name); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return name
}

// first returns the first value of a parameter, "" when there is none.
func (p params) first(name string) string {
	for i := range p {
		if p[i].name == name {
			return p[i].value
		}
	}
	return ""
}

// all returns the values of a parameter.
func (p params) all(name string) []string {
	var values []string
	for i := range p {
		if p[i].name == name {
			values = append(values, p[i].value)
		}
	}
	return values
}

// has tells whether a parameter was sent.
func (p params) has(name string) bool {
	for i := range p {
		if p[i].name == name {
			return true
		}
	}
	return false
}

// check refuses what an address does not take, all of it at once: unknown names, repeated single ones, empty values.
func (p params) check(r *Route) error {
	var fields []fault.Field
	refuse := func(name string, code fault.Code, args fault.Args) {
		fields = append(fields, fault.Field{Parameter: said(name), Code: code, Args: args})
	}
	for i := range p {
		name := p[i].name
		takes, known := find(r.Query, name)
		switch {
		case !known && slices.Contains(r.absence, name):
			refuse(name, fault.CodeNoRoleToFilter, nil)
		case !known:
			refuse(name, fault.CodeUnknownParameter, nil)
		case !takes.Many && p[:i].has(name):
			refuse(name, fault.CodeRepeatedParam, nil)
		case p[i].value == "":
			refuse(name, fault.CodeEmptyText, nil)
		case !takes.Long && utf8.RuneCountInString(p[i].value) > maxValueRunes:
			refuse(name, fault.CodeValueTooLong, fault.Args{"max": maxValueRunes})
		}
	}
	return fault.OfFields(fault.Malformed, fault.CodeBadParameter, fields)
}

func find(takes []Param, name string) (Param, bool) {
	for _, t := range takes {
		if t.Name == name {
			return t, true
		}
	}
	return Param{}, false
}

// integer reads a number from 1 to high.
func (p params) integer(name string, high, otherwise int) (int, error) {
	return p.integerFrom(1, name, high, otherwise)
}

// integerFrom reads a number from low to high.
func (p params) integerFrom(low int, name string, high, otherwise int) (int, error) {
	if !p.has(name) {
		return otherwise, nil
	}
	n, err := strconv.Atoi(p.first(name))
	if err != nil || n < low || n > high {
		return 0, fault.AtParameter(name, fault.CodeBadInteger, fault.Args{"min": low, "max": high})
	}
	return n, nil
}

// truth reads true or false.
func (p params) truth(name string, otherwise bool) (bool, error) {
	switch p.first(name) {
	case "":
		return otherwise, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	default:
		return false, fault.AtParameter(name, fault.CodeBadBoolean, nil)
	}
}

// oneOf reads a parameter that takes one of a few values, of which the first is the usual one.
func (p params) oneOf(name string, values []string) (string, error) {
	asked := p.first(name)
	switch {
	case asked == "":
		return values[0], nil
	case slices.Contains(values, asked):
		return asked, nil
	default:
		return "", unknownValue(name, asked, values)
	}
}

// list reads the values of a repeated parameter, each of which may be several with commas between.
func (p params) list(name string) []string {
	var values []string
	for i := range p {
		if p[i].name == name {
			values = append(values, splitList(p[i].value)...)
		}
	}
	return values
}
