package interchange

import (
	"strconv"

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

// CellError is what is wrong at a place.
type CellError struct {
	Place Place
	Code  fault.Code
	Args  fault.Args
}

// Error says the place and the fault in English.
func (f *CellError) Error() string { return f.In("en") }

// In says the place and the fault in a language.
func (f *CellError) In(lang string) string {
	return f.Place.String() + ": " + fault.Message(lang, f.Code, f.Args)
}
