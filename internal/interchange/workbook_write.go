package interchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// workbook writes an XLSX workbook: a sheet for each kind, one after the other. The library makes everything that stands
// around the rows. The rows themselves go out as they come: it would hold them until the end.
type workbook struct {
	file         *excelize.File
	zip          *zip.Writer
	opts         WriteOptions
	sheets       int
	header, date int             // styles
	written      map[string]bool // the parts that went out already
}

// newWorkbook begins a workbook that goes to w.
func newWorkbook(w io.Writer, opts WriteOptions) (*workbook, error) {
	b := &workbook{file: excelize.NewFile(), zip: newZip(w), opts: opts, written: make(map[string]bool)}
	b.file.ZipWriter = func(io.Writer) excelize.ZipWriter { return otherParts{b} }
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

// newZip returns a zip writer that packs about as well as the standard one, and faster. Its parts are written one after
// the other, with one compressor.
func newZip(w io.Writer) *zip.Writer {
	z := zip.NewWriter(w)
	var packer *flate.Writer
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
		if packer != nil {
			packer.Reset(out)
			return packer, nil
		}
		var err error
		packer, err = flate.NewWriter(out, 3)
		return packer, err //nolint:wrapcheck // of a constant level
	})
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
	err := b.addSheet(name)
	panes := &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}
	err = errors.Join(err, b.file.SetPanes(name, panes), b.file.SetSheetDimension(name, ""))
	letters := make([]string, len(columns))
	for i, c := range columns {
		var errName error
		letters[i], errName = excelize.ColumnNumberToName(i + 1)
		err = errors.Join(err, errName, b.file.SetColWidth(name, letters[i], letters[i], width(c)))
	}
	if err != nil {
		return nil, fmt.Errorf("adding the sheet %s: %w", name, err)
	}
	s := &sheetWriter{
		book: b, name: name, part: fmt.Sprintf("xl/worksheets/sheet%d.xml", b.sheets),
		columns: columns, row: newRowShown(columns), letters: letters,
	}
	if err := s.begin(); err != nil {
		return nil, fmt.Errorf("beginning the sheet %s: %w", name, err)
	}
	return s, nil
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
	return err //nolint:wrapcheck // wrapped by sheet
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

// around returns what the library has before and after the rows of a part, as the sheet is laid out now.
func (b *workbook) around(part string) (before, after []byte, err error) {
	usual := b.file.ZipWriter
	b.file.ZipWriter = func(io.Writer) excelize.ZipWriter { return noParts{} }
	err = b.file.Write(io.Discard)
	b.file.ZipWriter = usual
	if err != nil {
		return nil, nil, err //nolint:wrapcheck // wrapped by whoever asks
	}
	content, _ := b.file.Pkg.Load(part)
	text, _ := content.([]byte)
	before, after, found := bytes.Cut(text, []byte("</sheetData>"))
	if !found {
		return nil, nil, fmt.Errorf("%s has no place for rows", part)
	}
	return slices.Clone(before), slices.Concat([]byte("</sheetData>"), after), nil
}

// Close completes the workbook.
func (b *workbook) Close() error {
	err := b.file.Write(io.Discard)
	return errors.Join(err, b.zip.Close(), b.file.Close())
}

// otherParts is where the library writes the parts of a workbook to: those that are not there yet are taken.
type otherParts struct{ *workbook }

// Create begins a part.
func (p otherParts) Create(name string) (io.Writer, error) {
	if p.written[name] {
		return io.Discard, nil
	}
	return p.zip.Create(name) //nolint:wrapcheck // wrapped by the library
}

// AddFS is not asked for.
func (otherParts) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close does nothing: the workbook ends its zip itself.
func (otherParts) Close() error { return nil }

// noParts takes parts and drops them.
type noParts struct{}

func (noParts) Create(string) (io.Writer, error) { return io.Discard, nil }

func (noParts) AddFS(fs.FS) error { return errors.ErrUnsupported }

func (noParts) Close() error { return nil }

// bookList is a workbook of one list.
type bookList struct {
	RecordWriter
	book *workbook
}

func (l bookList) Close() error {
	return errors.Join(l.RecordWriter.Close(), l.book.about(l.book.opts.About), l.book.Close())
}
