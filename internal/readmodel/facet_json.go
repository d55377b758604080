package readmodel

import (
	"strconv"

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
	return append(to, `,"count":`...)
}

// AppendQuoted appends a text as JSON. Most values and labels are plain ASCII and need no second look.
func AppendQuoted(to []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			to, _ = jsontext.AppendQuote(to, text) // its error tells of invalid UTF-8, which it has made valid
			return to
		}
	}
	to = append(to, '"')
	to = append(to, text...)
	return append(to, '"')
}
