package interchange

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// maxSheetCell is how many UTF-16 units a cell of a workbook holds; a longer text would be cut off by the programs.
const maxSheetCell = excelize.TotalCellChars

// workbook writes an XLSX workbook: a sheet for each kind.
type workbook struct {
	file         *excelize.File
	opts         WriteOptions
	sheets       int
	header, date int // styles
}

// newWorkbook begins a workbook that goes to w when it is closed.
func newWorkbook(w io.Writer, opts WriteOptions) (*workbook, error) {
	b := &workbook{file: excelize.NewFile(excelize.Options{TmpDir: opts.TempDir}), opts: opts}
	// The library would gather the whole file in memory first: its zip is made to write to w directly.
	b.file.ZipWriter = func(io.Writer) excelize.ZipWriter { return newZip(w) }
	var err, errDate error
	b.header, err = b.file.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Bold: true},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}},
		Alignment: &excelize.Alignment{Vertical: "top"},
	})
	iso := "yyyy-mm-dd"
	b.date, errDate = b.file.NewStyle(&excelize.Style{CustomNumFmt: &iso})
	if err = errors.Join(err, errDate); err != nil {
		return nil, fmt.Errorf("beginning the workbook: %w", err)
	}
	return b, nil
}

// newZip returns a zip writer that packs about as well as the standard one, and faster.
func newZip(w io.Writer) *zip.Writer {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, 3) })
	return z
}

// List begins the sheet of a kind.
func (b *workbook) List(kind directory.Kind) (RecordWriter, error) {
	s := schemaOf(kind)
	if s == nil {
		return nil, fault.New(fault.NotFound, fault.CodeNotFound, nil)
	}
	columns, err := s.chosen(b.opts)
	if err != nil {
		return nil, err
	}
	return b.sheet(string(kind), columns)
}

// sheet begins a sheet: the header stands still while the rows are scrolled.
func (b *workbook) sheet(name string, columns []column) (*sheetWriter, error) {
	if err := b.addSheet(name); err != nil {
		return nil, err
	}
	stream, err := b.file.NewStreamWriter(name)
	if err != nil {
		return nil, fmt.Errorf("beginning the sheet %s: %w", name, err)
	}
	s := &sheetWriter{book: b, stream: stream, name: name, columns: columns, cells: make([]any, len(columns))}
	err = stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	for i, c := range slices.Backward(columns) { // the library writes the widths in the other order
		err = errors.Join(err, stream.SetColWidth(i+1, i+1, width(c)))
		s.cells[i] = excelize.Cell{StyleID: b.header, Value: c.name}
	}
	return s, errors.Join(err, s.row())
}

// addSheet adds an empty sheet, laid out for the readers.
func (b *workbook) addSheet(name string) error {
	var err error
	if b.sheets++; b.sheets == 1 {
		err = b.file.SetSheetName(b.file.GetSheetName(0), name)
	} else {
		_, err = b.file.NewSheet(name)
	}
	if err == nil && b.opts.RightToLeft {
		err = b.file.SetSheetView(name, 0, &excelize.ViewOptions{RightToLeft: &b.opts.RightToLeft})
	}
	if err != nil {
		return fmt.Errorf("adding the sheet %s: %w", name, err)
	}
	return nil
}

// width is how wide a column is shown, in letters.
func width(c column) float64 {
	switch {
	case c.shape == shapeDate, c.shape == shapeNumber:
		return 13
	case strings.HasPrefix(c.pointer, "/name/"), strings.HasPrefix(c.pointer, "/label/"), c.name == "title":
		return 45
	case strings.Count(c.pointer, "/") > 1:
		return 30
	default:
		return 18
	}
}

// Close completes the workbook and writes it.
func (b *workbook) Close() error {
	err := b.file.Write(io.Discard)
	return errors.Join(err, b.file.Close())
}

// sheetWriter writes the rows of a sheet.
type sheetWriter struct {
	book    *workbook
	stream  *excelize.StreamWriter
	name    string
	columns []column
	rows    int
	cells   []any // of the row that is written
}

// Write adds a row. Texts are cells of text, in which nothing can run; whole dates are dates, and numbers numbers.
func (s *sheetWriter) Write(r directory.Record, _ []byte) error {
	for i := range s.columns {
		c := &s.columns[i]
		cell := c.get(r)
		if len(cell) > maxSheetCell && tooLongForSheet(kept(cell)) {
			at := Place{File: string(r.RecordKind()) + "/" + r.Head().ID, Name: c.name}
			return &CellError{at, fault.CodeCellTooLong, fault.Args{"max": maxSheetCell}}
		}
		s.cells[i] = s.value(c, cell)
	}
	return s.row()
}

// value returns a cell as the library wants it; nil leaves it out.
func (s *sheetWriter) value(c *column, cell string) any {
	if cell == "" {
		return nil
	}
	switch c.shape {
	case shapeDate:
		if days, ok := serial(directory.Date(cell)); ok {
			return excelize.Cell{StyleID: s.book.date, Value: days}
		}
	case shapeNumber:
		if n, err := strconv.ParseFloat(cell, 64); err == nil {
			return n
		}
	case shapeText, shapeList, shapeJSON:
	}
	return kept(cell)
}

// row writes the row that stands in cells.
func (s *sheetWriter) row() error {
	s.rows++
	if err := s.stream.SetRow("A"+strconv.Itoa(s.rows), s.cells); err != nil {
		return fmt.Errorf("writing row %d of %s: %w", s.rows, s.name, err)
	}
	return nil
}

// Close ends the sheet; its columns can be filtered.
func (s *sheetWriter) Close() error {
	last, err := excelize.CoordinatesToCellName(len(s.columns), s.rows)
	if err == nil {
		err = s.book.file.AutoFilter(s.name, "A1:"+last, nil)
	}
	if err = errors.Join(err, s.stream.Flush()); err != nil {
		return fmt.Errorf("ending the sheet %s: %w", s.name, err)
	}
	return nil
}

// bookList is a workbook of one list.
type bookList struct {
	RecordWriter
	book *workbook
}

func (l bookList) Close() error {
	return errors.Join(l.RecordWriter.Close(), l.book.Close())
}

// serial returns how a spreadsheet counts a whole date. Programs disagree on days before March 1900, so those stay
// texts, as dates of less precision do.
func serial(d directory.Date) (int, bool) {
	first, last := d.Span()
	if days := int(first) - serialEpoch; len(d) == len("2022-07-20") && first == last && days >= firstSerial {
		return days, true
	}
	return 0, false
}

func tooLongForSheet(cell string) bool {
	units := 0
	for _, r := range cell {
		units += utf16.RuneLen(r)
	}
	return units > maxSheetCell
}
