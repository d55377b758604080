package readmodel_test

import (
	"cmp"
	"maps"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dalil/internal/directory"
	"dalil/internal/raced"
	"dalil/internal/readmodel"
)

var (
	someRules   = []string{"no_lead", "several_leads", "no_implementer", "no_funder", "missing_constituent", "territory_uncovered", "unsourced", "stale"}
	someRegions = []string{"MA-01", "MA-02", "MA-03", "MA-04", "MA-05", "MA-06", "MA-07", "MA-08", "MA-09", "MA-10", "MA-11", "MA-12"}
)

func TestEveryGapIsWhatTheOracleSays(t *testing.T) {
	t.Parallel()
	seen, queries := make(chan map[string]int, 100), raced.Part(25, 5)
	t.Run("worlds", func(t *testing.T) {
		eachSeed(t, 40, 4, func(t *testing.T, seed uint64) {
			w := newWorld(t, seed)
			w.grow(24)
			s, a := applied(t, readmodel.Empty(), w.commits...), newAsker(newOracle(t, w.commits...), seed)
			found := make(map[string]int)
			for range queries {
				compareGaps(t, a, s, a.gapQuery(), found)
			}
			seen <- found
		})
	})
	if close(seen); raced.On {
		return // these are too few to have found everything
	}
	all, candidates := make(map[string]int), "candidates"
	for found := range seen {
		for name, n := range found {
			all[name] += n
		}
	}
	for _, name := range append(slices.Clone(someRules), candidates) {
		if all[name] == 0 {
			t.Errorf("no random world had any %s: nothing was compared", name)
		}
	}
}

// gapQuery returns a random query.
func (a *asker) gapQuery() *readmodel.GapQuery {
	q := &readmodel.GapQuery{
		Judgement: a.judgement(judgingFilters("group")...),
		Limit:     pick(a.rand, []int{0, 1, 7, 10_000, 10_000}), StaleAfter: pick(a.rand, []int{1, 365, 900}),
	}
	if a.rand.IntN(2) == 0 {
		q.By = readmodel.ByBoth
	}
	for range a.rand.IntN(3) {
		q.Rules = append(q.Rules, pick(a.rand, someRules))
	}
	if a.rand.IntN(6) == 0 {
		q.Groups = []string{pick(a.rand, []string{"government", "employers", "workers"})}
	}
	return q
}

// compareGaps asks both; the words are left to another test.
func compareGaps(t *testing.T, a *asker, s *readmodel.Snapshot, q *readmodel.GapQuery, found map[string]int) {
	t.Helper()
	got, err := s.Gaps(q)
	if sameRefusal(t, a, &q.Analysis, err) {
		return
	}
	wordless := gocmp.Options{
		ignoringMapping(), cmpopts.IgnoreFields(readmodel.Gap{}, "Detail"), cmpopts.IgnoreFields(readmodel.Candidate{}, "Why"),
	}
	if diff := gocmp.Diff(a.gaps(q), got, wordless); diff != "" {
		t.Fatalf("%+v\nthe oracle (-) and the engine (+) differ:\n%s", q, diff)
	}
	for _, gap := range got.Items {
		found[gap.Rule]++
		found["candidates"] += len(gap.Candidates)
		if gap.Detail == "" || slices.ContainsFunc(gap.Candidates, func(c readmodel.Candidate) bool { return c.Why == "" }) {
			t.Errorf("a gap is not put into words: %+v", gap)
		}
	}
}

// gaps goes through the rules one by one.
func (o *oracle) gaps(q *readmodel.GapQuery) *readmodel.Gaps {
	all := &readmodel.Gaps{Findings: readmodel.Findings{HiddenByDate: o.hiddenByDate(&q.Analysis)}, ByRule: map[string]int{}}
	items, wide := o.judged(&q.Judgement), o.judged(&q.Judgement, "territory")
	for _, rule := range someRules {
		if (len(q.Rules) > 0 && !slices.Contains(q.Rules, rule)) || (len(q.Groups) > 0 && rule != "missing_constituent") {
			continue
		}
		gaps := o.gapsOf(q, rule, items, wide)
		all.ByRule[rule] = len(gaps)
		all.Items = append(all.Items, gaps...)
	}
	all.Total = len(all.Items)
	all.Items = all.Items[:min(all.Total, q.Limit)]
	return all
}

