package httpapi

import (
	"strconv"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

// measures are what the cells of a matrix show in a file, the usual one first.
func measures() []string { return []string{"actors", "roles", "amounts"} }

// matrix answers who does what by two dimensions.
func (a *API) matrix(c *call) error {
	q, err := c.analysis()
	if err != nil {
		return err
	}
	for _, name := range []string{"rows", "cols"} {
		if !c.query.has(name) {
			return fault.AtParameter(name, fault.CodeRequired, nil)
		}
	}
	show, err := c.query.oneOf("measure", measures())
	if err != nil {
		return err
	}
	rows, cols := c.query.first("rows"), c.query.first("cols")
	m, err := c.head.Matrix(&q.Analysis, rows, cols)
	if err != nil {
		return err
	}
	say := func(to []byte) []byte { return appendMatrix(c.beginJSON(q, to), m) }
	return c.answerTable(q, say, func() table { return matrixTable(m, rows, cols, show) })
}

// appendMatrix appends the members of a matrix to the beginning of its answer. It is by hand what the encoder would do,
// which takes longer than counting.
func appendMatrix(to []byte, m *readmodel.Matrix) []byte {
	to = appendFindings(to, &m.Findings)
	to = appendLines(append(to, `,"rows":[`...), m.Rows)
	to = appendLines(append(to, `],"cols":[`...), m.Cols)
	to = append(to, `],"cells":[`...)
	for i, line := range m.Cells {
		to = append(to, separator(i, "")...)
		to = append(to, '[')
		for j := range line {
			to = append(appendCell(append(to, '{'), &line[j]), "},"...)
		}
		to[len(to)-1] = ']' // in the place of the last comma: there is a column at least
	}
	to = append(to, `],"total":{`...)
	return append(appendCell(to, &m.Total), "}}"...)
}

// separator is what stands before an entry of a list.
func separator(i int, first string) string {
	if i == 0 {
		return first
	}
	return ","
}

func appendMapping(to []byte, m *readmodel.Mapping) []byte {
	to = readmodel.AppendQuoted(append(to, `{"framework":`...), m.Framework)
	to = readmodel.AppendQuoted(append(to, `,"code":`...), m.Code)
	to = readmodel.AppendQuoted(append(to, `,"kind":`...), string(m.Kind))
	return append(readmodel.AppendQuoted(append(to, `,"id":`...), m.ID), '}')
}

func appendLines(to []byte, lines []readmodel.MatrixLine) []byte {
	for i := range lines {
		line := &lines[i]
		to = append(to, separator(i, "")...)
		to = readmodel.AppendQuoted(append(to, `{"id":`...), line.ID)
		to = readmodel.AppendQuoted(append(to, `,"label":`...), line.Label)
		if line.Parent != "" {
			to = readmodel.AppendQuoted(append(to, `,"parent":`...), line.Parent)
		}
		to = append(appendCell(append(to, ','), &line.MatrixCell), '}')
	}
	return to
}

func appendCell(to []byte, cell *readmodel.MatrixCell) []byte {
	if cell.Roles == 0 { // as most cells of a matrix with filters
		return append(to, `"actors":0,"roles":0`...)
	}
	to = append(to, `"actors":`...)
	to = strconv.AppendInt(to, int64(cell.Actors), 10)
	to = append(to, `,"roles":`...)
	to = strconv.AppendInt(to, int64(cell.Roles), 10)
	for i, sum := range cell.Amounts {
		to = append(to, separator(i, `,"amounts":{`)...)
		to = append(readmodel.AppendQuoted(to, sum.Currency), ':')
		to = appendAmount(to, sum.Amount)
	}
	if len(cell.Amounts) > 0 {
		to = append(to, '}')
	}
	return to
}

// appendAmount writes a sum of money in digits.
func appendAmount(to []byte, amount float64) []byte {
	return strconv.AppendFloat(to, amount, 'f', -1, 64)
}

// adjustMatrix says what the amounts are.
func (s *schemas) adjustMatrix() {
	amounts := schema{
		"type": "object", "propertyNames": schema{"pattern": `^[A-Z]{3}$`},
		"additionalProperties": schema{"type": "number", "format": "double", "minimum": 0},
	}
	s.all["Amounts"] = amounts
	s.set("Mapping", "kind", schema{"type": "string", "enum": []any{string(directory.Functions), string(directory.Initiatives)}})
}

func matrixDoc() analysisDoc {
	line := func(id, label string, n int) map[string]any {
		return map[string]any{"id": id, "label": label, "actors": n, "roles": n}
	}
	cell := func(n int) map[string]any { return map[string]any{"actors": n, "roles": n} }
	return analysisDoc{
		id: "getMatrix", summary: "Who does what, by two dimensions", shape: readmodel.Matrix{},
		words: "Different actors, roles and amounts for each pair of values of two dimensions, empty cells included. Rows and columns are the whole " +
			"vocabulary of `group`, `function`, `type`, `raci` and `framework`, and what occurs of the others; `none` closes each. `function`, `initiative` and " +
			"`territory` count what is below them, too; totals count each role and each actor once. At most 250,000 cells.",
		example: map[string]any{
			"rows": []any{line("A", "Accountable", 1), line("none", "None", 0)},
			"cols": []any{line("government", "Government", 1), line("none", "None", 0)},
			"cells": []any{
				[]any{map[string]any{"actors": 1, "roles": 1, "amounts": map[string]any{"EUR": 36500000}}, cell(0)}, []any{cell(0), cell(0)},
			},
			"total": cell(1),
		},
	}
}
