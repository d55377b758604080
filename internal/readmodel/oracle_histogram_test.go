package readmodel_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// datesOf are the facets of dates.
var datesOf = map[string]bool{"founded": true, "dissolved": true, "start": true, "end": true, "date": true}

// histogram counts the records of a query by the year of a date; by decade when the first and the last year are 40 years
// apart or more.
func (o *oracle) histogram(q *readmodel.Query, name string) []readmodel.FacetValue {
	var years []int
	for _, ref := range o.list(q, q.Filters) {
		if year, ok := o.yearOf(ref, name); ok {
			years = append(years, year)
		}
	}
	if len(years) == 0 {
		return nil
	}
	wide := slices.Max(years)-slices.Min(years) >= 40
	bars := map[string]*readmodel.FacetValue{}
	for _, year := range years {
		value := strconv.Itoa(year)
		label := value
		if wide {
			value, label = value[:3]+"X", value[:3]+"0–"+value[:3]+"9"
		}
		if bars[value] == nil {
			bars[value] = &readmodel.FacetValue{FacetName: &readmodel.FacetName{Value: value, Label: label}}
		}
		bars[value].Count++
	}
	var values []readmodel.FacetValue
	for _, bar := range bars { // sorted below
		values = append(values, *bar)
	}
	slices.SortFunc(values, func(a, b readmodel.FacetValue) int {
		return cmp.Or(b.Count-a.Count, strings.Compare(a.Value, b.Value))
	})
	return values
}

// yearOf is the year of a date of a record; of a role, of the effective one.
func (o *oracle) yearOf(ref directory.Ref, name string) (int, bool) {
	var date directory.Date
	switch r := o.held[ref].(type) {
	case *directory.Actor:
		date = map[string]directory.Date{"founded": r.Founded, "dissolved": r.Dissolved}[name]
	case *directory.Initiative:
		date = map[string]directory.Date{"start": r.Start, "end": r.End}[name]
	case *directory.Relation:
		date = map[string]directory.Date{"start": r.Start, "end": r.End}[name]
	case *directory.Source:
		date = r.Date
	case *directory.Role:
		p := o.effective(r)
		d, open := p.First, directory.FirstDay
		if name == "end" {
			d, open = p.Last, directory.LastDay
		}
		if d == open {
			return 0, false
		}
		date = d.Date()
	}
	if date == "" {
		return 0, false
	}
	var year int
	_, err := fmt.Sscanf(string(date[:4]), "%d", &year)
	return year, err == nil
}

// hasBelow tells whether a live record that a caller may see is directly below another.
func (o *oracle) hasBelow(top directory.Ref, clearance directory.Visibility) bool {
	return slices.ContainsFunc(o.refs(top.Kind), func(ref directory.Ref) bool {
		return o.live(ref) && o.visible(ref, clearance) && parentOf(o.held[ref]) == top.ID
	})
}

// above is the value above one of a facet whose values stand above each other.
func (o *oracle) above(q *readmodel.Query, name, value string) string {
	if kind, ok := namesRecords(q.Kind, name); ok {
		return parentOf(o.held[directory.Ref{Kind: kind, ID: value}])
	}
	switch name {
	case "territory", "reach":
		place, _, region := strings.Cut(value, "-")
		if region {
			return place
		}
	case "framework":
		if dot := strings.LastIndexByte(value, '.'); dot > 0 {
			return value[:dot]
		}
	}
	return ""
}
