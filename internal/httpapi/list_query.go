package httpapi

import (
	"slices"
	"strings"

	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

// The bounds of a page, as of api.md.
const (
	defaultLimit = 50
	maxLimit     = 1000
)

// facetLimit is the parameter that says how many values a facet tells. As many as a page has items, unless it says less.
const facetLimit = "facet_limit"

// listing is what a request asks of a list.
type listing struct {
	query  readmodel.Query
	chosen params   // what selects and orders, in one fixed order
	fields []string // the members wanted, in alphabetical order; nil for all
	asOf   string   // as the answer says it

	rolesAsOf string // likewise; "" where it does not matter which roles hold

	complete completed // what tells the completeness of actors; nil when it is not asked for
}

// presentation are the parameters that say how a page is shown; the others say of which list it is.
func presentation(name string) bool {
	switch name {
	case "cursor", "limit", "fields", "facets", facetLimit, "lang", "format":
		return true
	default:
		return false
	}
}

// choice returns what selects and orders, in a fixed order. Only the order of the sort keys means anything.
func (p params) choice() params {
	var chosen params
	for i := range p {
		if !presentation(p[i].name) {
			chosen = append(chosen, p[i])
		}
	}
	slices.SortStableFunc(chosen, func(a, b pair) int {
		if n := strings.Compare(a.name, b.name); n != 0 || a.name == "sort" {
			return n
		}
		return strings.Compare(a.value, b.value)
	})
	return chosen
}

// flat returns the pairs as names and values in turn, for a cursor.
func (p params) flat() []string {
	texts := make([]string, 0, 2*len(p))
	for i := range p {
		texts = append(texts, p[i].name, p[i].value)
	}
	return texts
}

// pairs reads what flat wrote.
func pairs(texts []string) params {
	p := make(params, 0, len(texts)/2)
	for i := 0; i+1 < len(texts); i += 2 {
		p = append(p, pair{texts[i], texts[i+1]})
	}
	return p
}

// listing reads a request for a list, with its cursor.
func (c *call) listing() (*listing, error) {
	kind := c.route.Kind
	at, err := c.opened(string(kind))
	if err != nil {
		return nil, err
	}
	l := &listing{chosen: c.query.choice()}
	q := &l.query
	q.Kind, q.Lang, q.Today = kind, c.lang, c.today()
	if at != nil {
		if err := l.resume(c, at); err != nil {
			return nil, err
		}
	}
	q.Clearance = c.caller.Clearance
	q.Facets = c.query.list("facets")
	if q.Limit, err = c.query.integer("limit", maxLimit, defaultLimit); err != nil {
		return nil, err
	}
	if q.FacetLimit, err = c.query.integer(facetLimit, maxLimit, maxLimit); err != nil {
		return nil, err
	}
	if l.fields, err = c.fields(); err != nil {
		return nil, err
	}
	if err := l.filters(); err != nil {
		return nil, err
	}
	if err := l.dates(); err != nil {
		return nil, err
	}
	if slices.Contains(l.fields, completenessMember) {
		l.complete = c.completed(q.RolesAsOf)
	}
	return l, nil
}

// resume takes from a cursor what it holds. Filters that stand beside it must be the same ones.
func (l *listing) resume(c *call, at *cursor) error {
	chosen := pairs(at.Select)
	if len(l.chosen) > 0 && !slices.Equal(l.chosen, chosen) {
		return mismatch()
	}
	if c.query.has("lang") && c.lang != at.Lang {
		return mismatch()
	}
	if err := c.wait(at.Seq); err != nil {
		return err
	}
	if c.denied != nil {
		return c.denied
	}
	l.chosen = chosen
	if chosen.has(knownAt) {
		if err := c.recall(at.Seq); err != nil {
			return err
		}
	}
	l.query.Lang, l.query.Today = at.Lang, at.Day
	l.query.After = &readmodel.Key{Values: at.Values, ID: at.Last}
	return nil
}

// filters reads the filters and the order. Whether their names and values exist is for the read model to say.
func (l *listing) filters() error {
	for i := 0; i < len(l.chosen); {
		name := l.chosen[i].name
		values := l.chosen.all(name)
		i += len(values)
		switch name {
		case "as_of", rolesAsOf, "dates", knownAt:
		case "q":
			l.query.Q = values[0]
		case "sort":
			l.order(values)
		default:
			f, err := filterOf(name, values)
			if err != nil {
				return err
			}
			l.query.Filters = append(l.query.Filters, f)
		}
	}
	return nil
}

func (l *listing) order(values []string) {
	for _, value := range values {
		for _, name := range splitList(value) {
			rest, descending := strings.CutPrefix(name, "-")
			l.query.Sort = append(l.query.Sort, readmodel.SortKey{Name: rest, Descending: descending})
		}
	}
}

// filterOf reads the values of one filter: value, !value, none, !none.
func filterOf(name string, values []string) (readmodel.Filter, error) {
	f := readmodel.Filter{Name: name}
	for _, value := range values {
		rest, not := strings.CutPrefix(value, "!")
		switch {
		case rest == "":
			return f, fault.AtParameter(name, fault.CodeEmptyText, nil)
		case value == "none":
			f.None = true
		case value == "!none":
			f.NotNone = true
		case not:
			f.Not = append(f.Not, rest)
		default:
			f.Values = append(f.Values, value)
		}
	}
	return f, nil
}

// dates reads as_of, roles_as_of and dates. What goes through roles is of the day that is asked for, of records or of roles,
// and else of today; the answer then says so.
func (l *listing) dates() error {
	q := &l.query
	records, err := l.chosen.moment("as_of", q.Today, always())
	if err != nil {
		return err
	}
	q.AsOf, l.asOf = records.AsOf, records.said
	if !l.chosen.has("as_of") {
		records = on(q.Today.Date())
		records.Strict = q.AsOf.Strict
	}
	roles, err := l.chosen.moment(rolesAsOf, q.Today, records)
	if err != nil {
		return err
	}
	q.RolesAsOf = roles.AsOf
	if q.AsksRoles() || slices.Contains(l.fields, completenessMember) {
		l.rolesAsOf = roles.said
	}
	return nil
}
