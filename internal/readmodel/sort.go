package readmodel

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// maxSortKeys is how many sort keys a query may have beside the id.
const maxSortKeys = 3

// sortField is one thing that records can be sorted by.
type sortField struct {
	name   string
	text   bool
	number func(t *table, ord uint32) int64 // unless text
	// counted tells that the number is one of roles that hold and that the caller may see: each query counts anew.
	counted bool
	word    func(e *Entry, lang string) string
}

// sortFields returns what the records of a table can be sorted by, beside the id.
func sortFields(k kindIndex) []sortField { return allSortFields()[k] }

// allSortFields holds them by kind; it never changes.
var allSortFields = sync.OnceValue(func() (all [numKinds][]sortField) {
	for k := range numKinds {
		all[k] = slices.Clip(newSortFields(k))
	}
	return all
})

func newSortFields(k kindIndex) []sortField {
	fields := []sortField{
		{name: "created", number: func(t *table, ord uint32) int64 { return t.created.at(ord) }},
		{name: "updated", number: func(t *table, ord uint32) int64 { return t.updated.at(ord) }},
		{name: "attested", number: func(t *table, ord uint32) int64 { return t.attested.at(ord) }},
		{name: "version", number: func(t *table, ord uint32) int64 {
			return int64(t.entries.at(ord).version)
		}},
	}
	first := func(t *table, ord uint32) int64 { return int64(t.periods.at(ord).First) }
	last := func(t *table, ord uint32) int64 { return int64(t.periods.at(ord).Last) }
	name := sortField{name: "name", text: true, word: func(e *Entry, lang string) string {
		return directory.Fold(labelOf(e.Record(), lang))
	}}
	switch k {
	case inActors:
		return append(fields, name, sortField{name: "founded", number: first}, sortField{name: "dissolved", number: last},
			sortField{name: "completeness", number: completenessOf}, sortField{name: unsourcedRoles, counted: true})
	case inInitiatives:
		return append(fields, name, sortField{name: "start", number: first}, sortField{name: "end", number: last})
	case inRoles, inRelations:
		return append(fields, sortField{name: "start", number: first}, sortField{name: "end", number: last})
	case inFunctions:
		return append(fields, name, sortField{name: "order", number: orderOf},
			sortField{name: "notation", text: true, word: notationOf})
	case inSources:
		return append(fields, name, sortField{name: "date", number: first})
	default:
		return fields
	}
}

// nameField is the sort by name of a table that has names.
func nameField(k kindIndex) sortField {
	field, _ := pick(sortFields(k), func(f sortField) bool { return f.name == "name" })
	return field
}

// orderOf is the order that a function asks for, after all others when it asks for none.
func orderOf(t *table, ord uint32) int64 {
	if f, ok := t.entries.at(ord).Record().(*directory.Function); ok && f.Order != nil {
		return int64(*f.Order)
	}
	return 1 << 40
}

func notationOf(e *Entry, _ string) string {
	if f, ok := e.Record().(*directory.Function); ok {
		return f.Notation
	}
	return ""
}

// labelOf is what a record is called in a language; "" for kinds without a name.
func labelOf(record directory.Record, lang string) string {
	switch r := record.(type) {
	case *directory.Actor:
		return r.Name.In(lang)
	case *directory.Initiative:
		return r.Name.In(lang)
	case *directory.Function:
		return r.Label.In(lang)
	case *directory.Source:
		return r.Title
	default:
		return ""
	}
}

// SortNames returns what the records of a kind can be sorted by.
func SortNames(kind directory.Kind) []string {
	k, ok := indexOf(kind)
	if !ok {
		return nil
	}
	names := []string{"id"}
	for _, field := range sortFields(k) {
		names = append(names, field.name)
	}
	return names
}

// ordering is the order of a query: some keys, then the id.
type ordering struct {
	keys   []orderKey
	idDown bool
}

type orderKey struct {
	sortField
	down bool
}

// newOrdering reads the sort keys of a query. What follows id or relevance is of no effect. relevance holds the keys that
// stand for it; there are none when nothing is looked for.
func newOrdering(k kindIndex, keys []SortKey, relevance []sortField) (ordering, error) {
	var o ordering
	fields := sortFields(k)
	for _, key := range keys {
		if key.Name == "id" {
			o.idDown = key.Descending
			return o, nil
		}
		if key.Name == Relevance && len(relevance) > 0 && len(o.keys) < maxSortKeys {
			for _, field := range relevance {
				o.keys = append(o.keys, orderKey{field, key.Descending})
			}
			return o, nil // two records of one relevance go by id
		}
		field, ok := pick(fields, func(f sortField) bool { return f.name == key.Name })
		if !ok {
			expected := strings.Join(SortNames(k.kind()), ", ")
			return o, fault.AtParameter("sort", fault.CodeUnknownSort, fault.Args{"value": key.Name, "expected": expected})
		}
		if len(o.keys) == maxSortKeys {
			return o, fault.AtParameter("sort", fault.CodeTooManyValues, fault.Args{"max": maxSortKeys})
		}
		o.keys = append(o.keys, orderKey{field, key.Descending})
	}
	return o, nil
}

// value is what a sort key has of a record.
type value struct {
	number int64
	text   string
}

func (v value) compare(w value, down bool) int {
	c := cmp.Or(cmp.Compare(v.number, w.number), strings.Compare(v.text, w.text))
	if down {
		return -c
	}
	return c
}

// spot is where a record stands in an ordering.
type spot struct {
	values [maxSortKeys + 1]value // relevance is two
	id     string
	ord    uint32
}

// compare tells which spot comes first.
func (o *ordering) compare(a, b *spot) int {
	for i := range o.keys {
		if c := a.values[i].compare(b.values[i], o.keys[i].down); c != 0 {
			return c
		}
	}
	if o.idDown {
		return strings.Compare(b.id, a.id)
	}
	return strings.Compare(a.id, b.id)
}

// key writes a spot for the next page to begin after.
func (o *ordering) key(s *spot) *Key {
	k := &Key{ID: s.id}
	for i := range o.keys {
		text := s.values[i].text
		if !o.keys[i].text {
			text = strconv.FormatInt(s.values[i].number, 10)
		}
		k.Values = append(k.Values, text)
	}
	return k
}

// spot reads a key that an earlier page gave.
func (o *ordering) spot(k *Key) (*spot, error) {
	s := &spot{id: k.ID}
	bad := fault.AtParameter("cursor", fault.CodeBadCursor, nil)
	if len(k.Values) != len(o.keys) {
		return nil, bad
	}
	for i, text := range k.Values {
		if o.keys[i].text {
			s.values[i].text = text
			continue
		}
		number, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, bad
		}
		s.values[i].number = number
	}
	return s, nil
}
