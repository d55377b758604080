package interchange

import (
	"dalil/internal/directory"
	"dalil/internal/fault"
)

// column says how one column becomes a member of a record, and the member a cell.
type column struct {
	name     string
	pointer  string // of the member that the cell fills
	required bool
	shape    shape
	// part names the column that holds the whole list of which this one shows an entry. A cell of the part wins over
	// the list; an empty one says nothing where the list has its cell.
	part string
	// needs names the column that must be filled in the rows in which this one is.
	needs string
	// vocabulary names the codes of which the cell is one; "" for other columns.
	vocabulary string
	// texts gives the text of which the column shows one language, lang; nil for other columns.
	texts func(r directory.Record) directory.Text
	lang  string

	show  func(to []byte, r directory.Record) []byte // appends the cell
	set   setter
	clear func(r directory.Record)
}

// shape is what a spreadsheet makes of a column.
type shape int

const (
	shapeText shape = iota
	shapeDate
	shapeNumber
	shapeList
	shapeJSON
)

// setter gives a member of a record the value of a cell that is not empty, whatever it was; it returns what is wrong
// with the cell, "" for nothing. Each is made for one kind of record, the kind of its table.
type setter func(r directory.Record, cell string) (fault.Code, fault.Args)

// member makes the column of a member: how it is shown, appended to what is there, and how it is read.
func member[R directory.Record, T any](
	name string, at func(R) *T, show func([]byte, T) []byte, read func(string) (T, fault.Code, fault.Args),
) column {
	return column{
		name: name, pointer: "/" + name,
		show: func(to []byte, r directory.Record) []byte {
			if own, ok := r.(R); ok {
				return show(to, *at(own))
			}
			return to
		},
		set: func(r directory.Record, cell string) (fault.Code, fault.Args) {
			own, ok := r.(R)
			if !ok {
				return "", nil
			}
			value, code, args := read(cell)
			if code == "" {
				*at(own) = value
			}
			return code, args
		},
		clear: func(r directory.Record) {
			if own, ok := r.(R); ok {
				var none T
				*at(own) = none
			}
		},
	}
}

// must makes the column one that a row needs to make a new record.
func (c column) must() column {
	c.required = true
	return c
}

// at says which member the column fills, where it is not named like it.
func (c column) at(pointer string) column {
	c.pointer = pointer
	return c
}

// with says the column that must be filled when this one is.
func (c column) with(other string) column {
	c.needs = other
	return c
}

// shaped says what a spreadsheet makes of it.
func (c column) shaped(s shape) column {
	c.shape = s
	return c
}

// lay gives the record what the cells say. Lists come before the columns that show one of their entries, so that the
// file may have them in any order. Cells that cannot be read were told when the row was.
func (t *table) lay(r directory.Record, cells []string) {
	for _, parts := range []bool{false, true} {
		for i, c := range t.columns {
			if (c.part != "") == parts {
				t.layOne(r, i, cells)
			}
		}
	}
}

func (t *table) layOne(r directory.Record, i int, cells []string) {
	if cells[i] != "" {
		_, _ = t.columns[i].set(r, cells[i])
		return
	}
	if list := t.within[i]; list < 0 || cells[list] == "" {
		t.columns[i].clear(r)
	}
}