// gapsOf are those of one rule; wide are the items with their roles whatever the filters by territory.
func (o *oracle) gapsOf(q *readmodel.GapQuery, rule string, items, wide []oracleItem) []readmodel.Gap {
	accountable := func(r *directory.Role) bool { return letter(r) == "A" }
	responsible := func(r *directory.Role) bool { return letter(r) == "R" }
	funder := func(r *directory.Role) bool { return r.Type == "funder" }
	var gaps []readmodel.Gap
	tell := func(severity string, gap readmodel.Gap) {
		gap.Rule, gap.Severity = rule, severity
		gaps = append(gaps, gap)
	}
	switch rule {
	case "several_leads":
		for _, gap := range o.severalLeads(q, items) {
			tell("high", gap)
		}
		return gaps
	case "unsourced", "stale":
		for _, r := range rolesOfItems(items) {
			if (rule == "unsourced" && len(r.Sources) == 0) || (rule == "stale" && o.isStale(q, r)) {
				tell("low", readmodel.Gap{Function: r.Function, Initiative: r.Initiative, Roles: []string{r.ID}})
			}
		}
		return gaps
	}
	for i, item := range items {
		gap := readmodel.Gap{Function: item.ID}
		if item.kind == directory.Initiatives {
			gap = readmodel.Gap{Initiative: item.ID}
		}
		switch rule {
		case "no_lead":
			if !slices.ContainsFunc(item.roles, accountable) {
				gap.Candidates = o.candidates(q, item, "", accountable)
				tell("high", gap)
			}
		case "no_implementer":
			if !slices.ContainsFunc(item.roles, responsible) {
				gap.Candidates = o.candidates(q, item, "", responsible)
				tell("high", gap)
			}
		case "no_funder":
			if item.kind == directory.Initiatives && !o.isFunded(q, item) {
				gap.Candidates = o.candidates(q, item, "", funder)
				tell("medium", gap)
			}
		case "missing_constituent":
			for _, group := range []string{"government", "employers", "workers"} {
				ofGroup := func(r *directory.Role) bool { return o.actor(o.countedFor(&q.Analysis, r)).Group == group }
				if (len(q.Groups) == 0 || slices.Contains(q.Groups, group)) && !slices.ContainsFunc(item.roles, ofGroup) {
					gap.Group, gap.Candidates = group, o.candidates(q, item, "", ofGroup)
					tell("medium", gap)
				}
			}
		case "territory_uncovered":
			for _, region := range someRegions {
				if asksAbout(q, region) && !slices.ContainsFunc(wide[i].roles, func(r *directory.Role) bool { return reaches(r, region) }) {
					doing := func(r *directory.Role) bool { return accountable(r) || responsible(r) }
					gap.Territory, gap.Candidates = region, o.candidates(q, item, region, doing)
					tell("low", gap)
				}
			}
		}
	}
	return gaps
}

// rolesOfItems are the roles that count for any item, each once, by id.
func rolesOfItems(items []oracleItem) []*directory.Role {
	all := make(map[string]*directory.Role)
	for _, item := range items {
		for _, r := range item.roles {
			all[r.ID] = r
		}
	}
	return slices.SortedFunc(maps.Values(all), func(a, b *directory.Role) int { return cmp.Compare(a.ID, b.ID) })
}

func (o *oracle) severalLeads(q *readmodel.GapQuery, items []oracleItem) (gaps []readmodel.Gap) {
	functions, initiatives := []string{""}, []string{""}
	for _, ref := range o.refs(directory.Functions) {
		functions = append(functions, ref.ID)
	}
	for _, ref := range o.refs(directory.Initiatives) {
		initiatives = append(initiatives, ref.ID)
	}
	for _, function := range functions {
		for _, initiative := range initiatives {
			actors := make(map[string]bool)
			gap := readmodel.Gap{Function: function, Initiative: initiative}
			for _, r := range rolesOfItems(items) {
				if r.Function == function && r.Initiative == initiative && letter(r) == "A" {
					actors[o.countedFor(&q.Analysis, r)] = true
					gap.Roles = append(gap.Roles, r.ID)
				}
			}
			if len(actors) > 1 {
				gaps = append(gaps, gap)
			}
		}
	}
	return gaps
}

