package readmodel_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// asker makes random queries about what an oracle holds.
type asker struct {
	*oracle

	rand *rand.Rand
}

func newAsker(o *oracle, seed uint64) *asker {
	return &asker{oracle: o, rand: rand.New(rand.NewPCG(seed, 2))}
}

// filtersOf are the filters of api.md.
func filtersOf(kind directory.Kind) []string {
	own := map[directory.Kind]string{
		directory.Actors: "group kind parent under country territory state identifier unattested_since missing completeness unsourced_roles " +
			"type raci function initiative framework founded dissolved",
		directory.Roles:       "actor under group type raci function initiative territory reach counterpart framework country start end",
		directory.Relations:   "from to actor under type start end",
		directory.Initiatives: "kind parent under state territory framework actor start end",
		directory.Functions:   "parent under framework",
		directory.Sources:     "kind publisher language date",
	}
	return append(strings.Fields("status visibility confidence source tag updated_since created updated attested"), strings.Fields(own[kind])...)
}

// query returns a random query for the first page.
func (a *asker) query() *readmodel.Query {
	q := &readmodel.Query{
		Kind:      pick(a.rand, []directory.Kind{"actors", "actors", "actors", "initiatives", "functions", "roles", "roles", "relations", "sources"}),
		Clearance: pick(a.rand, []directory.Visibility{directory.Public, directory.Partners, directory.Ministry}),
		Limit:     pick(a.rand, []int{1, 2, 3, 5, 50, 1000}),
		Today:     day(pick(a.rand, []directory.Date{"2020-01-01", "2022-07-20", "2024-02-29"})),
		Lang:      pick(a.rand, []string{"fr", "en", "ar", "zgh"}),
		AsOf:      readmodel.AsOf{Any: true},
	}
	q.RolesAsOf = readmodel.AsOf{Day: directory.Period{First: q.Today, Last: q.Today}}
	switch a.rand.IntN(6) {
	case 0, 1, 2:
		q.AsOf = a.asOf()
		q.RolesAsOf = q.AsOf
	case 3:
		q.RolesAsOf = readmodel.AsOf{Any: true}
	}
	wanted := a.wanted(q)
	for range a.rand.IntN(4) {
		q.Filters = append(q.Filters, a.filter(q, wanted, pick(a.rand, filtersOf(q.Kind))))
	}
	if q.Kind == directory.Actors && a.rand.IntN(2) == 0 { // those that must hold of one role are the difficult ones
		for range 1 + a.rand.IntN(3) {
			name := pick(a.rand, []string{"type", "raci", "function", "initiative", "framework"})
			q.Filters = append(q.Filters, a.filter(q, wanted, name))
		}
	}
	for range a.rand.IntN(4) {
		if name := pick(a.rand, readmodel.FacetNames(q.Kind)); !slices.Contains(q.Facets, name) {
			q.Facets = append(q.Facets, name)
		}
	}
	q.FacetLimit = pick(a.rand, []int{0, 0, 1, 2, 4})
	for range a.rand.IntN(4) {
		key := readmodel.SortKey{Name: pick(a.rand, readmodel.SortNames(q.Kind)), Descending: a.rand.IntN(2) == 0}
		if !slices.ContainsFunc(q.Sort, func(k readmodel.SortKey) bool { return k.Name == key.Name }) {
			q.Sort = append(q.Sort, key)
		}
	}
	if a.rand.IntN(3) == 0 {
		q.Q = pick(a.rand, someQueries)
		switch a.rand.IntN(3) {
		case 0:
			q.Sort = nil
		case 1:
			q.Sort = append(q.Sort[:min(len(q.Sort), a.rand.IntN(3))], readmodel.SortKey{Name: readmodel.Relevance, Descending: a.rand.IntN(4) == 0})
		}
	}
	return q
}

func (a *asker) asOf() readmodel.AsOf {
	d := pick(a.rand, []directory.Date{"2018", "2019", "2020-06", "2020-06-30", "2021-03-14", "2021-03-15", "2022", "2022-07", "2022-07-20", "2023-12-31", "2024", "2030"})
	asOf := readmodel.AsOf{Day: dated(d, d), Strict: a.rand.IntN(4) == 0}
	return asOf
}

// wanted is a record that most values of the query are to fit, and a role by which they may; either may be missing.
func (a *asker) wanted(q *readmodel.Query) []directory.Record {
	every := *q
	every.RolesAsOf = readmodel.AsOf{Any: true}
	list := a.list(&every, nil)
	if len(list) == 0 || a.rand.IntN(4) == 0 {
		return nil
	}
	ref := pick(a.rand, list)
	wanted := []directory.Record{a.held[ref]}
	if roles := a.rolesOf(q, ref); len(roles) > 0 {
		wanted = append(wanted, pick(a.rand, roles))
	}
	return wanted
}

func (a *asker) filter(q *readmodel.Query, wanted []directory.Record, name string) readmodel.Filter {
	f := readmodel.Filter{Name: name}
	if strings.HasSuffix(name, "_since") { // they exclude nothing
		f.Values = []string{a.value(q.Kind, name)}
		return f
	}
	for a.empty(f) {
		for range a.rand.IntN(3) {
			f.Values = append(f.Values, a.fitting(q, wanted, name))
		}
		if a.rand.IntN(4) == 0 {
			f.Not = append(f.Not, a.value(q.Kind, name))
		}
		f.None, f.NotNone = a.rand.IntN(8) == 0, a.rand.IntN(8) == 0
	}
	return f
}

