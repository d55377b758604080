package readmodel

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/directory"
)

// Profile is one actor whole. Records are as the caller may see them.
type Profile struct {
	Findings

	Actor       jsontext.Value    `json:"actor"`
	Units       []ProfileUnit     `json:"units"`       // below it, by label
	Functions   []ProfileGroup    `json:"functions"`   // that it has roles for, in the taxonomy's order
	Initiatives []ProfileGroup    `json:"initiatives"` // that it has roles in, by label
	Relations   []ProfileRelation `json:"relations"`   // by type, then the other's label
	Sources     []jsontext.Value  `json:"sources"`     // that the actor, the roles and the relations name, by id

	Completeness *Completeness `json:"completeness"` // of the actor by itself, whatever the filters

	Roles []ProfileRole `json:"-"` // each once
}

// ProfileUnit is a unit of an actor, or a unit of such a unit.
type ProfileUnit struct {
	ID     string `json:"id"`
	Label  string `json:"label"`
	Parent string `json:"parent"`
}

// ProfileGroup are the roles for a function, or in an initiative, by type and then by id.
type ProfileGroup struct {
	AnalysisItem

	Roles []ProfileRole `json:"roles"`
}

// ProfileRole is a role as a profile tells it; start and end are of its effective period.
type ProfileRole struct {
	ID              string           `json:"id"`
	Actor           string           `json:"actor"` // whose it is
	ActorLabel      string           `json:"actor_label"`
	Type            string           `json:"type"`
	TypeLabel       string           `json:"type_label"`
	RACI            string           `json:"raci,omitempty"`
	Function        string           `json:"function,omitempty"`
	FunctionLabel   string           `json:"function_label,omitempty"`
	Initiative      string           `json:"initiative,omitempty"`
	InitiativeLabel string           `json:"initiative_label,omitempty"`
	Territories     []string         `json:"territories,omitempty"`
	Counterparts    []string         `json:"counterparts,omitempty"`
	Start           directory.Date   `json:"start,omitempty"`
	End             directory.Date   `json:"end,omitempty"`
	Amount          *directory.Money `json:"amount,omitempty"`
	Confidence      string           `json:"confidence,omitempty"`
	Sources         []string         `json:"sources,omitempty"`
}

// ProfileRelation is a relation read from the actor's end.
type ProfileRelation struct {
	ID         string           `json:"id"`
	Of         string           `json:"of"`   // whose it is: the actor or a unit of it
	Type       string           `json:"type"` // read from that end: funded_by where another funds it
	Label      string           `json:"label"`
	Actor      string           `json:"actor"` // the other end
	ActorLabel string           `json:"actor_label"`
	Start      directory.Date   `json:"start,omitempty"`
	End        directory.Date   `json:"end,omitempty"`
	Amount     *directory.Money `json:"amount,omitempty"`
	Sources    []string         `json:"sources,omitempty"`
}

// profiling gathers a profile.
type profiling struct {
	*evidence

	mine *roaring.Bitmap // the actor, and where units count as it, those below it
	told *roaring.Bitmap // the roles of those, as far as the filters keep them
}

// Profile tells of a live actor that the caller may see; ok is false for others. With q.Rolled the roles and relations
// of its units count as its own. Units and relations are those that hold.
func (s *Snapshot) Profile(q *Analysis, id string) (p *Profile, ok bool, err error) {
	t := s.tables[inActors]
	ord, entry := t.find(id)
	if entry == nil || !t.live[q.Clearance.Level()].has(ord) {
		return nil, false, nil
	}
	e, err := s.evidence(q)
	if err != nil {
		return nil, true, err
	}
	units := e.unitsBelow(ord)
	x := &profiling{evidence: e, mine: roaring.BitmapOf(ord)}
	if q.Rolled {
		x.mine.Or(units)
	}
	own := rolesOfActors(e.run, x.mine)
	x.told = roaring.And(own, e.roles)
	p = &Profile{Findings: e.Findings, Actor: entry.JSONFor(q.Clearance), Units: e.unitsToldOf(units)}
	if p.HiddenByDate, err = s.hiddenRoles(q, own, cardinality(x.told)); err != nil {
		return nil, true, err
	}
	x.tellRoles(p)
	x.tellRelations(p)
	x.tellSources(p, entry)
	p.Completeness = s.CompletenessOf(id, q.Clearance, q.AsOf)
	return p, true, nil
}

