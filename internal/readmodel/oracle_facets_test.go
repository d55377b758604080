package readmodel_test

import (
	"cmp"
	"slices"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// facet counts every value that a filter of that name could ask for, by asking for it in the place of the query's own
// filters of that name: the most frequent ones, then those that are asked for, and absence beside them.
func (o *oracle) facet(q *readmodel.Query, name string) readmodel.Facet {
	facet := readmodel.Facet{Name: name}
	for _, value := range o.values(q, name) {
		kept := o.instead(q, readmodel.Filter{Name: name, Values: []string{value}})
		if name == "status" { // what is left without a filter of status is live
			kept = slices.DeleteFunc(kept, func(ref directory.Ref) bool { return !o.live(ref) })
		}
		if len(kept) > 0 {
			facet.Values = append(facet.Values, o.valueOf(q, name, value, len(kept)))
		}
	}
	slices.SortFunc(facet.Values, compareValues)
	if q.FacetLimit > 0 && len(facet.Values) > q.FacetLimit {
		facet.LeftOff = len(facet.Values) - q.FacetLimit
	}
	rest := facet.Values[len(facet.Values)-facet.LeftOff:]
	facet.Values = slices.Clone(facet.Values[:len(facet.Values)-facet.LeftOff])
	lacking := len(o.instead(q, readmodel.Filter{Name: name, None: true}))
	for _, f := range q.Filters {
		if f.Name != name {
			continue
		}
		if f.None {
			facet.None = o.absence(q, lacking)
		}
		for _, asked := range f.Values {
			value := o.valueOf(q, name, asked, len(o.instead(q, readmodel.Filter{Name: name, Values: []string{asked}})))
			same := func(v readmodel.FacetValue) bool { return v.Value == value.Value }
			if slices.ContainsFunc(facet.Values, same) {
				continue
			}
			if slices.ContainsFunc(rest, same) {
				facet.LeftOff--
			}
			facet.Values = append(facet.Values, value)
		}
	}
	slices.SortFunc(facet.Values, compareValues)
	if lacking > 0 {
		facet.None = o.absence(q, lacking)
	}
	return facet
}

func compareValues(a, b readmodel.FacetValue) int {
	return cmp.Or(b.Count-a.Count, strings.Compare(a.Value, b.Value))
}

// instead lists what a filter keeps in the place of the query's own ones of its name.
func (o *oracle) instead(q *readmodel.Query, f readmodel.Filter) []directory.Ref {
	others := slices.DeleteFunc(slices.Clone(q.Filters), func(other readmodel.Filter) bool { return other.Name == f.Name })
	return o.list(q, append(others, f))
}

func (o *oracle) absence(q *readmodel.Query, n int) *readmodel.FacetValue {
	label := map[string]string{"fr": "Aucun", "ar": "بدون", "en": "None", "zgh": "Aucun"}[q.Lang]
	return &readmodel.FacetValue{FacetName: &readmodel.FacetName{Value: "none", Label: label}, Count: n}
}

// valueOf is a value as a facet tells it: of a record its id, of an interval both ends.
func (o *oracle) valueOf(q *readmodel.Query, name, value string, n int) readmodel.FacetValue {
	if kind, ok := namesRecords(q.Kind, name); ok && kind == directory.Functions {
		value = o.functionID(value)
	}
	if from, to, ok := strings.Cut(value, ".."); ok {
		most := map[string]string{"completeness": "100"}[name]
		value = cmp.Or(from, "0") + ".." + cmp.Or(to, most)
	}
	return readmodel.FacetValue{
		FacetName: &readmodel.FacetName{Value: value, Label: o.valueLabel(q, name, value), Parent: o.above(q, name, value)}, Count: n,
	}
}

// values are the values that a facet may show: all that random records can have.
func (o *oracle) values(q *readmodel.Query, name string) []string {
	if kind, ok := namesRecords(q.Kind, name); ok {
		var ids []string
		for _, ref := range o.refs(kind) {
			if o.visible(ref, q.Clearance) && (name != "under" || o.hasBelow(ref, q.Clearance)) {
				ids = append(ids, ref.ID)
			}
		}
		return ids
	}
	switch {
	case datesOf[name]:
		return o.years(q, name)
	case instantsOf[name]:
		return o.months(q, name)
	}
	switch name {
	case "tag":
		return someTags
	case "completeness":
		return []string{"0..9", "10..19", "20..29", "30..39", "40..49", "50..59", "60..69", "70..79", "80..89", "90..99", "100"}
	case "unsourced_roles":
		return []string{"0", "1..4", "5..9", "10.."}
	case "publisher":
		return somePublishers[1:]
	case "framework":
		return someFrameworks
	case "territory", "reach":
		return withRegions(somePlaces)
	}
	if vocabulary, ok := directory.VocabularyNamed(vocabularyOf(q.Kind, name)); ok {
		return vocabulary.Codes()
	}
	panic(name)
}

// withRegions adds the regions of Morocco, which reach counts for a role that covers the country.
func withRegions(places []string) []string {
	places = append(slices.Clone(places), directory.TerritoriesBelow("MA")...)
	slices.Sort(places)
	return slices.Compact(places)
}

// namesRecords tells which kind the values of a filter are ids of.
func namesRecords(kind directory.Kind, name string) (directory.Kind, bool) {
	switch name {
	case "source":
		return directory.Sources, true
	case "function":
		return directory.Functions, true
	case "initiative":
		return directory.Initiatives, true
	case "actor", "from", "to":
		return directory.Actors, true
	case "parent":
		return kind, true
	case "under":
		if kind == directory.Roles || kind == directory.Relations {
			return directory.Actors, true
		}
		return kind, true
	default:
		return "", false
	}
}

// vocabularyOf is the vocabulary of a filter's codes.
func vocabularyOf(kind directory.Kind, name string) string {
	switch name {
	case "status":
		return directory.VocabularyStatuses
	case "visibility":
		return directory.VocabularyVisibilities
	case "confidence":
		return directory.VocabularyConfidences
	case "missing":
		return directory.VocabularyCountedFields
	case "identifier":
		return directory.VocabularyIdentifierSchemes
	case "group":
		return directory.VocabularyGroups
	case "country", "counterpart":
		return directory.VocabularyCountries
	case "territory", "reach":
		return directory.VocabularyTerritories
	case "raci":
		return directory.VocabularyRACI
	case "language":
		return directory.VocabularyLanguages
	case "type":
		if kind == directory.Relations {
			return directory.VocabularyRelationTypes
		}
		return directory.VocabularyRoleTypes
	case "kind":
		return map[directory.Kind]string{
			directory.Actors: directory.VocabularyActorKinds, directory.Initiatives: directory.VocabularyInitiativeKinds,
			directory.Sources: directory.VocabularySourceKinds,
		}[kind]
	case "state":
		if kind == directory.Initiatives {
			return directory.VocabularyInitiativeStates
		}
		return directory.VocabularyActorStates
	}
	return ""
}

// valueLabel is what a value is called in the language of the query.
func (o *oracle) valueLabel(q *readmodel.Query, name, value string) string {
	if kind, ok := namesRecords(q.Kind, name); ok {
		return label(o.held[directory.Ref{Kind: kind, ID: value}], q.Lang)
	}
	if name == "framework" {
		framework, code, _ := strings.Cut(value, ":")
		term, _ := directory.FrameworkTerm(framework, code)
		return term.Label.In(q.Lang)
	}
	if decade, ok := strings.CutSuffix(value, "X"); ok {
		return decade + "0–" + decade + "9"
	}
	if vocabulary, ok := directory.VocabularyNamed(vocabularyOf(q.Kind, name)); ok && !strings.Contains(value, ":") {
		term, _ := vocabulary.Term(value)
		return term.Label.In(q.Lang)
	}
	if from, to, ok := strings.Cut(value, ".."); ok {
		if to == "" {
			return from + "+"
		}
		return from + "–" + to
	}
	return value
}
