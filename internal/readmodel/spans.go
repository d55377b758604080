package readmodel

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// MaxSpans is how many periods an answer tells at most.
const MaxSpans = 50_000

// Span is the period of a record: an initiative, a role (its effective period), an actor or a relation.
type Span struct {
	Kind       directory.Kind  `json:"kind"`
	ID         string          `json:"id"`
	Label      string          `json:"label"`
	Start      *directory.Date `json:"start"`                // nil: unknown, taken as always before
	End        *directory.Date `json:"end"`                  // nil: still
	Actor      string          `json:"actor,omitempty"`      // of a role
	Initiative string          `json:"initiative,omitempty"` // of a role; of an initiative the one that it is part of

	period directory.Period
}

// Timeline tells the periods of initiatives and roles.
type Timeline struct {
	Findings

	Items []Span `json:"items"` // by start, then end, kind and id
}

// Timeline tells the periods of the roles of the evidence and of the initiatives: those that the filters by initiative
// and framework choose and, when there are other filters, that have a role of the evidence, or are above one that has.
func (s *Snapshot) Timeline(q *Analysis) (*Timeline, error) {
	e, err := s.evidence(q)
	if err != nil {
		return nil, err
	}
	initiatives := e.initiativesInvolved()
	if err := bounded(cardinality(e.roles) + cardinality(initiatives)); err != nil {
		return nil, err
	}
	t := &Timeline{Findings: e.Findings}
	t.Items = e.appendSpans(t.Items, inInitiatives, initiatives)
	t.Items = e.appendSpans(t.Items, inRoles, e.roles)
	slices.SortFunc(t.Items, func(a, b Span) int { return cmp.Or(cmp.Compare(a.period.First, b.period.First), compareSpans(&a, &b)) })
	return t, nil
}

// bounded refuses an answer that would tell too many periods.
func bounded(n int) error {
	if n <= MaxSpans {
		return nil
	}
	return fault.New(fault.Malformed, fault.CodeAnswerTooLarge, fault.Args{
		"count": n, "max": MaxSpans, "filters": "initiative, function, actor, group, territory, type",
	})
}

// compareSpans compares by end, kind and id.
func compareSpans(a, b *Span) int {
	return cmp.Or(cmp.Compare(a.period.Last, b.period.Last), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

// initiativesInvolved are the initiatives that a question is about, and that hold.
func (e *evidence) initiativesInvolved() *roaring.Bitmap {
	chosen := e.chosen(inInitiatives, "initiative", initiativeFramework)
	if held := e.s.holding(inInitiatives, e.asOf); held != nil {
		chosen.And(held)
	}
	if e.onlyAbout("initiative", "framework") {
		return chosen
	}
	t, f := e.s.tables[inInitiatives], e.fieldOf(inRoles, roleInitiative)
	involved := roaring.New()
	eachCode(f, e.roles, func(_, code uint32) {
		if code == none || !involved.CheckedAdd(code-1) {
			return
		}
		t.above(code-1, func(over uint32) bool { return involved.CheckedAdd(over) })
	})
	involved.And(chosen)
	return involved
}

// onlyAbout tells whether no filter has another name.
func (e *evidence) onlyAbout(names ...string) bool {
	return !slices.ContainsFunc(e.q.Filters, func(f Filter) bool { return !slices.Contains(names, f.Name) })
}

func (e *evidence) appendSpans(to []Span, k kindIndex, some *roaring.Bitmap) []Span {
	runs(some, func(ords []uint32) {
		for _, ord := range ords {
			to = append(to, e.span(k, ord))
		}
	})
	return to
}

// span is the period of a record of a kind that has one.
func (e *evidence) span(k kindIndex, ord uint32) Span {
	t := e.s.tables[k]
	entry := t.entries.at(ord)
	span := Span{Kind: k.kind(), ID: entry.id, period: t.periods.at(ord)}
	var start, end directory.Date
	switch r := entry.Record().(type) {
	case *directory.Actor:
		span.Label, start, end = r.Name.In(e.q.Lang), r.Founded, r.Dissolved
	case *directory.Initiative:
		span.Label, start, end, span.Initiative = r.Name.In(e.q.Lang), r.Start, r.End, r.Parent
	case *directory.Relation:
		span.Label, start, end = e.relationLabel(r), r.Start, r.End
	case *directory.Role:
		span.Label, span.Actor, span.Initiative = e.roleLabel(r), r.Actor, r.Initiative
		start, end = e.datesOf(r)
	}
	span.Start, span.End = known(start), known(end)
	return span
}

// known returns a date; nil when there is none.
func known(d directory.Date) *directory.Date {
	if d == "" {
		return nil
	}
	return &d
}

// datesOf are the dates of a role's effective period.
func (e *evidence) datesOf(r *directory.Role) (start, end directory.Date) {
	var initiative *directory.Initiative
	var actor *directory.Actor
	if _, entry := e.s.tables[inInitiatives].find(r.Initiative); entry != nil {
		initiative, _ = entry.Record().(*directory.Initiative)
	}
	if _, entry := e.s.tables[inActors].find(r.Actor); entry != nil {
		actor, _ = entry.Record().(*directory.Actor)
	}
	return r.EffectiveDates(initiative, actor)
}

// roleLabel says who does what: the actor and the type of the role.
func (e *evidence) roleLabel(r *directory.Role) string {
	return e.nameOf(inActors, r.Actor) + " – " + termLabel(directory.VocabularyRoleTypes, r.Type, e.q.Lang)
}

// relationLabel says who is linked to whom, and how.
func (e *evidence) relationLabel(r *directory.Relation) string {
	return e.nameOf(inActors, r.From) + " " + termLabel(directory.VocabularyRelationTypes, r.Type, e.q.Lang) + " " + e.nameOf(inActors, r.To)
}

// nameOf is what a record is called; "" when there is none.
func (e *evidence) nameOf(k kindIndex, id string) string {
	ord, entry := e.s.tables[k].find(id)
	if entry == nil {
		return ""
	}
	return e.labelOf(k, ord)
}

func termLabel(vocabulary, code, lang string) string {
	v, _ := directory.VocabularyNamed(vocabulary)
	if term, ok := v.Term(code); ok {
		return term.Label.In(lang)
	}
	return code
}
