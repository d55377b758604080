package readmodel

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// acronymIn returns the acronym that a name tells of itself, in brackets at its end or before a dash or a colon at its
// beginning; "" when it tells none.
func acronymIn(name string) string {
	if before, ok := strings.CutSuffix(name, ")"); ok {
		if at := strings.LastIndexByte(before, '('); at > 0 && isAcronym(before[at+1:]) {
			return before[at+1:]
		}
	}
	first, rest, more := strings.Cut(name, " ")
	before, marked := strings.CutSuffix(first, ":")
	switch second, _, _ := strings.Cut(rest, " "); second {
	case "–", "—", "-", ":":
		marked = true
	}
	if !more || !marked || !isAcronym(before) {
		return ""
	}
	return before
}

// mostInAcronym is how many letters an acronym has at the most: what has more is a word in capitals.
const mostInAcronym = 12

// isAcronym tells whether a text is one word with at least two capitals.
func isAcronym(text string) bool {
	if utf8.RuneCountInString(text) > mostInAcronym {
		return false
	}
	capitals := 0
	for i, r := range text {
		switch {
		case unicode.IsUpper(r):
			capitals++
		case unicode.IsLetter(r), i > 0 && (unicode.IsDigit(r) || strings.ContainsRune("-&/.", r)):
		default:
			return false
		}
	}
	return capitals >= 2
}
