package bench

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"dalil/internal/directory"
)

// SearchQuery is what somebody types who looks for the actor of a name.
type SearchQuery struct {
	Change string // what was done to the name
	Text   string
	Name   string // as the actor has it
}

// The changes that other queries are made of, too.
const (
	asItIs  = "as it is"
	oneTypo = "one typo"
)

// changes are what people do to names, in the order of the report. Each makes a query of a name, or "" when the name is
// not one for it.
var changes = []struct {
	name string
	make func(r *rand.Rand, n nameOf) string
}{
	{asItIs, func(_ *rand.Rand, n nameOf) string { return unless(n.acronym, n.value) }},
	{"one word dropped", func(r *rand.Rand, n nameOf) string { return unless(n.acronym, dropped(r, n.value, 3, 1)) }},
	{"two words dropped", func(r *rand.Rand, n nameOf) string { return unless(n.acronym, dropped(r, n.value, 5, 2)) }},
	{"two words swapped", func(r *rand.Rand, n nameOf) string { return unless(n.acronym, swapped(r, n.value)) }},
	{oneTypo, func(r *rand.Rand, n nameOf) string { return unless(n.acronym, mistyped(r, n.value, 1)) }},
	{"two typos", func(r *rand.Rand, n nameOf) string { return unless(n.acronym, mistyped(r, n.value, 2)) }},
	{"no accents", func(_ *rand.Rand, n nameOf) string { return unless(n.acronym, plain(n.value)) }},
	{"another language", func(_ *rand.Rand, n nameOf) string { return unless(n.acronym || !n.translated, n.value) }},
	{"acronym", func(_ *rand.Rand, n nameOf) string { return unless(!n.acronym || len(n.value) < 3, n.value) }},
	{"Arabic variants", func(r *rand.Rand, n nameOf) string { return unless(n.acronym, respelt(r, n.value)) }},
	{"a word more", func(r *rand.Rand, n nameOf) string { return unless(n.acronym || n.city == "", extended(r, n)) }},
	{"not typed to the end", func(r *rand.Rand, n nameOf) string { return unless(n.acronym, unfinished(r, n.value)) }},
	{"Arabic, half typed", func(r *rand.Rand, n nameOf) string {
		return unless(n.acronym || !isArabic(n.value), halfTyped(r, n.value))
	}},
}

// nameOf is one name of an actor.
type nameOf struct {
	value      string
	acronym    bool
	translated bool // it is in another language than the first name
	city       string
}

// SearchQueries returns queries made from the names of live actors, as many of each change, always the same for a seed.
// Actors and names are taken at random, each as often as another, whatever their language.
func SearchQueries(actors []directory.Record, each int, seed uint64) []SearchQuery {
	return changedNames(actors, each, seed, Changes()...)
}

// changedNames makes queries by some of the changes only.
func changedNames(actors []directory.Record, each int, seed uint64, wanted ...string) []SearchQuery {
	random := rand.New(rand.NewPCG(seed, 51370))
	var live []*directory.Actor
	for _, r := range actors {
		if a, ok := r.(*directory.Actor); ok && a.Status != directory.Archived {
			live = append(live, a)
		}
	}
	var queries []SearchQuery
	for _, change := range changes {
		if !slices.Contains(wanted, change.name) {
			continue
		}
		seen := make(map[string]bool)
		for tries := 0; len(seen) < each && tries < 2000*each; tries++ {
			names := namesOf(live[random.IntN(len(live))])
			n := names[random.IntN(len(names))]
			text := change.make(random, n)
			if directory.Fold(text) == "" || seen[text] {
				continue
			}
			seen[text] = true
			queries = append(queries, SearchQuery{change.name, text, n.value})
		}
	}
	return queries
}

// Changes returns what is done to names, in the order of the queries.
func Changes() []string {
	names := make([]string, len(changes))
	for i := range changes {
		names[i] = changes[i].name
	}
	return names
}

// Bears tells whether an actor has a name, as it is written but for case, accents and punctuation.
func Bears(a *directory.Actor, name string) bool {
	want := directory.Fold(name)
	return slices.ContainsFunc(namesOf(a), func(n nameOf) bool { return directory.Fold(n.value) == want })
}

// NamesOf returns all names and acronyms of an actor, as they are written.
func NamesOf(a *directory.Actor) []string {
	var all []string
	for _, n := range namesOf(a) {
		all = append(all, n.value)
	}
	return all
}

// namesOf returns all names of an actor, the first one as it would be shown.
func namesOf(a *directory.Actor) []nameOf {
	city := ""
	if len(a.Locations) > 0 {
		city = a.Locations[0].City
	}
	shown, _ := a.Name.Best("en")
	names := []nameOf{{value: a.Name[shown], city: city}}
	for _, lang := range a.Name.Languages() {
		if lang != shown {
			names = append(names, nameOf{value: a.Name[lang], translated: lang != "und" && shown != "und", city: city})
		}
	}
	for _, lang := range a.Acronym.Languages() {
		names = append(names, nameOf{value: a.Acronym[lang], acronym: true})
	}
	for _, other := range a.OtherNames {
		names = append(names, nameOf{value: other.Value, acronym: other.Type == directory.NameAcronym, city: city})
	}
	return names
}

