package readmodel

import "dalil/internal/directory"

// Query asks for a page of a list, its exact total and its facets.
type Query struct {
	Kind      directory.Kind       // one of the six kinds
	Clearance directory.Visibility // of the caller
	Filters   []Filter             // AND-ed
	Q         string               // what to look for in the records' texts; "" for nothing
	Facets    []string             // names of the facets wanted, in this order
	// FacetLimit is how many values a facet tells at the most, beside those that its filter asks for; 0 is all.
	FacetLimit int
	Sort       []SortKey     // id is always the last key
	Limit      int           // of entries; 0 asks for none
	After      *Key          // the last key of the previous page; nil at the start
	AsOf       AsOf          // what the records must hold at
	RolesAsOf  AsOf          // what roles must hold at, for filters and facets that go through them
	Today      directory.Day // for states derived from dates when AsOf is any
	Lang       string        // of labels and of the sort by name
}

// Filter asks for values of one member: one of Values, or absence with None; and none of Not, nor absence with
// NotNone. Several filters of one name are AND-ed.
type Filter struct {
	Name    string
	Values  []string
	Not     []string
	None    bool
	NotNone bool
}

// SortKey is one key of an order.
type SortKey struct {
	Name       string
	Descending bool
}

// Key is a place in an order: the values of the sort keys of a record, as text, and its id.
type Key struct {
	Values []string
	ID     string
}

// AsOf is a day, or a few days, at which records must hold; the zero AsOf is 1970-01-01, so say Any where it is meant.
type AsOf struct {
	Any    bool             // whatever the dates
	Day    directory.Period // the days of a date of full or reduced precision
	Strict bool             // leave out what has no known start
}

// On returns the AsOf of the days that a date covers.
func On(d directory.Date) AsOf {
	first, last := d.Span()
	return AsOf{Day: directory.Period{First: first, Last: last}}
}

// Holds tells whether a period holds at the days.
func (a AsOf) Holds(p directory.Period) bool {
	if a.Any {
		return true
	}
	if a.Strict && p.First == directory.FirstDay {
		return false
	}
	return !p.Empty() && p.Meets(a.Day)
}

// Page is a part of a list.
type Page struct {
	Entries      []*Entry
	Matches      []Match // of the entries, one each, when something was looked for
	Total        int     // of the whole list, exact
	HiddenByDate int     // how many more there would be whatever the dates
	Facets       []Facet
	Mapping      []Mapping // of actors and roles: through what a framework's codes were looked for
	Next         *Key      // of the last entry; nil at the end of the list
}

// Facet tells the values of one member among what the other filters leave.
type Facet struct {
	Name    string
	Values  []FacetValue // those that its filter asks for among them, whatever their count
	None    *FacetValue  // absence, where it is not of none of the records, or asked for
	LeftOff int          // how many more values there are
}

// FacetValue is one value of a facet: by count, then by value. Where values stand above each other its count holds what
// is below it, too.
type FacetValue struct {
	*FacetName

	Count int
}

// FacetName is a value and what it is called. Answers share it.
type FacetName struct {
	Value  string
	Label  string
	Parent string // the value above it

	json string // the three as the API says them, where they are kept from one answer to the next
}
