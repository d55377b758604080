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
		for name, text := range directory.Texts(r) {
			found.add(r.RecordKind(), name, text)
		}
	}
	return found
}

// add notes the languages of a text.
func (l Languages) add(kind directory.Kind, name string, text directory.Text) {
	if !text.InOtherLanguages() {
		return
	}
	for lang := range text {
		if directory.UsualLanguage(lang) || slices.Contains(l[kind][name], lang) {
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
