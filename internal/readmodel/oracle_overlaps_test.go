package readmodel_test

import (
	"cmp"
	"slices"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/raced"
	"dalil/internal/readmodel"
)

func TestEveryOverlapIsWhatTheOracleSays(t *testing.T) {
	t.Parallel()
	var pairs atomic.Int64
	t.Run("worlds", func(t *testing.T) {
		eachSeed(t, 40, 4, func(t *testing.T, seed uint64) {
			w := newWorld(t, seed)
			w.grow(24)
			w.crowd()
			s, a := applied(t, readmodel.Empty(), w.commits...), newAsker(newOracle(t, w.commits...), seed)
			pairs.Add(int64(compareOverlaps(t, a, s, 25)))
		})
	})
	if pairs.Load() < int64(raced.Part(100, 10)) {
		t.Errorf("all random worlds together had only %d overlaps", pairs.Load())
	}
}

// compareOverlaps asks random questions about overlaps. It returns how many were found.
func compareOverlaps(t *testing.T, a *asker, s *readmodel.Snapshot, questions int) (pairs int) {
	t.Helper()
	for range questions {
		q := &readmodel.OverlapQuery{Analysis: a.judgedAnalysis(filtersOf(directory.Roles)...), Limit: pick(a.rand, []int{0, 1, 5, 10_000})}
		got, err := s.Overlaps(q)
		if sameRefusal(t, a, &q.Analysis, err) {
			continue
		}
		if diff := gocmp.Diff(a.overlaps(q), got, ignoringMapping()); diff != "" {
			t.Fatalf("%+v\nthe oracle (-) and the engine (+) differ:\n%s", q, diff)
		}
		pairs += got.Total
	}
	return pairs
}

// crowd adds roles of few types, functions and initiatives, so that many of them meet.
func (w *world) crowd() {
	d := &draft{world: w, records: w.records}
	for n := range 40 {
		r := &directory.Role{
			Actor: d.some(directory.Actors), Type: pick(w.rand, []string{"lead", "implementer"}), Function: d.some(directory.Functions),
			Territories: d.subset(somePlaces),
		}
		if w.rand.IntN(3) == 0 {
			r.Initiative = d.some(directory.Initiatives)
		}
		r.Start, r.End = d.period()
		r.ID = "y" + idNumber(n)
		r.Version, r.Created = 1, d.stamp()
		d.change("put", directory.Ref{Kind: directory.Roles, ID: r.ID}, r)
	}
	w.seal(d)
}

// overlaps puts every role beside every other.
func (o *oracle) overlaps(q *readmodel.OverlapQuery) *readmodel.Overlaps {
	all := &readmodel.Overlaps{}
	analysis := q.Analysis
	var sides []string // the actors of which one has to be in every pair
	analysis.Filters = slices.Clone(q.Filters)
	for i, f := range analysis.Filters {
		if f.Name == "actor" && !f.None {
			sides = append(sides, f.Values...)
			analysis.Filters[i].Values = nil
		}
	}
	all.HiddenByDate = o.hiddenByDate(&analysis)
	roles := o.evidence(&analysis)
	slices.SortFunc(roles, func(a, b *directory.Role) int {
		return cmp.Or(
			cmp.Compare(a.Function, b.Function), cmp.Compare(slices.Index(someTypes, a.Type), slices.Index(someTypes, b.Type)),
			cmp.Compare(a.Initiative, b.Initiative), cmp.Compare(o.effective(a).First, o.effective(b).First), cmp.Compare(a.ID, b.ID))
	})
	for j, s := range roles {
		for _, r := range roles[:j] {
			actors := [2]string{o.countedFor(&q.Analysis, r), o.countedFor(&q.Analysis, s)}
			common := commonPlace(r, s)
			period := directory.Period{
				First: max(o.effective(r).First, o.effective(s).First), Last: min(o.effective(r).Last, o.effective(s).Last),
			}
			switch {
			case r.Type != s.Type, r.Function == "", r.Function != s.Function, r.Initiative != s.Initiative, common == "":
			case !slices.Contains([]string{"lead", "implementer"}, r.Type), period.First > period.Last:
			case o.within(directory.Actors, actors[0], actors[1]), o.within(directory.Actors, actors[1], actors[0]):
			case len(sides) > 0 && !slices.Contains(sides, r.Actor) && !slices.Contains(sides, s.Actor):
			default:
				all.Items = append(all.Items, readmodel.Overlap{
					Type: r.Type, Function: r.Function, Initiative: r.Initiative, Territory: common,
					Actors: actors, Roles: [2]string{r.ID, s.ID},
					Start: bound(period.First, directory.FirstDay), End: bound(period.Last, directory.LastDay),
				})
			}
		}
	}
	all.Total = len(all.Items)
	all.Items = all.Items[:min(all.Total, q.Limit)]
	return all
}

// bound is a day as a date, nothing when it is open.
func bound(on, open directory.Day) *directory.Date {
	if on == open {
		return nil
	}
	date := on.Date()
	return &date
}

// commonPlace is the first place by its code that lies in places of both.
func commonPlace(r, s *directory.Role) string {
	var common []string
	for _, a := range r.Territories {
		for _, b := range s.Territories {
			if placeIn(a, b) {
				common = append(common, a)
			} else if placeIn(b, a) {
				common = append(common, b)
			}
		}
	}
	if len(common) == 0 {
		return ""
	}
	return slices.Min(common)
}