// hiddenRoles is how many more of some roles there would be whatever the dates.
func (s *Snapshot) hiddenRoles(q *Analysis, among *roaring.Bitmap, held int) (int, error) {
	whenever := *q
	whenever.AsOf = AsOf{Any: true}
	always, err := s.evidence(&whenever)
	if err != nil {
		return 0, err
	}
	return max(0, int(always.roles.AndCardinality(among))-held), nil //nolint:gosec // at most 2^32
}

// unitsBelow returns the live units below an actor, units of units included, that the caller may see, whether or not they
// hold: a role may outlast its unit, and what is hidden by the date is counted, too.
func (e *evidence) unitsBelow(actor uint32) *roaring.Bitmap {
	t := e.s.tables[inActors]
	kinds, parents := &t.fields[actorKind], &t.fields[actorParent]
	unit := kinds.words.code(directory.ActorUnit)
	live, found := t.live[e.level].bits(), roaring.New()
	for open := []uint32{actor}; len(open) > 0; {
		next := open[len(open)-1]
		open = open[:len(open)-1]
		parents.set(next + 1).each(func(below uint32) bool {
			if kinds.one.at(below) == unit && live.Contains(below) && below != actor && found.CheckedAdd(below) {
				open = append(open, below)
			}
			return true
		})
	}
	return found
}

// unitsToldOf names those of some units that hold.
func (e *evidence) unitsToldOf(units *roaring.Bitmap) []ProfileUnit {
	if held := e.s.holding(inActors, e.asOf); held != nil {
		units = roaring.And(units, held)
	}
	items := e.items(inActors, units.ToArray())
	slices.SortFunc(items, compareFolded)
	told := make([]ProfileUnit, len(items))
	for i, item := range items {
		told[i] = ProfileUnit{item.ID, item.Label, item.Parent}
	}
	return told
}

// tellRoles tells the roles, each once, and grouped.
func (x *profiling) tellRoles(p *Profile) {
	p.Roles = make([]ProfileRole, 0, cardinality(x.told))
	functions, initiatives := roaring.New(), roaring.New()
	runs(x.told, func(ords []uint32) {
		for _, ord := range ords {
			if r, ok := x.t.entries.at(ord).Record().(*directory.Role); ok {
				p.Roles = append(p.Roles, x.role(r))
			}
			if code := x.t.fields[roleFunction].one.at(ord); code != none {
				functions.Add(code - 1)
			}
			if code := x.t.fields[roleInitiative].one.at(ord); code != none {
				initiatives.Add(code - 1)
			}
		}
	})
	slices.SortFunc(p.Roles, func(a, b ProfileRole) int {
		types, _ := directory.VocabularyNamed(directory.VocabularyRoleTypes)
		return cmp.Or(cmp.Compare(types.Rank(a.Type), types.Rank(b.Type)), cmp.Compare(a.ID, b.ID))
	})
	p.Functions = grouped(x.items(inFunctions, x.s.inTaxonomy(functions)), p.Roles,
		func(r *ProfileRole) string { return r.Function })
	named := x.items(inInitiatives, initiatives.ToArray())
	slices.SortFunc(named, compareFolded)
	p.Initiatives = grouped(named, p.Roles, func(r *ProfileRole) string { return r.Initiative })
}

// grouped puts roles under their items.
func grouped(items []AnalysisItem, roles []ProfileRole, of func(*ProfileRole) string) []ProfileGroup {
	groups, at := make([]ProfileGroup, len(items)), make(map[string]int, len(items))
	for i, item := range items {
		groups[i].AnalysisItem, at[item.ID] = item, i
	}
	for i := range roles {
		if id := of(&roles[i]); id != "" {
			group := &groups[at[id]]
			group.Roles = append(group.Roles, roles[i])
		}
	}
	return groups
}

