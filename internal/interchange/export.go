package interchange

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// Export writes the lists of several kinds into one file or folder: a list at a time, each once.
type Export interface {
	// List begins the list of a kind. Its Close ends it; then the next may begin.
	List(kind directory.Kind) (RecordWriter, error)
	// Close completes the file. It does not close what the file is written to.
	Close() error
}

// NewExport returns the writer of one file of lists: for CSV a zip of the files of a folder, for XLSX a workbook with a
// sheet for each kind, for JSON lines one stream whose lines say the kind beside the record.
func NewExport(w io.Writer, f Format, opts WriteOptions) (Export, error) {
	opts.Columns = nil
	switch f {
	case CSV:
		z := zip.NewWriter(w)
		create := func(name string) (io.WriteCloser, error) {
			file, err := z.Create(name)
			return unclosed{file}, err //nolint:wrapcheck // wrapped by List
		}
		return &files{create: create, close: z.Close, opts: opts}, nil
	case XLSX:
		return newWorkbook(w, opts)
	case NDJSON:
		return lineExport{newLineWriter(w, true)}, nil
	default:
		return nil, fault.New(fault.NotAcceptable, fault.CodeNotAcceptable, fault.Args{"offered": Formats()})
	}
}

// NewFolder returns the writer of a folder of CSV files, which is made where it is not there. Each file takes the place
// of one that is there only when it is whole.
func NewFolder(folder string, opts WriteOptions) (Export, error) {
	opts.Columns = nil
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return nil, fmt.Errorf("making the folder: %w", err)
	}
	create := func(name string) (io.WriteCloser, error) { return newWholeFile(filepath.Join(folder, name)) }
	return &files{create: create, close: func() error { return nil }, opts: opts}, nil
}

// files writes each list as a CSV file.
type files struct {
	create func(name string) (io.WriteCloser, error)
	close  func() error
	opts   WriteOptions
}

func (f *files) List(kind directory.Kind) (RecordWriter, error) {
	file, err := f.create(string(kind) + ".csv")
	if err != nil {
		return nil, fmt.Errorf("making the file of %s: %w", kind, err)
	}
	list, err := NewWriter(file, CSV, kind, f.opts)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &fileList{RecordWriter: list, file: file}, nil
}

func (f *files) Close() error { return f.close() }

// fileList closes its file with the list.
type fileList struct {
	RecordWriter
	file io.Closer
}

func (l *fileList) Close() error {
	err := l.RecordWriter.Close()
	if whole, ok := l.file.(*wholeFile); ok && err != nil {
		whole.failed = true
	}
	return errors.Join(err, l.file.Close())
}

// unclosed is a writer that somebody else ends.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

// wholeFile is a file that gets its name when it is whole.
type wholeFile struct {
	*os.File
	name   string
	failed bool
}

func newWholeFile(name string) (*wholeFile, error) {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return nil, err //nolint:wrapcheck // wrapped by List
	}
	return &wholeFile{File: file, name: name}, nil
}

// Write notes a failure, so that the half of a file gets no name.
func (f *wholeFile) Write(p []byte) (int, error) {
	n, err := f.File.Write(p)
	f.failed = f.failed || err != nil
	return n, err //nolint:wrapcheck // says the file itself
}

// Close gives the file its name, or drops it when writing it failed.
func (f *wholeFile) Close() error {
	err := f.File.Close()
	if err != nil || f.failed {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), f.name) //nolint:wrapcheck // says the file itself
}

// lineExport writes all lists into one stream.
type lineExport struct{ lines *lineWriter }

func (l lineExport) List(directory.Kind) (RecordWriter, error) { return lineList{l.lines}, nil }

func (l lineExport) Close() error { return l.lines.Close() }

// lineList is a list of a stream that goes on after it.
type lineList struct{ *lineWriter }

func (lineList) Close() error { return nil }
