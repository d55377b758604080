package readmodel

import (
	"slices"
	"testing"

	"dalil/internal/directory"
)

// TestTextLanguagesTellsLanguagesApart compares the numbers with the languages themselves, of every pair of some records.
func TestTextLanguagesTellsLanguagesApart(t *testing.T) {
	text := func(tags ...string) directory.Text {
		out := make(directory.Text)
		for _, tag := range tags {
			out[tag] = "x"
		}
		return out
	}
	records := []directory.Record{
		&directory.Actor{Name: text("fr")},
		&directory.Actor{Name: text("ar", "en"), Summary: text("fr")},
		&directory.Actor{Name: text("und")},
		&directory.Actor{Name: text("und", "fr")},
		&directory.Actor{Name: text("fr"), Acronym: text("und")},
		&directory.Actor{Name: text("ja", "und"), Acronym: text("und")},
		&directory.Actor{Name: text("und", "ja", "en"), Acronym: text("und", "fr")},
		&directory.Initiative{Name: text("und")},
		&directory.Role{},
		&directory.Role{Description: text("en")},
		&directory.Role{Description: text("zgh")},
		&directory.Source{Title: "x"},
	}
	others := func(r directory.Record) []string {
		var all []string
		for name, text := range directory.Texts(r) {
			for _, tag := range text.Languages() {
				if !directory.UsualLanguage(tag) {
					all = append(all, string(r.RecordKind())+" "+name+" "+tag)
				}
			}
		}
		return all
	}
	for _, a := range records {
		one := &Entry{languages: textLanguages(a)}
		number, ok := one.TextLanguages()
		if !ok || (number == 0) != (len(others(a)) == 0) {
			t.Errorf("%v: %d, %v", a, number, ok)
		}
		for _, b := range records {
			other, _ := (&Entry{languages: textLanguages(b)}).TextLanguages()
			if same := slices.Equal(others(a), others(b)); same != (number == other) {
				t.Errorf("%v and %v: %d and %d", others(a), others(b), number, other)
			}
		}
	}
}
