package boltledger

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"dalil/internal/fault"
)

// boltMagic is bbolt's own mark, at the head of its meta pages.
const boltMagic = 0xED0CDAED

// looksLikeOurs tells whether a file that cannot be opened has once been a store: bbolt's mark or our magic text stand
// somewhere in its first megabyte.
func looksLikeOurs(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close() //nolint:errcheck // only read
	start, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return false
	}
	mark := binary.NativeEndian.AppendUint32(nil, boltMagic)
	return bytes.Contains(start, mark) || bytes.Contains(start, []byte(magic))
}

// syncFolder makes a name that was made or changed in a folder durable.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err //nolint:wrapcheck // the caller says what it was doing
	}
	defer folder.Close()                                                                                               //nolint:errcheck // only synced
	if err := folder.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) { // some file systems cannot
		return err //nolint:wrapcheck // as above
	}
	return nil
}

// isFull tells whether the system refused to write for want of room.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// isReadOnly tells whether the file system takes no writes.
func isReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }

// full says that there is no room; nothing was written.
func full(err error) error { return fault.Wrap(fault.Unavailable, fault.CodeStoreFull, err) }
