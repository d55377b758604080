package interchange

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// readCSV reads the rows of one kind: RFC 4180 with a header row, parted by commas, semicolons, tabs or upright strokes.
func readCSV(in *bufio.Reader, name string, kind directory.Kind) ([]Item, []*CellError, error) {
	sheet, err := newCSV(in)
	if err != nil {
		return failed(Place{File: name}, err)
	}
	row, header, err := sheet.next()
	if err != nil {
		return sheet.stopped(&rows{table: table{file: name}}, row, err)
	}
	r := newRows(table{file: name}, kind, row, header)
	for {
		row, cells, err := sheet.next()
		switch {
		case errors.Is(err, io.EOF):
			items, faults := r.done()
			return items, faults, nil
		case errors.Is(err, csv.ErrQuote), errors.Is(err, csv.ErrBareQuote):
			if !r.unread {
				r.faults.add(r.cell(row, -1), fault.CodeBadRow, nil)
			}
		case err != nil:
			return sheet.stopped(r, row, err)
		case row > maxRows:
			r.faults.add(r.cell(row, -1), fault.CodeTooManyRows, fault.Args{"max": maxRows})
			items, faults := r.done()
			return items, faults, nil
		default:
			r.add(row, cells, false)
		}
	}
}

// sheetReader reads CSV and counts its rows as a spreadsheet does: blank lines count, line breaks within a cell do not.
type sheetReader struct {
	csv   *csv.Reader
	limit *rowLimit
	row   int // of the record read last
	line  int // on which it ends
}

// newCSV finds out what parts the cells and returns the reader.
func newCSV(in *bufio.Reader) (*sheetReader, error) {
	start, err := in.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) && len(start) == 0 {
		return nil, err //nolint:wrapcheck // the caller says the file
	}
	s := &sheetReader{limit: &rowLimit{src: in}}
	comma := separator(start)
	if bytes.HasPrefix(start, []byte("sep=")) && len(start) > 5 && bytes.IndexByte([]byte(",;\t|"), start[4]) >= 0 && start[5] == '\n' {
		comma = rune(start[4]) // how a spreadsheet program is told
		_, _ = in.Discard(6)
		s.row = 1
	}
	s.csv = csv.NewReader(s.limit)
	s.csv.FieldsPerRecord = -1
	s.csv.Comma = comma
	return s, nil
}

// separator returns what parts the cells of a header: what stands in it most often outside quotes.
func separator(start []byte) rune {
	counts := map[rune]int{}
	quoted := false
	for _, c := range string(start) {
		switch c {
		case '"':
			quoted = !quoted
		case ',', ';', '\t', '|':
			if !quoted {
				counts[c]++
			}
		}
		if c == '\n' && !quoted {
			break
		}
	}
	best := ','
	for _, c := range []rune{';', '\t', '|'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}

// next returns the next row and its number; the number is right also where the row cannot be read.
func (s *sheetReader) next() (int, []string, error) {
	s.limit.allow = s.csv.InputOffset() + maxRowBytes
	cells, err := s.csv.Read()
	if bad, ok := errors.AsType[*csv.ParseError](err); ok {
		s.row, s.line = s.row+bad.StartLine-s.line, bad.Line
		return s.row, nil, bad.Err
	}
	if err != nil {
		return s.row + 1, nil, err //nolint:wrapcheck // the caller says the place
	}
	start, _ := s.csv.FieldPos(0)
	end, _ := s.csv.FieldPos(len(cells) - 1)
	s.row += start - s.line
	s.line = end + strings.Count(cells[len(cells)-1], "\n")
	return s.row, cells, nil
}

// stopped returns what was read before an error that ends the reading, and the error as the fault that it is.
func (s *sheetReader) stopped(r *rows, row int, err error) ([]Item, []*CellError, error) {
	_, told, err := failed(r.cell(row, -1), err)
	items, faults := r.done()
	return items, append(faults, told...), err
}

// rowLimit is a reader that fails where a row has no end within its bound, so that a broken file costs no memory.
type rowLimit struct {
	src         io.Reader
	read, allow int64
}

func (l *rowLimit) Read(p []byte) (int, error) {
	if l.read > l.allow {
		return 0, errRowTooLong
	}
	n, err := l.src.Read(p)
	l.read += int64(n)
	return n, err //nolint:wrapcheck // a reader passes errors on
}
