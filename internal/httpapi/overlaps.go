package httpapi

import (
	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/readmodel"
)

const overlapsPath = basePath + "/overlaps"

// overlaps answers who does the same thing at the same place and time.
func (a *API) overlaps(c *call) error {
	q, err := c.analysis()
	if err != nil {
		return err
	}
	limit, err := c.told(q)
	if err != nil {
		return err
	}
	found, err := c.head.Overlaps(&readmodel.OverlapQuery{Analysis: q.Analysis, Limit: limit})
	if err != nil {
		return err
	}
	if err := c.whole(found.Total); err != nil {
		return err
	}
	return c.answered(q, found, func() table { return c.overlapTable(q, found) })
}

// overlapTable lays overlaps out, one pair a row.
func (c *call) overlapTable(q *analysis, found *readmodel.Overlaps) table {
	n := c.namer(q)
	columns := interchange.TextColumns(
		"type", "type_label", "function", "function_label", "initiative", "initiative_label", "territory", "territory_label",
		"actor_1", "actor_1_label", "actor_2", "actor_2_label", "role_1", "role_2")
	columns = append(columns, interchange.TableColumn{Name: "start", Dates: true}, interchange.TableColumn{Name: "end", Dates: true})
	return table{
		name: "overlaps", columns: columns,
		rows: func(yield func([]string) bool) {
			for i := range found.Items {
				o := &found.Items[i]
				if !yield([]string{
					o.Type, n.term(directory.VocabularyRoleTypes, o.Type), o.Function, n.record(directory.Functions, o.Function),
					o.Initiative, n.record(directory.Initiatives, o.Initiative), o.Territory, n.term(directory.VocabularyTerritories, o.Territory),
					o.Actors[0], n.record(directory.Actors, o.Actors[0]), o.Actors[1], n.record(directory.Actors, o.Actors[1]),
					o.Roles[0], o.Roles[1], dateCell(o.Start), dateCell(o.End),
				}) {
					return
				}
			}
		},
	}
}

// dateCell is a date in a cell; an open end is an empty one.
func dateCell(d *directory.Date) string {
	if d == nil {
		return ""
	}
	return string(*d)
}
