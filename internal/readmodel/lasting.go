package readmodel

import "strings"

// lasting holds texts and lists of codes that are kept for good, many of them in one piece of memory: the collector looks
// at each piece, and a directory has some hundred thousand ids.
type lasting struct {
	texts *strings.Builder
	codes []uint32
}

// lastingPiece is how large a piece is, in bytes.
const lastingPiece = 4 << 10

// text returns a copy of a text.
func (l *lasting) text(s string) string {
	if l.texts == nil || l.texts.Cap()-l.texts.Len() < len(s) {
		l.texts = new(strings.Builder)
		l.texts.Grow(max(lastingPiece, len(s)))
	}
	from := l.texts.Len()
	l.texts.WriteString(s)
	return l.texts.String()[from:]
}

// list returns a copy of a list, which nobody may change or add to.
func (l *lasting) list(codes []uint32) []uint32 {
	if cap(l.codes)-len(l.codes) < len(codes) {
		l.codes = make([]uint32, 0, max(lastingPiece/4, len(codes)))
	}
	from := len(l.codes)
	l.codes = append(l.codes, codes...)
	return l.codes[from:len(l.codes):len(l.codes)]
}
