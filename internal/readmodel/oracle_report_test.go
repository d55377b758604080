package readmodel_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// reported are the actors that a report is about, by id.
func (o *oracle) reported(q *readmodel.QualityQuery, evidence []*directory.Role) []string {
	own := readmodel.Query{Kind: directory.Actors, Clearance: q.Clearance, AsOf: q.AsOf, RolesAsOf: q.AsOf, Today: q.Today, Lang: q.Lang}
	var byRoles bool
	chosen := func(string) bool { return true }
	for _, f := range q.Filters {
		switch f.Name {
		case "group", "country", "under":
			own.Filters = append(own.Filters, f)
		case "actor":
			before := chosen
			chosen = func(id string) bool {
				asked := len(f.Values) == 0 && !f.None || slices.Contains(f.Values, id)
				return before(id) && asked && !slices.Contains(f.Not, id)
			}
		default:
			byRoles = true
		}
	}
	var ids []string
	for _, ref := range o.list(&own, own.Filters) {
		has := slices.ContainsFunc(evidence, func(r *directory.Role) bool { return r.Actor == ref.ID })
		if chosen(ref.ID) && (has || !byRoles) {
			ids = append(ids, ref.ID)
		}
	}
	return ids
}

// counts are the numbers of some actors.
func (o *oracle) counts(q *readmodel.QualityQuery, evidence []*directory.Role, ids []string) readmodel.QualityCounts {
	n := readmodel.QualityCounts{Actors: len(ids), Missing: map[string]int{}}
	sum := 0
	for _, id := range ids {
		a := o.actor(id)
		sum += percent(a)
		for _, field := range missing(a) {
			n.Missing[field]++
		}
		if len(missing(a)) == 0 {
			n.Complete++
		}
		for _, r := range evidence {
			if r.Actor == id {
				n.Roles++
				if len(r.Sources) == 0 {
					n.Unsourced++
				}
			}
		}
		switch {
		case a.Attested == nil:
			n.Never++
		case a.Attested.At.Unix() < (int64(q.Today)-int64(q.StaleAfter))*86400:
			n.Stale++
		default:
			n.Fresh++
		}
		if a.Attested != nil && (n.Attested == nil || a.Attested.At.After(n.Attested.Time)) {
			n.Attested = &a.Attested.At
		}
	}
	if len(ids) > 0 {
		n.Percent = sum / len(ids)
	}
	return n
}

// report groups the actors, and counts each group by itself.
func (o *oracle) report(q *readmodel.QualityQuery) *readmodel.QualityReport {
	r := &readmodel.QualityReport{Findings: readmodel.Findings{HiddenByDate: o.hiddenByDate(&q.Analysis)}, Fields: map[string][]string{}}
	groups, _ := directory.VocabularyNamed(directory.VocabularyGroups)
	rows := map[string][]string{}
	for _, group := range groups.Codes() {
		if fields, ok := countedBy[group]; ok { // the groups that random actors have
			r.Fields[group] = sorted(strings.Fields(fields))
		}
		if q.By == readmodel.ByGroup {
			rows[group] = nil
		}
	}
	rolled := q.Analysis
	rolled.Rolled = true
	evidence := o.evidence(&q.Analysis)
	all := o.reported(q, evidence)
	for _, id := range all {
		key := id
		switch q.By {
		case readmodel.ByGroup:
			key = o.actor(id).Group
		case readmodel.ByOwner:
			key = o.whoever(&rolled, id).ID
		}
		rows[key] = append(rows[key], id)
	}
	for key, ids := range rows { // sorted below
		item := readmodel.QualityItem{ID: key, QualityCounts: o.counts(q, evidence, ids)}
		if term, ok := groups.Term(key); ok && q.By == readmodel.ByGroup {
			item.Label = term.Label.In(q.Lang)
		} else {
			item.Label = o.actor(key).Name.In(q.Lang)
		}
		r.Items = append(r.Items, item)
	}
	slices.SortFunc(r.Items, func(a, b readmodel.QualityItem) int {
		if q.By == readmodel.ByGroup {
			return cmp.Compare(groups.Rank(a.ID), groups.Rank(b.ID))
		}
		return cmp.Or(a.Percent-b.Percent, b.Unsourced-a.Unsourced, strings.Compare(a.ID, b.ID))
	})
	r.Total, r.All = len(r.Items), o.counts(q, evidence, all)
	r.Items = r.Items[:min(q.Limit, len(r.Items))]
	return r
}

// sameReports compares without what only the engine knows.
func sameReports() gocmp.Option {
	return gocmp.Options{
		ignoringMapping(), cmpopts.IgnoreUnexported(readmodel.QualityItem{}, readmodel.QualityCounts{}),
		cmpopts.IgnoreMapEntries(func(group string, _ []string) bool { return countedBy[group] == "" }),
	}
}

func TestEveryReportOfQualityIsWhatTheOracleSays(t *testing.T) {
	t.Parallel()
	eachSeed(t, 24, 3, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed)
		w.grow(24)
		s, a := applied(t, readmodel.Empty(), w.commits...), newAsker(newOracle(t, w.commits...), seed)
		compareReports(t, a, s, 40)
	})
}

// compareReports asks for random reports of quality.
func compareReports(t *testing.T, a *asker, s *readmodel.Snapshot, questions int) {
	t.Helper()
	for range questions {
		q := &readmodel.QualityQuery{
			By:         pick(a.rand, []readmodel.By{readmodel.ByGroup, readmodel.ByOwner, readmodel.ByActor}),
			StaleAfter: pick(a.rand, []int{1, 200, 365, 700}), Limit: pick(a.rand, []int{1, 3, 1000}),
			Analysis: a.judgedAnalysis(append(filtersOf(directory.Roles), "actor", "under", "group", "country", "group")...),
		}
		got, err := s.Quality(q)
		if sameRefusal(t, a, &q.Analysis, err) || err != nil {
			continue
		}
		if diff := gocmp.Diff(a.report(q), got, sameReports()); diff != "" {
			t.Fatalf("%+v\nthe oracle (-) and the engine (+) differ:\n%s", q, diff)
		}
	}
}

func TestTheCompletenessOfEveryActorIsWhatTheOracleSays(t *testing.T) {
	t.Parallel()
	eachSeed(t, 24, 3, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed)
		w.grow(24)
		s, a := applied(t, readmodel.Empty(), w.commits...), newAsker(newOracle(t, w.commits...), seed)
		for range 60 {
			q := a.analysis()
			q.Filters = nil
			ref := directory.Ref{Kind: directory.Actors, ID: idNumber(a.rand.IntN(12))}
			got := s.CompletenessOf(ref.ID, q.Clearance, q.AsOf)
			if a.visible(ref, q.Clearance) != (got != nil) {
				t.Fatalf("%s is told of to %s: %t", ref.ID, q.Clearance, got != nil)
			}
			if got == nil || !a.live(ref) {
				continue
			}
			one := a.counts(&readmodel.QualityQuery{Analysis: *q}, a.evidence(q), []string{ref.ID})
			want := &readmodel.Completeness{Percent: one.Percent, Missing: missing(a.actor(ref.ID)), Roles: one.Roles, Unsourced: one.Unsourced, Attested: one.Attested}
			if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: the oracle (-) and the engine (+) differ:\n%s", ref.ID, diff)
			}
			p, ok, err := s.Profile(q, ref.ID)
			if err != nil || !ok || !gocmp.Equal(p.Completeness, got) {
				t.Errorf("the profile of %s tells %+v, not %+v, %t, %v", ref.ID, p.Completeness, got, ok, err)
			}
		}
	})
}
