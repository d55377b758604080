package readmodel

import (
	"fmt"
	"strconv"
	"strings"

	"dalil/internal/directory"
)

// gapWords say gaps in one language.
type gapWords struct {
	lang     string
	phrases  map[string]string // what a gap is about
	details  map[string]string // by rule
	reasons  map[string]string // why somebody is a candidate
	enclose  [2]string         // quotation marks
	between  string            // the items of a list
	andOther string            // after the first few of a longer list
}

// What a gap is about, and where a candidate is.
const (
	ofFunction         = "function"
	ofInitiative       = "initiative"
	ofFunctionWithin   = "function within initiative"
	ofStandingFunction = "function outside initiatives"

	atSameFunction      = "same function"
	atParentFunction    = "parent function"
	atSiblingFunction   = "sibling function"
	atParentInitiative  = "parent initiative"
	atSiblingInitiative = "sibling initiative"
	atFunctionOfItem    = "function of the initiative"
)

// gapWordsIn returns the sentences of a language; of one that has none, the French ones, as of labels.
func gapWordsIn(lang string) *gapWords {
	switch lang {
	case "ar":
		return arabicGapWords()
	case "en":
		return englishGapWords()
	default:
		w := frenchGapWords()
		w.lang = lang
		return w
	}
}

func frenchGapWords() *gapWords {
	return &gapWords{
		lang: "fr", enclose: [2]string{"« ", " »"}, between: ", ", andOther: "…",
		phrases: map[string]string{
			ofFunction:         "La fonction {function}",
			ofInitiative:       "L’initiative {initiative}",
			ofFunctionWithin:   "La fonction {function} dans l’initiative {initiative}",
			ofStandingFunction: "La fonction {function}, hors initiative",
		},
		details: map[string]string{
			directory.GapNoLead:             "{item} n’a ni chef de file ni acteur redevable des résultats.",
			directory.GapSeveralLeads:       "{item} a {n} chefs de file ou acteurs redevables : {actors}.",
			directory.GapNoImplementer:      "{item} n’a aucun acteur qui la réalise.",
			directory.GapNoFunder:           "{item} n’a pas de bailleur de fonds connu, pas plus que les initiatives dont elle fait partie.",
			directory.GapMissingConstituent: "{item} n’associe aucun acteur du groupe {group}.",
			directory.GapTerritoryUncovered: "{item} n’est couverte par aucun rôle dans la région {territory}.",
			directory.GapUnsourced:          "{item} : le rôle de {actor} ({type}) ne cite aucune source.",
			directory.GapStale:              "{item} : la fiche de {actor} ({type}) a été confirmée pour la dernière fois le {date}, il y a plus de {days} jours.",
		},
		reasons: map[string]string{
			atSameFunction:      "{type} pour la même fonction {place}, ailleurs",
			atParentFunction:    "{type} pour la fonction parente {place}",
			atSiblingFunction:   "{type} pour la fonction voisine {place}",
			atParentInitiative:  "{type} dans l’initiative parente {place}",
			atSiblingInitiative: "{type} dans l’initiative sœur {place}",
			atFunctionOfItem:    "{type} pour la fonction {place}, ailleurs",
		},
	}
}

func arabicGapWords() *gapWords {
	return &gapWords{
		lang: "ar", enclose: [2]string{"«", "»"}, between: "، ", andOther: "…",
		phrases: map[string]string{
			ofFunction:         "الوظيفة {function}",
			ofInitiative:       "المبادرة {initiative}",
			ofFunctionWithin:   "الوظيفة {function} ضمن المبادرة {initiative}",
			ofStandingFunction: "الوظيفة {function} خارج أي مبادرة",
		},
		details: map[string]string{
			directory.GapNoLead:             "{item} بلا جهة قائدة ولا جهة مساءَلة عن النتائج.",
			directory.GapSeveralLeads:       "{item}: عدد الجهات القائدة أو المساءَلة {n}، وهي: {actors}.",
			directory.GapNoImplementer:      "{item} بلا أي جهة منجِزة.",
			directory.GapNoFunder:           "{item} بلا جهة ممولة معروفة، لا لها ولا لمبادرة تندرج ضمنها.",
			directory.GapMissingConstituent: "{item}: لا يشارك فيها أي فاعل من فئة {group}.",
			directory.GapTerritoryUncovered: "{item}: لا يشمل أي دور الجهة الترابية {territory}.",
			directory.GapUnsourced:          "{item}: دور {actor} ({type}) لا يستند إلى أي مصدر.",
			directory.GapStale:              "{item}: آخر تأكيد لبطاقة {actor} ({type}) كان في {date}، أي قبل أكثر من {days} يومًا.",
		},
		reasons: map[string]string{
			atSameFunction:      "{type} في الوظيفة نفسها {place} في مكان آخر",
			atParentFunction:    "{type} في الوظيفة الأعلى {place}",
			atSiblingFunction:   "{type} في وظيفة مجاورة {place}",
			atParentInitiative:  "{type} في المبادرة الأم {place}",
			atSiblingInitiative: "{type} في مبادرة شقيقة {place}",
			atFunctionOfItem:    "{type} في الوظيفة {place} في مكان آخر",
		},
	}
}

