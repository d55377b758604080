package directory

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// appendString appends a text as the shortest JSON string, which is that of RFC 8785; false for what is not UTF-8.
//
// Nearly every text stands between its quotes as it is. The library writes the others.
func appendString(dst []byte, s string) ([]byte, bool) {
	start := len(dst)
	dst = append(dst, '"')
	dst = append(dst, s...)
	if escaped, ascii := glance(dst[start+1:]); escaped || !ascii && !utf8.ValidString(s) {
		dst, err := jsontext.AppendQuote(dst[:start], s)
		return dst, err == nil
	}
	return append(dst, '"'), true
}

// glance tells whether a text has a character that JSON escapes, and whether it is of ASCII alone. It looks at eight
// bytes at a time: a byte below n is one whose highest bit is set by taking n away, and was not set before.
func glance(text []byte) (escaped, ascii bool) {
	const each, highest = 0x0101010101010101, 0x8080808080808080
	var found, all uint64
	for ; len(text) >= 8; text = text[8:] {
		eight := binary.LittleEndian.Uint64(text)
		quote, backslash := eight^each*'"', eight^each*'\\' // 0 where it is one
		found |= (eight-each*' ')&^eight | (quote-each)&^quote | (backslash-each)&^backslash
		all |= eight
	}
	for _, c := range text {
		if c < ' ' || c == '"' || c == '\\' {
			found = highest
		}
		all |= uint64(c)
	}
	return found&highest != 0, all&highest == 0
}
