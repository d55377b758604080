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

func mustOpen(t testing.TB, path string) *boltledger.Ledger {
	t.Helper()
	l, err := boltledger.Open(path, boltledger.Options{})
	if err != nil {
		t.Fatalf("opening %s: %v", path, err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func mustClose(t testing.TB, l ledger.Ledger) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatalf("closing: %v", err)
	}
}

func mustAppend(t testing.TB, l ledger.Ledger, after ledger.Position, commits []*ledger.Commit) {
	t.Helper()
	if n, err := l.Append(t.Context(), after, commits); n != len(commits) || err != nil {
		t.Fatalf("%d of %d durable, %v", n, len(commits), err)
	}
}

// newStore returns an empty store in a folder of the test's.
func newStore(t *testing.T) *ledgertest.Store {
	return storeWith(t, boltledger.Options{Watch: 20 * time.Millisecond})
}

// newShortStore returns one whose index is brought up to date every few changes.
func newShortStore(t *testing.T) *ledgertest.Store {
	return storeWith(t, boltledger.ShortTail(boltledger.Options{Watch: 20 * time.Millisecond}))
}

func storeWith(t *testing.T, opts boltledger.Options) *ledgertest.Store {
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
		Replace: func(t testing.TB, commits []*ledger.Commit) {
			if err := os.Rename(path, path+".old"); err != nil {
				t.Fatal(err)
			}
			l := mustOpen(t, path)
			mustAppend(t, l, ledger.Position{}, commits)
			mustClose(t, l)
		},
		PlantNewer: func(t testing.TB, after ledger.Position, _ directory.Ref, _ uint64) { plantNewer(t, path, after) },
		Tear: func(t testing.TB, after ledger.Position, commits []*ledger.Commit) {
			tear(t, path, open, after, commits)
		},
		Bytes: func(t testing.TB) []byte { return readFile(t, path) },
	}
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func writeFile(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// plantNewer writes a commit as a newer program might: only the places of format, time, token and hash are known.
func plantNewer(t testing.TB, path string, after ledger.Position) {
	t.Helper()
	update(t, path, func(tx *bbolt.Tx) error {
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
func update(t testing.TB, path string, fn func(*bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(fn); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// tear leaves the file as a process leaves it that dies while it writes a transaction: some of the new pages are there,
// and the meta page is still the old one, or half of the new one.
func tear(t testing.TB, path string, open func() (ledger.Ledger, error), after ledger.Position, commits []*ledger.Commit) {
	t.Helper()
	before, written := twoStates(t, path, open, after, commits)
	page := os.Getpagesize()
	for at := 2 * page; at < len(written); at += page {
		if at < len(before) && rand.IntN(2) == 0 {
			copy(written[at:at+page], before[at:at+page])
		}
	}
	copy(written[:2*page], before[:2*page])
	writeFile(t, path, written)
}

// twoStates appends commits, and returns the file from before and after.
func twoStates(t testing.TB, path string, open func() (ledger.Ledger, error), after ledger.Position, commits []*ledger.Commit) (before, written []byte) {
	t.Helper()
	before = readFile(t, path)
	l, err := open()
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, l, after, commits)
	mustClose(t, l)
	return before, readFile(t, path)
}
