package backupfile

import (
	"context"
	"errors"
	"fmt"
	"os"

	"dalil/internal/ledger"
)

// File is a backup on disk. It is a ledger.Source, which reads the file anew each time.
type File struct {
	path   string
	header Header
}

// Open reads the header of a file; see NewReader for what may be the matter.
func Open(path string) (*File, error) {
	f := &File{path: path}
	err := f.read(func(r *Reader) error {
		f.header = r.Header()
		return nil
	})
	return f, err
}

// Header returns what the file says of itself.
func (f *File) Header() Header { return f.header }

// Commits streams the commits after a position; see Reader.Commits.
func (f *File) Commits(ctx context.Context, after uint64, yield func(*ledger.Commit) error) error {
	return f.read(func(r *Reader) error { return r.Commits(ctx, after, yield) })
}

func (f *File) read(with func(*Reader) error) error {
	file, err := os.Open(f.path)
	if err != nil {
		return fmt.Errorf("opening the backup: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return errors.New(f.path + " is a folder")
	}
	r, err := NewReader(file, f.path)
	if err != nil {
		return err
	}
	defer r.Close()
	return with(r)
}
