package readmodel_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

// about are the records that a question about periods is about: roles, the initiatives involved, and with everything
// actors and relations.
func (o *oracle) about(q *readmodel.Analysis, everything bool) []directory.Ref {
	var refs []directory.Ref
	proof := o.proof(q)
	for _, r := range proof {
		refs = append(refs, directory.Ref{Kind: directory.Roles, ID: r.ID})
	}
	narrowed := slices.ContainsFunc(q.Filters, func(f readmodel.Filter) bool { return f.Name != "initiative" && f.Name != "framework" })
	for _, ref := range o.refs(directory.Initiatives) {
		i := o.initiative(ref.ID)
		involved := slices.ContainsFunc(proof, func(r *directory.Role) bool { return o.within(directory.Initiatives, r.Initiative, ref.ID) })
		if o.live(ref) && o.visible(ref, q.Clearance) && o.holds(i, q.AsOf) && o.choosesInitiative(q, i) && (involved || !narrowed) {
			refs = append(refs, ref)
		}
	}
	for _, kind := range []directory.Kind{directory.Actors, directory.Relations} {
		for _, ref := range o.refs(kind) {
			if everything && len(q.Filters) == 0 && o.live(ref) && o.visible(ref, q.Clearance) {
				refs = append(refs, ref)
			}
		}
	}
	return refs
}

func (o *oracle) choosesInitiative(q *readmodel.Analysis, i *directory.Initiative) bool {
	for _, f := range q.Filters {
		below := func(top string) bool { return o.within(directory.Initiatives, i.ID, top) }
		switch f.Name {
		case "initiative":
			if (len(f.Values) > 0 || f.None) && !slices.ContainsFunc(f.Values, below) || slices.ContainsFunc(f.Not, below) {
				return false
			}
		case "framework":
			if !o.fits(&readmodel.Query{Kind: directory.Initiatives}, i, f) {
				return false
			}
		}
	}
	return true
}

// span is the period of a record.
func (o *oracle) span(q *readmodel.Analysis, ref directory.Ref) readmodel.Span {
	s := readmodel.Span{Kind: ref.Kind, ID: ref.ID, Label: label(o.held[ref], q.Lang)}
	var start, end directory.Date
	term := func(vocabulary, code string) string {
		v, _ := directory.VocabularyNamed(vocabulary)
		t, _ := v.Term(code)
		return t.Label.In(q.Lang)
	}
	switch r := o.held[ref].(type) {
	case *directory.Actor:
		start, end = r.Founded, r.Dissolved
	case *directory.Initiative:
		start, end, s.Initiative = r.Start, r.End, r.Parent
	case *directory.Relation:
		start, end = r.Start, r.End
		s.Label = o.actor(r.From).Name.In(q.Lang) + " " + term("relation_types", r.Type) + " " + o.actor(r.To).Name.In(q.Lang)
	case *directory.Role:
		s.Label = o.actor(r.Actor).Name.In(q.Lang) + " – " + term("role_types", r.Type)
		s.Actor, s.Initiative = r.Actor, r.Initiative
		start, end = r.EffectiveDates(o.initiative(r.Initiative), o.actor(r.Actor))
	}
	if start != "" {
		s.Start = &start
	}
	if end != "" {
		s.End = &end
	}
	return s
}

// spans are the periods of records, those of which a test holds, by one day and then by what follows.
func (o *oracle) spans(q *readmodel.Analysis, refs []directory.Ref, test func(directory.Period) bool, byStart, byEnd bool) []readmodel.Span {
	var kept []directory.Ref
	for _, ref := range refs {
		if p, _ := o.period(o.held[ref]); test(p) {
			kept = append(kept, ref)
		}
	}
	slices.SortFunc(kept, func(a, b directory.Ref) int {
		x, _ := o.period(o.held[a])
		y, _ := o.period(o.held[b])
		c := 0
		if byStart {
			c = cmp.Compare(x.First, y.First)
		}
		if c == 0 && byEnd {
			c = cmp.Compare(x.Last, y.Last)
		}
		return cmp.Or(c, strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.ID, b.ID))
	})
	var spans []readmodel.Span
	for _, ref := range kept {
		spans = append(spans, o.span(q, ref))
	}
	return spans
}