func (x *profiling) role(r *directory.Role) ProfileRole {
	told := ProfileRole{
		ID: r.ID, Actor: r.Actor, ActorLabel: x.nameOf(inActors, r.Actor),
		Type: r.Type, TypeLabel: termLabel(directory.VocabularyRoleTypes, r.Type, x.q.Lang), RACI: r.Letter(),
		Function: r.Function, FunctionLabel: x.nameOf(inFunctions, r.Function),
		Initiative: r.Initiative, InitiativeLabel: x.nameOf(inInitiatives, r.Initiative),
		Territories: r.Territories, Counterparts: r.Counterparts, Amount: r.Amount, Confidence: r.Confidence, Sources: r.Sources,
	}
	told.Start, told.End = x.datesOf(r)
	return told
}

// relations are the relations that the profile tells.
func (x *profiling) relations() *roaring.Bitmap {
	all := roaring.And(relationsOf(x.run, x.mine), x.s.tables[inRelations].live[x.level].bits())
	if held := x.s.holding(inRelations, x.asOf); held != nil {
		all.And(held)
	}
	return all
}

// tellRelations tells the relations from the actor's end; one between two of its own from both.
func (x *profiling) tellRelations(p *Profile) {
	p.Relations = []ProfileRelation{}
	t := x.s.tables[inRelations]
	runs(x.relations(), func(ords []uint32) {
		for _, ord := range ords {
			r, ok := t.entries.at(ord).Record().(*directory.Relation)
			if !ok {
				continue
			}
			if x.mine.Contains(t.fields[relationFrom].one.at(ord) - 1) {
				p.Relations = append(p.Relations, x.relation(r, false))
			}
			if x.mine.Contains(t.fields[relationTo].one.at(ord) - 1) {
				p.Relations = append(p.Relations, x.relation(r, true))
			}
		}
	})
	slices.SortFunc(p.Relations, func(a, b ProfileRelation) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(directory.Fold(a.ActorLabel), directory.Fold(b.ActorLabel)),
			cmp.Compare(a.ID, b.ID), cmp.Compare(a.Of, b.Of))
	})
}

// relation tells a relation, read from its other end when it is inverse.
func (x *profiling) relation(r *directory.Relation, inverse bool) ProfileRelation {
	told := ProfileRelation{
		ID: r.ID, Of: r.From, Type: r.Type, Label: termLabel(directory.VocabularyRelationTypes, r.Type, x.q.Lang),
		Actor: r.To, Start: r.Start, End: r.End, Amount: r.Amount, Sources: r.Sources,
	}
	types, _ := directory.VocabularyNamed(directory.VocabularyRelationTypes)
	if term, ok := types.Term(r.Type); ok && inverse {
		told.Type, told.Label = term.InverseCode, term.Inverse.In(x.q.Lang)
	}
	if inverse {
		told.Of, told.Actor = r.To, r.From
	}
	told.ActorLabel = x.nameOf(inActors, told.Actor)
	return told
}

// tellSources tells the sources of all that the profile tells.
func (x *profiling) tellSources(p *Profile, actor *Entry) {
	ids := slices.Clone(actor.Record().Head().Sources)
	for i := range p.Roles {
		ids = append(ids, p.Roles[i].Sources...)
	}
	for i := range p.Relations {
		ids = append(ids, p.Relations[i].Sources...)
	}
	slices.Sort(ids)
	p.Sources = []jsontext.Value{}
	for _, id := range slices.Compact(ids) {
		_, entry := x.s.tables[inSources].find(id) // who sees a record sees what it names
		if entry != nil && !entry.Erased() {       // an earlier state may name what was erased since
			p.Sources = append(p.Sources, entry.JSONFor(x.q.Clearance))
		}
	}
}
