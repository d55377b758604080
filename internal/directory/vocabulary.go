package directory

import (
	"slices"
	"sync"
)

// Term is one code of a vocabulary. Terms are shared by all callers and must not be changed.
type Term struct {
	Code        string `json:"code"`
	Label       Text   `json:"label"`
	Inverse     Text   `json:"inverse,omitempty"`      // types of links: the label read from the other end
	InverseCode string `json:"inverse_code,omitempty"` // has_part for part_of; the code itself when symmetric
	Symmetric   bool   `json:"symmetric,omitzero"`     // the link reads the same from both ends
	RACI        string `json:"raci,omitempty"`         // role types: A, R, C or I; absent when the type implies none
	Parent      string `json:"parent,omitempty"`       // the code above it in the same vocabulary
	Constituent bool   `json:"constituent,omitzero"`   // groups: one of the three tripartite constituents
	Source      string `json:"source,omitempty"`       // frameworks and their codes: address of the publication
}

// Vocabulary is an ordered list of terms with a name and a title.
type Vocabulary struct {
	Name  string `json:"name"`
	Title Text   `json:"title"`
	Terms []Term `json:"terms"`

	ranks map[string]int
}

func newVocabulary(name string, title Text, terms ...Term) *Vocabulary {
	ranks := make(map[string]int, len(terms))
	for rank, term := range terms {
		ranks[term.Code] = rank
	}
	return &Vocabulary{Name: name, Title: title, Terms: terms, ranks: ranks}
}

// Term returns the term with that code.
func (v *Vocabulary) Term(code string) (*Term, bool) {
	rank, ok := v.ranks[code]
	if !ok {
		return nil, false
	}
	return &v.Terms[rank], true
}

// Has tells whether the vocabulary has that code.
func (v *Vocabulary) Has(code string) bool {
	_, ok := v.ranks[code]
	return ok
}

// Codes returns the codes in the vocabulary's order.
func (v *Vocabulary) Codes() []string {
	codes := make([]string, len(v.Terms))
	for i := range v.Terms {
		codes[i] = v.Terms[i].Code
	}
	return codes
}

// Rank is the place of a code in its vocabulary's order, or the number of terms when it has no such code, so that what
// is unknown sorts last.
func (v *Vocabulary) Rank(code string) int {
	if rank, ok := v.ranks[code]; ok {
		return rank
	}
	return len(v.Terms)
}

// Vocabularies returns every vocabulary, in a fixed order.
func Vocabularies() []*Vocabulary { return slices.Clone(vocabularies().list) }

// VocabularyNamed returns the vocabulary of that name.
func VocabularyNamed(name string) (*Vocabulary, bool) {
	v, ok := vocabularies().byName[name]
	return v, ok
}

// catalogue holds all vocabularies, and what is derived from them once.
type catalogue struct {
	list       []*Vocabulary
	byName     map[string]*Vocabulary
	frameworks *Vocabulary
	countries  *Vocabulary
	places     *Vocabulary
	below      map[string][]string
}

// vocabularies builds the catalogue at its first use; it never changes afterwards.
var vocabularies = sync.OnceValue(newCatalogue)

func newCatalogue() *catalogue {
	frameworks, codes := frameworkVocabularies()
	c := &catalogue{frameworks: frameworks, countries: countries(), places: territories()}
	c.below = territoriesBelow(c.places)
	c.list = slices.Concat([]*Vocabulary{
		groups(), actorKinds(), actorStates(),
		initiativeKinds(), initiativeStates(), initiativeLinks(),
		roleTypes(), raci(), relationTypes(),
		sourceKinds(), identifierSchemes(), otherNameTypes(),
		statuses(), visibilities(), confidences(), languages(),
		gapRules(), gapSeverities(), countedFields(),
		c.countries, c.places, c.frameworks,
	}, codes)
	c.byName = make(map[string]*Vocabulary, len(c.list))
	for _, v := range c.list {
		c.byName[v.Name] = v
	}
	return c
}

// label is a text in the three languages that every term has.
func label(fr, ar, en string) Text { return Text{"fr": fr, "ar": ar, "en": en} }
