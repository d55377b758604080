package readmodel_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

// judgingFilters are the filters of roles but those that a judgement of absence does not take.
func judgingFilters(but ...string) []string {
	but = append(but, "type", "raci", "actor")
	return slices.DeleteFunc(filtersOf(directory.Roles), func(name string) bool { return slices.Contains(but, name) })
}

// ignoringMapping leaves out what another oracle checks, and what no answer shows.
func ignoringMapping() cmp.Option {
	return cmp.Options{
		cmpopts.IgnoreFields(readmodel.Findings{}, "Mapping"),
		cmpopts.IgnoreUnexported(readmodel.AnalysisItem{}),
		cmpopts.EquateEmpty(),
	}
}

// sameRefusal tells whether a question that has to be refused was; it fails the test when it was or was not wrongly.
func sameRefusal(t *testing.T, a *asker, q *readmodel.Analysis, err error) (refused bool) {
	t.Helper()
	switch refused = a.refusedJudged(q); {
	case refused && !fault.Is(err, fault.CodeBadParameter):
		t.Errorf("%+v\nis not refused: %v", q, err)
	case !refused && err != nil:
		t.Errorf("%+v\nis refused: %v", q, err)
		return true
	}
	return refused
}

func TestEveryBalanceIsWhatTheOracleSays(t *testing.T) {
	t.Parallel()
	eachSeed(t, 40, 4, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed)
		w.grow(24)
		s, a := applied(t, readmodel.Empty(), w.commits...), newAsker(newOracle(t, w.commits...), seed)
		compareBalances(t, a, s, 25)
	})
}

// compareBalances asks random questions about balance.
func compareBalances(t *testing.T, a *asker, s *readmodel.Snapshot, questions int) {
	t.Helper()
	for range questions {
		q := a.judgement(judgingFilters()...)
		got, err := s.Balance(&q)
		if sameRefusal(t, a, &q.Analysis, err) {
			continue
		}
		if diff := cmp.Diff(a.balance(&q), got, ignoringMapping()); diff != "" {
			t.Fatalf("%+v\nthe oracle (-) and the engine (+) differ:\n%s", q, diff)
		}
	}
}

// balance counts, for every item and group, the actors and the roles one by one.
func (o *oracle) balance(q *readmodel.Judgement) *readmodel.Balance {
	b := &readmodel.Balance{Findings: readmodel.Findings{HiddenByDate: o.hiddenByDate(&q.Analysis)}}
	for _, item := range o.judged(q) {
		row := readmodel.BalanceItem{AnalysisItem: item.AnalysisItem, Others: map[string]int{}}
		for _, group := range someGroups {
			actors, roles := map[string]bool{}, map[string]int{}
			for _, r := range item.roles {
				if actor := o.countedFor(&q.Analysis, r); o.actor(actor).Group == group {
					actors[actor] = true
					roles[r.Type]++
				}
			}
			part := readmodel.Constituent{Actors: len(actors), Roles: roles}
			switch group {
			case "government":
				row.Government = part
			case "employers":
				row.Employers = part
			case "workers":
				row.Workers = part
			default:
				if len(actors) > 0 {
					row.Others[group] = len(actors)
				}
			}
			if len(actors) == 0 && slices.Contains([]string{"government", "employers", "workers"}, group) {
				row.Missing = append(row.Missing, group)
			}
		}
		b.Items = append(b.Items, row)
	}
	return b
}

func TestEveryChartIsWhatTheOracleSays(t *testing.T) {
	t.Parallel()
	eachSeed(t, 40, 4, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed)
		w.grow(24)
		s, a := applied(t, readmodel.Empty(), w.commits...), newAsker(newOracle(t, w.commits...), seed)
		compareCharts(t, a, s, 25)
	})
}

// compareCharts asks for random RACI charts.
func compareCharts(t *testing.T, a *asker, s *readmodel.Snapshot, questions int) {
	t.Helper()
	for range questions {
		q := a.judgement(judgingFilters()...)
		got, err := s.Chart(&q)
		if sameRefusal(t, a, &q.Analysis, err) {
			continue
		}
		if diff := cmp.Diff(a.chart(&q), got, ignoringMapping()); diff != "" {
			t.Fatalf("%+v\nthe oracle (-) and the engine (+) differ:\n%s", q, diff)
		}
	}
}

// chart looks at every item and letter.
func (o *oracle) chart(q *readmodel.Judgement) *readmodel.Chart {
	chart := &readmodel.Chart{Findings: readmodel.Findings{HiddenByDate: o.hiddenByDate(&q.Analysis)}}
	for _, item := range o.judged(q) {
		under := func(wanted string) []string {
			var ids []string
			for _, r := range item.roles {
				if letter(r) == wanted {
					ids = append(ids, o.countedFor(&q.Analysis, r))
				}
			}
			return slices.Compact(sorted(ids))
		}
		row := readmodel.ChartRow{
			AnalysisItem: item.AnalysisItem,
			Accountable:  under("A"), Responsible: under("R"), Consulted: under("C"), Informed: under("I"),
		}
		if len(row.Accountable) == 0 {
			row.Broken = append(row.Broken, "no_accountable")
		}
		if len(row.Accountable) > 1 {
			row.Broken = append(row.Broken, "several_accountable")
		}
		if len(row.Responsible) == 0 {
			row.Broken = append(row.Broken, "no_responsible")
		}
		chart.Items = append(chart.Items, row)
	}
	return chart
}