func unless(not bool, text string) string {
	if not {
		return ""
	}
	return text
}

// dropped leaves out some words of a name that has enough of them.
func dropped(r *rand.Rand, name string, atLeast, n int) string {
	words := strings.Fields(name)
	if len(words) < atLeast {
		return ""
	}
	for range n {
		i := r.IntN(len(words))
		words = slices.Delete(words, i, i+1)
	}
	return strings.Join(words, " ")
}

// swapped exchanges two words.
func swapped(r *rand.Rand, name string) string {
	words := strings.Fields(name)
	if len(words) < 2 {
		return ""
	}
	i := r.IntN(len(words))
	j := (i + 1 + r.IntN(len(words)-1)) % len(words)
	words[i], words[j] = words[j], words[i]
	if strings.Join(words, " ") == name {
		return ""
	}
	return strings.Join(words, " ")
}

// mistyped makes typos, each in a word of at least four letters, two in one word only when it has eight.
func mistyped(r *rand.Rand, name string, n int) string {
	words := strings.Fields(name)
	typos := make([]int, len(words))
	for done, tries := 0, 0; done < n; tries++ {
		if tries == 50 {
			return ""
		}
		i := r.IntN(len(words))
		letters := []rune(words[i])
		if len(letters) < 4+4*typos[i] || slices.ContainsFunc(letters, func(r rune) bool { return !unicode.IsLetter(r) }) {
			continue
		}
		words[i] = typo(r, letters)
		typos[i]++
		done++
	}
	return strings.Join(words, " ")
}

// typo makes one: a letter missing, doubled, another one of the word in its place, or swapped with the next.
func typo(r *rand.Rand, letters []rune) string {
	i := r.IntN(len(letters))
	wrong := slices.Clone(letters)
	switch r.IntN(4) {
	case 0:
		wrong = slices.Delete(wrong, i, i+1)
	case 1:
		wrong = slices.Insert(wrong, i, letters[r.IntN(len(letters))])
	case 2:
		wrong[i] = letters[r.IntN(len(letters))]
	default:
		j := min(i, len(letters)-2)
		wrong[j], wrong[j+1] = wrong[j+1], wrong[j]
	}
	return string(wrong)
}

// plain leaves out the accents of a name in Latin letters that has some, and its capitals.
func plain(name string) string {
	var b strings.Builder
	accents := false
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r):
			accents = true
		case r < 0x250:
			b.WriteRune(r)
		default:
			return ""
		}
	}
	return unless(!accents, b.String())
}

// respelt writes an Arabic name as somebody else would: other forms of alef, ta marbuta and ya, the article of one word
// left out, vowel signs, tatweel.
func respelt(r *rand.Rand, name string) string {
	if !isArabic(name) {
		return ""
	}
	words := strings.Fields(name)
	if i := r.IntN(len(words)); len([]rune(words[i])) > 5 {
		words[i] = strings.TrimPrefix(words[i], "ال")
	}
	var b strings.Builder
	for _, letter := range strings.Join(words, " ") {
		if others, ok := arabicForms[letter]; ok && r.IntN(2) == 0 {
			letter = others[r.IntN(len(others))]
		}
		b.WriteRune(letter)
		if letter != ' ' && r.IntN(8) == 0 {
			b.WriteRune([]rune("\u064e\u064f\u0650\u0651\u0640")[r.IntN(5)])
		}
	}
	return unless(b.String() == name, b.String())
}

// isArabic tells whether a name has letters of Arabic.
func isArabic(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool { return r >= 'ا' && r <= 'ي' })
}

// arabicForms are the letters that people write for one another.
var arabicForms = map[rune][]rune{
	'ا': {'أ', 'إ', 'آ'}, 'أ': {'ا'}, 'إ': {'ا'}, 'آ': {'ا'}, 'ة': {'ه'}, 'ي': {'ى'}, 'ى': {'ي'},
}

// extended adds the city at the end, or a word that says what it is.
func extended(r *rand.Rand, n nameOf) string {
	if len(strings.Fields(n.value)) < 2 || strings.Contains(directory.Fold(n.value), directory.Fold(n.city)) {
		return ""
	}
	return n.value + " " + []string{n.city, "organisation", "official"}[r.IntN(3)]
}

// unfinished leaves out the end of the last word.
func unfinished(r *rand.Rand, name string) string {
	words := strings.Fields(name)
	last := []rune(words[len(words)-1])
	if len(words) < 2 || len(last) < 5 {
		return ""
	}
	words[len(words)-1] = string(last[:2+r.IntN(len(last)-3)])
	return strings.Join(words, " ")
}

// halfTyped leaves out the end of a name of several words, at most half of its letters, wherever that is in a word.
func halfTyped(r *rand.Rand, name string) string {
	letters := []rune(name)
	if len(strings.Fields(name)) < 2 || len(letters) < 8 {
		return ""
	}
	half := (len(letters) + 1) / 2
	return strings.TrimSpace(string(letters[:half+r.IntN(len(letters)-half)]))
}
