package interchange

import (
	"io"
	"slices"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// Format is the form of a file.
type Format string

// The formats that are written.
const (
	CSV    Format = "csv"
	XLSX   Format = "xlsx"
	NDJSON Format = "ndjson"
)

// Formats returns the formats that are written.
func Formats() []Format { return []Format{CSV, XLSX, NDJSON} }

// MediaType returns the media type of a file of the format.
func (f Format) MediaType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case NDJSON:
		return "application/x-ndjson"
	default:
		return ""
	}
}

// WriteOptions say what a table has. JSON lines need none of them.
type WriteOptions struct {
	// Languages are the columns of the texts; see LanguagesOf. A text in another language is left out.
	Languages Languages
	// Columns are the columns to write, in this order; nil for all of the kind.
	Columns []string
	// RightToLeft lays the sheets of a workbook out for readers of Arabic.
	RightToLeft bool
	// About is told of a list on the last sheet of its workbook; import passes that over.
	About []Fact
}

// RecordWriter writes the records of one list. What it writes is whole only after Close, which does not close what it
// writes to.
type RecordWriter interface {
	// Write adds a record; data is its canonical JSON, as the reader of the file may see it. Only JSON lines need it:
	// without it they have all that the record has. It is not kept.
	Write(r directory.Record, data []byte) error
	Close() error
}

// NewWriter returns the writer of one list of records of a kind. Records go out as they come; it holds a bounded part of
// them.
func NewWriter(w io.Writer, f Format, kind directory.Kind, opts WriteOptions) (RecordWriter, error) {
	s := schemaOf(kind)
	if s == nil {
		return nil, fault.New(fault.NotFound, fault.CodeNotFound, nil)
	}
	switch f {
	case CSV:
		columns, err := s.chosen(opts)
		if err != nil {
			return nil, err
		}
		return newCSVWriter(w, columns)
	case XLSX:
		book, err := newWorkbook(w, opts)
		if err != nil {
			return nil, err
		}
		list, err := book.List(kind)
		return bookList{list, book}, err
	case NDJSON:
		return newLineWriter(w, false), nil
	default:
		return nil, fault.New(fault.NotAcceptable, fault.CodeNotAcceptable, fault.Args{"offered": Formats()})
	}
}

// chosen returns the columns to write.
func (s *schema) chosen(opts WriteOptions) ([]column, error) {
	if opts.Columns == nil {
		return s.all(opts.Languages), nil
	}
	columns := make([]column, len(opts.Columns))
	for i, name := range opts.Columns {
		c, ok := s.named(name)
		if !ok {
			return nil, fault.New(fault.Invalid, fault.CodeUnknownColumn, fault.Args{"column": name})
		}
		columns[i] = c
	}
	return columns, nil
}

// all returns every column: the id, what a kind must have, the texts, the rest.
func (s *schema) all(languages Languages) []column {
	var first, texts, rest []column
	for _, c := range s.columns {
		if c.name == "id" || c.required {
			first = append(first, c)
		} else {
			rest = append(rest, c)
		}
	}
	for _, t := range s.texts {
		for _, lang := range languages.of(s.kind, t.name) {
			texts = append(texts, t.column(lang))
		}
	}
	return slices.Concat(first, texts, rest)
}
