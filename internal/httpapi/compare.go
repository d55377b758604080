package httpapi

import (
	"strconv"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

// maxStates is how many states of the directory are compared.
const maxStates = 2

// compare answers what began and ended between two dates, what changed between two states of the directory, or both.
func (a *API) compare(c *call) error {
	q, err := c.analysis()
	if err != nil {
		return err
	}
	q.asOf, q.undated = "any", true
	before, err := c.earlierState(q)
	if err != nil {
		return err
	}
	found := new(readmodel.Comparison)
	if before != nil {
		if found, err = c.head.Changed(before, &q.Analysis); err != nil {
			return err
		}
	}
	if before == nil || c.query.has("from") || c.query.has("to") {
		from, to, err := c.twoDates(q)
		if err != nil {
			return err
		}
		dated, err := c.head.Compare(&q.Analysis, from, to)
		if err != nil {
			return err
		}
		if before != nil {
			dated.KnownAt, dated.Changed, dated.Mapping = found.KnownAt, found.Changed, found.Mapping
		}
		found = dated
	}
	return c.answered(q, found, func() table { return comparisonTable(found) })
}

// earlierState is the first of two states that known_at asks for, of which c.head is the second; nil when it asks for one
// or none.
func (c *call) earlierState(q *analysis) (*readmodel.Snapshot, error) {
	asked := c.query.all(knownAt)
	switch {
	case len(asked) < maxStates:
		return nil, nil //nolint:nilnil // said above
	case len(asked) > maxStates:
		return nil, fault.AtParameter(knownAt, fault.CodeTooManyValues, fault.Args{"max": maxStates})
	}
	first, err := c.positionOf(asked[0])
	if err != nil {
		return nil, err
	}
	positions := []uint64{first, c.position()}
	if positions[0] > positions[1] {
		return nil, fault.AtParameter(knownAt, fault.CodeStatesBackward, nil)
	}
	before := c.head
	for tries := 0; positions[0] < positions[1] && tries < 5; tries++ { // until one head shows both
		head := c.api.svc.Head()
		if before, err = c.api.svc.KnownAt(c.req.Context(), head, positions[0]); err != nil {
			return nil, err
		}
		if c.head, err = c.api.svc.KnownAt(c.req.Context(), head, positions[1]); err != nil {
			return nil, err
		}
		if c.api.svc.Head() == head {
			break
		}
	}
	_, altered, _ := before.Past()
	q.further = strconv.FormatUint(altered, 10)
	for i, n := 0, 0; i < len(q.chosen); i++ { // as positions, in their order, however they were said
		if q.chosen[i].name == knownAt {
			q.chosen[i].value = strconv.FormatUint(positions[n], 10)
			n++
		}
	}
	return before, nil
}

// twoDates reads from and to. What was called today is told as the day that it was.
func (c *call) twoDates(q *analysis) (from, to directory.Date, err error) {
	if from, err = c.dateNamed("from", q); err != nil {
		return "", "", err
	}
	to, err = c.dateNamed("to", q)
	return from, to, err
}

func (c *call) dateNamed(name string, q *analysis) (directory.Date, error) {
	if !c.query.has(name) {
		return "", fault.AtParameter(name, fault.CodeRequired, nil)
	}
	date, err := c.query.date(name, q.Today)
	if err != nil {
		return "", err
	}
	for i := range q.chosen {
		if q.chosen[i].name == name {
			q.chosen[i].value = string(date)
		}
	}
	return date, nil
}

// comparisonTable lays out what began, what ended and what changed.
func comparisonTable(found *readmodel.Comparison) table {
	t := table{name: "compare", columns: columnsNamed("change", "kind", "id", "label", "start", "end", "actor", "initiative", "patch")}
	for i := range t.columns {
		t.columns[i].Dates = t.columns[i].Name == "start" || t.columns[i].Name == "end"
	}
	t.rows = func(yield func([]string) bool) {
		for i := range found.Began {
			if !yield(comparisonRow("began", &found.Began[i], "")) {
				return
			}
		}
		for i := range found.Ended {
			if !yield(comparisonRow("ended", &found.Ended[i], "")) {
				return
			}
		}
		for i := range found.Changed {
			if c := &found.Changed[i]; !yield(comparisonRow(c.Change, &c.Span, string(c.Patch))) {
				return
			}
		}
	}
	return t
}

func comparisonRow(change string, s *readmodel.Span, patch string) []string {
	return append(append([]string{change}, spanRow(s)...), patch)
}
