package directory

import (
	"iter"
	"slices"
	"strings"
)

// Text is a text in several languages: BCP 47 tag → text; "und" when the language is not known.
type Text map[string]string

// fallbacks is the order in which a label is looked for when the language asked for has none.
var fallbacks = [...]string{"fr", "en", "ar", "zgh"}

// In returns the text in a language, else in fr, en, ar, zgh, else in the first language by alphabet.
// It is "" only when there is no text at all.
func (t Text) In(lang string) string {
	_, text := t.Best(lang)
	return text
}

// Best returns the language that In takes and its text.
func (t Text) Best(lang string) (tag, text string) {
	if len(t) == 1 { // as most have
		for tag, text = range t {
			return tag, text
		}
	}
	if s, ok := t[lang]; ok {
		return lang, s
	}
	for _, tag := range fallbacks {
		if s, ok := t[tag]; ok {
			return tag, s
		}
	}
	tags := t.Languages()
	if len(tags) == 0 {
		return "", ""
	}
	return tags[0], t[tags[0]]
}

// Languages returns the tags of the text in alphabetical order.
func (t Text) Languages() []string {
	tags := make([]string, 0, len(t))
	for tag := range t {
		tags = append(tags, tag)
	}
	slices.SortFunc(tags, strings.Compare)
	return tags
}

// UsualLanguage tells whether a language is French, Arabic or English, which all that people read is in.
func UsualLanguage(tag string) bool { return tag == "fr" || tag == "ar" || tag == "en" }

// InOtherLanguages tells whether the text is in another language than the usual ones.
func (t Text) InOtherLanguages() bool {
	usual := 0
	for _, tag := range [...]string{"en", "fr", "ar"} { // to look is faster than to go over them
		if _, ok := t[tag]; ok {
			usual++
		}
	}
	return usual < len(t)
}

// Texts returns the texts of a record in several languages by the names of their members: the shorter ones first, always in
// the same order.
func Texts(r Record) iter.Seq2[string, Text] {
	return func(yield func(string, Text) bool) {
		switch r := r.(type) {
		case *Actor:
			_ = yield("name", r.Name) && yield("acronym", r.Acronym) && yield("mandate", r.Mandate) && yield("summary", r.Summary)
		case *Initiative:
			_ = yield("name", r.Name) && yield("acronym", r.Acronym) && yield("summary", r.Summary)
		case *Function:
			_ = yield("label", r.Label) && yield("definition", r.Definition)
		case *Role:
			yield("description", r.Description)
		case *Relation:
			yield("description", r.Description)
		}
	}
}
