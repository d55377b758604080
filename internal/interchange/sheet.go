package interchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// column says how one column becomes a member of a record.
type column struct {
	name    string
	pointer string // of the member that the cell fills
	// set fills the member from a cell that is not empty; it returns what is wrong with the cell, "" for nothing.
	set      setter
	required bool
}

// sheet is a file while it is read: what each of its columns means.
type sheet struct {
	file    string
	columns []*column
}

// readFile reads one CSV file: RFC 4180, UTF-8 with or without a byte order mark, a header row first.
func readFile(f file, data []byte) ([]Item, []*CellError) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return nil, []*CellError{{Place{File: f.name}, fault.CodeNotUTF8, nil}}
	}
	reader := csv.NewReader(bytes.NewReader(data))
	reader.FieldsPerRecord = -1
	header, err := reader.Read()
	if err != nil {
		return nil, []*CellError{unreadable(f.name, err)}
	}
	s, faults := readHeader(f, header)
	if len(faults) > 0 {
		return nil, faults
	}
	return s.rows(f.kind, reader)
}

// readHeader finds the columns: in any order, none twice, none unknown, the required ones there.
func readHeader(f file, header []string) (*sheet, []*CellError) {
	s := &sheet{file: f.name, columns: make([]*column, len(header))}
	var faults []*CellError
	seen := make(map[string]bool)
	for i, name := range header {
		name = strings.TrimSpace(name)
		at := Place{f.name, 1, i + 1, name}
		args := fault.Args{"column": name}
		c := named(f.columns, name)
		switch {
		case c == nil:
			faults = append(faults, &CellError{at, fault.CodeUnknownColumn, args})
		case seen[name]:
			faults = append(faults, &CellError{at, fault.CodeDoubledColumn, args})
		default:
			s.columns[i] = c
		}
		seen[name] = true
	}
	for i := range f.columns {
		if c := &f.columns[i]; c.required && !seen[c.name] {
			faults = append(faults, &CellError{Place{File: f.name, Row: 1}, fault.CodeMissingColumn, fault.Args{"column": c.name}})
		}
	}
	return s, faults
}

func named(columns []column, name string) *column {
	for i := range columns {
		if columns[i].name == name {
			return &columns[i]
		}
	}
	return nil
}

// rows reads every row after the header.
func (s *sheet) rows(kind directory.Kind, reader *csv.Reader) ([]Item, []*CellError) {
	var items []Item
	var faults []*CellError
	for row := 2; ; row++ {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return items, faults
		}
		if err != nil {
			return items, append(faults, unreadable(s.file, err))
		}
		if len(cells) != len(s.columns) {
			faults = append(faults, &CellError{
				Place{File: s.file, Row: row}, fault.CodeWrongWidth, fault.Args{"got": len(cells), "want": len(s.columns)},
			})
			continue
		}
		item, bad := s.item(kind, row, cells)
		items = append(items, item)
		faults = append(faults, bad...)
	}
}

// item makes a record of a row.
func (s *sheet) item(kind directory.Kind, row int, cells []string) (Item, []*CellError) {
	it := Item{Record: kind.New(), sheet: s, row: row}
	var faults []*CellError
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		if cell == "" {
			continue
		}
		if code, args := s.columns[i].set(it.Record, cell); code != "" {
			faults = append(faults, &CellError{Place{s.file, row, i + 1, s.columns[i].name}, code, args})
		}
	}
	if f, ok := it.Record.(*directory.Function); ok {
		order := row - 1
		f.Order = &order
	}
	directory.Normalize(it.Record)
	return it, faults
}

// unreadable says what is wrong with a file's CSV. The position is the file's own line.
func unreadable(file string, err error) *CellError {
	if bad, ok := errors.AsType[*csv.ParseError](err); ok {
		return &CellError{Place{File: file, Row: bad.Line, Column: bad.Column, Name: "-"}, fault.CodeBadRow, fault.Args{"what": bad.Err}}
	}
	if errors.Is(err, io.EOF) {
		return &CellError{Place{File: file}, fault.CodeBadFile, fault.Args{"what": "empty"}}
	}
	return &CellError{Place{File: file}, fault.CodeBadFile, fault.Args{"what": err}}
}
