package interchange

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// maxSheetCell is how many UTF-16 units a cell of a workbook holds; a longer text would be cut off by the programs.
const maxSheetCell = excelize.TotalCellChars

// sheetChunk is from how many bytes on rows are packed.
const sheetChunk = 32 << 10

// sheetWriter writes the rows of a sheet. It holds a bounded number of them.
type sheetWriter struct {
	book    *workbook
	to      io.Writer
	name    string
	part    string // of the zip
	columns []column
	row     *rowShown
	letters []string // of the columns
	rows    int
	totals  int    // how many of them, the last ones, are beyond the filter
	held    []byte // rows to be packed
	shown   []byte // the cell that is written
}

// begin writes what stands before the rows, and the header.
func (s *sheetWriter) begin() error {
	before, _, err := s.book.around(s.part)
	if err != nil {
		return err
	}
	if s.to, err = s.book.zip.Create(s.part); err != nil {
		return err //nolint:wrapcheck // wrapped by whoever begins
	}
	s.book.written[s.part] = true
	s.held = append(make([]byte, 0, 2*sheetChunk), before...)
	names := make([]string, len(s.columns))
	for i := range s.columns {
		names[i] = s.columns[i].name
	}
	return s.texts(s.book.header, names...)
}

// Write adds a row. Texts are cells of text, in which nothing can run; whole dates are dates, and numbers numbers.
func (s *sheetWriter) Write(r directory.Record, _ []byte) error {
	s.open()
	s.row.begin(r)
	for i := range s.columns {
		c := &s.columns[i]
		if s.shown = s.row.cell(s.shown[:0], i, r); len(s.shown) == 0 {
			continue
		}
		if tooLongForSheet(s.shown, guardedInSheet(s.shown)) {
			return tooLongCell(r, c)
		}
		s.cell(i, c.shape)
	}
	return s.end()
}

// texts adds a row of texts in a style; 0 is none.
func (s *sheetWriter) texts(style int, cells ...string) error {
	s.open()
	for i, cell := range cells {
		if cell != "" {
			s.shown = append(s.shown[:0], cell...)
			s.text(i, style)
		}
	}
	return s.end()
}

// cell adds the cell that is shown in the column i.
func (s *sheetWriter) cell(i int, shape shape) {
	switch shape {
	case shapeDate:
		if days, ok := serial(s.shown); ok {
			s.reference(i, s.book.date)
			s.held = append(strconv.AppendInt(append(s.held, `><v>`...), int64(days), 10), `</v></c>`...)
			return
		}
	case shapeNumber:
		if _, err := strconv.ParseFloat(string(s.shown), 64); err == nil {
			s.reference(i, 0)
			s.held = append(append(append(s.held, `><v>`...), s.shown...), `</v></c>`...)
			return
		}
	case shapeText, shapeList, shapeJSON:
	}
	s.text(i, 0)
}

// text adds a cell of text.
func (s *sheetWriter) text(i, style int) {
	s.reference(i, style)
	s.held = append(s.held, ` t="inlineStr"><is><t`...)
	if last := s.shown[len(s.shown)-1]; spaceInXML(s.shown[0]) || spaceInXML(last) {
		s.held = append(s.held, ` xml:space="preserve"`...)
	}
	s.held = append(s.held, '>')
	if guardedInSheet(s.shown) {
		s.held = append(s.held, '\'')
	}
	s.held = append(appendCellText(s.held, s.shown), `</t></is></c>`...)
}

// reference begins a cell.
func (s *sheetWriter) reference(i, style int) {
	s.held = append(append(s.held, `<c r="`...), s.letters[i]...)
	s.held = append(strconv.AppendInt(s.held, int64(s.rows), 10), '"')
	if style != 0 {
		s.held = append(strconv.AppendInt(append(s.held, ` s="`...), int64(style), 10), '"')
	}
}

// open begins a row.
func (s *sheetWriter) open() {
	s.rows++
	s.held = append(strconv.AppendInt(append(s.held, `<row r="`...), int64(s.rows), 10), `">`...)
}

// end ends a row.
func (s *sheetWriter) end() error {
	if s.held = append(s.held, `</row>`...); len(s.held) < sheetChunk {
		return nil
	}
	return s.flush()
}

func (s *sheetWriter) flush() error {
	_, err := s.to.Write(s.held)
	s.held = s.held[:0]
	if err != nil {
		return fmt.Errorf("writing the sheet %s: %w", s.name, err)
	}
	return nil
}

// Close ends the sheet; its columns can be filtered.
func (s *sheetWriter) Close() error {
	last, err := excelize.CoordinatesToCellName(len(s.columns), s.rows-s.totals)
	if err == nil {
		err = s.book.file.AutoFilter(s.name, "A1:"+last, nil)
	}
	_, after, errAfter := s.book.around(s.part)
	s.held = append(s.held, after...)
	if err = errors.Join(err, errAfter, s.flush()); err != nil {
		return fmt.Errorf("ending the sheet %s: %w", s.name, err)
	}
	return nil
}

// serial returns how a spreadsheet counts a whole date. Programs disagree on days before March 1900, so those stay
// texts, as dates of less precision do.
func serial(date []byte) (int, bool) {
	if len(date) != len("2022-07-20") {
		return 0, false
	}
	first, last := directory.Date(date).Span()
	days := int(first) - serialEpoch
	return days, first == last && days >= firstSerial
}

// tooLongForSheet tells whether a cell of a workbook cannot hold a text, with an apostrophe before it where it is marked.
func tooLongForSheet(cell []byte, marked bool) bool {
	if len(cell) < maxSheetCell {
		return false
	}
	units := 0
	if marked {
		units++
	}
	for len(cell) > 0 {
		r, size := utf8.DecodeRune(cell)
		units, cell = units+utf16.RuneLen(r), cell[size:]
	}
	return units > maxSheetCell
}

// tooLongCell names the record and the column in its message: they are no place of a file that somebody has.
func tooLongCell(r directory.Record, c *column) error {
	return &CellError{Code: fault.CodeTextTooLong, Args: fault.Args{
		"record": string(r.RecordKind()) + "/" + r.Head().ID, "column": c.name, "max": maxSheetCell,
	}}
}
