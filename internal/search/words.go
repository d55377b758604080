package search

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/internal/directory"
)

// maxRunes is how many letters of a word count. No word of a language is longer.
const maxRunes = 60

// Words folds a text and cuts it into words.
func Words(text string) []string {
	var c cutter
	rest := c.fold(text)
	if len(rest) == 0 {
		return nil
	}
	words := make([]string, 0, 1+bytes.Count(rest, space))
	for len(rest) > 0 {
		var word []byte
		word, rest, _ = nextWord(rest)
		words = append(words, string(word))
	}
	return words
}

// cutter cuts texts into words, all in one buffer: an index is made of many short texts.
type cutter struct{ folded []byte }

// space parts the words of a folded text.
var space = []byte{' '}

// fold returns a text folded, for nextWord. It is valid until the next text.
func (c *cutter) fold(text string) []byte {
	c.folded = directory.AppendFolded(c.folded[:0], joinInitials(text))
	return c.folded
}

// nextWord cuts the first word off a folded text, and tells its hash.
func nextWord(folded []byte) (word, rest []byte, hash uint32) {
	h, end := wordSeed, len(folded)
	for i, c := range folded {
		if c == ' ' {
			end = i
			break
		}
		h = hashStep(h, c)
	}
	word = folded[:end]
	rest = folded[min(end+1, len(folded)):]
	if len(word) <= maxRunes && word[0] < utf8.RuneSelf {
		return word, rest, hashEnd(h)
	}
	word = shortened(withoutArticle(word))
	return word, rest, hashOf(word)
}

func shortened(word []byte) []byte {
	if len(word) <= maxRunes || utf8.RuneCount(word) <= maxRunes {
		return word
	}
	size := 0
	for range maxRunes {
		_, n := utf8.DecodeRune(word[size:])
		size += n
	}
	return word[:size]
}

// joinInitials takes out the full stops between single letters: O.I.T. becomes OIT.
func joinInitials(text string) string {
	if !mayHaveInitials(text) {
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

// mayHaveInitials tells whether there is a full stop between what may be single letters. Most stops end a sentence.
func mayHaveInitials(text string) bool {
	for i := 1; ; i++ {
		next := strings.IndexByte(text[min(i, len(text)):], '.')
		if i += next; next < 0 || i+1 >= len(text) {
			return false
		}
		before, after := text[i-1], text[i+1]
		if !mayBeLetter(before) || !mayBeLetter(after) || i > 1 && isLatin(before) && isLatin(text[i-2]) ||
			i+2 < len(text) && isLatin(after) && isLatin(text[i+2]) {
			continue
		}
		return true
	}
}

// mayBeLetter tells whether a byte is one of a letter, or of a character that may be one.
func mayBeLetter(b byte) bool { return b >= utf8.RuneSelf || isLatin(b) }

func isLatin(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// articles are what the Arabic article looks like at the beginning of a word, with what is written together with it.
var articles = [...]string{"وال", "بال", "كال", "فال", "ولل", "ال", "لل"}

// afterArticleLetters is how many letters must stay for the article to be taken off.
const afterArticleLetters = 3

// withoutArticle takes off the Arabic article when enough letters stay.
func withoutArticle(word []byte) []byte {
	if r, _ := utf8.DecodeRune(word); !isArabic(r) {
		return word
	}
	for _, article := range articles {
		if n := len(article); len(word) > n && string(word[:n]) == article && utf8.RuneCount(word[n:]) >= afterArticleLetters {
			return word[n:]
		}
	}
	return word
}

// afterArticle returns what follows the Arabic article in a word that so little follows that it was not taken off: when
// somebody is still typing, more will.
func afterArticle(word string) string {
	for _, article := range articles {
		if rest, ok := strings.CutPrefix(word, article); ok && lettersOf(rest) < afterArticleLetters {
			return rest
		}
	}
	return ""
}

// isArticle tells whether a word is the Arabic article alone, with or without what is written together with it.
func isArticle(word string) bool { return slices.Contains(articles[:], word) }

// beginsArticle tells whether a word is the one letter of an article that somebody who is still typing has written.
func beginsArticle(word string) bool { return word == "ا" || word == "ل" }

// mayBeginArticle tells whether a word is as much of an article, with what is written together with it, and as well the
// beginning of many a word (جامعة با: of باتنة, or of بالرباط).
func mayBeginArticle(word string) bool {
	return word == "وا" || word == "با" || word == "كا" || word == "فا"
}

func isArabic(r rune) bool { return r >= 0x0600 && r <= 0x06ff }

// arabic are the bytes that the letters of isArabic begin with, and no others: each is the beginning of many words.
var arabic = [...]string{"\xd8", "\xd9", "\xda", "\xdb"}

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
