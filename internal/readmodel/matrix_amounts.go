package readmodel

import (
	"slices"
	"strings"

	"dalil/internal/directory"
)

// funded is a role with an amount, as it is summed.
type funded struct {
	currency, row, col uint32 // the currency and the keys
	amount             millionths
}

// fundedRoles returns the roles that have an amount.
func (m *counting) fundedRoles() []funded {
	money := m.order.money()
	found := make([]funded, 0, len(money.amounts)/8)
	rows, cols, currencies := m.rows.column(), m.cols.column(), m.order.column(columnKey{inRoles, roleCurrency})
	eachPlace(both(m.places, money.places), func(place int) {
		found = append(found, funded{currencies[place], rows[place], cols[place], money.amounts[place]})
	})
	m.changedRoles(m.order, func(actor, role uint32) {
		if currency := m.t.fields[roleCurrency].one.at(role); currency != none {
			found = append(found, funded{currency, m.rows.keyOf(actor, role), m.cols.keyOf(actor, role), millionthsOf(m.t.amounts.at(role))})
		}
	})
	return found
}

// both returns the places that stand in two lists.
func both(a, b []uint64) []uint64 {
	common := make([]uint64, len(a))
	for i := range common {
		common[i] = a[i] & b[i]
	}
	return common
}

// addAmounts sums the amounts of the roles that have one, a currency after the other.
func (m *counting) addAmounts(answer *Matrix) {
	all := m.fundedRoles()
	if len(all) == 0 {
		return
	}
	words := &m.t.fields[roleCurrency].words
	var codes []uint32
	held := make([]bool, words.size+1)
	for i := range all {
		if code := all[i].currency; !held[code] {
			held[code] = true
			codes = append(codes, code)
		}
	}
	slices.SortFunc(codes, func(a, b uint32) int { return strings.Compare(words.value(a), words.value(b)) })
	s := &summing{
		counting: m, cells: make([]millionths, len(m.rows.items)*len(m.cols.items)),
		byRow: make([]millionths, len(m.rows.items)), byCol: make([]millionths, len(m.cols.items)),
	}
	for _, code := range codes {
		s.sum(all, code)
		s.tell(answer, words.value(code))
	}
}

// summing sums the amounts of one currency; cells are row by row.
type summing struct {
	*counting

	cells, byRow, byCol []millionths
	total               millionths
}

func (s *summing) sum(all []funded, currency uint32) {
	clear(s.cells)
	clear(s.byRow)
	clear(s.byCol)
	s.total = millionths{}
	width := len(s.byCol)
	for i := range all {
		f := &all[i]
		if f.currency != currency {
			continue
		}
		cols := s.cols.slotsOf(f.col)
		s.total.add(f.amount)
		for _, c := range cols {
			s.byCol[c].add(f.amount)
		}
		for _, r := range s.rows.slotsOf(f.row) {
			s.byRow[r].add(f.amount)
			line := s.cells[int(r)*width:][:width]
			for _, c := range cols {
				line[c].add(f.amount)
			}
		}
	}
}

// tell writes the sums of a currency into an answer; a sum of nothing is not told.
func (s *summing) tell(answer *Matrix, currency string) {
	tell := func(cell *MatrixCell, sum millionths) {
		if sum != (millionths{}) {
			cell.Amounts = append(cell.Amounts, directory.Money{Amount: sum.units(), Currency: currency})
		}
	}
	for i := range answer.Rows {
		tell(&answer.Rows[i].MatrixCell, s.byRow[i])
		for j := range answer.Cells[i] {
			tell(&answer.Cells[i][j], s.cells[i*len(s.byCol)+j])
		}
	}
	for j := range answer.Cols {
		tell(&answer.Cols[j].MatrixCell, s.byCol[j])
	}
	tell(&answer.Total, s.total)
}
