package httpapi

import (
	"dalil/internal/interchange"
	"dalil/internal/readmodel"
)

const raciPath = basePath + "/raci"

// raci answers which actors hold which letter of a RACI chart, for each function or initiative.
func (a *API) raci(c *call) error {
	q, err := c.analysis()
	if err != nil {
		return err
	}
	ask, err := c.judgement(q, readmodel.ByFunction, readmodel.ByInitiative)
	if err != nil {
		return err
	}
	found, err := c.head.Chart(&ask)
	if err != nil {
		return err
	}
	return c.answered(q, found, func() table { return c.chartTable(q, found) })
}

// chartTable lays a chart out, one function or initiative a row.
func (c *call) chartTable(q *analysis, found *readmodel.Chart) table {
	n := c.namer(q)
	return table{
		name:    "raci",
		columns: interchange.TextColumns("id", "label", "parent", "A", "A_labels", "R", "R_labels", "C", "C_labels", "I", "I_labels", "broken"),
		rows: func(yield func([]string) bool) {
			for i := range found.Items {
				r := &found.Items[i]
				row := []string{r.ID, r.Label, r.Parent}
				for _, actors := range [][]string{r.Accountable, r.Responsible, r.Consulted, r.Informed} {
					row = append(row, listCell(actors), n.actors(actors))
				}
				if !yield(append(row, listCell(textsOf(r.Broken)))) {
					return
				}
			}
		},
	}
}
