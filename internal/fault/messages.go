package fault

import (
	"fmt"
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

// Message says a code in a language (en, fr or ar; anything else reads as en), with its placeholders filled.
// A code that the catalogue lacks is said by its own name.
func Message(lang string, code Code, args Args) string {
	m, ok := catalogue()[code]
	if !ok {
		return string(code)
	}
	text := m.en
	switch lang {
	case "fr":
		text = m.fr
	case "ar":
		text = m.ar
	}
	if len(args) == 0 {
		return text
	}
	pairs := make([]string, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, "{"+name+"}", fmt.Sprint(value))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
