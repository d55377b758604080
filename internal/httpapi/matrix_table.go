package httpapi

import (
	"strconv"

	"dalil/internal/interchange"
	"dalil/internal/readmodel"
)

// totalName is what the row and the column of totals are called.
const totalName = "total"

// matrixTable lays a matrix out as people read one: a line for each row, a column for each column, totals last. Of
// amounts there is a line for each row and currency.
func matrixTable(m *readmodel.Matrix, rows, cols, show string) table {
	head, totals := []string{rows, "label"}, 1
	if show == "amounts" {
		head, totals = append(head, "currency"), max(1, len(m.Total.Amounts))
	}
	t := table{name: "matrix-" + rows + "-" + cols, columns: columnsNamed(head...), totals: totals}
	for _, name := range append(distinctLabels(m.Cols, append(head, totalName)...), totalName) {
		t.columns = append(t.columns, interchange.TableColumn{Name: name, Numbers: true})
	}
	total := readmodel.MatrixLine{AnalysisItem: readmodel.AnalysisItem{ID: totalName}, MatrixCell: m.Total}
	t.rows = func(yield func([]string) bool) {
		for i := range m.Rows {
			if !yieldLine(yield, &m.Rows[i], func(j int) *readmodel.MatrixCell { return &m.Cells[i][j] }, len(m.Cols), show) {
				return
			}
		}
		yieldLine(yield, &total, func(j int) *readmodel.MatrixCell { return &m.Cols[j].MatrixCell }, len(m.Cols), show)
	}
	return t
}

// yieldLine yields the line of a row; of amounts one for each of its currencies.
func yieldLine(
	yield func([]string) bool, row *readmodel.MatrixLine, cell func(int) *readmodel.MatrixCell, cols int, show string,
) bool {
	line := func(head []string, value func(*readmodel.MatrixCell) string) bool {
		cells := head
		for j := range cols {
			cells = append(cells, value(cell(j)))
		}
		return yield(append(cells, value(&row.MatrixCell)))
	}
	switch show {
	case "actors":
		return line([]string{row.ID, row.Label}, func(c *readmodel.MatrixCell) string { return strconv.Itoa(c.Actors) })
	case "roles":
		return line([]string{row.ID, row.Label}, func(c *readmodel.MatrixCell) string { return strconv.Itoa(c.Roles) })
	}
	if len(row.Amounts) == 0 {
		return line([]string{row.ID, row.Label, ""}, func(*readmodel.MatrixCell) string { return "0" })
	}
	for _, sum := range row.Amounts {
		if !line([]string{row.ID, row.Label, sum.Currency}, func(c *readmodel.MatrixCell) string { return amountIn(c.Amounts, sum.Currency) }) {
			return false
		}
	}
	return true
}

func amountIn(amounts readmodel.Amounts, currency string) string {
	for _, sum := range amounts {
		if sum.Currency == currency {
			return string(appendAmount(nil, sum.Amount))
		}
	}
	return "0"
}

// distinctLabels are the labels of some columns. One that another column has, too, or that is taken, says its id, so that
// a file tells them apart.
func distinctLabels(cols []readmodel.MatrixLine, taken ...string) []string {
	times := make(map[string]int, len(cols)+len(taken))
	for _, name := range taken {
		times[name]++
	}
	for i := range cols {
		times[cols[i].Label]++
	}
	names := make([]string, len(cols))
	for i := range cols {
		if names[i] = cols[i].Label; times[names[i]] > 1 {
			names[i] += " (" + cols[i].ID + ")"
		}
	}
	return names
}
