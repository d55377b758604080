package interchange

import (
	"bufio"
	"io"

	"dalil/internal/directory"
)

// lineWriter writes JSON lines: the canonical JSON of each record, alone or beside its kind.
type lineWriter struct {
	out   *bufio.Writer
	kinds bool
}

func newLineWriter(w io.Writer, kinds bool) *lineWriter {
	return &lineWriter{out: bufio.NewWriterSize(w, 32<<10), kinds: kinds}
}

func (l *lineWriter) Write(r directory.Record, data []byte) error {
	if data == nil {
		var err error
		if data, err = directory.Encode(r); err != nil {
			return err //nolint:wrapcheck // a record that cannot be encoded is a defect
		}
	}
	end := "\n"
	if l.kinds {
		_, _ = l.out.WriteString(`{"kind":"` + string(r.RecordKind()) + `","record":`)
		end = "}\n"
	}
	_, _ = l.out.Write(data)
	_, err := l.out.WriteString(end)
	return err //nolint:wrapcheck // of the caller's own writer
}

func (l *lineWriter) Close() error { return l.out.Flush() } //nolint:wrapcheck // of the caller's own writer
