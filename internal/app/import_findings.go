package app

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"dalil/internal/interchange"
)

// findingsFile is the file of --errors: a table of what was found, to open beside the sheet. A nil one keeps nothing.
type findingsFile struct {
	*os.File
	path string
	made bool // it was not there before
}

// openFindings makes the file; one that is there stays as it is until keep. With no path there is none.
func openFindings(path string, inputs []interchange.Input) (*findingsFile, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // no file is wanted, and a nil one keeps nothing
	}
	there, missing := os.Stat(path)
	for _, input := range inputs {
		if info, err := os.Stat(input.Name); missing == nil && err == nil && os.SameFile(there, info) {
			return nil, usageError{fmt.Errorf("--errors: %s is to be imported; name another file", path)}
		}
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("--errors: %w; nothing was imported", err)
	}
	return &findingsFile{file, path, errors.Is(missing, os.ErrNotExist)}, nil
}

// drop removes the file again where there is nothing to tell.
func (f *findingsFile) drop() error {
	if f == nil {
		return nil
	}
	err := f.Close()
	if f.made {
		err = errors.Join(err, os.Remove(f.path))
	}
	return err
}

// keep writes what was found, and closes the file.
func (f *findingsFile) keep(o *outcome, w importWords) error {
	if f == nil {
		return nil
	}
	var err error
	if info, failed := f.Stat(); failed == nil && info.Mode().IsRegular() {
		err = f.Truncate(0)
	}
	if err := errors.Join(err, writeFindings(f, o, w), f.Close()); err != nil {
		return fmt.Errorf("writing the errors: %w", err)
	}
	return nil
}

// writeFindings writes the table, with the mark by which spreadsheet programs know UTF-8.
func writeFindings(to io.Writer, o *outcome, w importWords) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	return interchange.WriteTable(to, interchange.CSV, &interchange.Table{
		Columns: interchange.TextColumns("file", "sheet", "row", "column", "name", "error", "possible_duplicate", "id", "same_as"),
		Rows: func(yield func([]string) bool) {
			for _, f := range o.wrong {
				if !yield(append(cellsOf(f.where), f.what, "", "", "")) {
					return
				}
			}
			for _, d := range o.duplicates {
				for _, c := range d.candidates {
					if !yield(append(cellsOf(d.where), "", w.possible(o.committed, d.id, c), d.id, c.ID)) {
						return
					}
				}
			}
			for _, said := range o.remainders(w) {
				if !yield(append(cellsOf(interchange.Place{}), said, "", "", "")) {
					return
				}
			}
		},
	}, interchange.WriteOptions{})
}

// cellsOf is a place as cells of a table.
func cellsOf(at interchange.Place) []string {
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	return []string{at.File, at.Sheet, number(at.Row), number(at.Column), at.Name}
}
