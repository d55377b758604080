package interchange

import (
	"iter"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// Fits returns a *CellError for the first record of a kind of which a cell is longer than the format can hold, so that
// it can be told before anything is written. The records come with the length of their canonical JSON, which is at least
// that of any of their cells: only those with a long one are asked for.
func Fits(f Format, kind directory.Kind, opts WriteOptions, records iter.Seq2[func() directory.Record, int]) error {
	s := schemaOf(kind)
	if s == nil {
		return fault.New(fault.NotFound, fault.CodeNotFound, nil)
	}
	if f != XLSX {
		return nil
	}
	columns, err := s.chosen(opts)
	if err != nil {
		return err
	}
	for record, size := range records {
		if size < maxSheetCell {
			continue
		}
		r := record()
		for i := range columns {
			if cell := columns[i].show(nil, r); tooLongForSheet(cell, guardedInSheet(cell)) {
				return tooLongCell(r, &columns[i])
			}
		}
	}
	return nil
}
