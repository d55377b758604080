package readmodel

import (
	"strings"

	"dalil/internal/fault"
)

// MaxMatrixCells is how many cells a matrix has at most.
const MaxMatrixCells = 250_000

// Matrix counts actors and roles by two dimensions. Cells[i][j] belongs to Rows[i] and Cols[j]; rows, columns and the
// total count each role and each actor once.
type Matrix struct {
	Findings

	Rows  []MatrixLine   `json:"rows"`
	Cols  []MatrixLine   `json:"cols"`
	Cells [][]MatrixCell `json:"cells"`
	Total MatrixCell     `json:"total"`
}

// MatrixLine is a row or a column with its totals.
type MatrixLine struct {
	AnalysisItem
	MatrixCell
}

// MatrixCell is what was counted: different actors, roles, and the sums of their amounts by currency.
type MatrixCell struct {
	Actors  int     `json:"actors"`
	Roles   int     `json:"roles"`
	Amounts Amounts `json:"amounts,omitempty"`
}

// Matrix answers a question by two dimensions. Its errors are faults about parameters: a dimension that is not one, the
// same twice, too many cells.
func (s *Snapshot) Matrix(q *Analysis, rows, cols string) (*Matrix, error) {
	byRow, byCol, err := bothDimensions(rows, cols)
	if err != nil {
		return nil, err
	}
	o, err := s.ordered(q)
	if err != nil {
		return nil, err
	}
	m := &counting{ordered: o, rows: o.axis(byRow), cols: o.axis(byCol)}
	if n := len(m.rows.items) * len(m.cols.items); n > MaxMatrixCells {
		return nil, fault.AtParameter("rows", fault.CodeMatrixTooLarge, fault.Args{
			"rows": len(m.rows.items), "cols": len(m.cols.items), "max": MaxMatrixCells, "filters": "function, initiative, territory, group, type, actor",
		})
	}
	m.count()
	answer := m.answer()
	m.addAmounts(answer)
	return answer, nil
}

func bothDimensions(rows, cols string) (byRow, byCol dimension, err error) {
	var ok bool
	if byRow, ok = dimensionNamed(rows); !ok {
		return byRow, byCol, unknown("rows", rows, strings.Join(Dimensions(), ", "))
	}
	if byCol, ok = dimensionNamed(cols); !ok {
		return byRow, byCol, unknown("cols", cols, strings.Join(Dimensions(), ", "))
	}
	if rows == cols {
		err = fault.AtParameter("cols", fault.CodeSameDimension, fault.Args{"value": rows})
	}
	return byRow, byCol, err
}