func (o *oracle) isStale(q *readmodel.GapQuery, r *directory.Role) bool {
	attested := o.actor(r.Actor).Attested
	since := time.Unix(int64(q.Today)*86400, 0).AddDate(0, 0, -q.StaleAfter)
	return attested != nil && attested.At.Before(since)
}

// isFunded looks for a funder of an initiative, of one above it, and where children count of one below it.
func (o *oracle) isFunded(q *readmodel.GapQuery, item oracleItem) bool {
	return slices.ContainsFunc(o.evidence(&q.Analysis, "initiative", "framework"), func(r *directory.Role) bool {
		return r.Type == "funder" && (o.within(directory.Initiatives, item.ID, r.Initiative) ||
			(q.Children && o.within(directory.Initiatives, r.Initiative, item.ID)))
	})
}

// reaches tells whether a role takes place in a region or in all of its country.
func reaches(r *directory.Role, region string) bool {
	return slices.ContainsFunc(r.Territories, func(place string) bool { return placeIn(region, place) })
}

func asksAbout(q *readmodel.GapQuery, region string) bool {
	for _, f := range q.Filters {
		covered := func(place string) bool { return placeIn(region, place) }
		if (f.Name == "territory" || f.Name == "reach") &&
			((len(f.Values) > 0 && !slices.ContainsFunc(f.Values, covered)) || slices.ContainsFunc(f.Not, covered)) {
			return false
		}
	}
	return true
}

// candidates goes from the nearest place to the farthest and takes the actors with the most roles there.
func (o *oracle) candidates(q *readmodel.GapQuery, item oracleItem, region string, fills func(*directory.Role) bool) []readmodel.Candidate {
	var found []readmodel.Candidate
	for _, place := range o.placesNear(q, item, region) {
		counts := make(map[string]int)
		for _, r := range place {
			actor := o.countedFor(&q.Analysis, r)
			if fills(r) && !slices.ContainsFunc(found, func(c readmodel.Candidate) bool { return c.Actor == actor }) {
				counts[actor]++
			}
		}
		best := slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
		for _, actor := range best {
			if len(found) < 5 {
				found = append(found, readmodel.Candidate{Actor: actor})
			}
		}
	}
	return found
}

func (o *oracle) placesNear(q *readmodel.GapQuery, item oracleItem, region string) [3][]*directory.Role {
	anywhere := o.evidence(&readmodel.Analysis{Clearance: q.Clearance, AsOf: q.AsOf, Today: q.Today})
	var same, parent, siblings []*directory.Role
	if item.kind == directory.Functions {
		for _, r := range anywhere {
			if o.within(directory.Functions, r.Function, item.ID) {
				same = append(same, r)
			}
		}
		for _, r := range o.evidence(&q.Analysis, "function", "framework") {
			switch f := o.function(r.Function); {
			case item.Parent == "" || f == nil || (region != "" && !reaches(r, region)):
			case f.ID == item.Parent:
				parent = append(parent, r)
			case f.Parent == item.Parent && f.ID != item.ID:
				siblings = append(siblings, r)
			}
		}
		return [3][]*directory.Role{same, parent, siblings}
	}
	for _, r := range anywhere {
		if r.Function != "" && r.Initiative != item.ID &&
			slices.ContainsFunc(item.roles, func(own *directory.Role) bool { return own.Function == r.Function }) {
			same = append(same, r)
		}
	}
	for _, r := range o.evidence(&q.Analysis, "initiative", "framework") {
		switch i := o.initiative(r.Initiative); {
		case item.Parent == "" || i == nil || (region != "" && !reaches(r, region)):
		case i.ID == item.Parent:
			parent = append(parent, r)
		case i.Parent == item.Parent && i.ID != item.ID:
			siblings = append(siblings, r)
		}
	}
	return [3][]*directory.Role{parent, siblings, same}
}
