package readmodel_test

import (
	"fmt"
	"slices"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// datesOf are the facets of dates.
var datesOf = map[string]bool{"founded": true, "dissolved": true, "start": true, "end": true, "date": true}

// years are the bars of a histogram: the years of a date, the decades when the first and the last year are 40 years apart
// or more.
func (o *oracle) years(q *readmodel.Query, name string) []string {
	var years []int
	for _, ref := range o.instead(q, readmodel.Filter{Name: name, NotNone: true}) {
		if year, ok := o.yearOf(o.held[ref], name); ok {
			years = append(years, year)
		}
	}
	var bars []string
	for _, year := range years {
		bar := fmt.Sprintf("%04d", year)
		if slices.Max(years)-slices.Min(years) >= 40 {
			bar = bar[:3] + "X"
		}
		bars = append(bars, bar)
	}
	return slices.Compact(sorted(bars))
}

// inBar tells whether a month or a year is one, or in a decade.
func inBar(text, bar string) bool {
	return text != "" && strings.HasPrefix(text, strings.TrimSuffix(bar, "X"))
}

// yearOf is the year of a date of a record; of a role, of the effective one.
func (o *oracle) yearOf(r directory.Record, name string) (int, bool) {
	var date directory.Date
	switch r := r.(type) {
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
