package interchange

import (
	"errors"
	"io"
	"iter"

	"github.com/xuri/excelize/v2"

	"dalil/internal/fault"
)

// Table is a table whose rows are no records: what an analysis answers.
type Table struct {
	Name    string // of its sheet
	Columns []TableColumn
	Rows    iter.Seq[[]string] // each as long as Columns
	Totals  int                // how many of them, the last ones, add up the others: of a workbook no filter sorts or hides these
	Others  []*Table           // of a workbook: on sheets of their own, after this one; their own Others and About are not told
	About   []Fact             // of a workbook: told on a sheet of their own, the last one
}

// TableColumn is a column of a table. A cell of numbers is written as JSON writes them, one of dates as ISO 8601 does; a
// cell that is empty, or neither, is a text.
type TableColumn struct {
	Name    string
	Numbers bool
	Dates   bool
}

// Fact is something that is told about a table.
type Fact struct {
	Name, Value string
	Number      bool // as a number, as JSON writes it
}

// aboutSheet is the name of the sheet that tells about the table.
const aboutSheet = "about"

// WriteTable writes a table as CSV or as a workbook, with cells that no spreadsheet program takes for formulas. A text
// that is too long for a cell of a workbook goes on in the rows below. It fails with a CellError where a workbook cannot
// hold so many columns.
func WriteTable(w io.Writer, f Format, t *Table, opts WriteOptions) error {
	switch f {
	case CSV:
		return t.writeCSV(w, t.shaped())
	case XLSX:
		if len(t.Columns) > excelize.MaxColumns {
			return &CellError{Place{File: t.Name}, fault.CodeTooManyColumns, fault.Args{"max": excelize.MaxColumns}}
		}
		return t.writeBook(w, opts)
	default:
		return fault.New(fault.NotAcceptable, fault.CodeNotAcceptable, fault.Args{"offered": []Format{CSV, XLSX}})
	}
}

// shaped returns the columns as they are written.
func (t *Table) shaped() []column {
	columns := make([]column, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = column{name: c.Name}
		switch {
		case c.Numbers:
			columns[i].shape = shapeNumber
		case c.Dates:
			columns[i].shape = shapeDate
		}
	}
	return columns
}

func (t *Table) writeCSV(w io.Writer, columns []column) error {
	out, err := newCSVWriter(w, columns)
	if err != nil {
		return err
	}
	for row := range t.Rows {
		if err := out.cells(row); err != nil {
			return err
		}
	}
	return out.Close()
}

func (t *Table) writeBook(w io.Writer, opts WriteOptions) error {
	book, err := newWorkbook(w, opts)
	if err != nil {
		return err
	}
	for _, sheet := range append([]*Table{t}, t.Others...) {
		if err = book.table(sheet); err != nil {
			break
		}
	}
	if err == nil {
		err = book.about(t.About)
	}
	if err != nil {
		return errors.Join(err, book.file.Close())
	}
	return book.Close()
}

// about writes the sheet of facts, where there are any.
func (b *workbook) about(facts []Fact) error {
	if len(facts) == 0 {
		return nil
	}
	s, err := b.sheet(aboutSheet, []column{{name: "name"}, {name: "value", pointer: "/name/"}})
	if err != nil {
		return err
	}
	for _, f := range facts {
		s.columns[1].shape = shapeText
		if f.Number {
			s.columns[1].shape = shapeNumber
		}
		if err := s.writeRow([]string{f.Name, f.Value}); err != nil {
			return err
		}
	}
	return s.Close()
}

// table writes a sheet of rows.
func (b *workbook) table(t *Table) error {
	s, err := b.sheet(t.Name, t.shaped())
	if err != nil {
		return err
	}
	for row := range t.Rows {
		if err := s.writeRow(row); err != nil {
			return err
		}
	}
	s.totals = t.Totals
	return s.Close()
}

// writeRow adds a row of a table, as as many rows as its texts need.
func (s *sheetWriter) writeRow(row []string) error {
	for part := range inParts(row, s.columns) {
		if err := s.writeCells(part); err != nil {
			return err
		}
	}
	return nil
}

// writeCells adds a row of a table, whose cells are not too long.
func (s *sheetWriter) writeCells(row []string) error {
	s.open()
	for i, cell := range row {
		if cell == "" {
			continue
		}
		s.shown = append(s.shown[:0], cell...)
		s.cell(i, s.columns[i].shape)
	}
	return s.end()
}

// cells writes a row of a table.
func (c *csvWriter) cells(row []string) error {
	for i, cell := range row {
		c.shown = append(c.shown[:0], cell...)
		c.cell(i, c.shown)
	}
	return c.end()
}

// TextColumns returns columns of texts.
func TextColumns(names ...string) []TableColumn {
	columns := make([]TableColumn, len(names))
	for i, name := range names {
		columns[i].Name = name
	}
	return columns
}
