package interchange

import (
	"iter"
	"slices"
	"strings"

	"dalil/internal/directory"
)

// Languages holds the languages in which the texts of records are: kind, name of the text, tags. The zero value stands
// for French, Arabic and English, which every text has in any case.
type Languages map[directory.Kind]map[string][]string

// LanguagesOf returns the languages of the texts of some records.
func LanguagesOf(records iter.Seq[directory.Record]) Languages {
	found := make(Languages)
	for r := range records {
		for name, text := range texts(r) {
			found.add(r.RecordKind(), name, text)
		}
	}
	return found
}

// add notes the languages of a text.
func (l Languages) add(kind directory.Kind, name string, text directory.Text) {
	for lang := range text {
		if usualLanguage(lang) || slices.Contains(l[kind][name], lang) {
			continue
		}
		if l[kind] == nil {
			l[kind] = make(map[string][]string)
		}
		l[kind][name] = append(l[kind][name], lang)
	}
}

// of returns the languages of a text: the usual ones, then the others by the alphabet.
func (l Languages) of(kind directory.Kind, name string) []string {
	others := slices.Clone(l[kind][name])
	slices.SortFunc(others, strings.Compare)
	return append(usualLanguages(), others...)
}

// texts returns the texts of a record, in the order of its columns.
func texts(r directory.Record) iter.Seq2[string, directory.Text] {
	return func(yield func(string, directory.Text) bool) {
		switch r := r.(type) {
		case *directory.Actor:
			_ = yield("name", r.Name) && yield("acronym", r.Acronym) && yield("mandate", r.Mandate) && yield("summary", r.Summary)
		case *directory.Initiative:
			_ = yield("name", r.Name) && yield("acronym", r.Acronym) && yield("summary", r.Summary)
		case *directory.Function:
			_ = yield("label", r.Label) && yield("definition", r.Definition)
		case *directory.Role:
			yield("description", r.Description)
		case *directory.Relation:
			yield("description", r.Description)
		}
	}
}