// fitting is a value that fits what is wanted, if a few tries find one.
func (a *asker) fitting(q *readmodel.Query, wanted []directory.Record, name string) string {
	value := a.value(q.Kind, name)
	for range 12 {
		through := goesThroughRoles(q.Kind, name)
		if (!through && len(wanted) > 0 && a.has(q, wanted[0], name, value)) || (through && len(wanted) > 1 && a.has(q, wanted[1], name, value)) {
			break
		}
		value = a.value(q.Kind, name)
	}
	return value
}

func (a *asker) empty(f readmodel.Filter) bool {
	return len(f.Values)+len(f.Not) == 0 && !f.None && !f.NotNone
}

// value is a value that a filter may ask for, mostly one that some record has.
func (a *asker) value(kind directory.Kind, name string) string {
	if of, ok := namesRecords(kind, name); ok {
		id := idNumber(a.rand.IntN(idsPerKind()[of]))
		if f := a.function(id); of == directory.Functions && f != nil && a.rand.IntN(2) == 0 {
			return pick(a.rand, []string{strings.ToUpper(id), strings.ToLower(f.Notation), f.Notation})
		}
		return id
	}
	some := map[string][]string{
		"status": {"draft", "published", "archived"}, "visibility": {"public", "partners", "ministry"},
		"confidence": {"high", "medium", "low"}, "tag": append(slices.Clone(someTags), "nowhere"),
		"group": someGroups, "country": {"MA", "FR", "ES", "DE"}, "raci": {"A", "R", "C", "I"},
		"territory": append([]string{"MA-01", "DE"}, somePlaces...), "reach": append([]string{"MA-01", "DE"}, somePlaces...),
		"counterpart": {"FR", "ES", "SN"}, "framework": append([]string{"SDG:8.1", "GCM:1"}, someFrameworks...),
		"publisher": append(slices.Clone(somePublishers[1:]), "nobody"), "language": {"fr", "ar", "en"},
		"missing":      {"summary", "website", "name_fr", "name_ar", "territories", "sources", "identifiers", "founded"},
		"completeness": {"0..19", "20..39", "40..", "..44", "50..60", "22", "55", "100", "0.."}, "unsourced_roles": {"0", "1", "1..", "2..3", "..1", "4.."},
		"identifier":       {"wikidata", "other", "ror", "wikidata:Q42", "wikidata: q7", "iati:xm-dac41", "other:12", "other:13", "lei:1"},
		"bar":              {"2015", "2018", "2019", "2020", "2021", "2022", "2024", "195X", "199X", "201X", "202X"},
		"month":            {"2021", "2021-01", "2021-06", "2022-03", "2020-06", "202X"},
		"updated_since":    {"2021", "2021-06", "2021-09-15", "2022-01-01T12:00:00.500Z", "2021-12-31T23:00:00+01:00"},
		"unattested_since": {"2019", "2020-06", "2021-06-01", "2021-01-01T00:00:00Z"},
	}
	switch {
	case datesOf[name]:
		return pick(a.rand, some["bar"])
	case instantsOf[name]:
		return pick(a.rand, some["month"])
	}
	switch name {
	case "type":
		some["type"] = someTypes
		if kind == directory.Relations {
			some["type"] = someRelations
		}
	case "kind":
		some["kind"] = map[directory.Kind][]string{
			directory.Actors: {"organisation", "unit", "network", "committee"}, directory.Sources: {"law", "report", "web_page"},
			directory.Initiatives: {"strategy", "programme", "project", "event"},
		}[kind]
	case "state":
		some["state"] = someStates
		if kind == directory.Initiatives {
			some["state"] = []string{"planned", "active", "completed", "suspended"}
		}
	}
	return pick(a.rand, some[name])
}

// refused tells whether a query asks for a record that is not there, or not there for the caller.
func (a *asker) refused(q *readmodel.Query) bool {
	for _, f := range q.Filters {
		kind, ok := namesRecords(q.Kind, f.Name)
		for _, value := range slices.Concat(f.Values, f.Not) {
			if kind == directory.Functions {
				value = a.functionID(value)
			}
			if ok && !a.visible(directory.Ref{Kind: kind, ID: value}, q.Clearance) {
				return true
			}
		}
	}
	return false
}

func TestTheOracleAnswersSomething(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.grow(20)
	o := newOracle(t, w.commits...)
	if len(o.held) < 30 {
		t.Errorf("the random directory holds only %d records", len(o.held))
	}
}

func TestEveryKindHasTheFiltersOfTheContract(t *testing.T) {
	t.Parallel()
	for _, kind := range directory.Kinds() {
		if diff := cmp.Diff(sorted(filtersOf(kind)), sorted(readmodel.FilterNames(kind))); diff != "" {
			t.Errorf("the filters of %s differ:\n%s", kind, diff)
		}
	}
}
