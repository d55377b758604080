package directory

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ligatures are letters that stand for two and that Unicode does not take apart.
var ligatures = strings.NewReplacer("œ", "oe", "Œ", "oe", "æ", "ae", "Æ", "ae", "ß", "ss", "ẞ", "ss")

// Fold reduces a text to what matters when names are compared or searched: lower case, no accents or other marks,
// Arabic letters brought to one form (alef and hamza variants, ta marbuta, alef maksura, no tatweel, no vowel signs),
// Arabic and Persian digits to the European ones, everything that is neither letter nor digit, and what is not UTF-8,
// turned into single spaces.
func Fold(s string) string {
	if folded, ok := appendSimple(make([]byte, 0, len(s)), s); ok {
		return string(folded)
	}
	return foldByTables(s)
}

// AppendFolded appends what Fold makes of a text to a buffer, for who folds many.
func AppendFolded(to []byte, s string) []byte {
	if folded, ok := appendSimple(to, s); ok {
		return folded
	}
	return append(to, foldByTables(s)...)
}

// foldByTables folds any text.
func foldByTables(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range ligatures.Replace(norm.NFKD.String(strings.ToValidUTF8(s, " "))) {
		r = foldRune(r)
		switch {
		case r < 0:
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		default:
			space = true
		}
	}
	return b.String()
}

// The characters that appendSimple knows: below them are those of the Latin, Cyrillic, Arabic and many other scripts, and
// the marks between words.
const simpleCharacters = 0x2070

// What becomes of a character that does not become a letter or a digit.
const (
	notSimple = iota // it becomes several, or is not known
	dropped
	parting // words
)

// simpleFolds holds what becomes of each character by itself.
var simpleFolds = sync.OnceValue(func() *[simpleCharacters]rune {
	folds := new([simpleCharacters]rune)
	for r := range rune(simpleCharacters) {
		switch folded := foldByTables("a" + string(r) + "a"); {
		case folded == "aa":
			folds[r] = dropped
		case folded == "a a":
			folds[r] = parting
		case utf8.RuneCountInString(folded) == len("a?a"):
			folds[r], _ = utf8.DecodeRuneInString(folded[1:])
		}
	}
	return folds
})

// appendSimple folds what most names are, without the tables of Unicode; ok is false when there is more in the text.
func appendSimple(to []byte, s string) (folded []byte, ok bool) {
	folds := simpleFolds()
	to = slices.Grow(to, len(s))
	space, start := false, len(to)
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			if r, size = utf8.DecodeRuneInString(s[i:]); r >= simpleCharacters {
				return nil, false
			}
		}
		i += size
		f := folds[r]
		if f <= parting {
			if f == notSimple {
				return nil, false
			}
			space = space || f == parting
			continue
		}
		if space {
			space = false
			if len(to) > start {
				to = append(to, ' ')
			}
		}
		if f < utf8.RuneSelf {
			to = append(to, byte(f))
		} else {
			to = utf8.AppendRune(to, f)
		}
	}
	return to, true
}

// foldRune maps one decomposed character; -1 drops it without parting the word.
func foldRune(r rune) rune {
	switch r {
	case 'ـ', 'ء': // tatweel, hamza alone
		return -1
	case 'ٱ':
		return 'ا'
	case 'ة':
		return 'ه'
	case 'ى', 'ی':
		return 'ي'
	case 'ک':
		return 'ك'
	case 'ø', 'Ø':
		return 'o'
	case 'ł', 'Ł':
		return 'l'
	case 'đ', 'Đ':
		return 'd'
	case 'ı', 'İ':
		return 'i'
	}
	switch {
	case '٠' <= r && r <= '٩':
		return r - '٠' + '0'
	case '۰' <= r && r <= '۹':
		return r - '۰' + '0'
	}
	if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) {
		return -1
	}
	return unicode.ToLower(r)
}
