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
	j = readmodel.Judgement{Analysis: q.Analysis, By: by[0], Scope: readmodel.ScopeLeaf}
	if c.query.has("by") {
		if j.By, err = oneOf("by", c.query.first("by"), by); err != nil {
			return j, err
		}
	}
	if c.query.has("scope") {
		if j.By == readmodel.ByInitiative {
			return j, fault.AtParameter("scope", fault.CodeCombination, fault.Args{"other": "by=" + string(j.By)})
		}
		if j.Scope, err = oneOf("scope", c.query.first("scope"), readmodel.Scopes()); err != nil {
			return j, err
		}
	}
	if c.query.has("children") && j.By == readmodel.ByFunction {
		return j, fault.AtParameter("children", fault.CodeCombination, fault.Args{"other": "by=" + string(j.By)})
	}
	j.Children, err = c.query.truth("children", false)
	return j, err
}

// oneOf returns the one of some values that a parameter says.
func oneOf[T ~string](name, said string, values []T) (T, error) {
	for _, value := range values {
		if string(value) == said {
			return value, nil
		}
	}
	return "", unknownValue(name, said, textsOf(values))
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
	if limit, err = c.query.integer("limit", 1, mostTold, usual); err != nil {
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
