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
	o, err := s.ordered(&q.Analysis)
	if err != nil {
		return nil, err
	}
	items := o.itemsOf(q)
	h := newHolders(o, items)
	for _, k := range []kindIndex{inFunctions, inInitiatives} {
		if q.asks(k) {
			h.gather(k, q.below(k))
		}
	}
	chart := &Chart{Findings: o.Findings, Items: make([]ChartRow, len(items))}
	for i := range items {
		chart.Items[i] = h.row(i)
	}
	return chart, nil
}

// holders gathers who holds which letter for which item.
type holders struct {
	*ordered

	items   []judged
	letters int        // how many codes there are
	actors  [][]uint32 // by item and letter: different ones, plus one
}

func newHolders(o *ordered, items []judged) *holders {
	letters := int(o.fieldOf(inRoles, roleLetter).words.size) + 1
	return &holders{o, items, letters, make([][]uint32, len(items)*letters)}
}

// gather goes over the roles, an actor after the other, for the items of a kind.
func (h *holders) gather(k kindIndex, below bool) {
	counting := h.countingFor(h.items, k, below)
	add := func(actor, code, letter uint32) {
		if letter == none {
			return
		}
		for _, i := range counting[code] {
			held := &h.actors[int(i)*h.letters+int(letter)]
			if n := len(*held); n == 0 || (*held)[n-1] != actor {
				*held = append(*held, actor)
			}
		}
	}
	actors, codes, letters := h.order.actors, h.order.column(columnKey{inRoles, partedBy(k)}), h.order.column(columnKey{inRoles, roleLetter})
	h.order.all().each(h.places, func(place int) { add(actors[place], codes[place], letters[place]) })
	named, held := &h.fieldOf(inRoles, partedBy(k)).one, &h.fieldOf(inRoles, roleLetter).one
	for _, of := range h.changed {
		add(of.actor+1, named.at(of.role), held.at(of.role))
	}
}

// of returns the ids of the actors that hold a letter for an item.
func (h *holders) of(i int, letter string) []string {
	code := h.fieldOf(inRoles, roleLetter).words.code(letter)
	if code == none {
		return []string{}
	}
	actors, t := h.actors[i*h.letters+int(code)], h.s.tables[inActors]
	byID := func(a, b uint32) int { return t.compare(a-1, b-1) }
	if !slices.IsSortedFunc(actors, byID) { // some came or changed since the order was made
		slices.SortFunc(actors, byID)
	}
	ids := make([]string, len(actors))
	for n, actor := range actors {
		ids[n] = t.id(actor - 1)
	}
	return ids
}

func (h *holders) row(i int) ChartRow {
	row := ChartRow{AnalysisItem: h.items[i].AnalysisItem, Broken: []ChartRule{}}
	row.Accountable = h.of(i, directory.RACIAccountable)
	row.Responsible = h.of(i, directory.RACIResponsible)
	row.Consulted = h.of(i, directory.RACIConsulted)
	row.Informed = h.of(i, directory.RACIInformed)
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
