package interchange

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// Faults of a whole file that end its reading.
var (
	errRowTooLong  = errors.New("row too long")
	errFileTooLong = errors.New("file too long")
)

// packageReader reads a zip, or an old workbook; nil where none may be.
type packageReader func(ctx context.Context, in io.Reader, name string, opts ReadOptions) ([]Item, []*CellError, error)

// readContent reads a file of any format: what its first bytes say goes before what its name says.
func readContent(ctx context.Context, file io.Reader, name string, opts ReadOptions, packages packageReader) ([]Item, []*CellError, error) {
	in := bufio.NewReaderSize(&ending{ctx: ctx, src: file}, 64<<10)
	if head, _ := in.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return failed(Place{File: name}, err)
		}
		in = bufio.NewReaderSize(unpacked, 64<<10)
	}
	head, err := in.Peek(8)
	if err != nil && !errors.Is(err, io.EOF) {
		return failed(Place{File: name}, err)
	}
	switch {
	case len(head) == 0:
		return nil, empty(name, opts), nil
	case packages != nil && notWorkbook(name, head):
		return nil, []*CellError{{Place{File: name}, fault.CodeNotWorkbook, fault.Args{"ending": path.Ext(name)}}}, nil
	case packages != nil && (bytes.HasPrefix(head, []byte("PK")) && !isText(head) || bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0"))):
		return packages(ctx, in, name, opts)
	default:
		return readText(ctx, in, name, opts)
	}
}

// empty says that nothing is in a file. Of JSON lines that is a directory without records, as one is exported: no fault.
func empty(name string, opts ReadOptions) []*CellError {
	nothing := &CellError{Place{File: name}, fault.CodeEmptyFile, nil}
	if !namedLines(name) {
		return []*CellError{nothing}
	}
	opts.note(nothing)
	return nil
}

// notWorkbook tells whether a file is named as a workbook and is none. One that is named after a kind may be text.
func notWorkbook(name string, head []byte) bool {
	if ending := strings.ToLower(path.Ext(name)); ending != ".xlsx" && ending != ".xlsm" {
		return false
	}
	packed := bytes.HasPrefix(head, []byte("PK")) || bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0"))
	_, named := kindOfFile(name)
	return !packed && (!named || !isText(head))
}

// isText tells whether the first bytes of a file are none that only a packed file has.
func isText(head []byte) bool {
	return bytes.IndexFunc(head, func(r rune) bool { return r < '\t' }) < 0
}

// readText reads CSV or JSON lines, in UTF-8, or in UTF-16 where a byte order mark says so.
func readText(ctx context.Context, in *bufio.Reader, name string, opts ReadOptions) ([]Item, []*CellError, error) {
	var text io.Reader = &bounded{src: in, left: maxTextBytes}
	head, _ := in.Peek(3)
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		text = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Reader(text)
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = in.Discard(3)
	}
	lines := bufio.NewReaderSize(&lineEnds{src: text}, 64<<10)
	start, err := lines.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) && len(start) == 0 {
		return failed(Place{File: name}, err)
	}
	if len(bytes.TrimSpace(start)) == 0 {
		return nil, empty(name, opts), nil
	}
	if bytes.Count(start, []byte{0}) > len(start)/4 { // as half of the bytes of letters and commas are
		return nil, []*CellError{{Place{File: name}, fault.CodeUnmarkedUTF16, nil}}, nil
	}
	kind, known := kindOfFile(name)
	if !known {
		kind = opts.Kind
	}
	if bytes.HasPrefix(bytes.TrimSpace(start), []byte("{")) || namedLines(name) {
		return readLines(ctx, lines, name, kind, opts)
	}
	if kind == frameworksKind {
		return checkFrameworks(lines, name)
	}
	if schemaOf(kind) == nil {
		return nil, []*CellError{{Place{File: name}, fault.CodeUnknownFile, fault.Args{"expected": fileNames()}}}, nil
	}
	return readCSV(lines, name, kind)
}

