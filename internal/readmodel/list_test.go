package readmodel_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

func TestAWrongQueryIsRefusedAtItsParameter(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	snapshot := s.put(actorNamed("one", "Un"))
	filter := func(name string, values ...string) func(*readmodel.Query) {
		return func(q *readmodel.Query) { q.Filters = []readmodel.Filter{{Name: name, Values: values}} }
	}
	for _, test := range []struct {
		name      string
		change    func(*readmodel.Query)
		parameter string
		code      fault.Code
		expected  string
	}{
		{"a filter", filter("colour", "red"), "colour", fault.CodeUnknownParameter, ""},
		{"a filter of another kind", filter("reach", "MA"), "reach", fault.CodeUnknownParameter, ""},
		{"a code", filter("kind", "organisation", "ship"), "kind", fault.CodeUnknownValue, "organisation, unit, network, committee"},
		{"a country", filter("country", "XX"), "country", fault.CodeUnknownValue, "/vocabularies/countries"},
		{"an id", filter("under", "two"), "under", fault.CodeUnknownValue, "/actors"},
		{"an id of another kind", filter("function", "one"), "function", fault.CodeUnknownValue, "/functions"},
		{"a framework", filter("framework", "XYZ:1"), "framework", fault.CodeUnknownValue, "MGI:…, GCM:…, SDG:…, ILO-MFLM:…"},
		{"a framework alone", filter("framework", "GCM"), "framework", fault.CodeUnknownValue, ""},
		{"an identifier without a scheme", filter("identifier", "123"), "identifier", fault.CodeUnknownValue, ""},
		{"a time", filter("updated_since", "yesterday"), "updated_since", fault.CodeBadTime, ""},
		{"no time", func(q *readmodel.Query) {
			q.Filters = []readmodel.Filter{{Name: "unattested_since", None: true}}
		}, "unattested_since", fault.CodeUnknownValue, "YYYY-MM-DD"},
		{"an excluded code", func(q *readmodel.Query) {
			q.Filters = []readmodel.Filter{{Name: "state", Not: []string{"sleepy"}}}
		}, "state", fault.CodeUnknownValue, "active, dormant, dissolved, proposed"},
		{"an unknown scheme of identifiers", filter("identifier", "isbn"), "identifier", fault.CodeUnknownValue, ""},
		{"a facet", func(q *readmodel.Query) { q.Facets = []string{"parents"} }, "facets", fault.CodeUnknownFacet, ""},
		{"a facet of what cuts at an instant", func(q *readmodel.Query) {
			q.Facets = []string{"unattested_since"}
		}, "facets", fault.CodeNoFacetOfTime, ""},
		{"a field that never counts", filter("missing", "acronym"), "missing", fault.CodeUnknownValue, ""},
		{"more than all", filter("completeness", "40..101"), "completeness", fault.CodeBadInterval, ""},
		{"an interval that ends before it begins", filter("completeness", "60..40"), "completeness", fault.CodeBadInterval, ""},
		{"an interval without ends", filter("completeness", ".."), "completeness", fault.CodeBadInterval, ""},
		{"half a percent", filter("completeness", "12.5"), "completeness", fault.CodeBadInterval, ""},
		{"a sign", filter("unsourced_roles", "+1"), "unsourced_roles", fault.CodeBadInterval, ""},
		{"less than nothing", filter("unsourced_roles", "-1.."), "unsourced_roles", fault.CodeBadInterval, ""},
		{"no number", filter("unsourced_roles", "many"), "unsourced_roles", fault.CodeBadInterval, ""},
		{"a sort", func(q *readmodel.Query) {
			q.Sort = []readmodel.SortKey{{Name: "start"}}
		}, "sort", fault.CodeUnknownSort, "id, created, updated, attested, version, name, founded, dissolved, completeness, unsourced_roles"},
		{"too many sorts", func(q *readmodel.Query) {
			q.Sort = []readmodel.SortKey{{Name: "name"}, {Name: "name"}, {Name: "name"}, {Name: "name"}}
		}, "sort", fault.CodeTooManyValues, ""},
		{"a key of another order", func(q *readmodel.Query) {
			q.After = &readmodel.Key{Values: []string{"x"}, ID: "one"}
		}, "cursor", fault.CodeBadCursor, ""},
		{"a key that is no number", func(q *readmodel.Query) {
			q.Sort, q.After = []readmodel.SortKey{{Name: "version"}}, &readmodel.Key{Values: []string{"x"}, ID: "one"}
		}, "cursor", fault.CodeBadCursor, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			q := everything()
			test.change(q)
			_, err := snapshot.List(q)
			found, ok := errors.AsType[*fault.Error](err)
			if !ok || found.Kind != fault.Malformed || len(found.Fields) != 1 {
				t.Fatalf("got %v", err)
			}
			if field := found.Fields[0]; field.Parameter != test.parameter || field.Code != test.code {
				t.Errorf("got %+v", field)
			} else if expected := fmt.Sprint(field.Args["expected"]); test.expected != "" && expected != test.expected {
				t.Errorf("it tells that %q is expected", expected)
			}
		})
	}
}

