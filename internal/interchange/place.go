package interchange

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"dalil/internal/fault"
)

// Place is a cell of a file, counted from 1 as a spreadsheet does; Column 0 is the whole row, Row 0 the whole file.
type Place struct {
	File   string
	Sheet  string // of a workbook
	Row    int    // the line, in JSON lines
	Column int
	Name   string // of the column; in JSON lines, the JSON Pointer of the member
}

// String returns file[sheet]:row:column (name), as far as known.
func (p Place) String() string {
	s := p.File
	if p.Sheet != "" {
		s += "[" + p.Sheet + "]"
	}
	if p.Row > 0 {
		s += ":" + strconv.Itoa(p.Row)
	}
	if p.Column > 0 {
		s += ":" + strconv.Itoa(p.Column)
	}
	if p.Name != "" {
		s += " (" + p.Name + ")"
	}
	return s
}

// Compare orders places by file, sheet, row and column, what is said of a whole before what is said of its parts.
func (p Place) Compare(q Place) int {
	return cmp.Or(
		strings.Compare(p.File, q.File), strings.Compare(p.Sheet, q.Sheet),
		cmp.Compare(p.Row, q.Row), cmp.Compare(p.Column, q.Column),
	)
}

// CellError is what is wrong at a place.
type CellError struct {
	Place Place
	Code  fault.Code
	Args  fault.Args
}

// Error says the place and the fault in English.
func (f *CellError) Error() string { return f.In("en") }

// In says the place, unless the message does, and the fault in a language.
func (f *CellError) In(lang string) string {
	said := fault.Message(lang, f.Code, f.Args)
	if place := f.Place.String(); place != "" {
		return place + ": " + said
	}
	return said
}

// TwiceArgs fills the message of a row about a record that another row is about as well, which stands at a place.
func TwiceArgs(first Place, id string) fault.Args {
	table := Place{File: first.File, Sheet: first.Sheet}
	return fault.Args{"id": id, "row": first.Row, "file": table.String()}
}

// SortByPlace sorts what is wrong by where it is; what is told of one place stays in its order.
func SortByPlace(faults []*CellError) {
	slices.SortStableFunc(faults, func(a, b *CellError) int { return a.Place.Compare(b.Place) })
}
