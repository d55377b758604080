package interchange

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// Place is a cell of a file, counted from 1 as a spreadsheet does; Column 0 is the whole row, Row 0 the whole file.
type Place struct {
	File   string
	Row    int
	Column int
	Name   string // of the column
}

// String returns file:row:column, as far as known.
func (p Place) String() string {
	s := p.File
	if p.Row > 0 {
		s += fmt.Sprintf(":%d", p.Row)
	}
	if p.Column > 0 {
		s += fmt.Sprintf(":%d (%s)", p.Column, p.Name)
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
func (f *CellError) Error() string {
	return f.Place.String() + ": " + fault.Message("en", f.Code, f.Args)
}

// Item is a record with the row that it was read from.
type Item struct {
	Record directory.Record
	sheet  *sheet
	row    int
}

// Place returns where the value of a JSON Pointer stands in the row; the whole row where no column holds it.
func (it Item) Place(pointer string) Place {
	place := Place{File: it.sheet.file, Row: it.row}
	for at := pointer; at != ""; at = at[:strings.LastIndexByte(at, '/')] {
		for i, c := range it.sheet.columns {
			if c != nil && (c.pointer == at || strings.HasPrefix(c.pointer, at+"/")) {
				place.Column, place.Name = i+1, c.name
				return place
			}
		}
	}
	return place
}

// Records returns the records of items, in order.
func Records(items []Item) []directory.Record {
	records := make([]directory.Record, len(items))
	for i := range items {
		records[i] = items[i].Record
	}
	return records
}

// file ties a file of the folder to the kind of its rows.
type file struct {
	name    string
	kind    directory.Kind
	columns []column
}

// files is the folder in the order in which its records refer to each other.
func files() []file {
	return []file{
		{"sources.csv", directory.Sources, sourceColumns()},
		{"functions.csv", directory.Functions, functionColumns()},
		{"actors.csv", directory.Actors, actorColumns()},
		{"initiatives.csv", directory.Initiatives, initiativeColumns()},
		{"roles.csv", directory.Roles, roleColumns()},
		{"relations.csv", directory.Relations, relationColumns()},
	}
}

// ReadFolder reads the CSV files of a folder into records, normalised and each with an id. A file may be absent, not
// all. Every fault found is returned, not only the first; the error is for a folder that cannot be read at all.
func ReadFolder(folder fs.FS) ([]Item, []*CellError, error) {
	var items []Item
	var faults []*CellError
	found := 0
	for _, f := range files() {
		data, err := fs.ReadFile(folder, f.name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("reading %s: %w", f.name, err)
		}
		found++
		read, bad := readFile(f, data)
		items = append(items, read...)
		faults = append(faults, bad...)
	}
	if found == 0 {
		return nil, nil, fault.New(fault.Invalid, fault.CodeNoFiles, fault.Args{"expected": fileNames()})
	}
	if bad, err := frameworkFaults(folder); err != nil {
		return nil, nil, err
	} else if len(bad) > 0 {
		faults = append(faults, bad...)
	}
	identify(items)
	return items, append(faults, repeated(items)...), nil
}

// repeated finds the rows whose id an earlier row of their kind has.
func repeated(items []Item) []*CellError {
	var faults []*CellError
	seen := make(map[directory.Ref]bool, len(items))
	for _, it := range items {
		ref := directory.Ref{Kind: it.Record.RecordKind(), ID: it.Record.Head().ID}
		if seen[ref] && ref.ID != "" {
			place := it.Place("/id")
			if ref.Kind == directory.Functions {
				place = it.Place("/notation")
			}
			faults = append(faults, &CellError{place, fault.CodeIDTaken, fault.Args{"id": ref.ID}})
		}
		seen[ref] = true
	}
	return faults
}

func fileNames() string {
	names := make([]string, 0, 6)
	for _, f := range files() {
		names = append(names, f.name)
	}
	return strings.Join(names, ", ")
}
