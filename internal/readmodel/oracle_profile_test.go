package readmodel_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

// profileTold is what a profile tells, in short: who has which roles and relations, under what, and on which evidence.
type profileTold struct {
	Units, Functions, Initiatives, Relations, Sources []string
	Hidden                                            int
}

// unitsOf are the units below an actor, through units alone, that are live and visible, and those of them that hold.
func (o *oracle) unitsOf(q *readmodel.Analysis, id string) (all, holding []string) {
	for _, ref := range o.refs(directory.Actors) {
		unit, below := o.actor(ref.ID), false
		for at := unit; at != nil && at.Kind == "unit" && at.Parent != "" && !below; at = o.actor(at.Parent) {
			below = at.Parent == id
			if !o.live(directory.Ref{Kind: directory.Actors, ID: at.ID}) {
				break
			}
		}
		if below && ref.ID != id && o.live(ref) && o.visible(ref, q.Clearance) {
			all = append(all, ref.ID)
			if o.holds(unit, q.AsOf) {
				holding = append(holding, ref.ID)
			}
		}
	}
	return all, holding
}

func (o *oracle) profile(q *readmodel.Analysis, id string) profileTold {
	var p profileTold
	units, holding := o.unitsOf(q, id)
	p.Units = holding
	mine := []string{id}
	if q.Rolled {
		mine = append(mine, units...)
	}
	sources := slices.Clone(o.actor(id).Sources)
	own := func(q *readmodel.Analysis) (roles []*directory.Role) {
		for _, r := range o.proof(q) {
			if slices.Contains(mine, r.Actor) {
				roles = append(roles, r)
			}
		}
		return roles
	}
	whenever := *q
	whenever.AsOf = readmodel.AsOf{Any: true}
	p.Hidden = len(own(&whenever)) - len(own(q))
	for _, r := range own(q) {
		if r.Function != "" {
			p.Functions = append(p.Functions, r.Function+" "+r.ID+" "+r.Actor)
		}
		if r.Initiative != "" {
			p.Initiatives = append(p.Initiatives, r.Initiative+" "+r.ID+" "+r.Actor)
		}
		sources = append(sources, r.Sources...)
	}
	inverse := map[string]string{"part_of": "has_part", "funds": "funded_by", "cooperates_with": "cooperates_with", "successor_of": "succeeded_by"}
	for _, ref := range o.refs(directory.Relations) {
		r, _ := o.held[ref].(*directory.Relation)
		if !o.live(ref) || !o.visible(ref, q.Clearance) || !o.holds(r, q.AsOf) {
			continue
		}
		if slices.Contains(mine, r.From) {
			p.Relations = append(p.Relations, strings.Join([]string{r.From, r.Type, r.To, r.ID}, " "))
			sources = append(sources, r.Sources...)
		}
		if slices.Contains(mine, r.To) {
			p.Relations = append(p.Relations, strings.Join([]string{r.To, inverse[r.Type], r.From, r.ID}, " "))
			sources = append(sources, r.Sources...)
		}
	}
	slices.Sort(sources)
	p.Sources = slices.Compact(sources)
	for _, list := range [][]string{p.Units, p.Functions, p.Initiatives, p.Relations} {
		slices.Sort(list)
	}
	return p
}

// toldBy puts a profile in short.
func toldBy(t *testing.T, p *readmodel.Profile) profileTold {
	t.Helper()
	short := profileTold{Hidden: p.HiddenByDate}
	for _, u := range p.Units {
		short.Units = append(short.Units, u.ID)
	}
	for _, g := range p.Functions {
		for _, r := range g.Roles {
			short.Functions = append(short.Functions, g.ID+" "+r.ID+" "+r.Actor)
		}
	}
	for _, g := range p.Initiatives {
		for _, r := range g.Roles {
			short.Initiatives = append(short.Initiatives, g.ID+" "+r.ID+" "+r.Actor)
		}
	}
	for _, r := range p.Relations {
		short.Relations = append(short.Relations, strings.Join([]string{r.Of, r.Type, r.Actor, r.ID}, " "))
	}
	for _, text := range p.Sources {
		r, err := directory.Decode(directory.Sources, text)
		if err != nil {
			t.Fatal(err)
		}
		short.Sources = append(short.Sources, r.Head().ID)
	}
	for _, list := range [][]string{short.Units, short.Functions, short.Initiatives, short.Relations} {
		slices.Sort(list)
	}
	return short
}

func TestEveryProfileIsWhatTheOracleSays(t *testing.T) {
	t.Parallel()
	eachSeed(t, 20, 2, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed)
		w.grow(24)
		a, s := newAsker(newOracle(t, w.commits...), seed), applied(t, readmodel.Empty(), w.commits...)
		compareProfiles(t, a, s, 80)
	})
}

// compareProfiles asks for random profiles.
func compareProfiles(t *testing.T, a *asker, s *readmodel.Snapshot, questions int) {
	t.Helper()
	for range questions {
		q, ref := a.analysis(), directory.Ref{Kind: directory.Actors, ID: idNumber(a.rand.IntN(12))}
		got, ok, err := s.Profile(q, ref.ID)
		if there := a.live(ref) && a.visible(ref, q.Clearance); ok != there {
			t.Fatalf("the profile of %s is there: %t, want %t", ref.ID, ok, there)
		} else if !there {
			continue
		}
		if a.refusedAnalysis(q) {
			if !fault.Is(err, fault.CodeBadParameter) {
				t.Errorf("%s of %s is not refused: %v", asJSON(t, q), ref.ID, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s of %s: %v", asJSON(t, q), ref.ID, err)
		}
		if diff := gocmp.Diff(a.profile(q, ref.ID), toldBy(t, got), sameSpans()); diff != "" {
			t.Errorf("%s of %s: the oracle (-) and the engine (+) differ:\n%s", asJSON(t, q), ref.ID, diff)
		}
		if !slices.IsSortedFunc(got.Functions, func(x, y readmodel.ProfileGroup) int { return a.compareFunctions(a.function(x.ID), a.function(y.ID)) }) ||
			!slices.IsSortedFunc(got.Units, func(x, y readmodel.ProfileUnit) int {
				return cmp.Or(strings.Compare(directory.Fold(x.Label), directory.Fold(y.Label)), strings.Compare(x.ID, y.ID))
			}) {
			t.Errorf("%s of %s is out of order", asJSON(t, q), ref.ID)
		}
	}
}
