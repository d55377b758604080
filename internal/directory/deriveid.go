package directory

import (
	"strings"
	"unicode"
)

// DeriveID returns the id that a record's content suggests: of a function its notation, of an actor or initiative its
// acronym or name, of a source its title; "" where nothing suggests one (roles, relations, names without Latin
// letters). It may be taken already.
func DeriveID(r Record) string {
	switch r := r.(type) {
	case *Function:
		return slug(r.Notation)
	case *Actor:
		return firstSlug(r.Acronym, r.Name)
	case *Initiative:
		return firstSlug(r.Acronym, r.Name)
	case *Source:
		return slug(r.Title)
	default:
		return ""
	}
}

// firstSlug returns the slug of the first text that has one, Latin-script languages first.
func firstSlug(texts ...Text) string {
	for _, t := range texts {
		for _, lang := range append([]string{"fr", "en"}, t.Languages()...) {
			if id := slug(t[lang]); id != "" {
				return id
			}
		}
	}
	return ""
}

// slug turns a text into an id: folded, Latin letters and digits, words joined by hyphens, at most 60 characters.
func slug(s string) string {
	var words []string
	length := 0
	for word := range strings.FieldsSeq(Fold(s)) {
		word = strings.Map(func(r rune) rune {
			if r < unicode.MaxASCII {
				return r
			}
			return -1
		}, word)
		if word == "" {
			continue
		}
		if length+len(word) > 60 {
			break
		}
		words = append(words, word)
		length += len(word) + 1
	}
	id := strings.Join(words, "-")
	if !ValidID(id) {
		return ""
	}
	return id
}
