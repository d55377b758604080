package httpapi

import (
	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

// The bounds of what gaps and overlaps tell one by one: as JSON usually so many, as a file all there is up to the most.
const (
	usualTold = 1_000
	mostTold  = 100_000
)

// judgement reads what gaps, balance and RACI charts have in common: what the items are, and what counts for them.
func (c *call) judgement(q *analysis, by ...readmodel.By) (j readmodel.Judgement, err error) {
	j = readmodel.Judgement{Analysis: q.Analysis}
	said, err := c.query.oneOf("by", textsOf(by))
	if err != nil {
		return j, err
	}
	j.By = readmodel.By(said)
	if c.query.has("scope") && j.By == readmodel.ByInitiative {
		return j, fault.AtParameter("scope", fault.CodeCombination, fault.Args{"other": "by=" + said})
	}
	scope, err := c.query.oneOf("scope", textsOf(readmodel.Scopes()))
	if err != nil {
		return j, err
	}
	j.Scope = readmodel.Scope(scope)
	if c.query.has("children") && j.By == readmodel.ByFunction {
		return j, fault.AtParameter("children", fault.CodeCombination, fault.Args{"other": "by=" + said})
	}
	j.Children, err = c.query.truth("children", false)
	return j, err
}

func textsOf[T ~string](values []T) []string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return texts
}

// told reads how many gaps or overlaps are told one by one.
func (c *call) told(q *analysis) (limit int, err error) {
	usual := usualTold
	f, err := c.format()
	if err != nil {
		return 0, err
	}
	if f != nil {
		usual = mostTold
	}
	if limit, err = c.query.integer("limit", mostTold, usual); err != nil {
		return 0, err
	}
	q.depends("limit", limit)
	return limit, nil
}

// whole refuses a file that would be cut off though nobody asked for that.
func (c *call) whole(total int) error {
	f, err := c.format()
	if err != nil || f == nil || c.query.has("limit") || total <= mostTold {
		return err
	}
	return fault.AtParameter("limit", fault.CodeFileTooLong, fault.Args{"total": total, "max": mostTold})
}
