package readmodel_test

import (
	"cmp"
	"slices"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// oracleItem is a function or an initiative that is judged, and the roles that count for it.
type oracleItem struct {
	readmodel.AnalysisItem

	kind  directory.Kind
	roles []*directory.Role
}

// evidence are the roles that an analysis stands on, by id; without the filters that are left out.
func (o *oracle) evidence(q *readmodel.Analysis, leave ...string) []*directory.Role {
	list := asQuery(q)
	list.Filters = slices.DeleteFunc(slices.Clone(q.Filters), func(f readmodel.Filter) bool { return slices.Contains(leave, f.Name) })
	var roles []*directory.Role
	for _, ref := range o.list(list, list.Filters) {
		r, _ := o.held[ref].(*directory.Role)
		roles = append(roles, r)
	}
	return roles
}

func asQuery(q *readmodel.Analysis) *readmodel.Query {
	return &readmodel.Query{
		Kind: directory.Roles, Clearance: q.Clearance, Filters: q.Filters, AsOf: q.AsOf, RolesAsOf: q.AsOf, Today: q.Today, Lang: q.Lang,
	}
}

// hiddenByDate is how many more roles the evidence would have whatever the dates.
func (o *oracle) hiddenByDate(q *readmodel.Analysis) int {
	always := *q
	always.AsOf = readmodel.AsOf{Any: true}
	return len(o.evidence(&always)) - len(o.evidence(q))
}

// judged returns the items of a judgement in their order; their roles whatever the filters that are left out.
func (o *oracle) judged(q *readmodel.Judgement, leave ...string) []oracleItem {
	var items []oracleItem
	roles := o.evidence(&q.Analysis, leave...)
	if q.By != readmodel.ByInitiative {
		for _, id := range o.scopedFunctions(q) {
			item := oracleItem{readmodel.AnalysisItem{ID: id, Label: o.function(id).Label.In(q.Lang), Parent: o.function(id).Parent}, directory.Functions, nil}
			for _, r := range roles {
				if o.within(directory.Functions, r.Function, id) {
					item.roles = append(item.roles, r)
				}
			}
			items = append(items, item)
		}
	}
	if q.By != readmodel.ByFunction {
		for _, id := range o.scopedInitiatives(q) {
			item := oracleItem{readmodel.AnalysisItem{ID: id, Label: o.initiative(id).Name.In(q.Lang), Parent: o.initiative(id).Parent}, directory.Initiatives, nil}
			for _, r := range roles {
				if r.Initiative == id || (q.Children && o.within(directory.Initiatives, r.Initiative, id)) {
					item.roles = append(item.roles, r)
				}
			}
			items = append(items, item)
		}
	}
	return items
}

// chosen are the visible live records of a kind that the filters of its name and those by framework choose.
func (o *oracle) chosen(q *readmodel.Analysis, kind directory.Kind) []string {
	var ids []string
	for _, ref := range o.refs(kind) {
		if o.live(ref) && o.visible(ref, q.Clearance) && o.isChosen(q, ref) {
			ids = append(ids, ref.ID)
		}
	}
	return ids
}

func (o *oracle) isChosen(q *readmodel.Analysis, ref directory.Ref) bool {
	name := strings.TrimSuffix(string(ref.Kind), "s")
	for _, f := range q.Filters {
		below := func(value string) bool {
			if ref.Kind == directory.Functions {
				value = o.functionID(value)
			}
			return o.within(ref.Kind, ref.ID, value)
		}
		switch f.Name {
		case name:
			if ((len(f.Values) > 0 || f.None) && !slices.ContainsFunc(f.Values, below)) || slices.ContainsFunc(f.Not, below) {
				return false
			}
		case "framework":
			if !o.fits(asQuery(q), o.held[ref], f) {
				return false
			}
		}
	}
	return true
}

// scopedFunctions are the chosen functions in scope, in the order of the taxonomy.
func (o *oracle) scopedFunctions(q *readmodel.Judgement) []string {
	chosen := o.chosen(&q.Analysis, directory.Functions)
	var ids []string
	for _, id := range o.taxonomy("") {
		above := func(other string) bool { return other != id && o.within(directory.Functions, id, other) }
		below := func(other string) bool { return other != id && o.within(directory.Functions, other, id) }
		switch {
		case !slices.Contains(chosen, id):
		case q.Scope == readmodel.ScopeTop && slices.ContainsFunc(chosen, above):
		case q.Scope == readmodel.ScopeLeaf && slices.ContainsFunc(chosen, below):
		default:
			ids = append(ids, id)
		}
	}
	return ids
}

// taxonomy are the functions below one, live or not, each before what is below it, neighbours by order and notation. One
// that was erased since an earlier state still has there what was below it.
func (o *oracle) taxonomy(parent string) []string {
	var children []*directory.Function
	for _, ref := range o.refs(directory.Functions) {
		if f := o.function(ref.ID); f.Parent == parent {
			children = append(children, f)
		}
	}
	slices.SortFunc(children, func(a, b *directory.Function) int {
		return cmp.Or(cmp.Compare(orderOf(a), orderOf(b)), cmp.Compare(strings.ToLower(a.Notation), strings.ToLower(b.Notation)), cmp.Compare(a.ID, b.ID))
	})
	var ids []string
	for _, f := range children {
		ids = append(append(ids, f.ID), o.taxonomy(f.ID)...)
	}
	return ids
}

// scopedInitiatives are the chosen initiatives that hold, by label.
func (o *oracle) scopedInitiatives(q *readmodel.Judgement) []string {
	var ids []string
	for _, id := range o.chosen(&q.Analysis, directory.Initiatives) {
		if o.holds(o.initiative(id), q.AsOf) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(directory.Fold(o.initiative(a).Name.In(q.Lang)), directory.Fold(o.initiative(b).Name.In(q.Lang))), cmp.Compare(a, b))
	})
	return ids
}

