package interchange

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// readWorkbook reads an XLSX workbook: a sheet for each kind, with the columns of its CSV file.
func readWorkbook(ctx context.Context, data []byte, name string) (items []Item, faults []*CellError, err error) {
	damaged := []*CellError{{Place{File: name}, fault.CodeBadFile, fault.Args{"what": "XLSX"}}}
	defer func() {
		if recover() != nil { // the library's parser met a part that no spreadsheet program writes
			items, faults, err = nil, damaged, nil
		}
	}()
	file, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: maxUnpackedBytes, UnzipXMLSizeLimit: maxPartBytes,
	})
	if err != nil {
		return nil, damaged, nil
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	b := &bookReader{file: file, name: name}
	if props, err := file.GetWorkbookProps(); err == nil && props.Date1904 != nil && *props.Date1904 {
		b.shift = 1462 // days from the first day of 1900 to that of 1904
	}
	b.merged, err = mergedCells(data)
	if err == nil {
		err = b.read(ctx)
	}
	if ctx.Err() != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", name, ctx.Err())
	}
	if err != nil {
		return nil, damaged, nil
	}
	return b.items, b.faults, nil
}

// bookReader reads the sheets of a workbook.
type bookReader struct {
	file   *excelize.File
	name   string
	shift  int                 // added to the numbers of days
	merged map[string][]string // ranges of merged cells, by sheet
	items  []Item
	faults []*CellError
}

// read reads every sheet, in the order in which records refer to each other.
func (b *bookReader) read(ctx context.Context) error {
	sheets := b.file.GetSheetList()
	taken := make(map[string]bool)
	for _, kind := range directory.Kinds() {
		for _, sheet := range sheets {
			if k, ok := kindOfSheet(sheet); !ok || k != kind {
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
	return b.others(sheets, taken)
}

// others tells of the sheets that are of no kind, unless nothing is in them.
func (b *bookReader) others(sheets []string, taken map[string]bool) error {
	for _, sheet := range sheets {
		if taken[sheet] || slices.Contains(besideSheets(), directory.Fold(sheet)) {
			continue
		}
		rows, err := b.file.Rows(sheet)
		if err != nil {
			return err //nolint:wrapcheck // told as a damaged file
		}
		filled := false
		for range 1000 {
			if filled || !rows.Next() {
				break
			}
			cells, _ := rows.Columns()
			filled = slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
		}
		if err := rows.Close(); err != nil {
			return err //nolint:wrapcheck // told as a damaged file
		}
		if filled {
			args := fault.Args{"sheet": sheet, "expected": sheetNames()}
			b.faults = append(b.faults, &CellError{Place{File: b.name, Sheet: sheet}, fault.CodeUnknownSheet, args})
		}
	}
	return nil
}

// sheet reads the rows of one sheet.
func (b *bookReader) sheet(ctx context.Context, sheet string, kind directory.Kind) error {
	pairs, err := newSheetRows(b.file, sheet)
	if err != nil {
		return err
	}
	defer pairs.close()
	t := table{file: b.name, sheet: sheet}
	for _, merged := range b.merged[sheet] {
		b.faults = append(b.faults, mergedFault(t, merged))
	}
	var r *rows
	for number := 1; pairs.next(); number++ {
		raw, shown, err := pairs.cells()
		if err := errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		switch {
		case r != nil:
			b.add(r, number, raw, shown)
		case slices.ContainsFunc(raw, func(c string) bool { return strings.TrimSpace(c) != "" }):
			r = newRows(t, kind, number, raw)
		}
	}
	if r != nil {
		items, faults := r.done()
		b.items, b.faults = append(b.items, items...), append(b.faults, faults...)
	}
	return pairs.err()
}

// add makes an item of a row. A number that is shown as a date is one.
func (b *bookReader) add(r *rows, number int, raw, shown []string) {
	for len(raw) < len(r.columns) {
		raw = append(raw, "")
	}
	wrong := false
	for i, c := range r.columns {
		if c == nil {
			continue // of a header that is wrong
		}
		if excelError(raw[i]) {
			r.faults.add(r.cell(number, i), fault.CodeCellError, fault.Args{"value": raw[i]})
			raw[i], wrong = "", true
		}
		if c.shape == shapeDate && i < len(shown) && shown[i] != raw[i] {
			if day, ok := shownDate(raw[i], shown[i], b.shift); ok {
				raw[i] = string(day)
			}
		}
	}
	r.add(number, raw, wrong)
}

// shownDate returns the day that a number stands for which the sheet shows as one: with more than digits.
func shownDate(raw, shown string, shift int) (directory.Date, bool) {
	n, err := strconv.ParseFloat(raw, 64)
	days := int(n) + shift
	if err != nil || n < 0 || days < firstSerial || days > lastSerial {
		return "", false
	}
	if _, err := strconv.ParseFloat(strings.NewReplacer(",", "", " ", "", "\u00a0", "", "\u202f", "").Replace(shown), 64); err == nil {
		return "", false
	}
	return serialDay(days), true
}

// excelError tells whether a cell holds the error of a formula.
func excelError(cell string) bool {
	switch cell {
	case "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!":
		return true
	default:
		return false
	}
}

// sheetRows gives the rows of a sheet twice: as they are kept, and as they are shown. Only the two together tell a day
// from a number.
type sheetRows struct{ raw, shown *excelize.Rows }

func newSheetRows(file *excelize.File, sheet string) (*sheetRows, error) {
	raw, err := file.Rows(sheet)
	if err != nil {
		return nil, err //nolint:wrapcheck // told as a damaged file
	}
	shown, err := file.Rows(sheet)
	if err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	return &sheetRows{raw, shown}, nil
}

func (s *sheetRows) next() bool { return s.raw.Next() && s.shown.Next() }

func (s *sheetRows) cells() (raw, shown []string, err error) {
	raw, err = s.raw.Columns(excelize.Options{RawCellValue: true})
	shown, errShown := s.shown.Columns()
	return raw, shown, errors.Join(err, errShown)
}

func (s *sheetRows) err() error { return errors.Join(s.raw.Error(), s.shown.Error()) }

func (s *sheetRows) close() { _, _ = s.raw.Close(), s.shown.Close() }

// judgePackage says what keeps a workbook from being opened at all, before anything of it is unpacked.
func judgePackage(data []byte) (fault.Code, fault.Args) {
	if len(data) > maxWorkbookBytes {
		return fault.CodeTooLarge, fault.Args{"max": maxWorkbookBytes}
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
			return fault.CodeUnpacksTooLarge, fault.Args{"max": maxUnpackedBytes}
		}
		if large && (!rows || size/max(part.CompressedSize64, 1) > maxPacking) {
			return fault.CodeUnpacksTooLarge, fault.Args{"max": maxPartBytes}
		}
	}
	if len(archive.File) > maxParts {
		return fault.CodeBadFile, fault.Args{"what": "XLSX"}
	}
	return "", nil
}
