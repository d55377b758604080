package interchange

import (
	"bytes"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/internal/directory"
)

// csvChunk is from how many bytes on rows are written.
const csvChunk = 32 << 10

// csvWriter writes CSV: UTF-8 without a byte order mark, RFC 4180.
type csvWriter struct {
	to      io.Writer
	columns []column
	row     *rowShown
	held    []byte // rows to be written
	shown   []byte // the cell that is written
}

func newCSVWriter(w io.Writer, columns []column) (*csvWriter, error) {
	c := &csvWriter{to: w, columns: columns, row: newRowShown(columns), held: make([]byte, 0, 2*csvChunk)}
	for i := range columns {
		c.cell(i, []byte(columns[i].name))
	}
	return c, c.end()
}

func (c *csvWriter) Write(r directory.Record, _ []byte) error {
	c.row.begin(r)
	for i := range c.columns {
		c.shown = c.row.cell(c.shown[:0], i, r)
		c.cell(i, c.shown)
	}
	return c.end()
}

// cell adds one cell, in quotes where it needs them.
func (c *csvWriter) cell(i int, cell []byte) {
	if i > 0 {
		c.held = append(c.held, ',')
	}
	if len(cell) == 0 {
		return
	}
	quotes := quoted(cell)
	if quotes {
		c.held = append(c.held, '"')
	}
	if guarded(cell) {
		c.held = append(c.held, '\'')
	}
	if !quotes {
		c.held = append(c.held, cell...)
		return
	}
	for {
		end := bytes.IndexByte(cell, '"')
		if end < 0 {
			break
		}
		c.held = append(append(c.held, cell[:end]...), `""`...)
		cell = cell[end+1:]
	}
	c.held = append(append(c.held, cell...), '"')
}

// end ends a row.
func (c *csvWriter) end() error {
	if c.held = append(c.held, "\r\n"...); len(c.held) < csvChunk {
		return nil
	}
	return c.flush()
}

func (c *csvWriter) flush() error {
	_, err := c.to.Write(c.held)
	c.held = c.held[:0]
	return err //nolint:wrapcheck // of the caller's own writer
}

func (c *csvWriter) Close() error { return c.flush() }

// guarded tells whether a cell gets an apostrophe before it, which makes it safe to open in a spreadsheet program: such
// programs take a text that begins with = + - @ or a tab for a formula, and the apostrophe says that it is a text.
// Spaces at the beginning are kept the same way, and a text that begins with apostrophes before such a sign gets one
// more, so that reading it takes exactly one away.
func guarded(cell []byte) bool {
	for len(cell) > 0 && cell[0] == '\'' {
		cell = cell[1:]
	}
	first, _ := utf8.DecodeRune(cell)
	return dangerous(first)
}

// guardedInSheet is guarded for a sheet whose cells are marked as texts: there only the apostrophes and spaces need it.
func guardedInSheet(cell []byte) bool {
	return len(cell) > 0 && (cell[0] == '\'' || strings.IndexByte("=+-@", cell[0]) < 0) && guarded(cell)
}

// dangerous tells whether a text that begins with a character begins like a formula, or with a space of any sort.
func dangerous(first rune) bool {
	return first == '=' || first == '+' || first == '-' || first == '@' || unicode.IsSpace(first)
}

// quoted tells whether a cell must stand in quotes. One look for each sign is faster than one for any of them.
func quoted(cell []byte) bool {
	return bytes.IndexByte(cell, ',') >= 0 || bytes.IndexByte(cell, '"') >= 0 || bytes.IndexByte(cell, '\n') >= 0 ||
		bytes.IndexByte(cell, '\r') >= 0
}