// countedFor is the actor that a role counts for.
func (o *oracle) countedFor(q *readmodel.Analysis, r *directory.Role) string {
	id := r.Actor
	for q.Rolled && o.actor(id).Kind == "unit" && o.actor(id).Parent != "" {
		id = o.actor(id).Parent
	}
	return id
}

// judgement returns a random analysis of items.
func (a *asker) judgement(filters ...string) readmodel.Judgement {
	q := readmodel.Judgement{
		By:       pick(a.rand, []readmodel.By{readmodel.ByFunction, readmodel.ByInitiative}),
		Scope:    pick(a.rand, readmodel.Scopes()),
		Children: a.rand.IntN(2) == 0,
		Analysis: a.judgedAnalysis(filters...),
	}
	return q
}

// judgedAnalysis returns a random analysis, mostly with filters that some role fits.
func (a *asker) judgedAnalysis(filters ...string) readmodel.Analysis {
	q := readmodel.Analysis{
		Clearance: pick(a.rand, []directory.Visibility{directory.Public, directory.Partners, directory.Ministry}),
		Today:     day(pick(a.rand, []directory.Date{"2020-01-01", "2022-07-20", "2024-02-29"})),
		Lang:      pick(a.rand, []string{"fr", "en", "ar", "zgh"}),
		Rolled:    a.rand.IntN(2) == 0,
	}
	q.AsOf = readmodel.AsOf{Day: directory.Period{First: q.Today, Last: q.Today}}
	switch a.rand.IntN(4) {
	case 0:
		q.AsOf = a.asOf()
	case 1:
		q.AsOf = readmodel.AsOf{Any: true}
	}
	list := asQuery(&q)
	wanted := a.wanted(list)
	for range a.rand.IntN(3) {
		q.Filters = append(q.Filters, a.filter(list, wanted, pick(a.rand, filters)))
	}
	return q
}

// refusedJudged tells whether an analysis asks for what is not there, or for what is archived.
func (a *asker) refusedJudged(q *readmodel.Analysis) bool {
	return a.refused(asQuery(q)) || asksArchived(q.Filters)
}
