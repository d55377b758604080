package readmodel

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// Comparison tells what is different between two dates, between two states of the directory, or both.
type Comparison struct {
	Findings

	From    directory.Date  `json:"from,omitempty"`
	To      directory.Date  `json:"to,omitempty"`
	KnownAt []uint64        `json:"known_at,omitempty"` // the positions of the two states
	Began   []Span          `json:"began"`              // by start, then kind and id
	Ended   []Span          `json:"ended"`              // by end, then kind and id
	Changed []ChangedRecord `json:"changed"`            // by kind and id
}

// Compare tells what began and what ended between two dates: what did not hold yet on the last day of from and had
// begun by the last day of to, and what had not ended by the first day of from and did not hold any more on the first
// of to. It tells of roles and initiatives as a Timeline does, and of actors and relations when there are no filters.
// AsOf says nothing here but by Strict.
func (s *Snapshot) Compare(q *Analysis, from, to directory.Date) (*Comparison, error) {
	whenever := *q
	whenever.AsOf = AsOf{Any: true}
	e, err := s.evidence(&whenever)
	if err != nil {
		return nil, err
	}
	first, last := On(from).Day, On(to).Day
	if first.First > last.First || first.Last > last.Last {
		return nil, fault.AtParameter("from", fault.CodeFromAfterTo, nil)
	}
	began := func(p directory.Period) bool { return p.First > first.Last && p.First <= last.Last && !p.Empty() }
	ended := func(p directory.Period) bool {
		return p.Last >= first.First && p.Last < last.First && !p.Empty() && (!q.AsOf.Strict || p.First != directory.FirstDay)
	}
	c := &Comparison{Findings: e.Findings, From: from, To: to}
	if c.Began, err = e.spansThat(began); err != nil {
		return nil, err
	}
	if c.Ended, err = e.spansThat(ended); err != nil {
		return nil, err
	}
	slices.SortFunc(c.Began, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.period.First, b.period.First), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(c.Ended, func(a, b Span) int { return compareSpans(&a, &b) })
	return c, nil
}

// spansThat returns the periods, of all that the question is about, that pass a test.
func (e *evidence) spansThat(test func(directory.Period) bool) ([]Span, error) {
	var found [numKinds]*roaring.Bitmap
	about := map[kindIndex]*roaring.Bitmap{inRoles: e.roles, inInitiatives: e.initiativesInvolved()}
	if len(e.q.Filters) == 0 {
		about[inActors], about[inRelations] = e.s.tables[inActors].live[e.level].bits(), e.s.tables[inRelations].live[e.level].bits()
	}
	n := 0
	for k, some := range about {
		found[k] = e.s.tables[k].thatPass(some, test)
		n += cardinality(found[k])
	}
	if err := bounded(n); err != nil {
		return nil, err
	}
	spans := make([]Span, 0, n)
	for k, some := range found {
		if some != nil {
			spans = e.appendSpans(spans, kindIndex(k), some)
		}
	}
	return spans, nil
}

// thatPass returns those of some records whose period passes a test.
func (t *table) thatPass(some *roaring.Bitmap, test func(directory.Period) bool) *roaring.Bitmap {
	found := roaring.New()
	runs(some, func(ords []uint32) {
		for _, ord := range ords {
			if test(t.periods.at(ord)) {
				found.Add(ord)
			}
		}
	})
	return found
}
