package readmodel

import (
	"slices"
	"strings"

	"dalil/internal/directory"
)

// addAmounts sums the amounts of the roles that have one, a currency after the other. Mostly none has: only funders do.
func (m *counting) addAmounts(answer *Matrix) {
	money, changed := m.order.money(), m.changedAmounts()
	if len(changed) == 0 && !money.among(m.places) {
		return
	}
	words := m.t.fields[roleCurrency].words
	s := &summing{
		counting: m, currencies: int(words.size), money: money, changedMoney: changed,
		cells: make([]millionths, len(m.rows.items)*len(m.cols.items)),
		byRow: make([]millionths, len(m.rows.items)), byCol: make([]millionths, len(m.cols.items)),
	}
	if s.colKeys = m.cols.keys(); m.rows.keys()*s.colKeys <= mostPairs {
		s.pairs = make([]millionths, m.rows.keys()*s.colKeys)
	}
	codes := make([]uint32, words.size)
	for i := range codes {
		codes[i] = uint32(i + 1)
	}
	slices.SortFunc(codes, func(a, b uint32) int { return strings.Compare(words.value(a), words.value(b)) })
	for _, code := range codes {
		if s.sum(code); s.total != (millionths{}) {
			s.tell(answer, words.value(code))
		}
	}
}

// changedAmount is the amount of a role of an actor that changed.
type changedAmount struct {
	amount             millionths
	currency, row, col uint32 // code and keys
}

// changedAmounts are the amounts of the roles of actors that changed.
func (m *counting) changedAmounts() (found []changedAmount) {
	currencies := &m.t.fields[roleCurrency].one
	for _, of := range m.changed {
		if currency := currencies.at(of.role); currency != none {
			found = append(found, changedAmount{millionthsOf(m.t.amounts.at(of.role)), currency, m.rows.keyOf(of), m.cols.keyOf(of)})
		}
	}
	return found
}

// mostPairs is by how many pairs of keys amounts are summed before they are added up.
const mostPairs = 1 << 15

// summing sums the amounts of one currency; cells are row by row.
type summing struct {
	*counting

	currencies          int // how many there are
	money               *orderedMoney
	changedMoney        []changedAmount
	cells, byRow, byCol []millionths
	total               millionths

	pairs   []millionths // by the key of the row, then of the column; nil where there would be too many
	colKeys int
	free    Amounts // see room
}

func (s *summing) sum(currency uint32) {
	if s.total != (millionths{}) {
		clear(s.cells)
		clear(s.byRow)
		clear(s.byCol)
		s.total = millionths{}
	}
	rows, cols := s.rows.column(), s.cols.column()
	for _, funded := range s.money.by[currency] {
		if s.places[funded.place/64]&(1<<(funded.place%64)) == 0 {
			continue
		}
		if row, col := rows[funded.place], cols[funded.place]; s.pairs != nil {
			s.pairs[int(row)*s.colKeys+int(col)].add(funded.amount)
		} else {
			s.add(funded.amount, row, col)
		}
	}
	for at, sum := range s.pairs {
		if sum != (millionths{}) {
			s.add(sum, uint32(at/s.colKeys), uint32(at%s.colKeys)) //nolint:gosec // keys are codes
			s.pairs[at] = millionths{}
		}
	}
	for _, changed := range s.changedMoney {
		if changed.currency == currency {
			s.add(changed.amount, changed.row, changed.col)
		}
	}
}

// add adds the amount of a role wherever its keys count.
func (s *summing) add(amount millionths, row, col uint32) {
	cols, width := s.cols.slotsOf(col), len(s.byCol)
	s.total.add(amount)
	for _, c := range cols {
		s.byCol[c].add(amount)
	}
	for _, r := range s.rows.slotsOf(row) {
		s.byRow[r].add(amount)
		line := s.cells[int(r)*width:][:width]
		for _, c := range cols {
			line[c].add(amount)
		}
	}
}

// roomFor is for how many cells room is made at once.
const roomFor = 256

// room returns room for the amounts of a cell.
func (s *summing) room() Amounts {
	if len(s.free) < s.currencies {
		s.free = make(Amounts, roomFor*s.currencies)
	}
	room := s.free[:0:s.currencies]
	s.free = s.free[s.currencies:]
	return room
}

// tell writes the sums of a currency into an answer; a sum of nothing is not told.
func (s *summing) tell(answer *Matrix, currency string) {
	tell := func(cell *MatrixCell, sum millionths) {
		if sum != (millionths{}) {
			if cell.Amounts == nil {
				cell.Amounts = s.room()
			}
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
