package httpapi

import (
	"slices"

	"golang.org/x/text/language"

	"dalil/internal/fault"
)

// defaultLang is the language of whoever asks for none, or for one that is not served.
const defaultLang = "fr"

// maxAcceptLanguage is how much of the header is worth reading.
const maxAcceptLanguage = 500

// languages are those of labels, in the order of the matcher.
func languages() []string { return []string{"fr", "ar", "en", "zgh"} }

var languageMatcher = language.NewMatcher([]language.Tag{
	language.French, language.Arabic, language.English, language.MustParse("zgh"),
})

// pickLanguage returns the language of a request: lang=, else Accept-Language, else French. A wrong lang= is refused
// elsewhere, in the language that the header asks for.
func pickLanguage(asked, header string) string {
	if slices.Contains(languages(), asked) {
		return asked
	}
	if header == "" || len(header) > maxAcceptLanguage {
		return defaultLang
	}
	if slices.Contains(languages(), header) {
		return header
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(tags) == 0 {
		return defaultLang
	}
	_, i, confidence := languageMatcher.Match(tags...)
	if confidence == language.No {
		return defaultLang
	}
	return languages()[i]
}

// messageLang is the language in which messages are said: there are none in Standard Moroccan Amazigh yet.
func messageLang(lang string) string {
	if lang == "zgh" {
		return defaultLang
	}
	return lang
}

// checkLang refuses a lang= that is not served.
func checkLang(asked string) error {
	if asked == "" || slices.Contains(languages(), asked) {
		return nil
	}
	return unknownValue("lang", asked, languages())
}

// unknownValue refuses the value of a parameter that takes one of a few.
func unknownValue(name, value string, expected []string) error {
	return fault.AtParameter(name, fault.CodeUnknownValue, fault.Args{"value": value, "expected": joinList(expected)})
}
