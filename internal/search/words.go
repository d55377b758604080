package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/internal/directory"
)

// maxRunes is how many letters of a word count. No word of a language is longer.
const maxRunes = 60

// Words folds a text and cuts it into words.
func Words(text string) []string {
	folded := directory.Fold(joinInitials(text))
	if folded == "" {
		return nil
	}
	words := make([]string, 0, 1+strings.Count(folded, " "))
	for word := range strings.SplitSeq(folded, " ") {
		words = append(words, shortened(withoutArticle(word)))
	}
	return words
}

func shortened(word string) string {
	if len(word) <= maxRunes || utf8.RuneCountInString(word) <= maxRunes {
		return word
	}
	return string([]rune(word)[:maxRunes])
}

// joinInitials takes out the full stops between single letters: O.I.T. becomes OIT.
func joinInitials(text string) string {
	if !strings.Contains(text, ".") {
		return text
	}
	runes := []rune(text)
	letter := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.Is(unicode.Mn, runes[i]))
	}
	single := func(i int) bool { return letter(i) && !letter(i-1) && !letter(i+1) }
	joined := make([]rune, 0, len(runes))
	for i, r := range runes {
		if r != '.' || !single(i-1) || !single(i+1) {
			joined = append(joined, r)
		}
	}
	return string(joined)
}

// articles are what the Arabic article looks like at the beginning of a word, with what is written together with it.
var articles = [...]string{"وال", "بال", "كال", "فال", "ولل", "ال", "لل"}

// withoutArticle takes off the Arabic article when at least three letters stay.
func withoutArticle(word string) string {
	if r, _ := utf8.DecodeRuneInString(word); !isArabic(r) {
		return word
	}
	for _, article := range articles {
		if rest, ok := strings.CutPrefix(word, article); ok && utf8.RuneCountInString(rest) >= 3 {
			return rest
		}
	}
	return word
}

func isArabic(r rune) bool { return r >= 0x0600 && r <= 0x06ff }

// isStop tells whether a folded word is one that names have or leave out without meaning anything by it.
func isStop(word string) bool {
	switch word {
	case "a", "an", "and", "at", "by", "for", "in", "of", "on", "the", "to", "with", // English
		"au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "par", "pour", "qu", "sur", // French
		"da", "das", "del", "della", "di", "do", "dos", "e", "el", "los", "las", "y", // Spanish, Portuguese, Italian
		"der", "die", "fur", "und", "von", "zu", // German
		"في", "من", "على", "علي", "الي", "عن", "و": // Arabic
		return true
	default:
		return false
	}
}

// lettersOf is how many letters a word has.
func lettersOf(word string) int { return utf8.RuneCountInString(word) }

// maxWeight is the most that a word weighs in the length of a text.
const maxWeight = 12

// lengthOf is what a word weighs when texts are compared by length.
func lengthOf(word string) int {
	if isStop(word) {
		return 1
	}
	return min(lettersOf(word), maxWeight)
}
