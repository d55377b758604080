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
func (x *run) facet(s *spec, chosen *marks) Facet {
	counted := x.counted(s, chosen)
	f := Facet{Name: s.name, LeftOff: counted.left}
	asked := false // for absence
	for i := range x.terms {
		if t := &x.terms[i]; t.name == s.name {
			asked = asked || t.filter.None
			x.addChosen(s, t.filter.Values, &counted)
		}
	}
	f.Values, f.LeftOff = counted.values, counted.left
	if counted.none > 0 || asked {
		f.None = &FacetValue{FacetName: nobody(x.q.Lang), Count: counted.none}
	}
	return f
}

// counted counts the values of a facet, and absence.
func (x *run) counted(s *spec, chosen *marks) told {
	if s.words || s.names {
		if own, ok := x.ownFacet(s, chosen); ok {
			return own
		}
	}
	if s.through == 0 {
		among := x.markedBut(s, chosen).bitmap()
		counted := s.tally(x, among)
		if s.absent != nil && !s.bars {
			counted.none = int(s.absent(x).AndCardinality(among)) //nolint:gosec // at most 2^32
		}
		return counted
	}
	own, d := x.pickOwn(), x.deeds()
	if d == nil {
		counted := s.tally(x, own.bitmap())
		counted.none = x.withoutRole(s, chosen)
		return counted
	}
	counted := s.ownerValues(x, d.count(s, own))
	counted.none = d.without(s, own, chosen)
	return counted
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
func (x *run) wordValues(k kindIndex, field int, counts []int, label labels) told {
	f := x.fieldOf(k, field)
	if f.words.size <= maxWorded {
		return x.wording(k, field, label).values(counts, x.q.FacetLimit)
	}
	return facetValues(counts, x.q.FacetLimit, f.words.value, func(code uint32) *FacetName {
		return wordShown(k, field, label)(x, f.words.value(code))
	})
}

// recordValues names the records that were counted under their codes.
func (x *run) recordValues(target kindIndex, counts []int) told {
	if w := x.recordWording(target); w != nil {
		return w.values(counts, x.q.FacetLimit)
	}
	t := x.s.tables[target]
	for code := range counts {
		if counts[code] > 0 && code > 0 && t.entries.at(uint32(code-1)) == nil {
			counts[code] = 0 // named, but never held: no store of ours says so
		}
	}
	return facetValues(counts, x.q.FacetLimit, func(code uint32) string { return t.id(code - 1) }, func(code uint32) *FacetName {
		return x.recordShown(target, code-1)
	})
}

// facetValues puts what was counted into order, by count, then by value, and names as many as are wanted.
func facetValues(counts []int, limit int, value func(code uint32) string, named func(code uint32) *FacetName) told {
	type counted struct{ n, code uint32 }
	list := make([]counted, 0, min(len(counts), 512))
	for code, n := range counts {
		if n > 0 && code > 0 {
			list = append(list, counted{uint32(n), uint32(code)}) //nolint:gosec // a count of 32-bit ordinals
		}
	}
	if len(list) == 0 {
		return told{}
	}
	slices.SortFunc(list, func(a, b counted) int {
		if a.n != b.n {
			return cmp.Compare(b.n, a.n)
		}
		return strings.Compare(value(a.code), value(b.code))
	})
	shown := shownOf(len(list), limit)
	found := told{values: make([]FacetValue, shown), left: len(list) - shown}
	for i, c := range list[:shown] {
		found.values[i] = FacetValue{named(c.code), int(c.n)}
	}
	if rest := list[shown:]; len(rest) > 0 {
		found.leftOff = func(asked string) int {
			for _, c := range rest {
				if value(c.code) == asked {
					return int(c.n)
				}
			}
			return 0
		}
	}
	return found
}

// tallyWords counts the words of a field.
func tallyWords(k kindIndex, field int, label labels) func(*run, *roaring.Bitmap) told {
	return func(x *run, among *roaring.Bitmap) told {
		f := x.fieldOf(k, field)
		return x.wordValues(k, field, x.tally(k, field, among, int(f.words.size)+1), label)
	}
}

// tallyRecords counts the records that a field names, and when it is deep those above them.
func tallyRecords(k kindIndex, field int, deep bool) func(*run, *roaring.Bitmap) told {
	target := linked.form[k][field].target
	return func(x *run, among *roaring.Bitmap) told {
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
func tallyEnds(x *run, among *roaring.Bitmap) told {
	actors := int(x.s.tables[inActors].size) + 1
	counts := x.tally(inRelations, relationFrom, among, actors)
	for code, n := range x.tally(inRelations, relationTo, among, actors) {
		counts[code] += n
	}
	return x.recordValues(inActors, counts)
}

// tallyStates counts the states of initiatives on the day of the query.
func tallyStates(x *run, among *roaring.Bitmap) told {
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
	return facetValues(counts, x.q.FacetLimit, code, func(rank uint32) *FacetName {
		return &FacetName{Value: code(rank), Label: states.Terms[rank-1].Label.In(x.q.Lang)}
	})
}
