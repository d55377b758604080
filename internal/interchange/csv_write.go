package interchange

import (
	"bufio"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/internal/directory"
)

// csvWriter writes CSV: UTF-8 without a byte order mark, RFC 4180.
type csvWriter struct {
	out     *bufio.Writer
	columns []column
}

func newCSVWriter(w io.Writer, columns []column) (*csvWriter, error) {
	c := &csvWriter{out: bufio.NewWriterSize(w, 32<<10), columns: columns}
	for i := range columns {
		if err := c.cell(i, columns[i].name); err != nil {
			return nil, err
		}
	}
	return c, c.end()
}

func (c *csvWriter) Write(r directory.Record, _ []byte) error {
	for i := range c.columns {
		if err := c.cell(i, guarded(c.columns[i].get(r))); err != nil {
			return err
		}
	}
	return c.end()
}

// cell writes one cell, in quotes where it needs them.
func (c *csvWriter) cell(i int, cell string) error {
	if i > 0 {
		_ = c.out.WriteByte(',')
	}
	if !quoted(cell) {
		_, err := c.out.WriteString(cell)
		return err //nolint:wrapcheck // of the caller's own writer
	}
	_ = c.out.WriteByte('"')
	for {
		before, after, more := strings.Cut(cell, `"`)
		_, _ = c.out.WriteString(before)
		if !more {
			return c.out.WriteByte('"') //nolint:wrapcheck // of the caller's own writer
		}
		_, _ = c.out.WriteString(`""`)
		cell = after
	}
}

func (c *csvWriter) Close() error { return c.out.Flush() } //nolint:wrapcheck // of the caller's own writer

// guarded makes a cell safe to open in a spreadsheet program, which takes a text that begins with = + - @ or a tab for
// a formula: an apostrophe before it says that it is a text. Spaces at the beginning are kept the same way, and a text
// that begins with apostrophes before such a sign gets one more, so that reading it takes exactly one away.
func guarded(cell string) string {
	if dangerous(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// kept is guarded for a sheet whose cells are marked as texts: there only the apostrophes and spaces need it.
func kept(cell string) string {
	if cell != "" && (cell[0] == '\'' || !strings.ContainsRune("=+-@", rune(cell[0]))) {
		return guarded(cell)
	}
	return cell
}

// dangerous tells whether a text begins like a formula, or with a space of any sort.
func dangerous(cell string) bool {
	first, _ := utf8.DecodeRuneInString(cell)
	return cell != "" && (strings.ContainsRune("=+-@", first) || unicode.IsSpace(first))
}

// quoted tells whether a cell must stand in quotes. One look for each sign is faster than one for any of them.
func quoted(cell string) bool {
	return strings.IndexByte(cell, ',') >= 0 || strings.IndexByte(cell, '"') >= 0 || strings.IndexByte(cell, '\n') >= 0 ||
		strings.IndexByte(cell, '\r') >= 0
}

// end ends a row.
func (c *csvWriter) end() error {
	_, err := c.out.WriteString("\r\n")
	return err //nolint:wrapcheck // of the caller's own writer
}
