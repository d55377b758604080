package boltledger

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"go.etcd.io/bbolt"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

const (
	lockTime  = 450 * time.Millisecond // bbolt tries again every 50 ms
	watchTime = time.Second
	fileMode  = 0o600
	leftover  = ".compact" // ends the name of a file that a compaction writes
)

// How much of the address space the file is mapped into, where there is enough: it costs no memory, and a file that
// grows within it need not wait for readers. Machines of 32 bits have less.
const (
	mapSize   int64 = 8 << 30
	mapSize32 int64 = 256 << 20
)

// Open opens the store at a path, and makes a new one where there is no file or an empty one. Its faults say what is
// the matter: store_locked, store_not_ours, store_damaged, newer_format, store_missing, store_no_folder,
// store_not_allowed.
func Open(path string, opts Options) (*Ledger, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Watch == 0 {
		opts.Watch = watchTime
	}
	if err := probe(path, opts); err != nil {
		return nil, err
	}
	if opts.tailLimit == 0 {
		opts.tailLimit = tailLimit
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // a compaction puts its file in the place of the file, not of a link to it
	}
	l := &Ledger{
		path: path, log: opts.Log, opts: opts,
		done: make(chan struct{}), writing: make(chan struct{}, 1), moved: make(chan struct{}),
	}
	db, file, err := openFile(path, opts)
	if err != nil {
		return nil, err
	}
	l.db, l.file = db, file
	if err := l.begin(); err != nil {
		_ = guarded(db.Close) // the error at hand says more
		return nil, err
	}
	return l, nil
}

// openFile opens a file for reading and writing, and tells which file it was.
func openFile(path string, opts Options) (*bbolt.DB, os.FileInfo, error) {
	options := &bbolt.Options{
		Timeout:         lockTime,
		FreelistType:    bbolt.FreelistMapType,
		InitialMmapSize: initialMap(),
		MaxSize:         int(opts.MaxBytes),
		NoStatistics:    true,
	}
	db, info, err := openBolt(path, options)
	if errors.Is(err, syscall.ENOMEM) { // the address space is limited
		options.InitialMmapSize = 0
		db, info, err = openBolt(path, options)
	}
	switch {
	case fault.Is(err, fault.CodeStoreDamaged):
		return nil, nil, err
	case isFull(err):
		return nil, nil, full(err)
	case err != nil:
		return nil, nil, opening(path, err)
	}
	return db, info, nil
}

// openBolt opens a file by bbolt, and tells which file it was. When bbolt panics it leaves the file open and locked;
// both end here.
func openBolt(path string, options *bbolt.Options) (db *bbolt.DB, info os.FileInfo, err error) {
	var file *os.File
	options.OpenFile = func(name string, flag int, mode os.FileMode) (*os.File, error) {
		var err error
		if file, err = os.OpenFile(name, flag, mode); err != nil {
			return nil, err //nolint:wrapcheck // opening judges it
		}
		info, err = file.Stat()
		return file, err //nolint:wrapcheck // as above
	}
	err = guarded(func() (err error) {
		db, err = bbolt.Open(path, fileMode, options)
		return err //nolint:wrapcheck // as above
	})
	if err != nil && file != nil {
		unlock(file) // the mapping that a panic leaves behind holds the lock even when the file is closed
		_ = file.Close()
	}
	return db, info, err
}

// initialMap is how much of the address space the file is mapped into. Windows would make the file as long.
func initialMap() int {
	size := mapSize
	switch {
	case runtime.GOOS == "windows":
		return 0
	case strconv.IntSize < 64:
		size = mapSize32
	}
	return int(size)
}

// begin makes the buckets of a new file and reads the head of an old one.
func (l *Ledger) begin() error {
	if err := os.Remove(l.path + leftover); err != nil && !errors.Is(err, fs.ErrNotExist) {
		l.log.Warn("a file that a compaction left behind cannot be removed", slog.String("file", l.path+leftover), slog.Any("error", err))
	}
	if l.isNew() {
		if err := l.create(); err != nil {
			return err
		}
	}
	return l.view(l.readEnd)
}

// readEnd reads the head, and what the revisions do not tell of yet.
func (l *Ledger) readEnd(tx *bbolt.Tx) error {
	var err error
	if l.head, err = end(tx); err != nil {
		return err
	}
	var last uint64
	if l.tail, last, err = readTail(tx, l.head.Seq); err != nil {
		return err
	}
	log := tx.Bucket([]byte(logBucket))
	if last < l.head.Seq {
		head, err := headAt(log, last+1)
		if err != nil {
			return err
		}
		l.newer = ledger.NewerFormat(last+1, formatOf(head))
	}
	l.readable, err = positionAt(log, last)
	return err
}

func (l *Ledger) isNew() bool {
	isNew := false
	_ = l.view(func(tx *bbolt.Tx) error {
		isNew = tx.Bucket([]byte(metaBucket)) == nil
		return nil
	})
	return isNew
}

// create writes the buckets, and makes the file's name durable.
func (l *Ledger) create() error {
	err := guarded(func() error {
		return l.db.Update(func(tx *bbolt.Tx) error {
			for _, name := range []string{metaBucket, logBucket, revisionsBucket, keyUsesBucket} {
				if _, err := tx.CreateBucket([]byte(name)); err != nil {
					return err //nolint:wrapcheck // wrapped below
				}
			}
			meta := tx.Bucket([]byte(metaBucket))
			if err := meta.Put([]byte(layoutKey), []byte{layout}); err != nil {
				return err //nolint:wrapcheck // wrapped below
			}
			return meta.Put([]byte(magicKey), []byte(magic))
		})
	})
	if err == nil {
		err = syncFolder(l.path)
	}
	switch {
	case isFull(err):
		return full(err)
	case err != nil:
		return fmt.Errorf("making a new store: %w", err)
	default:
		return nil
	}
}
