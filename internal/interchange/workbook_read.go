package interchange

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// readWorkbook reads an XLSX workbook: a sheet for each kind, with the columns of its CSV file.
func readWorkbook(ctx context.Context, archive *zip.Reader, name string) (items []Item, faults []*CellError, err error) {
	damaged := []*CellError{{Place{File: name}, fault.CodeBadFile, fault.Args{"what": "XLSX"}}}
	defer func() {
		if recover() != nil { // the library's parser met a part that no spreadsheet program writes
			items, faults, err = nil, damaged, nil
		}
	}()
	b := &bookReader{parts: partsOf(archive), name: name}
	err = b.read(ctx)
	switch {
	case ctx.Err() != nil:
		return nil, nil, fmt.Errorf("reading %s: %w", name, ctx.Err())
	case errors.Is(err, errSharedTooLong):
		return nil, []*CellError{{Place{File: name}, fault.CodeUnpacksTooLarge, fault.Args{"max": fault.Size(maxSharedBytes)}}}, nil
	case err != nil:
		return nil, damaged, nil
	default:
		return b.items, b.faults, nil
	}
}

// bookReader reads the sheets of a workbook.
type bookReader struct {
	parts  parts
	name   string
	styles *styles
	shared []string // texts
	items  []Item
	faults []*CellError
}

// read reads what the sheets share, then the sheets.
func (b *bookReader) read(ctx context.Context) error {
	book, err := b.parts.book()
	if err != nil {
		return err
	}
	b.styles = &styles{parts: b.parts, shift: book.shift, days: map[int]bool{0: false}}
	if b.shared, err = b.parts.shared(); err != nil {
		return err
	}
	return errors.Join(b.readSheets(ctx, book.sheets), b.styles.close())
}

// readSheets reads every sheet, in the order in which records refer to each other.
func (b *bookReader) readSheets(ctx context.Context, sheets []sheetPart) error {
	taken := make(map[sheetPart]bool)
	for _, kind := range directory.Kinds() {
		for _, sheet := range sheets {
			if k, ok := kindOfSheet(sheet.name); !ok || k != kind {
				continue
			}
			taken[sheet] = true
			if err := b.sheet(ctx, sheet, kind); err != nil {
				return err
			}
		}
	}
	kind, named := kindOfFile(b.name)
	if named && len(sheets) == 1 && len(taken) == 0 && kind != frameworksKind {
		return b.sheet(ctx, sheets[0], kind)
	}
	if err := b.others(sheets, taken); err != nil {
		return err
	}
	if len(taken)+len(b.faults) == 0 {
		b.faults = append(b.faults, &CellError{Place{File: b.name}, fault.CodeNoKnownSheet, fault.Args{"expected": kindNames()}})
	}
	return nil
}

// errEnough ends the reading of a sheet early.
var errEnough = errors.New("enough was read")

// others tells of the sheets that are of no kind, unless nothing is in them.
func (b *bookReader) others(sheets []sheetPart, taken map[sheetPart]bool) error {
	for _, sheet := range sheets {
		if taken[sheet] || slices.Contains(besideSheets(), directory.Fold(sheet.name)) {
			continue
		}
		filled, rows := false, 0
		_, err := b.scan(sheet, func(_ int, cells []sheetCell) error {
			filled = slices.ContainsFunc(cells, func(c sheetCell) bool { return !c.empty() })
			if rows++; filled || rows == 1000 {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			return err
		}
		if filled {
			args := fault.Args{"sheet": sheet.name, "expected": kindNames()}
			b.faults = append(b.faults, &CellError{Place{File: b.name, Sheet: sheet.name}, fault.CodeUnknownSheet, args})
		}
	}
	return nil
}

// scan goes through a sheet, and returns its merged cells.
func (b *bookReader) scan(sheet sheetPart, yield func(row int, cells []sheetCell) error) (merged []string, err error) {
	part, err := b.parts.open(sheet.part)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, part.Close()) }()
	s := newSheetScan(part, b.shared)
	err = s.rows(yield)
	return s.merged, err
}

