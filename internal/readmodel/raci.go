package readmodel

import (
	"slices"

	"dalil/internal/directory"
)

// Chart is a RACI chart: for functions or initiatives, which actors hold which letter.
type Chart struct {
	Findings

	Items []ChartRow `json:"items"` // every item in scope, those with nothing included
}

// ChartRow is one function or initiative of a chart. An actor stands under every letter that it holds.
type ChartRow struct {
	AnalysisItem

	Accountable []string    `json:"A"` // ids of actors, in alphabetical order, as under every letter
	Responsible []string    `json:"R"`
	Consulted   []string    `json:"C"`
	Informed    []string    `json:"I"`
	Broken      []ChartRule `json:"broken"` // the rules that it breaks
}

// ChartRule is a rule of RACI charts: exactly one actor is accountable, and at least one responsible.
type ChartRule string

// The rules, by how they are broken.
const (
	NoAccountable      ChartRule = "no_accountable"
	SeveralAccountable ChartRule = "several_accountable"
	NoResponsible      ChartRule = "no_responsible"
)

// ChartRules returns the rules of a chart.
func ChartRules() []ChartRule { return []ChartRule{NoAccountable, SeveralAccountable, NoResponsible} }

// Chart answers a judgement by functions or by initiatives with a RACI chart. Its errors are faults about parameters.
func (s *Snapshot) Chart(q *Judgement) (*Chart, error) {
	e, err := s.evidence(&q.Analysis)
	if err != nil {
		return nil, err
	}
	items := e.judged(q)
	chart := &Chart{Findings: e.Findings, Items: make([]ChartRow, len(items))}
	for i := range items {
		chart.Items[i] = e.chartRow(&items[i])
	}
	return chart, nil
}

func (e *evidence) chartRow(item *judged) ChartRow {
	row := ChartRow{AnalysisItem: item.AnalysisItem, Broken: []ChartRule{}}
	row.Accountable = e.holdersOf(item, directory.RACIAccountable)
	row.Responsible = e.holdersOf(item, directory.RACIResponsible)
	row.Consulted = e.holdersOf(item, directory.RACIConsulted)
	row.Informed = e.holdersOf(item, directory.RACIInformed)
	switch {
	case len(row.Accountable) == 0:
		row.Broken = append(row.Broken, NoAccountable)
	case len(row.Accountable) > 1:
		row.Broken = append(row.Broken, SeveralAccountable)
	}
	if len(row.Responsible) == 0 {
		row.Broken = append(row.Broken, NoResponsible)
	}
	return row
}

// holdersOf returns the ids of the actors that hold a letter for an item.
func (e *evidence) holdersOf(item *judged, letter string) []string {
	holders := make(map[uint32]struct{})
	letters := e.letterRoles(letter)
	runs(item.roles, func(ords []uint32) {
		for _, role := range ords {
			if letters.Contains(role) {
				holders[e.actorOf(role)] = struct{}{}
			}
		}
	})
	ids := make([]string, 0, len(holders))
	for actor := range holders {
		ids = append(ids, e.s.tables[inActors].id(actor))
	}
	slices.Sort(ids)
	return ids
}
