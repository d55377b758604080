package readmodel

import (
	"cmp"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// Analysis is what every question about who does what asks.
type Analysis struct {
	Clearance directory.Visibility // of the caller
	Filters   []Filter             // of roles, AND-ed; function, initiative and framework also choose the items
	AsOf      AsOf                 // what roles, and initiatives that are items, must hold at
	Today     directory.Day
	Lang      string // of labels
	Rolled    bool   // a unit counts as its nearest ancestor that is no unit
}

// Findings are what every answer to an Analysis says beside its own.
type Findings struct {
	HiddenByDate int       `json:"hidden_by_date"`    // how many more roles there would be whatever the dates
	Mapping      []Mapping `json:"mapping,omitempty"` // through what a framework's codes were looked for
}

// evidence is what an analysis stands on: the visible live roles that hold and that the filters keep.
type evidence struct {
	*run
	Findings

	roles *roaring.Bitmap // not to be changed; nil where they are in order, see ordered
	heads *heads          // nil where a unit counts as itself
}

// evidence gathers the roles. Its errors are faults about parameters.
func (s *Snapshot) evidence(q *Analysis) (*evidence, error) {
	e, err := s.question(q)
	if err != nil {
		return nil, err
	}
	e.gather()
	return e, nil
}

// question is the evidence before its roles are gathered. Its errors are faults about parameters.
func (s *Snapshot) question(q *Analysis) (*evidence, error) {
	list := &Query{
		Kind: directory.Roles, Clearance: q.Clearance, Filters: q.Filters, AsOf: q.AsOf, RolesAsOf: q.AsOf, Today: q.Today, Lang: q.Lang,
	}
	x := &run{s: s, q: list, t: s.tables[inRoles], level: q.Clearance.Level(), asOf: q.AsOf, rolesAsOf: q.AsOf}
	var err error
	if x.terms, err = x.find(); err != nil {
		return nil, err
	}
	if x.archived { // what is archived proves nothing
		return nil, unknown("status", string(directory.Archived), string(directory.Published)+", "+string(directory.Draft))
	}
	e := &evidence{run: x}
	e.Mapping = e.mapping()
	if q.Rolled {
		e.heads = s.heads()
	}
	return e, nil
}

// gather finds the roles.
func (e *evidence) gather() {
	e.roles = e.gathered()
	e.HiddenByDate = e.hidden(cardinality(e.roles))
}

// gathered returns what all filters keep.
func (x *run) gathered() *roaring.Bitmap {
	if len(x.terms) == 0 {
		return x.choose(leaveNone)
	}
	x.begin()
	defer x.end()
	kept := roaring.FromDense(x.pick(leaveNone).words, true)
	for i := range x.terms {
		x.terms[i].wanted, x.terms[i].unwanted = nil, nil // they are given back
	}
	return kept
}

// actorOf returns the actor that a role counts for.
func (e *evidence) actorOf(role uint32) uint32 {
	return e.headOf(e.t.fields[roleActor].one.at(role) - 1)
}

// headOf returns the actor that an actor counts as.
func (e *evidence) headOf(actor uint32) uint32 {
	if e.heads == nil {
		return actor
	}
	return e.heads.of(actor)
}

// rolesFor returns the roles of the evidence for a function or an initiative, and for what is below it when that counts.
func (e *evidence) rolesFor(k kindIndex, item uint32, below bool) *roaring.Bitmap {
	f := e.fieldOf(inRoles, partedBy(k))
	if below {
		if subtree := e.s.tables[k].subtree(item); cardinality(subtree) > 1 {
			return roaring.And(e.naming(f, subtree), e.roles)
		}
	}
	return roaring.And(f.set(item+1).bits(), e.roles)
}

// labelOf is what a record is called in the language of the question.
func (e *evidence) labelOf(k kindIndex, ord uint32) string {
	return labelOf(e.s.tables[k].entries.at(ord).Record(), e.q.Lang)
}

// compareFolded compares labels as people read them, and then ids.
func compareFolded(a, b AnalysisItem) int {
	return cmp.Or(strings.Compare(directory.Fold(a.Label), directory.Fold(b.Label)), strings.Compare(a.ID, b.ID))
}