// failed says an error of reading: as a fault where the file is what is wrong, else as the error that it is.
func failed(at Place, err error) ([]Item, []*CellError, error) {
	if f := faultOf(at, err); f != nil {
		return nil, []*CellError{f}, nil //nolint:nilerr // the fault says it
	}
	return nil, nil, fmt.Errorf("reading %s: %w", at.File, err)
}

// faultOf returns what an error of reading says of the file, nil when it says nothing of it.
func faultOf(at Place, err error) *CellError {
	_, isCorrupt := errors.AsType[flate.CorruptInputError](err)
	switch {
	case errors.Is(err, errRowTooLong):
		return &CellError{at, fault.CodeRowTooLong, fault.Args{"max": fault.Size(maxRowBytes)}}
	case errors.Is(err, errFileTooLong):
		return &CellError{at, fault.CodeTooLarge, fault.Args{"max": fault.Size(maxTextBytes)}}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &CellError{at, fault.CodeCutOff, nil}
	case errors.Is(err, io.EOF):
		return &CellError{at, fault.CodeEmptyFile, nil}
	case errors.Is(err, csv.ErrQuote), errors.Is(err, csv.ErrBareQuote):
		return &CellError{at, fault.CodeBadRow, nil}
	case isCorrupt, errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return &CellError{at, fault.CodeBadFile, fault.Args{"what": "gzip"}}
	default:
		return nil
	}
}

// ending is a reader that ends with its context.
type ending struct {
	ctx context.Context //nolint:containedctx // io.Reader has no place for it
	src io.Reader
}

func (e *ending) Read(p []byte) (int, error) {
	if err := e.ctx.Err(); err != nil {
		return 0, err //nolint:wrapcheck // as the context says it
	}
	return e.src.Read(p) //nolint:wrapcheck // a reader passes errors on
}

// bounded is a reader that fails, unlike io.LimitReader, where its bound is passed.
type bounded struct {
	src  io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.src.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errFileTooLong
	}
	return n, err //nolint:wrapcheck // a reader passes errors on
}

// lineEnds is a reader that gives every end of a line, CRLF, CR or LF, as LF.
type lineEnds struct {
	src    io.Reader
	lastCR bool
}

func (l *lineEnds) Read(p []byte) (int, error) {
	n, err := l.src.Read(p)
	if !l.lastCR && bytes.IndexByte(p[:n], '\r') < 0 {
		return n, err //nolint:wrapcheck // a reader passes errors on
	}
	out := 0
	for _, c := range p[:n] {
		skip := c == '\n' && l.lastCR
		l.lastCR = c == '\r'
		if skip {
			continue
		}
		if l.lastCR {
			c = '\n'
		}
		p[out] = c
		out++
	}
	return out, err //nolint:wrapcheck // a reader passes errors on
}

// tidy returns a cell as it counts: without the spaces around it or, where an apostrophe guards it, as it stands
// behind that. See guarded.
func tidy(cell string) string {
	if bare := strings.TrimLeft(cell, "'"); len(bare) < len(cell) {
		if first, _ := utf8.DecodeRuneInString(bare); dangerous(first) {
			return cell[1:]
		}
	}
	return strings.TrimSpace(cell)
}

// checkFrameworks holds a file of framework codes against the vocabulary. The codes are a part of the program and no
// records: nobody shall think a code taken in that is not.
func checkFrameworks(in *bufio.Reader, name string) ([]Item, []*CellError, error) {
	var faults []*CellError
	sheet, err := newCSV(in)
	for err == nil {
		var row int
		var cells []string
		if row, cells, err = sheet.next(); err != nil || row == 1 || len(cells) < 2 {
			continue
		}
		if _, ok := directory.FrameworkTerm(cells[0], cells[1]); !ok {
			args := fault.Args{"value": shown(cells[1]), "vocabulary": shown(cells[0])}
			faults = append(faults, &CellError{Place{File: name, Row: row, Column: 2, Name: "code"}, fault.CodeUnknownCode, args})
		}
	}
	if errors.Is(err, io.EOF) {
		return nil, faults, nil
	}
	_, more, err := failed(Place{File: name}, err)
	return nil, append(faults, more...), err
}
