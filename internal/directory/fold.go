package directory

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ligatures are letters that stand for two and that Unicode does not take apart.
var ligatures = strings.NewReplacer("œ", "oe", "Œ", "oe", "æ", "ae", "Æ", "ae", "ß", "ss", "ẞ", "ss")

// Fold reduces a text to what matters when names are compared or searched: lower case, no accents or other marks,
// Arabic letters brought to one form (alef and hamza variants, ta marbuta, alef maksura, no tatweel, no vowel signs),
// Arabic and Persian digits to the European ones, everything that is neither letter nor digit, and what is not UTF-8,
// turned into single spaces.
func Fold(s string) string {
	if folded, ok := foldASCII(s); ok {
		return folded
	}
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

// foldASCII folds what most names are, without the tables of Unicode; ok is false when there is more in the text.
func foldASCII(s string) (folded string, ok bool) {
	b := make([]byte, 0, len(s))
	space := false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 0x80:
			return "", false
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		default:
			space = true
			continue
		}
		if space && len(b) > 0 {
			b = append(b, ' ')
		}
		space = false
		b = append(b, c)
	}
	return string(b), true
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
