package readmodel

import (
	"cmp"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// facetsNamed returns the facets of a kind with these names, each once.
func facetsNamed(k kindIndex, names []string) ([]*spec, error) {
	facets := make([]*spec, 0, len(names))
	for _, name := range names {
		s, ok := specNamed(k, name)
		if ok && s.counts != "" {
			return nil, fault.AtParameter("facets", fault.CodeNoFacetOfTime, fault.Args{"value": name, "other": s.counts})
		}
		if !ok || s.tally == nil {
			all := strings.Join(FacetNames(k.kind()), ", ")
			return nil, fault.AtParameter("facets", fault.CodeUnknownFacet, fault.Args{"value": name, "expected": all})
		}
		if !slices.Contains(facets, s) {
			facets = append(facets, s)
		}
	}
	return facets, nil
}

// facet counts the values of a facet among what all filters but its own keep; chosen is what all of them keep.
func (x *run) facet(s *spec, chosen *marks) []FacetValue {
	if s.words || s.names {
		if values, ok := x.ownFacet(s, chosen); ok {
			return values
		}
	}
	if s.through != 0 {
		own := x.pickOwn()
		if d := x.deeds(); d != nil {
			return s.ownerValues(x, d.count(s, own))
		}
		return s.tally(x, own.bitmap())
	}
	return s.tally(x, x.markedBut(s, chosen).bitmap())
}

// pickOwn returns what all filters but those through roles keep.
func (x *run) pickOwn() *marks {
	if x.own == nil {
		x.own = x.pick(leaveThrough)
	}
	return x.own
}

// labels tells what a value is called in a language.
type labels func(value, lang string) string

// labelsOf returns the labels of a vocabulary, and of free words the words themselves.
func labelsOf(v *directory.Vocabulary) labels {
	if v == nil {
		return func(value, _ string) string { return value }
	}
	usual := make(map[string]map[string]string) // by language, then by code
	for _, lang := range []string{"fr", "en", "ar", "zgh"} {
		usual[lang] = make(map[string]string, len(v.Terms))
		for i := range v.Terms {
			usual[lang][v.Terms[i].Code] = v.Terms[i].Label.In(lang)
		}
	}
	return func(value, lang string) string {
		if label, ok := usual[lang][value]; ok {
			return label
		}
		if term, ok := v.Term(value); ok {
			return term.Label.In(lang)
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
func (x *run) wordValues(k kindIndex, field int, counts []int, label labels) []FacetValue {
	f := x.fieldOf(k, field)
	if f.words.size <= maxWorded {
		return x.wording(k, field, label).values(counts)
	}
	return facetValues(counts, f.words.value, func(code uint32) FacetValue {
		value := f.words.value(code)
		return FacetValue{FacetName: &FacetName{Value: value, Label: label(value, x.q.Lang), Parent: wordParent(k, field)(value)}}
	})
}

// recordValues names the records that were counted under their codes.
func (x *run) recordValues(target kindIndex, counts []int) []FacetValue {
	if w := x.recordWording(target); w != nil {
		return w.values(counts)
	}
	t := x.s.tables[target]
	for code := range counts {
		if counts[code] > 0 && code > 0 && t.entries.at(uint32(code-1)) == nil {
			counts[code] = 0 // named, but never held: no store of ours says so
		}
	}
	return facetValues(counts, func(code uint32) string { return t.id(code - 1) }, func(code uint32) FacetValue {
		entry := t.entries.at(code - 1)
		return FacetValue{FacetName: &FacetName{Value: entry.id, Label: labelOf(entry.Record(), x.q.Lang), Parent: x.parentOf(target, code-1)}}
	})
}

// facetValues puts what was counted into order, by count, then by value, and names it.
func facetValues(counts []int, value func(code uint32) string, named func(code uint32) FacetValue) []FacetValue {
	type counted struct{ n, code uint32 }
	list := make([]counted, 0, min(len(counts), 512))
	for code, n := range counts {
		if n > 0 && code > 0 {
			list = append(list, counted{uint32(n), uint32(code)}) //nolint:gosec // a count of 32-bit ordinals
		}
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortFunc(list, func(a, b counted) int {
		if a.n != b.n {
			return cmp.Compare(b.n, a.n)
		}
		return strings.Compare(value(a.code), value(b.code))
	})
	values := make([]FacetValue, len(list))
	for i, c := range list {
		values[i] = named(c.code)
		values[i].Count = int(c.n)
	}
	return values
}

// tallyWords counts the words of a field.
func tallyWords(k kindIndex, field int, label labels) func(*run, *roaring.Bitmap) []FacetValue {
	return func(x *run, among *roaring.Bitmap) []FacetValue {
		f := x.fieldOf(k, field)
		return x.wordValues(k, field, x.tally(k, field, among, int(f.words.size)+1), label)
	}
}

// tallyRecords counts the records that a field names, and when it is deep those above them.
func tallyRecords(k kindIndex, field int, deep bool) func(*run, *roaring.Bitmap) []FacetValue {
	target := linked.form[k][field].target
	return func(x *run, among *roaring.Bitmap) []FacetValue {
		t := x.s.tables[target]
		counts := x.tally(k, field, among, int(t.size)+1)
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
			t.above(uint32(code-1), func(above uint32) bool {
				all[above+1] += n
				return true
			})
		}
	}
	return all
}

// tallyEnds counts the actors at either end of relations, which are different ones.
func tallyEnds(x *run, among *roaring.Bitmap) []FacetValue {
	actors := int(x.s.tables[inActors].size) + 1
	counts := x.tally(inRelations, relationFrom, among, actors)
	for code, n := range x.tally(inRelations, relationTo, among, actors) {
		counts[code] += n
	}
	return x.recordValues(inActors, counts)
}

// tallyStates counts the states of initiatives on the day of the query.
func tallyStates(x *run, among *roaring.Bitmap) []FacetValue {
	states, _ := directory.VocabularyNamed(directory.VocabularyInitiativeStates)
	counts := make([]int, len(states.Terms)+2) // by rank, from 1
	runs(among, func(ords []uint32) {
		for _, ord := range ords {
			if i := x.initiative(ord); i != nil {
				counts[states.Rank(i.StateOn(x.stateDay()))+1]++
			}
		}
	})
	code := func(rank uint32) string { return states.Terms[rank-1].Code }
	return facetValues(counts, code, func(rank uint32) FacetValue {
		return FacetValue{FacetName: &FacetName{Value: code(rank), Label: states.Terms[rank-1].Label.In(x.q.Lang)}}
	})
}
