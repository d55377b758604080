package interchange

import "dalil/internal/directory"

// withUnreadable adds to the items of a file one for each table of which rows could not be read at all, so that nobody takes what
// stands there for missing: a bare one, without an id, of the kind of the table, or of each kind where that is unknown.
// It stands at the first such row, or at no row where nothing of the table was read.
func withUnreadable(items []Item, faults []*CellError, opts ReadOptions) []Item {
	if len(faults) == 0 {
		return items
	}
	rows, tables := make(map[Place]bool), make(map[Place]bool)
	for i := range items {
		at := items[i].Place("")
		rows[at] = true
		tables[Place{File: at.File, Sheet: at.Sheet}] = true
	}
	known := make(map[Place]bool)
	for _, f := range faults {
		at := Place{File: f.Place.File, Sheet: f.Place.Sheet}
		if known[at] || rows[Place{File: at.File, Sheet: at.Sheet, Row: f.Place.Row}] {
			continue
		}
		known[at] = true
		row := 0
		if tables[at] {
			row = f.Place.Row
		}
		for _, kind := range kindsAt(at, opts) {
			t := &table{file: at.File, sheet: at.Sheet}
			items = append(items, Item{Record: kind.New(), table: t, row: row, wrong: true, bare: true})
		}
	}
	return items
}

// kindsAt returns the kinds of which the records of a table may be.
func kindsAt(at Place, opts ReadOptions) []directory.Kind {
	kind, known := kindOfSheet(at.Sheet)
	if !known {
		kind, known = kindOfFile(at.File)
	}
	if !known {
		kind, known = directory.KindNamed(string(opts.Kind))
	}
	switch {
	case !known:
		return directory.Kinds()
	case kind == frameworksKind:
		return nil
	default:
		return []directory.Kind{kind}
	}
}
