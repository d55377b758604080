package search

import (
	"slices"
	"unicode/utf8"
)

// variants returns what the beginning of a word could be if one letter of it, not the first, is wrong, missing, too much
// or has changed places with the next, as far as there are words that begin so.
func (m *Matcher) variants(letters []rune) []string {
	var all []string
	for i := 1; i < len(letters); i++ {
		all = append(all, string(slices.Delete(slices.Clone(letters), i, i+1)))
		if i+1 < len(letters) && letters[i] != letters[i+1] {
			swapped := slices.Clone(letters)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			all = append(all, string(swapped))
		}
		before, rest, after := string(letters[:i]), string(letters[i:]), string(letters[i+1:])
		for _, r := range m.following(before) {
			if r != letters[i] {
				all = append(all, before+string(r)+after, before+string(r)+rest)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// following returns the letters that come after a beginning in the words of the index.
func (m *Matcher) following(prefix string) []rune {
	var runes []rune
	b := m.x.base
	from, to := b.begun(prefix, 0, b.count())
	for from < to {
		word := b.words[from]
		if len(word) == len(prefix) {
			from++
			continue
		}
		r, size := utf8.DecodeRuneInString(word[len(prefix):])
		runes = append(runes, r)
		_, from = b.begun(word[:len(prefix)+size], from, to)
	}
	for _, l := range m.x.late {
		l.begun(prefix, func(word string, _ uint32) {
			if r, size := utf8.DecodeRuneInString(word[len(prefix):]); size > 0 && !slices.Contains(runes, r) {
				runes = append(runes, r)
			}
		})
	}
	return runes
}