func englishGapWords() *gapWords {
	return &gapWords{
		lang: "en", enclose: [2]string{"“", "”"}, between: ", ", andOther: "…",
		phrases: map[string]string{
			ofFunction:         "The function {function}",
			ofInitiative:       "The initiative {initiative}",
			ofFunctionWithin:   "The function {function} in the initiative {initiative}",
			ofStandingFunction: "The function {function}, outside any initiative,",
		},
		details: map[string]string{
			directory.GapNoLead:             "{item} has no lead: nobody is accountable for it.",
			directory.GapSeveralLeads:       "{item} has {n} actors that lead it or are accountable for it: {actors}.",
			directory.GapNoImplementer:      "{item} has nobody who carries it out.",
			directory.GapNoFunder:           "{item} has no known funder, nor has an initiative that it is part of.",
			directory.GapMissingConstituent: "{item} involves no actor of the group {group}.",
			directory.GapTerritoryUncovered: "{item} has no role that reaches the region {territory}.",
			directory.GapUnsourced:          "{item} has a role without a source: {actor} ({type}).",
			directory.GapStale:              "{item} has a role of {actor} ({type}), whose record was last confirmed on {date}, more than {days} days ago.",
		},
		reasons: map[string]string{
			atSameFunction:      "{type} for the same function {place} elsewhere",
			atParentFunction:    "{type} for the parent function {place}",
			atSiblingFunction:   "{type} for the sibling function {place}",
			atParentInitiative:  "{type} in the parent initiative {place}",
			atSiblingInitiative: "{type} in the sibling initiative {place}",
			atFunctionOfItem:    "{type} for the function {place} elsewhere",
		},
	}
}

// say says the detail of a gap; args are the names and values of what it holds.
func (w *gapWords) say(rule string, args ...any) string { return fill(w.details[rule], args) }

// fill puts values in the places that are named for them.
func fill(sentence string, args []any) string {
	var said strings.Builder
	said.Grow(2 * len(sentence))
	for {
		before, rest, ok := strings.Cut(sentence, "{")
		said.WriteString(before)
		if !ok {
			return said.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		for i := 0; i+1 < len(args); i += 2 {
			if args[i] == name {
				writeValue(&said, args[i+1])
			}
		}
		sentence = after
	}
}

func writeValue(to *strings.Builder, value any) {
	switch v := value.(type) {
	case string:
		to.WriteString(v)
	case int:
		to.WriteString(strconv.Itoa(v))
	default:
		fmt.Fprint(to, v)
	}
}

// quoted is a name with the quotation marks of the language.
func (w *gapWords) quoted(name string) string { return w.enclose[0] + name + w.enclose[1] }

// term is the quoted label of a code.
func (w *gapWords) term(vocabulary, code string) string {
	v, _ := directory.VocabularyNamed(vocabulary)
	term, ok := v.Term(code)
	if !ok {
		return w.quoted(code)
	}
	return w.quoted(term.Label.In(w.lang))
}

// itemPhrase says what a gap of an item is about.
func (f *gapFinder) itemPhrase(item *judged) string {
	if item.kind == inFunctions {
		return fill(f.words.phrases[ofFunction], []any{"function", f.words.quoted(item.Label)})
	}
	return fill(f.words.phrases[ofInitiative], []any{"initiative", f.words.quoted(item.Label)})
}

// phrase says what roles are about: a function, an initiative or both, by their codes.
func (f *gapFinder) phrase(function, initiative uint32) string {
	switch {
	case initiative == none:
		return fill(f.words.phrases[ofStandingFunction], []any{"function", f.quoted(inFunctions, function)})
	case function == none:
		return fill(f.words.phrases[ofInitiative], []any{"initiative", f.quoted(inInitiatives, initiative)})
	default:
		return fill(f.words.phrases[ofFunctionWithin], []any{
			"function", f.quoted(inFunctions, function), "initiative", f.quoted(inInitiatives, initiative),
		})
	}
}

// quoted is the quoted label of a record with a code. Many gaps are about the same few.
func (f *gapFinder) quoted(k kindIndex, code uint32) string {
	if f.names[k] == nil {
		f.names[k] = make([]string, f.s.tables[k].size+1)
	}
	name := &f.names[k][code]
	if *name == "" {
		*name = f.words.quoted(f.labelOf(k, code-1))
	}
	return *name
}

// manyNames is how many names a sentence lists.
const manyNames = 6

// namesOf lists the names of the first few of some actors. They lie all over the memory: all are fetched before the first
// is read, so that they are waited for together.
func (f *gapFinder) namesOf(count int, first []uint32) string {
	records := make([]directory.Record, len(first), manyNames)
	for i, actor := range first {
		records[i] = f.s.tables[inActors].entries.at(actor).Record()
	}
	texts := make([]directory.Text, len(first), manyNames)
	for i, record := range records {
		texts[i] = nameOf(record)
	}
	names := make([]string, 0, manyNames+1)
	for _, text := range texts {
		names = append(names, text.In(f.q.Lang))
	}
	if count > len(first) {
		names = append(names, f.words.andOther)
	}
	return strings.Join(names, f.words.between)
}

// nameOf is the name of an actor in all languages.
func nameOf(record directory.Record) directory.Text {
	if a, ok := record.(*directory.Actor); ok {
		return a.Name
	}
	return nil
}
