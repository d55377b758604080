package interchange

import (
	"strings"

	"dalil/internal/directory"
)

// Item is a record with the row or the line that it was read from.
type Item struct {
	// Record is the record as the row or line says it by itself, normalised. Its id is "" where the file gives none. A
	// record of JSON lines still has the members that only Dalil sets (version, created, …) if the line had them.
	Record directory.Record

	table  *table   // where it stands, and what the columns mean
	row    int      // its row or line
	cells  []string // the row, a cell for each column of the table; nil for a line
	sameAs string
	ror    bool // of the organisations registry: see ror_over.go
	wrong  bool // the reader has found a fault in the row
	bare   bool // see Bare
}

// table is a file, or a sheet of a workbook, while it is read.
type table struct {
	file, sheet string
	columns     []*column // what each column means; nil for JSON lines
	prefix      string    // of the pointers into a line that has more than the record
	within      []int     // for each column, the column whose list it is a part of, or -1
}

// lineItem returns the item of a line of a file that has no columns.
func lineItem(r directory.Record, file string, line int) Item {
	directory.Normalize(r)
	return Item{Record: r, table: &table{file: file}, row: line}
}

// On returns the record laid over another: the members whose columns the file has are the row's, where an empty cell
// clears; the others stay as they were. The record of a line has all its members, so it is returned itself. The record
// that was there is never changed; with none it is the record itself.
func (it *Item) On(before directory.Record) directory.Record {
	if it.ror && before != nil && before.RecordKind() == it.Record.RecordKind() {
		return rorOver(before, it.Record)
	}
	if it.cells == nil || before == nil || before.RecordKind() != it.Record.RecordKind() {
		return it.Record
	}
	r := copied(before)
	it.table.lay(r, it.cells)
	directory.Normalize(r)
	return r
}

// SameAs returns what the column same_as, or the member of that name of a line, says of a possible duplicate: the id of
// the record that this one is, or that it is new. It returns "" and false where nothing is said.
func (it *Item) SameAs() (id string, isNew bool) {
	switch strings.ToLower(it.sameAs) {
	case "new", "nouveau", "nouvelle", "جديد", "جديدة":
		return "", true
	default:
		return it.sameAs, false
	}
}

// Bare tells whether no more is known of the row than that it is there, its id (or notation) where that can be read, and
// its kind. Only a row that the reader refuses is bare.
func (it *Item) Bare() bool { return it.bare }

// Place returns where the value of a JSON Pointer stands in the row; the whole row where no column holds it.
func (it *Item) Place(pointer string) Place {
	if it.table == nil {
		return Place{Name: pointer} // a record that was read from no file
	}
	place := Place{File: it.table.file, Sheet: it.table.sheet, Row: it.row}
	if it.table.columns == nil {
		if pointer != "" {
			place.Name = it.table.prefix + pointer
		}
		return place
	}
	for at := pointer; at != ""; at = at[:strings.LastIndexByte(at, '/')] {
		for i, c := range it.table.columns {
			if c == nil {
				continue // of a header that is wrong
			}
			if c.pointer == at || strings.HasPrefix(c.pointer, at+"/") {
				place.Column, place.Name = i+1, c.name
				return place
			}
		}
	}
	return place
}

// Absent returns the column that would hold the value of a JSON Pointer and that the row's table does not have; "" where
// the table has it, or where no column holds it.
func (it *Item) Absent(pointer string) string {
	if it.cells == nil || it.Place(pointer).Column > 0 {
		return ""
	}
	s := schemaOf(it.Record.RecordKind())
	for _, c := range s.columns {
		if c.pointer == pointer || strings.HasPrefix(c.pointer, pointer+"/") {
			return c.name
		}
	}
	for _, t := range s.texts {
		if pointer == "/"+t.name {
			return t.name + "_" + usualLanguages()[0]
		}
	}
	return ""
}

// Records returns the records of items, in order.
func Records(items []Item) []directory.Record {
	records := make([]directory.Record, len(items))
	for i := range items {
		records[i] = items[i].Record
	}
	return records
}
