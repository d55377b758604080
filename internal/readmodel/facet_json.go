package readmodel

import (
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// AppendJSON appends the value as the API says it: {"value":…,"label":…,"count":…}.
func (v FacetValue) AppendJSON(to []byte) []byte {
	if v.json != "" {
		to = append(to, v.json...)
	} else {
		to = v.appendNames(to)
	}
	to = strconv.AppendInt(to, int64(v.Count), 10)
	return append(to, '}')
}

// appendNames appends what stands before the count.
func (v *FacetName) appendNames(to []byte) []byte {
	to = append(to, `{"value":`...)
	to = AppendQuoted(to, v.Value)
	to = append(to, `,"label":`...)
	to = AppendQuoted(to, v.Label)
	if v.Parent != "" {
		to = append(to, `,"parent":`...)
		to = AppendQuoted(to, v.Parent)
	}
	return append(to, `,"count":`...)
}

// AppendQuoted appends a text as JSON. Most values and labels stand there as they are and need no second look.
func AppendQuoted(to []byte, text string) []byte {
	wide := byte(0)
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c == '"' || c == '\\' {
			to, _ = jsontext.AppendQuote(to, text) // its error tells of invalid UTF-8, which it has made valid
			return to
		}
		wide |= c
	}
	if wide >= utf8.RuneSelf && !utf8.ValidString(text) {
		to, _ = jsontext.AppendQuote(to, text) // as above
		return to
	}
	to = append(to, '"')
	to = append(to, text...)
	return append(to, '"')
}
