package service

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"dalil/internal/fault"
	"dalil/internal/interchange"
)

// uploadFullGap is when to try again what the disk had no room for: other uploads are removed as their imports end.
const uploadFullGap = time.Minute

// Upload is the files of an import job while they arrive. It ends with Start, or with Discard.
type Upload struct {
	jobs   *ImportJobs
	write  Write
	folder string
	inputs []interchange.Input
	size   int64
	once   sync.Once
}

// Begin judges whether the caller may import and takes a place among the jobs; too many are refused with import_busy.
// The caller of Begin calls Start or Discard in the end.
func (j *ImportJobs) Begin(w Write) (*Upload, error) {
	if err := w.admit(); err != nil {
		return nil, err
	}
	if err := j.reserve(); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(j.parent, "dalil-import-")
	if err != nil {
		j.release()
		return nil, unkept(err)
	}
	return &Upload{jobs: j, write: w, folder: folder}, nil
}

// Add keeps one file. Its name is the one that people know it by, with folders if they gave any; it tells format and
// kind, and is no path here. A name that cannot be shown is refused with bad_form; of files of one name the later ones
// are told apart by their number.
func (u *Upload) Add(name string, content io.Reader) error {
	if !showable(name) {
		return fault.New(fault.Malformed, fault.CodeBadForm, nil)
	}
	if len(u.inputs) == MaxImportFiles {
		return fault.New(fault.TooLarge, fault.CodeTooMany, fault.Args{"max": MaxImportFiles})
	}
	path := filepath.Join(u.folder, strconv.Itoa(len(u.inputs)))
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return unkept(err)
	}
	n, err := io.Copy(file, io.LimitReader(content, MaxImportBytes-u.size+1))
	if err := errors.Join(err, file.Close()); err != nil {
		return unkept(err)
	}
	if u.size += n; u.size > MaxImportBytes {
		return fault.New(fault.TooLarge, fault.CodeTooLarge, fault.Args{"max": fault.Size(MaxImportBytes)})
	}
	u.inputs = append(u.inputs, interchange.Input{
		Name: u.distinct(name), Open: func() (io.ReadCloser, error) { return os.Open(path) },
	})
	return nil
}

// maxFileName is how many bytes the name of a file may have.
const maxFileName = 1024

// showable tells whether the name of a file can stand in a line of text.
func showable(name string) bool {
	return len(name) <= maxFileName && utf8.ValidString(name) && !strings.ContainsFunc(name, unicode.IsControl)
}

// distinct returns a name that no file before has.
func (u *Upload) distinct(name string) string {
	had := func(in interchange.Input) bool { return in.Name == name }
	for n := len(u.inputs) + 1; slices.ContainsFunc(u.inputs, had); n++ {
		name = strconv.Itoa(n) + "/" + name
	}
	return name
}

// unkept says why an upload could not be kept. What the disk has no room for may be sent again once there is some.
func unkept(err error) error {
	err = fmt.Errorf("keeping the upload: %w", err)
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
		full := fault.Wrap(fault.Unavailable, fault.CodeUploadFull, err)
		full.RetryAfter = uploadFullGap
		return full
	}
	return err
}

// Start begins the job on the files that were added, and returns it as it stands.
func (u *Upload) Start(opts ImportOptions) (ImportJob, error) {
	if len(u.inputs) == 0 {
		u.Discard()
		return ImportJob{}, fault.New(fault.Invalid, fault.CodeNoFiles, fault.Args{"expected": "csv, xlsx, ndjson"})
	}
	started, err := u.jobs.launch(u, opts)
	if err != nil {
		u.Discard()
	}
	return started, err
}

// Discard removes the files and gives up the place among the jobs. It may be called again.
func (u *Upload) Discard() {
	u.once.Do(func() {
		_ = os.RemoveAll(u.folder)
		u.jobs.release()
	})
}
