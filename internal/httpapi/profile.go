package httpapi

import (
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/interchange"
	"dalil/internal/readmodel"
)

// unitsOwn is how a profile calls what belongs to the actor alone.
const unitsOwn = "own"

// profile answers one actor whole.
func (a *API) profile(c *call) error {
	ref := directory.Ref{Kind: directory.Actors, ID: c.gin.Param("id")}
	entry, ok := c.head.Lookup(ref, c.caller.Clearance)
	switch {
	case !ok:
		return fault.New(fault.NotFound, fault.CodeNotFound, nil)
	case entry.MergedInto() != "":
		return mergedInto(entry.MergedInto())
	case entry.Archived():
		return a.archived(c, ref)
	}
	q, err := c.analysisWith(unitsOwn, true)
	if err != nil {
		return err
	}
	p, ok, err := c.head.Profile(&q.Analysis, ref.ID)
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.NotFound, fault.CodeNotFound, nil)
	}
	return c.answered(q, p, func() table { return profileTable(ref.ID, p) })
}

// columnsNamed are columns of texts.
func columnsNamed(names ...string) []interchange.TableColumn {
	columns := make([]interchange.TableColumn, len(names))
	for i, name := range names {
		columns[i].Name = name
	}
	return columns
}

// timeline answers the periods of initiatives and roles.
func (a *API) timeline(c *call) error {
	q, err := c.analysis()
	if err != nil {
		return err
	}
	found, err := c.head.Timeline(&q.Analysis)
	if err != nil {
		return err
	}
	return c.answered(q, found, func() table { return spansTable("timeline", found.Items) })
}

// spansTable lays out periods.
func spansTable(name string, spans []readmodel.Span) table {
	t := table{name: name, columns: columnsNamed("kind", "id", "label", "start", "end", "actor", "initiative")}
	t.columns[3].Dates, t.columns[4].Dates = true, true
	t.rows = func(yield func([]string) bool) {
		for i := range spans {
			if !yield(spanRow(&spans[i])) {
				return
			}
		}
	}
	return t
}

func spanRow(s *readmodel.Span) []string {
	return []string{string(s.Kind), s.ID, s.Label, dateText(s.Start), dateText(s.End), s.Actor, s.Initiative}
}

// dateText is a date; "" when there is none.
func dateText(d *directory.Date) string {
	if d == nil {
		return ""
	}
	return string(*d)
}