// sheet reads the rows of one sheet.
func (b *bookReader) sheet(ctx context.Context, sheet sheetPart, kind directory.Kind) error {
	t := table{file: b.name, sheet: sheet.name}
	var r *rows
	merged, err := b.scan(sheet, func(row int, cells []sheetCell) error {
		switch {
		case row%1000 == 0 && ctx.Err() != nil:
			return ctx.Err() //nolint:wrapcheck // as the context says it
		case r != nil:
			return b.add(r, row, cells)
		case slices.ContainsFunc(cells, func(c sheetCell) bool { return !c.empty() }):
			r = newRows(t, kind, row, cellTexts(cells))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, cells := range merged {
		b.faults = append(b.faults, mergedFault(t, cells))
	}
	if r != nil {
		items, faults := r.done()
		b.items, b.faults = append(b.items, items...), append(b.faults, faults...)
	}
	return nil
}

func cellTexts(cells []sheetCell) []string {
	list := make([]string, len(cells))
	for i, c := range cells {
		list[i] = c.text
	}
	return list
}

// add makes an item of a row. A number that is shown as a date is one.
func (b *bookReader) add(r *rows, row int, cells []sheetCell) error {
	raw := make([]string, max(len(cells), len(r.columns)))
	wrong := false
	for i, cell := range cells {
		raw[i] = cell.text
		if i >= len(r.columns) || r.columns[i] == nil {
			continue // beyond the header, or below a heading that is wrong
		}
		switch cell.state {
		case cellFailed:
			r.faults.add(r.cell(row, i), fault.CodeCellError, fault.Args{"value": shown(cell.text)})
			raw[i], wrong = "", true
		case cellUnmade:
			r.faults.add(r.cell(row, i), fault.CodeNoStoredValue, nil)
			wrong = true
		case cellFine:
		}
		if r.columns[i].shape == shapeDate && cell.style != 0 {
			day, ok, err := b.styles.day(cell)
			if err != nil {
				return err
			}
			if ok {
				raw[i] = string(day)
			}
		}
	}
	r.add(row, raw, wrong)
	return nil
}

// judgePackage says what keeps a workbook from being opened at all, before anything of it is unpacked.
func judgePackage(data []byte) (fault.Code, fault.Args) {
	if len(data) > maxWorkbookBytes {
		return fault.CodeTooLarge, fault.Args{"max": fault.Size(maxWorkbookBytes)}
	}
	if bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")) {
		if bytes.Contains(data, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")) {
			return fault.CodeProtectedWorkbook, nil
		}
		return fault.CodeOldWorkbook, nil
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if errors.Is(err, zip.ErrFormat) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.CodeCutOff, nil
	}
	if err != nil {
		return fault.CodeBadFile, fault.Args{"what": "XLSX"}
	}
	return judgeParts(archive)
}

// judgeParts refuses what unpacks to more than a workbook does. The sizes that a zip states are held to by its reader.
func judgeParts(archive *zip.Reader) (fault.Code, fault.Args) {
	var total uint64
	for _, part := range archive.File {
		size := part.UncompressedSize64
		large := size > maxPartBytes
		_, known := kindOfFile(part.Name)
		rows := known || strings.HasPrefix(part.Name, "xl/worksheets/") || strings.HasPrefix(part.Name, "xl/sharedStrings")
		if total += size; total > maxUnpackedBytes || size > maxUnpackedBytes {
			return fault.CodeUnpacksTooLarge, fault.Args{"max": fault.Size(maxUnpackedBytes)}
		}
		if large && (!rows || size/max(part.CompressedSize64, 1) > maxPacking) {
			return fault.CodeUnpacksTooLarge, fault.Args{"max": fault.Size(maxPartBytes)}
		}
	}
	if len(archive.File) > maxParts {
		return fault.CodeBadFile, fault.Args{"what": "XLSX"}
	}
	return "", nil
}
