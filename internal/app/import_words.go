package app

import (
	"fmt"
	"strings"

	"dalil/internal/config"
	"dalil/internal/service"
)

// languages are those in which import speaks of the rows.
var languages = []string{"fr", "ar", "en"}

// languageOf returns the language of the environment, as programs of the system choose theirs: English where it is none
// of ours.
func languageOf(env config.Env) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		value, _ := env(name)
		if value == "" {
			continue
		}
		for _, lang := range languages {
			if rest, ours := strings.CutPrefix(strings.ToLower(value), lang); ours && (rest == "" || strings.ContainsAny(rest[:1], "_-.@")) {
				return lang
			}
		}
		return "en"
	}
	return "en"
}

// importWords is what import says of the rows in one language, beside the messages of the catalogue.
type importWords struct {
	before, after                         string // of a possible duplicate, before and after it was made
	moreNotes, moreErrors, moreDuplicates string
}

// words returns the words in a language.
func words(lang string) importWords {
	switch lang {
	case "fr":
		return importWords{
			before:         "%[1]s est peut-être %[2]s (%[3]s) ; dites-le dans la colonne same_as : %[2]s, ou new",
			after:          "%[1]s est peut-être %[2]s (%[3]s) et a été créé ; si c’est le même, archivez %[1]s, écrivez %[2]s dans la colonne same_as et importez de nouveau, sinon écrivez new",
			moreNotes:      "%d autres remarques ne sont pas énumérées",
			moreErrors:     "%d autres erreurs ne sont pas énumérées",
			moreDuplicates: "%d autres doublons possibles ne sont pas énumérés",
		}
	case "ar":
		return importWords{
			before:         "قد يكون %[1]s هو %[2]s (%[3]s)؛ اكتبوا في العمود same_as: %[2]s أو new",
			after:          "قد يكون %[1]s هو %[2]s (%[3]s) وقد أُنشئ؛ إن كان هو نفسه فأرشفوا %[1]s واكتبوا %[2]s في العمود same_as وأعيدوا الاستيراد، وإلا فاكتبوا new",
			moreNotes:      "ملاحظات أخرى غير مدرجة: %d",
			moreErrors:     "أخطاء أخرى غير مدرجة: %d",
			moreDuplicates: "تكرارات محتملة أخرى غير مدرجة: %d",
		}
	default:
		return importWords{
			before:         "%[1]s may be %[2]s (%[3]s); say so in the column same_as: %[2]s, or new",
			after:          "%[1]s may be %[2]s (%[3]s), and was created; if it is the same, archive %[1]s, write %[2]s in the column same_as and import again, else write new",
			moreNotes:      "%d more notes are not listed",
			moreErrors:     "%d more errors are not listed",
			moreDuplicates: "%d more possible duplicates are not listed",
		}
	}
}

// possible says that a new actor may be one that is there, and what to do.
func (w importWords) possible(committed bool, id string, c service.Named) string {
	say := w.before
	if committed {
		say = w.after
	}
	return fmt.Sprintf(say, id, c.ID, c.Label)
}
