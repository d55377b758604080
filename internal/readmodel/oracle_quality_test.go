package readmodel_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// countedBy are the fields that count for the groups of random actors, after the table in docs/analysis.md.
var countedBy = map[string]string{
	"government":    "country sources summary website name_fr email mandate name_ar territories",
	"employers":     "country sources summary website name_fr email mandate name_ar territories",
	"workers":       "country sources summary website name_fr email mandate name_ar territories",
	"international": "country sources summary website name_fr identifiers mandate name_ar name_en",
	"academia":      "country sources summary website name_fr founded identifiers name_en",
	"other":         "country sources summary website name_fr",
}

// missing are the fields that count for an actor and that it does not have.
func missing(a *directory.Actor) []string {
	lacks := map[string]bool{
		"country": a.Country == "", "sources": len(a.Sources) == 0, "summary": a.Summary == nil, "website": a.Website == "",
		"name_fr": a.Name["fr"] == "", "name_ar": a.Name["ar"] == "", "name_en": a.Name["en"] == "", "email": a.Email == "",
		"mandate": a.Mandate == nil, "territories": len(a.Territories) == 0, "identifiers": len(a.Identifiers) == 0, "founded": a.Founded == "",
	}
	var names []string
	for name := range strings.FieldsSeq(countedBy[a.Group]) {
		if lacks[name] {
			names = append(names, name)
		}
	}
	return sorted(names)
}

func percent(a *directory.Actor) int {
	counted := len(strings.Fields(countedBy[a.Group]))
	return (counted - len(missing(a))) * 100 / counted
}

// unsourced counts the roles of an actor that the query looks at and that name no source.
func (o *oracle) unsourced(q *readmodel.Query, id string) int {
	n := 0
	for _, r := range o.rolesOf(q, directory.Ref{Kind: directory.Actors, ID: id}) {
		if len(r.Head().Sources) == 0 {
			n++
		}
	}
	return n
}

// quality is the number that a query sorts actors by.
func (o *oracle) quality(q *readmodel.Query, key string, r directory.Record) int {
	if a, ok := r.(*directory.Actor); ok && key == "completeness" {
		return percent(a)
	}
	return o.unsourced(q, r.Head().ID)
}

// inInterval tells whether a number is one, or lies between two.
func inInterval(n int, value string) bool {
	from, to, ok := strings.Cut(value, "..")
	if !ok {
		return strconv.Itoa(n) == value
	}
	low, high := 0, 1<<40
	if from != "" {
		_, _ = fmt.Sscan(from, &low)
	}
	if to != "" {
		_, _ = fmt.Sscan(to, &high)
	}
	return low <= n && n <= high
}

// attestedAt is when a record was last confirmed; before all when never.
func attestedAt(e *directory.Envelope) int64 {
	if e.Attested == nil {
		return 0
	}
	return e.Attested.At.UnixMilli()
}

// instantsOf are the facets of what happened to the records.
var instantsOf = map[string]bool{"created": true, "updated": true, "attested": true}

// monthOf is the month of an instant of a record; "" when it never came.
func monthOf(e *directory.Envelope, name string) string {
	switch {
	case name == "created":
		return e.Created.At.UTC().Format("2006-01")
	case name == "updated":
		return e.Updated.At.UTC().Format("2006-01")
	case e.Attested != nil:
		return e.Attested.At.UTC().Format("2006-01")
	}
	return ""
}

// months are the bars of a histogram of instants: months, or as years when the first and the last are two years apart or
// more.
func (o *oracle) months(q *readmodel.Query, name string) []string {
	var months []string
	for _, ref := range o.instead(q, readmodel.Filter{Name: name, NotNone: true}) {
		months = append(months, monthOf(o.held[ref].Head(), name))
	}
	if len(months) == 0 {
		return nil
	}
	number := func(text string) int {
		year, _ := strconv.Atoi(text[:4])
		month, _ := strconv.Atoi(text[5:])
		return 12*year + month
	}
	first, last := slices.Min(months), slices.Max(months)
	if number(last)-number(first) >= 24 {
		for i := range months {
			months[i] = months[i][:4]
			if number(last)/12-number(first)/12 >= 40 {
				months[i] = months[i][:3] + "X"
			}
		}
	}
	return slices.Compact(sorted(months))
}
