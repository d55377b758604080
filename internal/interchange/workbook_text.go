package interchange

import (
	"unicode/utf8"
)

// appendCellText appends a text as a cell of a sheet has it: in XML, and with the underscore of what would be read as
// _x0041_, the workbooks' own way to write a character by its number, written that way itself. A character that XML
// does not have becomes the replacement character.
func appendCellText(to, text []byte) []byte {
	done := 0
	for i := 0; i < len(text); {
		as, size := cellEscape(text[i:])
		if as != "" {
			to = append(append(to, text[done:i]...), as...)
			done = i + size
		}
		i += size
	}
	return append(to, text[done:]...)
}

// cellEscape returns what the first character of a text is written as, "" for itself, and how many bytes it has.
func cellEscape(text []byte) (as string, size int) {
	switch c := text[0]; {
	case c == '&':
		return "&amp;", 1
	case c == '<':
		return "&lt;", 1
	case c == '>':
		return "&gt;", 1
	case c == '\r':
		return "&#xD;", 1
	case c == '\t', c == '\n':
		return "", 1
	case c < ' ':
		return "\uFFFD", 1
	case c == '_' && numbered(text):
		return "_x005F_", 1
	case c < utf8.RuneSelf:
		return "", 1
	}
	r, size := utf8.DecodeRune(text)
	if r == utf8.RuneError || r == '\uFFFE' || r == '\uFFFF' {
		return "\uFFFD", size
	}
	return "", size
}

// numbered tells whether a text begins with a character written by its number: _x0041_.
func numbered(text []byte) bool {
	if len(text) < len("_x0041_") || text[1] != 'x' || text[6] != '_' {
		return false
	}
	for _, c := range text[2:6] {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
			return false
		}
	}
	return true
}

// spaceInXML tells whether a reader of XML may drop a character where it stands at an end of a text.
func spaceInXML(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
