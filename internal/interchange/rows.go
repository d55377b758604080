package interchange

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// rows makes items of the rows of one table, and keeps what is wrong with them.
type rows struct {
	table
	kind   directory.Kind
	order  bool  // functions stand in the order of their rows, where no column says it
	sameAs int   // the column same_as, or -1
	needs  []int // for each column, the one that must be filled when it is, or -1
	unread bool  // the header is wrong, so that no more than the names of the rows are taken
	items  []Item
	faults faults

	notUTF8 *CellError // the first cell that is not UTF-8; its arguments count them
}

// faults is the list of what is wrong with a file, of bounded length.
type faults struct {
	list []*CellError
	more int
}

func (f *faults) add(at Place, code fault.Code, args fault.Args) {
	if len(f.list) == maxFaults {
		f.more++
		return
	}
	f.list = append(f.list, &CellError{at, code, args})
}

// told returns the list, with how many more there are behind the last.
func (f *faults) told() []*CellError {
	if f.more > 0 {
		f.list = append(f.list, &CellError{f.list[len(f.list)-1].Place, fault.CodeTooManyFaults, fault.Args{"more": f.more}})
	}
	return f.list
}

// newRows finds what the columns of a header mean: in any order, none twice, none unknown. That a record needs
// more than the file has is told where it is made: the row of one that is there may speak of any of its columns.
func newRows(t table, kind directory.Kind, row int, header []string) *rows {
	for len(header) > 0 && strings.TrimSpace(header[len(header)-1]) == "" {
		header = header[:len(header)-1]
	}
	r := &rows{table: t, kind: kind, order: kind == directory.Functions, sameAs: -1}
	if len(header) > maxColumns {
		r.faults.add(r.cell(row, -1), fault.CodeTooManyColumns, fault.Args{"max": maxColumns})
		r.unread = true
		return r
	}
	s, seen := schemaOf(kind), make(map[string]bool)
	r.columns = make([]*column, len(header))
	for i, name := range header {
		at := Place{File: r.file, Sheet: r.sheet, Row: row, Column: i + 1, Name: shown(strings.TrimSpace(name))}
		c, code, args := s.columnOf(name)
		switch {
		case strings.TrimSpace(name) == "":
			code, args = fault.CodeUnnamedColumn, fault.Args{"letter": letterOf(i + 1)}
		case code == "" && seen[c.name]:
			code, args = fault.CodeDoubledColumn, fault.Args{"column": c.name}
		}
		if code != "" {
			r.faults.add(at, code, args)
			continue
		}
		seen[c.name] = true
		r.columns[i] = &c
		r.order = r.order && c.name != "order"
		if c.name == sameAsName {
			r.sameAs = i
		}
	}
	if r.unread = len(r.faults.list) > 0; !r.unread {
		r.tie()
	}
	return r
}

// letterOf is what spreadsheet programs call a column, which there are no more of than they have.
func letterOf(number int) string {
	letters, err := excelize.ColumnNumberToName(number)
	if err != nil {
		return strconv.Itoa(number)
	}
	return letters
}

// tie finds the columns that columns speak of.
func (r *rows) tie() {
	r.within, r.needs = make([]int, len(r.columns)), make([]int, len(r.columns))
	at := func(name string) int {
		return slices.IndexFunc(r.columns, func(c *column) bool { return name != "" && c.name == name })
	}
	for i, c := range r.columns {
		r.within[i], r.needs[i] = at(c.part), at(c.needs)
	}
}

// cell returns a place of the table; column -1 is the whole row.
func (r *rows) cell(row, column int) Place {
	at := Place{File: r.file, Sheet: r.sheet, Row: row}
	if column >= 0 {
		at.Column, at.Name = column+1, r.columns[column].name
	}
	return at
}

// add makes an item of a row. A blank row is none. The cells become the item's own. A row with a fault, of those that are
// told here or of the cells that are wrong already, is one that is not to be taken.
func (r *rows) add(row int, cells []string, wrong bool) {
	blank := !wrong
	for i, cell := range cells {
		cells[i] = tidy(cell)
		blank = blank && cells[i] == ""
	}
	if blank {
		return
	}
	if r.unread {
		r.name(row, cells)
		return
	}
	for len(cells) > len(r.columns) && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) != len(r.columns) {
		r.faults.add(r.cell(row, -1), fault.CodeWrongWidth, fault.Args{"got": len(cells), "want": len(r.columns)})
		r.name(row, cells)
		return
	}
	it := Item{Record: r.kind.New(), table: &r.table, row: row, cells: cells}
	it.wrong = !r.fill(&it) || wrong
	r.items = append(r.items, it)
}

// name makes a bare item of a row, if the row says what its record is called.
func (r *rows) name(row int, cells []string) {
	it := Item{Record: r.kind.New(), table: &r.table, row: row, wrong: true, bare: true}
	named := false
	for i, c := range r.columns {
		if c != nil && i < len(cells) && cells[i] != "" && (c.pointer == "/id" || c.pointer == "/notation") {
			_, _ = c.set(it.Record, cells[i])
			named = true
		}
	}
	if named {
		r.items = append(r.items, it)
	}
}

// fill gives the item's record what the cells say; it tells whether nothing was wrong.
func (r *rows) fill(it *Item) bool {
	fine := true
	for _, parts := range []bool{false, true} {
		for i, cell := range it.cells {
			if c := r.columns[i]; cell == "" || (c.part != "") != parts {
				continue
			}
			if code, args := r.judge(it, i); code != "" {
				r.faults.add(r.cell(it.row, i), code, args)
				fine = false
			} else if n := r.needs[i]; n >= 0 && it.cells[n] == "" {
				r.faults.add(r.cell(it.row, n), fault.CodeRequired, nil)
				fine = false
			}
		}
	}
	if f, ok := it.Record.(*directory.Function); ok && r.order {
		order := it.row - 1
		f.Order = &order
	}
	if r.sameAs >= 0 {
		it.sameAs = it.cells[r.sameAs]
	}
	directory.Normalize(it.Record)
	return fine && r.notUTF8 == nil
}

// judge gives the record what a cell says, or returns what is wrong with the cell. Of the cells that are not UTF-8
// only the first is told: they are all of one file that was saved in another coding.
func (r *rows) judge(it *Item, i int) (fault.Code, fault.Args) {
	cell := it.cells[i]
	switch {
	case len(cell) > maxCellBytes:
		return fault.CodeCellTooLong, fault.Args{"max": fault.Size(maxCellBytes)}
	case !utf8.ValidString(cell):
		if r.notUTF8 == nil {
			r.notUTF8 = &CellError{r.cell(it.row, i), fault.CodeNotUTF8, fault.Args{"cells": 0}}
		}
		if n, ok := r.notUTF8.Args["cells"].(int); ok {
			r.notUTF8.Args["cells"] = n + 1
		}
		return "", nil
	case strings.IndexByte(cell, 0) >= 0:
		return fault.CodeBadCharacter, nil
	default:
		return r.columns[i].set(it.Record, cell)
	}
}

// done returns what was read. Where cells are not UTF-8 the whole table is refused.
func (r *rows) done() ([]Item, []*CellError) {
	told := r.faults.told()
	if r.notUTF8 == nil {
		return r.items, told
	}
	for i := range r.items {
		r.items[i].wrong, r.items[i].bare = true, true
	}
	return r.items, append([]*CellError{r.notUTF8}, told...)
}
