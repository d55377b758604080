package boltledger

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"dalil/internal/fault"
)

// probe looks at a file without changing it. It holds a shared lock while it does, so that nobody writes meanwhile.
func probe(path string, opts Options) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return probeFolder(path, opts, err)
	case err != nil:
		return opening(path, err)
	case !info.Mode().IsRegular():
		return about(fault.CodeStoreNotOurs, path, fmt.Errorf("it is a %s", info.Mode().Type()))
	case info.Size() == 0:
		return nil
	}
	db, _, err := openBolt(path, &bbolt.Options{ReadOnly: true, Timeout: lockTime})
	if err != nil {
		return opening(path, err)
	}
	defer db.Close() //nolint:errcheck // only read
	return guarded(func() error {
		return db.View(func(tx *bbolt.Tx) error { return probePages(tx, path) })
	})
}

// probeFolder tells why a missing file cannot be made.
func probeFolder(path string, opts Options, cause error) error {
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return about(fault.CodeStoreNoFolder, path, err)
	}
	if opts.Existing {
		return about(fault.CodeStoreMissing, path, cause)
	}
	return nil
}

// probePages sees that the file has all its pages, and that it is ours.
func probePages(tx *bbolt.Tx, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return opening(path, err)
	}
	if info.Size() < tx.Size() {
		return damaged(fmt.Sprintf("it has %d of %d bytes", info.Size(), tx.Size()))
	}
	meta := tx.Bucket([]byte(metaBucket))
	if meta == nil {
		if name, _ := tx.Cursor().First(); name == nil {
			return nil // made, but nothing was written yet
		}
		return about(fault.CodeStoreNotOurs, path, errors.New("a bbolt file with other buckets"))
	}
	if string(meta.Get([]byte(magicKey))) != magic {
		return about(fault.CodeStoreNotOurs, path, errors.New("the magic text differs"))
	}
	return checkLayout(meta.Get([]byte(layoutKey)))
}

func checkLayout(value []byte) error {
	switch {
	case len(value) != 1:
		return damaged("its layout is not told")
	case value[0] > layout:
		return fault.Wrap(fault.Unavailable, fault.CodeNewerFormat,
			fmt.Errorf("the file has layout %d, this program reads up to %d", value[0], layout))
	default:
		return nil
	}
}
