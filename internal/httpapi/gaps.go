package httpapi

import (
	"slices"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/readmodel"
)

const gapsPath = basePath + "/gaps"

// usualStale is after how many days what was confirmed has to be confirmed again, when the request does not say.
const (
	usualStale = 365
	mostStale  = 36_500
)

// bytesOfAGap is about how long one is told.
const bytesOfAGap = 700

// gaps answers where nobody is, or too many are, or where what is said may not hold.
func (a *API) gaps(c *call) error {
	q, err := c.analysis()
	if err != nil {
		return err
	}
	ask, err := c.gapQuery(q)
	if err != nil {
		return err
	}
	ask.Stop = c.req.Context().Err
	found, err := c.head.Gaps(ask)
	if err != nil {
		return err
	}
	if err := c.whole(found.Total); err != nil {
		return err
	}
	say := func(to []byte) []byte { return appendGaps(c.beginJSON(q, to), found) }
	return c.answerTable(q, say, func() table { return c.gapTable(q, found) })
}

// gapQuery reads what only gaps are asked.
func (c *call) gapQuery(q *analysis) (*readmodel.GapQuery, error) {
	ask := new(readmodel.GapQuery)
	var err error
	if ask.Groups, err = q.absentGroups(); err != nil {
		return nil, err
	}
	if ask.Judgement, err = c.judgement(q, readmodel.ByFunction, readmodel.ByInitiative, readmodel.ByBoth); err != nil {
		return nil, err
	}
	ask.Rules = c.query.all("rule")
	if ask.StaleAfter, err = c.query.integer("stale_after", mostStale, usualStale); err != nil {
		return nil, err
	}
	ask.Limit, err = c.told(q)
	return ask, err
}

// absentGroups takes the filter by group out of the others: it does not narrow the evidence, but picks who is absent.
func (q *analysis) absentGroups() (groups []string, err error) {
	q.Filters = slices.DeleteFunc(q.Filters, func(f readmodel.Filter) bool {
		if f.Name != "group" {
			return false
		}
		groups = f.Values
		switch {
		case len(f.Not) > 0:
			err = unknownValue("group", "!"+f.Not[0], constituents())
		case f.None:
			err = unknownValue("group", "none", constituents())
		case f.NotNone:
			err = unknownValue("group", "!none", constituents())
		}
		return true
	})
	return groups, err
}

// constituents are the groups that may be absent.
func constituents() []string {
	v, _ := directory.VocabularyNamed(directory.VocabularyGroups)
	var codes []string
	for _, term := range v.Terms {
		if term.Constituent {
			codes = append(codes, term.Code)
		}
	}
	return codes
}

// gapTable lays gaps out, one a row.
func (c *call) gapTable(q *analysis, found *readmodel.Gaps) table {
	n := c.namer(q)
	return table{
		name: "gaps",
		columns: interchange.TextColumns(
			"severity", "rule", "rule_label", "function", "function_label", "initiative", "initiative_label",
			"territory", "territory_label", "group", "group_label", "detail", "roles", "candidates", "candidate_labels", "candidate_reasons"),
		rows: func(yield func([]string) bool) {
			for i := range found.Items {
				g := &found.Items[i]
				actors, reasons := make([]string, len(g.Candidates)), make([]string, len(g.Candidates))
				for i, candidate := range g.Candidates {
					actors[i], reasons[i] = candidate.Actor, candidate.Why
				}
				if !yield([]string{
					g.Severity, g.Rule, n.term(directory.VocabularyGapRules, g.Rule),
					g.Function, n.record(directory.Functions, g.Function), g.Initiative, n.record(directory.Initiatives, g.Initiative),
					g.Territory, n.term(directory.VocabularyTerritories, g.Territory), g.Group, n.term(directory.VocabularyGroups, g.Group),
					g.Detail, listCell(g.Roles), listCell(actors), n.actors(actors), listCell(reasons),
				}) {
					return
				}
			}
		},
	}
}

// namer names what a table tells by code or id.
type namer struct {
	head *readmodel.Snapshot
	lang string
}

func (c *call) namer(q *analysis) namer { return namer{c.head, q.Lang} }

// record is what a record is called; "" of no id.
func (n namer) record(kind directory.Kind, id string) string {
	if id == "" {
		return ""
	}
	return n.head.Label(kind, id, n.lang)
}

// term is the label of a code; "" of none.
func (n namer) term(vocabulary, code string) string {
	v, _ := directory.VocabularyNamed(vocabulary)
	if term, ok := v.Term(code); ok {
		return term.Label.In(n.lang)
	}
	return ""
}

// actors are the names of some actors in one cell.
func (n namer) actors(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = n.record(directory.Actors, id)
	}
	return listCell(names)
}

// listCell is a list in one cell, as files of records have it.
func listCell(values []string) string { return strings.Join(values, ";") }
