package fault

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Code names one thing that can be wrong. Codes are part of the HTTP contract: they are never renamed.
type Code string

// message is one entry of the catalogue: what a code says in each language. A {name} is filled from Args.
type message struct {
	code       Code
	en, fr, ar string
}

// catalogue joins the lists that stand in codes_*.go, each beside the codes it explains.
var catalogue = sync.OnceValue(func() map[Code]message {
	all := make(map[Code]message)
	for _, list := range [][]message{generalMessages, directoryMessages, ledgerMessages, serviceMessages, queryMessages, interchangeMessages, importMessages, analysisMessages} {
		for _, m := range list {
			all[m.code] = m
		}
	}
	return all
})

// Codes returns every code of the catalogue in alphabetical order.
func Codes() []Code {
	codes := make([]Code, 0, len(catalogue()))
	for code := range catalogue() {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

// Template says a code in a language (en, fr or ar; anything else reads as en), with its placeholders as they are.
// A code that the catalogue lacks is said by its own name.
func Template(lang string, code Code) string {
	m, ok := catalogue()[code]
	if !ok {
		return string(code)
	}
	switch lang {
	case "fr":
		return m.fr
	case "ar":
		return m.ar
	default:
		return m.en
	}
}

// placeholder matches what a message leaves open.
var placeholder = regexp.MustCompile(`\{([a-z_]+)\}`)

// Placeholders returns the names that a code's message leaves open, which Args has to give.
func Placeholders(code Code) []string {
	var names []string
	for _, match := range placeholder.FindAllStringSubmatch(Template("en", code), -1) {
		names = append(names, match[1])
	}
	return names
}

// Outline says a code in a language where nothing is known that could fill its placeholders.
func Outline(lang string, code Code) string {
	return placeholder.ReplaceAllLiteralString(Template(lang, code), "…")
}

// Message says a code in a language, with its placeholders filled.
func Message(lang string, code Code, args Args) string {
	text := Template(lang, code)
	if len(args) == 0 {
		return text
	}
	pairs := make([]string, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, "{"+name+"}", said(lang, value))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// said is what fills a placeholder.
func said(lang string, value any) string {
	switch value := value.(type) {
	case Listed:
		return value.in(lang)
	case Size:
		return value.in(lang)
	}
	if text := fmt.Sprint(value); text != "" {
		return text
	}
	return `""` // what is empty would not be seen
}

// Listed stands in Args for the values that an address of the API lists, where they are too many to name.
type Listed string

func (l Listed) in(lang string) string {
	switch lang {
	case "fr":
		return "une valeur que liste " + string(l)
	case "ar":
		return "قيمة من قائمة \u200e" + string(l) + "\u200e"
	default:
		return "a value that " + string(l) + " lists"
	}
}
