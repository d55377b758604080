package boltledger_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/ledger/ledgertest"
)

func TestMain(m *testing.M) {
	if ledgertest.IsChild() {
		os.Exit(ledgertest.RunChild(open))
	}
	os.Exit(m.Run())
}

// open opens a store that looks often whether its file was replaced.
func open(path string) (ledger.Ledger, error) {
	l, err := boltledger.Open(path, boltledger.Options{Watch: 20 * time.Millisecond})
	if err != nil {
		return nil, err
	}
	return l, nil
}

func mustOpen(tb testing.TB, path string) *boltledger.Ledger {
	tb.Helper()
	l, err := boltledger.Open(path, boltledger.Options{})
	if err != nil {
		tb.Fatalf("opening %s: %v", path, err)
	}
	tb.Cleanup(func() { l.Close() })
	return l
}

func mustClose(tb testing.TB, l ledger.Ledger) {
	tb.Helper()
	if err := l.Close(); err != nil {
		tb.Fatalf("closing: %v", err)
	}
}

func mustAppend(tb testing.TB, l ledger.Ledger, after ledger.Position, commits []*ledger.Commit) {
	tb.Helper()
	if n, err := l.Append(tb.Context(), after, commits); n != len(commits) || err != nil {
		tb.Fatalf("%d of %d durable, %v", n, len(commits), err)
	}
}

// newStore returns an empty store in a folder of the test's.
func newStore(t *testing.T) *ledgertest.Store {
	t.Helper()
	return storeWith(t, boltledger.Options{Watch: 20 * time.Millisecond})
}

// newShortStore returns one whose index is brought up to date every few changes.
func newShortStore(t *testing.T) *ledgertest.Store {
	t.Helper()
	return storeWith(t, boltledger.ShortTail(boltledger.Options{Watch: 20 * time.Millisecond}))
}

func storeWith(t *testing.T, opts boltledger.Options) *ledgertest.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dalil.db")
	open := func() (ledger.Ledger, error) {
		l, err := boltledger.Open(path, opts)
		if err != nil {
			return nil, err
		}
		return l, nil
	}
	return &ledgertest.Store{
		Open:   open,
		Target: path,
		Replace: func(tb testing.TB, commits []*ledger.Commit) {
			tb.Helper()
			if err := os.Rename(path, path+".old"); err != nil {
				tb.Fatal(err)
			}
			l := mustOpen(tb, path)
			mustAppend(tb, l, ledger.Position{}, commits)
			mustClose(tb, l)
		},
		PlantNewer: func(tb testing.TB, after ledger.Position, _ directory.Ref, _ uint64) {
			tb.Helper()
			plantNewer(tb, path, after)
		},
		Tear: func(tb testing.TB, after ledger.Position, commits []*ledger.Commit) {
			tb.Helper()
			tear(tb, path, open, after, commits)
		},
		Bytes: func(tb testing.TB) []byte {
			tb.Helper()
			return readFile(tb, path)
		},
	}
}

func readFile(tb testing.TB, path string) []byte {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func writeFile(tb testing.TB, path string, data []byte) {
	tb.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		tb.Fatal(err)
	}
}

// plantNewer writes a commit as a newer program might: only the places of format, time, token and hash are known.
func plantNewer(tb testing.TB, path string, after ledger.Position) {
	tb.Helper()
	update(tb, path, func(tx *bbolt.Tx) error {
		log, head, change := tx.Bucket([]byte("log")), boltledger.LogKey(after.Seq+1, 0), boltledger.LogKey(after.Seq+1, 1)
		newer := binary.BigEndian.AppendUint16(nil, ledger.Format+1)
		newer = append(newer, bytes.Repeat([]byte{0x11}, 90)...)
		if err := log.Put(head[:], newer); err != nil {
			return err
		}
		return log.Put(change[:], newer[:9])
	})
}

// update changes a file that no ledger has open.
func update(tb testing.TB, path string, fn func(*bbolt.Tx) error) {
	tb.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		tb.Fatal(err)
	}
	if err := db.Update(fn); err != nil {
		tb.Fatal(err)
	}
	if err := db.Close(); err != nil {
		tb.Fatal(err)
	}
}

// tear leaves the file as a process leaves it that dies while it writes a transaction: some of the new pages are there,
// and the meta page is still the old one, or half of the new one.
func tear(tb testing.TB, path string, open func() (ledger.Ledger, error), after ledger.Position, commits []*ledger.Commit) {
	tb.Helper()
	before, written := twoStates(tb, path, open, after, commits)
	page := os.Getpagesize()
	for at := 2 * page; at < len(written); at += page {
		if at < len(before) && rand.IntN(2) == 0 {
			copy(written[at:at+page], before[at:at+page])
		}
	}
	copy(written[:2*page], before[:2*page])
	writeFile(tb, path, written)
}

// twoStates appends commits, and returns the file from before and after.
func twoStates(tb testing.TB, path string, open func() (ledger.Ledger, error), after ledger.Position, commits []*ledger.Commit) (before, written []byte) {
	tb.Helper()
	before = readFile(tb, path)
	l, err := open()
	if err != nil {
		tb.Fatal(err)
	}
	mustAppend(tb, l, after, commits)
	mustClose(tb, l)
	return before, readFile(tb, path)
}