func sameSpans() gocmp.Option {
	return gocmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(readmodel.Span{}, readmodel.AnalysisItem{})}
}

func TestEveryTimelineIsWhatTheOracleSays(t *testing.T) {
	t.Parallel()
	eachSeed(t, 12, 2, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed)
		w.grow(24)
		a, s := newAsker(newOracle(t, w.commits...), seed), applied(t, readmodel.Empty(), w.commits...)
		compareTimelines(t, a, s, 80)
	})
}

// compareTimelines asks for random timelines.
func compareTimelines(t *testing.T, a *asker, s *readmodel.Snapshot, questions int) {
	t.Helper()
	for range questions {
		q := a.analysis()
		got, err := s.Timeline(q)
		if a.refusedAnalysis(q) {
			if !fault.Is(err, fault.CodeBadParameter) {
				t.Errorf("%s is not refused: %v", asJSON(t, q), err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", asJSON(t, q), err)
		}
		want := a.spans(q, a.about(q, false), func(directory.Period) bool { return true }, true, true)
		if diff := gocmp.Diff(want, got.Items, sameSpans()); diff != "" {
			t.Errorf("%s: the oracle (-) and the engine (+) differ:\n%s", asJSON(t, q), diff)
		}
	}
}

func TestEveryComparisonIsWhatTheOracleSays(t *testing.T) {
	t.Parallel()
	eachSeed(t, 12, 2, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed)
		w.grow(24)
		a, s := newAsker(newOracle(t, w.commits...), seed), applied(t, readmodel.Empty(), w.commits...)
		compareComparisons(t, a, s, 80)
	})
}

// compareComparisons compares random pairs of dates.
func compareComparisons(t *testing.T, a *asker, s *readmodel.Snapshot, questions int) {
	t.Helper()
	for range questions {
		q := a.analysis()
		if a.rand.IntN(3) == 0 {
			q.Filters = nil
		}
		from, to := pick(a.rand, someDates[3:]), pick(a.rand, someDates[3:])
		got, err := s.Compare(q, from, to)
		backward := firstDay(from) > firstDay(to) || lastDay(from) > lastDay(to)
		if a.refusedAnalysis(q) || backward {
			if !fault.Is(err, fault.CodeBadParameter) {
				t.Errorf("%s to %s of %s is not refused: %v", from, to, asJSON(t, q), err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", asJSON(t, q), err)
		}
		strict := q.AsOf.Strict
		q.AsOf = readmodel.AsOf{Any: true}
		refs := a.about(q, true)
		held := func(p directory.Period, on directory.Date) (before, during, after bool) {
			return p.First > lastDay(on), p.First <= lastDay(on) && p.Last >= firstDay(on), p.Last < firstDay(on)
		}
		began := a.spans(q, refs, func(p directory.Period) bool {
			notYet, _, _ := held(p, from)
			later, _, _ := held(p, to)
			return p.First <= p.Last && notYet && !later
		}, true, false)
		ended := a.spans(q, refs, func(p directory.Period) bool {
			_, _, already := held(p, from)
			_, _, gone := held(p, to)
			return p.First <= p.Last && !already && gone && (!strict || p.First != directory.FirstDay)
		}, false, true)
		if diff := gocmp.Diff([][]readmodel.Span{began, ended}, [][]readmodel.Span{got.Began, got.Ended}, sameSpans()); diff != "" {
			t.Errorf("%s to %s of %s: the oracle (-) and the engine (+) differ:\n%s", from, to, asJSON(t, q), diff)
		}
	}
}
