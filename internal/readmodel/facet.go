package readmodel

import (
	"cmp"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// facetsNamed returns the facets of a kind with these names.
func facetsNamed(k kindIndex, names []string) ([]*spec, error) {
	facets := make([]*spec, len(names))
	for i, name := range names {
		s, ok := specNamed(k, name)
		if !ok || s.tally == nil {
			all := strings.Join(FacetNames(k.kind()), ", ")
			return nil, fault.AtParameter("facets", fault.CodeUnknownFacet, fault.Args{"value": name, "expected": all})
		}
		facets[i] = s
	}
	return facets, nil
}

// facet counts the values of a facet among what all filters but its own keep; chosen is what all of them keep.
func (x *run) facet(s *spec, chosen *roaring.Bitmap) []FacetValue {
	among := chosen
	switch {
	case s.through != 0:
		among = x.choose(leaveThrough)
	case slices.ContainsFunc(x.terms, func(t term) bool { return t.name == s.name }):
		among = x.choose(leaveNamed(s.name))
	}
	values := s.tally(x, among)
	slices.SortFunc(values, func(a, b FacetValue) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	return values
}

// labels tells what a value is called in a language.
type labels func(value, lang string) string

// labelsOf returns the labels of a vocabulary, and of free words the words themselves.
func labelsOf(v *directory.Vocabulary) labels {
	return func(value, lang string) string {
		if v != nil {
			if term, ok := v.Term(value); ok {
				return term.Label.In(lang)
			}
		}
		return value
	}
}

// frameworkLabel is what a code such as GCM:5 is called.
func frameworkLabel(value, lang string) string {
	framework, code, _ := strings.Cut(value, ":")
	if term, ok := directory.FrameworkTerm(framework, code); ok {
		return term.Label.In(lang)
	}
	return value
}

// wordValues names the codes of a field of words that were counted.
func (x *run) wordValues(f *field, counts []int, label labels) []FacetValue {
	var values []FacetValue
	for code, n := range counts {
		if n > 0 && code > 0 {
			value := f.words.value(uint32(code)) //nolint:gosec // codes are 32 bits wide
			values = append(values, FacetValue{value, label(value, x.q.Lang), n})
		}
	}
	return values
}

// recordValues names the records that were counted under their codes.
func (x *run) recordValues(target kindIndex, counts []int) []FacetValue {
	var values []FacetValue
	for code, n := range counts {
		if n == 0 || code == 0 {
			continue
		}
		if entry := x.s.tables[target].entries.at(uint32(code - 1)); entry != nil { //nolint:gosec // as above
			values = append(values, FacetValue{entry.ref.ID, labelOf(entry.Record, x.q.Lang), n})
		}
	}
	return values
}

// tallyWords counts the words of a field.
func tallyWords(k kindIndex, field int, label labels) func(*run, *roaring.Bitmap) []FacetValue {
	return func(x *run, among *roaring.Bitmap) []FacetValue {
		f := x.fieldOf(k, field)
		counts := make([]int, f.words.size+1)
		f.tally(among, counts)
		return x.wordValues(f, counts, label)
	}
}

// tallyRecords counts the records that a field names, and when it is deep those above them.
func tallyRecords(k kindIndex, field int, deep bool) func(*run, *roaring.Bitmap) []FacetValue {
	target := linked.form[k][field].target
	return func(x *run, among *roaring.Bitmap) []FacetValue {
		t := x.s.tables[target]
		counts := make([]int, t.size+1)
		x.fieldOf(k, field).tally(among, counts)
		if deep {
			counts = rollUp(t, counts)
		}
		return x.recordValues(target, counts)
	}
}

// rollUp adds the count of every record to those above it: a field that names one record counts nothing twice.
func rollUp(t *table, counts []int) []int {
	all := slices.Clone(counts)
	for code, n := range counts {
		if n > 0 && code > 0 {
			t.above(uint32(code-1), func(above uint32) bool { //nolint:gosec // codes are 32 bits wide
				all[above+1] += n
				return true
			})
		}
	}
	return all
}

// tallyEnds counts the actors at either end of relations, which are different ones.
func tallyEnds(x *run, among *roaring.Bitmap) []FacetValue {
	counts := make([]int, x.s.tables[inActors].size+1)
	x.fieldOf(inRelations, relationFrom).tally(among, counts)
	x.fieldOf(inRelations, relationTo).tally(among, counts)
	return x.recordValues(inActors, counts)
}

// tallyStates counts the states of initiatives on the day of the query.
func tallyStates(x *run, among *roaring.Bitmap) []FacetValue {
	states, _ := directory.VocabularyNamed(directory.VocabularyInitiativeStates)
	counts := make([]int, len(states.Terms)+1)
	runs(among, func(ords []uint32) {
		for _, ord := range ords {
			if i := x.initiative(ord); i != nil {
				counts[states.Rank(i.StateOn(x.stateDay()))]++
			}
		}
	})
	var values []FacetValue
	for rank := range states.Terms {
		if term := &states.Terms[rank]; counts[rank] > 0 {
			values = append(values, FacetValue{term.Code, term.Label.In(x.q.Lang), counts[rank]})
		}
	}
	return values
}

// What a look at one record, at one more of its codes, and at one set of records costs, in about the same unit.
const (
	costOfRecord = 2
	costOfCodes  = 8
	costOfSet    = 200
)

// tally adds how many of some records have each code. It goes over the records or over the codes, what is shorter.
func (f *field) tally(among *roaring.Bitmap, counts []int) {
	perRecord := costOfRecord
	if f.multi {
		perRecord = costOfCodes
	}
	if among.IsEmpty() {
		return
	}
	blocks := 1 + int(among.Maximum()>>16)
	if len(counts)*costOfSet*blocks < cardinality(among)*perRecord {
		for code := 1; code < len(counts); code++ {
			counts[code] += f.set(uint32(code)).common(among) //nolint:gosec // codes are 32 bits wide
		}
		return
	}
	if !f.multi {
		eachCode(f, among, func(_, code uint32) { counts[code]++ })
		return
	}
	runs(among, func(ords []uint32) {
		for _, ord := range ords {
			for _, code := range f.many.at(ord) {
				counts[code]++
			}
		}
	})
}
