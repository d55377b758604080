package httpapi

import (
	"strings"

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

// profileTable lays out the roles of a profile, each once.
func profileTable(id string, p *readmodel.Profile) table {
	t := table{name: sheetName("profile-" + id), columns: columnsNamed(
		"role", "actor", "actor_label", "type", "type_label", "raci", "function", "function_label", "initiative", "initiative_label",
		"territories", "counterparts", "start", "end", "amount", "currency", "confidence", "sources")}
	t.columns[12].Dates, t.columns[13].Dates, t.columns[14].Numbers = true, true, true
	t.rows = func(yield func([]string) bool) {
		for i := range p.Roles {
			r := &p.Roles[i]
			var amount, currency string
			if r.Amount != nil {
				amount, currency = string(appendAmount(nil, r.Amount.Amount)), r.Amount.Currency
			}
			if !yield([]string{
				r.ID, r.Actor, r.ActorLabel, r.Type, r.TypeLabel, r.RACI, r.Function, r.FunctionLabel, r.Initiative, r.InitiativeLabel,
				strings.Join(r.Territories, ";"), strings.Join(r.Counterparts, ";"), string(r.Start), string(r.End),
				amount, currency, r.Confidence, strings.Join(r.Sources, ";"),
			}) {
				return
			}
		}
	}
	return t
}

// sheetName cuts a name to what a sheet can have.
func sheetName(name string) string { return name[:min(len(name), 31)] }

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
	return c.answered(q, found, func() table { return spansTable("timeline", "", found.Items) })
}

// compare answers what began and ended between two dates.
func (a *API) compare(c *call) error {
	q, err := c.analysis()
	if err != nil {
		return err
	}
	q.asOf, q.undated = "any", true
	var dates [2]directory.Date
	for i, name := range []string{"from", "to"} {
		switch text := c.query.first(name); text {
		case "":
			return fault.AtParameter(name, fault.CodeRequired, nil)
		case "today":
			dates[i] = q.Today.Date()
		default:
			if dates[i] = directory.Date(text); !dates[i].Valid() {
				return fault.AtParameter(name, fault.CodeBadDate, nil)
			}
		}
	}
	for i := range q.chosen { // what was called today is told as the day that it was
		switch q.chosen[i].name {
		case "from":
			q.chosen[i].value = string(dates[0])
		case "to":
			q.chosen[i].value = string(dates[1])
		}
	}
	found, err := c.head.Compare(&q.Analysis, dates[0], dates[1])
	if err != nil {
		return err
	}
	return c.answered(q, found, func() table { return comparisonTable(found) })
}

// comparisonTable lays out what began and then what ended.
func comparisonTable(found *readmodel.Comparison) table {
	began, ended := spansTable("compare", "began", found.Began), spansTable("compare", "ended", found.Ended)
	rows := began.rows
	began.rows = func(yield func([]string) bool) {
		more := true
		rows(func(row []string) bool {
			more = yield(row)
			return more
		})
		if more {
			ended.rows(yield)
		}
	}
	return began
}

// spansTable lays out periods, with what happened before them where that is told.
func spansTable(name, happened string, spans []readmodel.Span) table {
	names := []string{"kind", "id", "label", "start", "end", "actor", "initiative"}
	if happened != "" {
		names = append([]string{"change"}, names...)
	}
	t := table{name: name, columns: columnsNamed(names...)}
	for i := range t.columns {
		t.columns[i].Dates = t.columns[i].Name == "start" || t.columns[i].Name == "end"
	}
	t.rows = func(yield func([]string) bool) {
		for i := range spans {
			s := &spans[i]
			row := []string{string(s.Kind), s.ID, s.Label, dateText(s.Start), dateText(s.End), s.Actor, s.Initiative}
			if happened != "" {
				row = append([]string{happened}, row...)
			}
			if !yield(row) {
				return
			}
		}
	}
	return t
}

// dateText is a date; "" when there is none.
func dateText(d *directory.Date) string {
	if d == nil {
		return ""
	}
	return string(*d)
}
