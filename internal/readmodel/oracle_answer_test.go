package readmodel_test

import (
	"cmp"
	"slices"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// answer is all that a list says, unpaged.
type answer struct {
	Refs   []directory.Ref
	Total  int
	Hidden int
	Facets []readmodel.Facet
	Told   []string // why the records were found
}

// answer works a query out by looking at every record, anew for every number it tells.
func (o *oracle) answer(q *readmodel.Query) answer {
	a := answer{Refs: o.list(q, q.Filters)}
	slices.SortFunc(a.Refs, func(x, y directory.Ref) int { return o.order(q, x, y) })
	a.Total = len(a.Refs)
	if q.Q != "" {
		for _, ref := range a.Refs {
			a.Told = append(a.Told, o.found(q)[ref].told)
		}
	}
	whenever := *q
	whenever.AsOf, whenever.RolesAsOf = readmodel.AsOf{Any: true}, readmodel.AsOf{Any: true}
	a.Hidden = max(0, len(o.list(&whenever, q.Filters))-a.Total)
	for _, name := range q.Facets {
		a.Facets = append(a.Facets, o.facet(q, name))
	}
	return a
}

// list returns what a query keeps, by id.
func (o *oracle) list(q *readmodel.Query, filters []readmodel.Filter) []directory.Ref {
	var refs []directory.Ref
	for _, ref := range o.refs(q.Kind) {
		if o.keeps(q, ref, filters) {
			refs = append(refs, ref)
		}
	}
	return refs
}

func (o *oracle) keeps(q *readmodel.Query, ref directory.Ref, filters []readmodel.Filter) bool {
	if !o.visible(ref, q.Clearance) || (!o.live(ref) && !asksArchived(filters)) {
		return false
	}
	r := o.held[ref]
	if erased(r) {
		return false
	}
	if !o.holds(r, q.AsOf) {
		return false
	}
	if q.Q != "" {
		if _, ok := o.found(q)[ref]; !ok {
			return false
		}
	}
	var through []readmodel.Filter
	for _, f := range filters {
		if goesThroughRoles(q.Kind, f.Name) {
			through = append(through, f)
		} else if !o.fits(q, r, f) {
			return false
		}
	}
	return o.rolesFit(q, o.rolesOf(q, ref), through)
}

// asksArchived tells whether the filters name archived records; nothing else shows them.
func asksArchived(filters []readmodel.Filter) bool {
	return slices.ContainsFunc(filters, func(f readmodel.Filter) bool {
		return f.Name == "status" && slices.Contains(f.Values, "archived")
	})
}

func goesThroughRoles(kind directory.Kind, name string) bool {
	switch kind {
	case directory.Actors:
		return slices.Contains([]string{"type", "raci", "function", "initiative", "framework"}, name)
	case directory.Initiatives:
		return name == "actor"
	default:
		return false
	}
}

// fits judges one filter on one record: one of the values or absence, and nothing that is excluded.
func (o *oracle) fits(q *readmodel.Query, r directory.Record, f readmodel.Filter) bool {
	has := func(value string) bool { return o.has(q, r, f.Name, value) }
	lacks := o.lacks(r, f.Name)
	if len(f.Values) > 0 || f.None {
		if !slices.ContainsFunc(f.Values, has) && !(f.None && lacks) {
			return false
		}
	}
	return !slices.ContainsFunc(f.Not, has) && !(f.NotNone && lacks)
}

// rolesOf are the live roles of an actor or initiative that the caller may see and that hold.
func (o *oracle) rolesOf(q *readmodel.Query, ref directory.Ref) []directory.Record {
	var roles []directory.Record
	for _, of := range o.refs(directory.Roles) {
		r, _ := o.held[of].(*directory.Role)
		ours := (ref.Kind == directory.Actors && r.Actor == ref.ID) || (ref.Kind == directory.Initiatives && r.Initiative == ref.ID)
		if ours && o.live(of) && o.visible(of, q.Clearance) && o.holds(r, q.RolesAsOf) {
			roles = append(roles, r)
		}
	}
	return roles
}

// rolesFit judges the filters that go through roles. A filter whose absence is asked for, and where no role has a
// value, is done with. If any of the others asks for something, one and the same role must fit all of them; if they
// only exclude, no role may have what they exclude.
func (o *oracle) rolesFit(q *readmodel.Query, roles []directory.Record, filters []readmodel.Filter) bool {
	var left []readmodel.Filter
	asks := false
	for _, f := range filters {
		empty := !slices.ContainsFunc(roles, func(r directory.Record) bool { return !o.lacks(r, f.Name) })
		if f.None && empty && !f.NotNone {
			continue
		}
		if f.None && len(f.Values) == 0 {
			return false
		}
		f.None = false
		left = append(left, f)
		asks = asks || len(f.Values) > 0 || f.NotNone
	}
	if asks {
		return slices.ContainsFunc(roles, func(r directory.Record) bool {
			return !slices.ContainsFunc(left, func(f readmodel.Filter) bool { return !o.fits(q, r, f) })
		})
	}
	for _, r := range roles {
		for _, f := range left {
			if !o.fits(q, r, f) {
				return false
			}
		}
	}
	return true
}

// holds tells whether a record holds on one of the days asked about.
func (o *oracle) holds(r directory.Record, asOf readmodel.AsOf) bool {
	p, dates := o.period(r)
	if asOf.Any || !dates {
		return true
	}
	if asOf.Strict && p.First == directory.FirstDay {
		return false
	}
	return p.First <= p.Last && p.First <= asOf.Day.Last && p.Last >= asOf.Day.First
}

// period is the time in which a record holds; functions and sources have none.
func (o *oracle) period(r directory.Record) (directory.Period, bool) {
	switch r := r.(type) {
	case *directory.Actor:
		return dated(r.Founded, r.Dissolved), true
	case *directory.Initiative:
		return dated(r.Start, r.End), true
	case *directory.Role:
		return o.effective(r), true
	case *directory.Relation:
		return dated(r.Start, r.End), true
	default:
		return directory.Period{}, false
	}
}

// order compares two records by the sort keys, then by id.
func (o *oracle) order(q *readmodel.Query, x, y directory.Ref) int {
	keys := q.Sort
	if len(keys) == 0 && q.Q != "" {
		keys = []readmodel.SortKey{{Name: readmodel.Relevance}}
	}
	for _, key := range keys {
		if key.Name == readmodel.Relevance {
			a, b := o.found(q)[x], o.found(q)[y]
			c := cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.connections, a.connections))
			if key.Descending {
				c = -c
			}
			return cmp.Or(c, cmp.Compare(x.ID, y.ID))
		}
		c := o.compare(q, key.Name, o.held[x], o.held[y])
		if key.Descending {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(x.ID, y.ID)
}

func (o *oracle) compare(q *readmodel.Query, key string, x, y directory.Record) int {
	a, b := x.Head(), y.Head()
	xPeriod, _ := o.period(x)
	yPeriod, _ := o.period(y)
	switch key {
	case "id":
		return cmp.Compare(a.ID, b.ID)
	case "name", "label", "title":
		return cmp.Compare(directory.Fold(label(x, q.Lang)), directory.Fold(label(y, q.Lang)))
	case "created":
		return a.Created.At.Compare(b.Created.At.Time)
	case "updated":
		return a.Updated.At.Compare(b.Updated.At.Time)
	case "version":
		return cmp.Compare(a.Version, b.Version)
	case "attested":
		return cmp.Compare(attestedAt(a), attestedAt(b))
	case "completeness", "unsourced_roles":
		return cmp.Compare(o.quality(q, key, x), o.quality(q, key, y))
	case "start", "founded":
		return cmp.Compare(xPeriod.First, yPeriod.First)
	case "end", "dissolved":
		return cmp.Compare(xPeriod.Last, yPeriod.Last)
	}
	switch x := x.(type) {
	case *directory.Source:
		z, _ := y.(*directory.Source)
		if key == "date" {
			return cmp.Compare(firstDay(x.Date), firstDay(z.Date))
		}
	case *directory.Function:
		z, _ := y.(*directory.Function)
		switch key {
		case "notation":
			return cmp.Compare(x.Notation, z.Notation)
		case "order":
			return cmp.Compare(orderOf(x), orderOf(z))
		}
	}
	panic(key)
}

// orderOf is a function's order; one without comes last.
func orderOf(f *directory.Function) int {
	if f.Order == nil {
		return 1 << 30
	}
	return *f.Order
}

// label is what a record is called in a language, its id when it has no name.
func label(r directory.Record, lang string) string {
	switch r := r.(type) {
	case *directory.Actor:
		return r.Name.In(lang)
	case *directory.Initiative:
		return r.Name.In(lang)
	case *directory.Function:
		return r.Label.In(lang)
	case *directory.Source:
		return r.Title
	default:
		return r.Head().ID
	}
}