func TestAKindThatHasNoListIsNotFound(t *testing.T) {
	t.Parallel()
	for _, kind := range []directory.Kind{directory.APIKeys, "contacts", ""} {
		q := everything()
		q.Kind = kind
		if _, err := readmodel.Empty().List(q); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestNamesOfFiltersFacetsAndSortsAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	common := []string{"status", "visibility", "confidence", "source", "tag"}
	for kind, want := range map[directory.Kind]struct{ filters, facets []string }{
		directory.Actors: {
			[]string{
				"group", "kind", "parent", "under", "country", "territory", "state", "identifier", "unattested_since",
				"missing", "completeness", "unsourced_roles", "type", "raci", "function", "initiative", "framework", "founded", "dissolved",
			},
			[]string{
				"group", "kind", "parent", "under", "country", "territory", "state", "type", "raci", "function", "initiative", "framework",
				"founded", "dissolved", "identifier", "missing", "completeness", "unsourced_roles",
			},
		},
		directory.Roles: {
			[]string{
				"actor", "under", "group", "type", "raci", "function", "initiative", "territory", "reach", "counterpart",
				"framework", "country", "start", "end",
			},
			[]string{
				"actor", "under", "group", "type", "raci", "function", "initiative", "territory", "reach", "counterpart", "framework",
				"country", "start", "end",
			},
		},
		directory.Relations: {[]string{"from", "to", "actor", "under", "type", "start", "end"}, []string{"from", "to", "actor", "under", "type", "start", "end"}},
		directory.Initiatives: {
			[]string{"kind", "parent", "under", "state", "territory", "framework", "actor", "start", "end"},
			[]string{"kind", "parent", "under", "state", "territory", "framework", "actor", "start", "end"},
		},
		directory.Functions: {[]string{"parent", "under", "framework"}, []string{"parent", "under", "framework"}},
		directory.Sources:   {[]string{"kind", "publisher", "language", "date"}, []string{"kind", "publisher", "language", "date"}},
	} {
		filters, facets := readmodel.FilterNames(kind), readmodel.FacetNames(kind)
		slices.Sort(filters)
		slices.Sort(facets)
		if diff := cmp.Diff(sorted(slices.Concat(common, []string{"updated_since", "created", "updated", "attested"}, want.filters)), filters); diff != "" {
			t.Errorf("filters of %s:\n%s", kind, diff)
		}
		if diff := cmp.Diff(sorted(slices.Concat(common, []string{"created", "updated", "attested"}, want.facets)), facets); diff != "" {
			t.Errorf("facets of %s:\n%s", kind, diff)
		}
		if names := readmodel.SortNames(kind); names[0] != "id" {
			t.Errorf("sorts of %s: %s", kind, names)
		}
	}
	if readmodel.FilterNames("contacts") != nil || readmodel.SortNames("contacts") != nil {
		t.Error("a kind that does not exist has filters")
	}
}

// numbered makes actors with ids that go on from the middle outwards, so that they come in no order.
func numbered(from, n int) []directory.Record {
	records := make([]directory.Record, n)
	for i := range records {
		number := (from + i) * 7919 % 10_007
		a := actorNamed(fmt.Sprintf("a-%05d", number), fmt.Sprintf("Organisation %d", number%100))
		a.Founded = directory.Date(strconv.Itoa(1900 + number%50))
		records[i] = a
	}
	return records
}

func TestPagesOfAnySizeHoldEveryRecordOnceInOrder(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	var all []directory.Record
	for n, size := range []int{900, 40, 1, 1, 1, 700, 700} { // the first in the order of their ids, the others mixed in
		some := numbered(len(all), size)
		all = append(all, some...)
		snapshot := s.put(some...)
		if n == 0 {
			continue
		}
		for _, sort := range [][]readmodel.SortKey{
			nil,
			{{Name: "id", Descending: true}},
			{{Name: "name"}},
			{{Name: "name", Descending: true}, {Name: "id", Descending: true}},
			{{Name: "founded", Descending: true}},
			{{Name: "founded"}, {Name: "name", Descending: true}},
		} {
			comparePages(t, snapshot, sort)
		}
	}
}

// comparePages asks for one long page and for many short ones.
func comparePages(t *testing.T, s *readmodel.Snapshot, sort []readmodel.SortKey) {
	t.Helper()
	for _, filters := range [][]readmodel.Filter{nil, {{Name: "updated_since", Values: []string{"2026-01-01T00:02:00Z"}}}} {
		q := everything()
		q.Sort, q.Filters, q.Limit = sort, filters, 100_000
		whole := listed(t, s, q)
		if len(whole.Entries) != whole.Total || whole.Next != nil {
			t.Errorf("%v: a page of all holds %d of %d", sort, len(whole.Entries), whole.Total)
		}
		ids := []string{}
		for q.Limit = 37; ; {
			page := listed(t, s, q)
			ids = append(ids, idsOf(page)...)
			if q.After = page.Next; q.After == nil {
				break
			}
		}
		if want := idsOf(whole); !slices.Equal(want, ids) {
			t.Errorf("%v: pages differ from the whole:\n%s", sort, cmp.Diff(want, ids))
		}
		if len(sort) == 0 && !slices.IsSorted(ids) {
			t.Errorf("ids are not in order")
		}
	}
}

func TestAListWithoutALimitTellsNumbersOnly(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	q := everything()
	q.Limit, q.Facets = 0, []string{"group"}
	page := listed(t, s.put(actorNamed("one", "Un")), q)
	if page.Total != 1 || page.Entries != nil || page.Next != nil || page.Facets[0].Values[0].Count != 1 {
		t.Errorf("got %+v", page)
	}
}

func TestLabelsAreInTheLanguageAskedFor(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	parent := actorNamed("miepeec", "Ministère")
	parent.Name["ar"] = "وزارة"
	unit := actorNamed("unit", "Service")
	unit.Parent, unit.Tags = "miepeec", []string{"emploi"}
	snapshot := s.put(parent, unit)
	for lang, want := range map[string][3]string{
		"ar": {"الحكومة", "وزارة", "emploi"}, "en": {"Government", "Ministère", "emploi"}, "xx": {"Gouvernement", "Ministère", "emploi"},
	} {
		q := everything()
		q.Lang, q.Facets = lang, []string{"group", "parent", "tag"}
		page := listed(t, snapshot, q)
		got := [3]string{page.Facets[0].Values[0].Label, page.Facets[1].Values[0].Label, page.Facets[2].Values[0].Label}
		groups, _ := directory.VocabularyNamed(directory.VocabularyGroups)
		term, _ := groups.Term(directory.GroupGovernment)
		want[0] = term.Label.In(lang)
		if got != want {
			t.Errorf("%s: %q, not %q", lang, got, want)
		}
	}
}

// The first day of 1970 is the zero of a period: it must not be taken for none, wherever the record stands.
func TestWhatHeldForTheFirstDayOf1970AloneIsFound(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for n := range 3 {
		a := actorNamed(fmt.Sprintf("a%d", n), "Un")
		a.Founded, a.Dissolved = "1970-01-01", "1970-01-01"
		snapshot := s.put(a)
		page, err := snapshot.List(&readmodel.Query{
			Kind: directory.Actors, Clearance: directory.Ministry, Limit: 10, AsOf: readmodel.AsOf{Day: dated("1970-01-01", "1970-01-01")},
		})
		if err != nil || page.Total != n+1 {
			t.Fatalf("%d of %d are found, %v", page.Total, n+1, err)
		}
	}
}
