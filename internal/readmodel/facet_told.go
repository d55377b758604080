package readmodel

import (
	"cmp"
	"slices"
	"strings"

	"dalil/internal/directory"
)

// told is what was counted for a facet: the values shown, in their order, what was left off, and absence.
type told struct {
	values  []FacetValue
	none    int                    // how many have no value
	left    int                    // how many values more there are
	leftOff func(value string) int // the count of one of those; 0 of others; nil when none was left off
}

// shownOf is how many of n values a facet shows.
func shownOf(n, limit int) int {
	if limit > 0 {
		return min(n, limit)
	}
	return n
}

// addChosen adds the values that a filter asks for and that are not there: whoever chose one sees it, whatever its count.
func (x *run) addChosen(s *spec, chosen []string, t *told) {
	for _, asked := range chosen {
		if t.has(asked) {
			continue
		}
		name := s.shown(x, asked)
		if t.has(name.Value) {
			continue
		}
		value := FacetValue{FacetName: name}
		if t.leftOff != nil {
			value.Count = t.leftOff(name.Value)
		}
		switch {
		case value.Count > 0:
			t.left--
		case s.code == nil || s.name == "status": // else a value that anything has was counted
			value.Count = x.countChosen(s, asked)
		}
		at, _ := slices.BinarySearchFunc(t.values, value, byCount)
		t.values = slices.Insert(t.values, at, value)
	}
}

func (t *told) has(value string) bool {
	return slices.ContainsFunc(t.values, func(v FacetValue) bool { return v.Value == value })
}

// byCount is the order of the values of a facet.
func byCount(a, b FacetValue) int {
	return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
}

// countChosen counts what a filter by one value would keep in the place of all filters of its name.
func (x *run) countChosen(s *spec, value string) int {
	t, err := x.term(s, &Filter{Name: s.name, Values: []string{value}})
	if err != nil {
		return 0 // it does not happen: the filter took the value
	}
	alone := *x
	alone.did, alone.own = nil, nil
	alone.terms = slices.DeleteFunc(slices.Clone(x.terms), func(t term) bool { return t.name == s.name })
	alone.terms = append(alone.terms, t)
	if s.name == "status" {
		alone.archived = value == string(directory.Archived)
	}
	return alone.pick(leaveNone).cardinality()
}

// wordShown names words of a field.
func wordShown(k kindIndex, field int, label labels) func(*run, string) *FacetName {
	above := wordParent(k, field)
	return func(x *run, value string) *FacetName {
		return &FacetName{Value: value, Label: label(value, x.q.Lang), Parent: above(value)}
	}
}

// termShown names the codes of a vocabulary.
func termShown(v *directory.Vocabulary) func(*run, string) *FacetName {
	return func(x *run, value string) *FacetName {
		term, _ := v.Term(value)
		return &FacetName{Value: value, Label: term.Label.In(x.q.Lang), Parent: term.Parent}
	}
}

// namedShown names records by what a filter calls them.
func namedShown(target kindIndex) func(*run, string) *FacetName {
	return func(x *run, value string) *FacetName {
		ord, err := x.named("", target, value)
		if err != nil {
			return &FacetName{Value: value, Label: value} // it does not happen: the filter took it
		}
		return x.recordShown(target, ord)
	}
}

// recordShown names a record.
func (x *run) recordShown(target kindIndex, ord uint32) *FacetName {
	entry := x.s.tables[target].entries.at(ord)
	return &FacetName{Value: entry.id, Label: labelOf(entry.Record(), x.q.Lang), Parent: x.parentOf(target, ord)}
}
