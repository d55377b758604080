package backupfile_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/ledger/backupfile"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/ledger/ledgertest"
)

var made = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

// newStore returns an empty store in a folder of the test's.
func newStore(tb testing.TB) *boltledger.Ledger {
	tb.Helper()
	l, err := boltledger.Open(filepath.Join(tb.TempDir(), "dalil.db"), boltledger.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { l.Close() })
	return l
}

// filled returns a store with commits of every shape, one of them in parts.
func filled(tb testing.TB) *boltledger.Ledger {
	tb.Helper()
	l, scribe := newStore(tb), ledgertest.NewScribe(ledgertest.Seed(tb))
	for _, group := range [][]*ledger.Commit{scribe.Small(30), nil} {
		if group == nil {
			group = scribe.Group(1, ledger.InlineChanges+7, 0, 3)
		}
		if _, err := l.Append(tb.Context(), scribe.Position(), group); err != nil {
			tb.Fatal(err)
		}
		scribe.Learn(group...)
	}
	return l
}

// backup returns the bytes of a backup of a whole store.
func backup(tb testing.TB, l *boltledger.Ledger) []byte {
	tb.Helper()
	var b bytes.Buffer
	if _, err := backupfile.Write(tb.Context(), &b, l, backupfile.Options{Head: l.Head(), Made: made}); err != nil {
		tb.Fatalf("writing: %v", err)
	}
	return b.Bytes()
}

// read returns the commits of a file, and what ended its reading.
func read(ctx context.Context, file []byte) ([]*ledger.Commit, error) {
	r, err := backupfile.NewReader(bytes.NewReader(file), "file")
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var commits []*ledger.Commit
	err = r.Commits(ctx, 0, func(c *ledger.Commit) error {
		commits = append(commits, c)
		return nil
	})
	return commits, err
}

func commitsOf(tb testing.TB, s ledger.Source) []*ledger.Commit {
	tb.Helper()
	var commits []*ledger.Commit
	if err := s.Commits(tb.Context(), 0, func(c *ledger.Commit) error {
		commits = append(commits, c)
		return nil
	}); err != nil {
		tb.Fatal(err)
	}
	return commits
}

func TestAFileHoldsEveryCommitVerbatim(t *testing.T) {
	t.Parallel()
	l := filled(t)
	file := backup(t, l)
	got, err := read(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	ledgertest.SameCommits(t, got, commitsOf(t, l))
	r, err := backupfile.NewReader(bytes.NewReader(file), "file")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if h := r.Header(); h.Head != l.Head() || !h.Made.Equal(made) || h.Ledger != got[0].Ledger {
		t.Errorf("header %+v", h)
	}
}

func TestAFileIsRestoredIntoAnEmptyStoreAndVerifies(t *testing.T) {
	t.Parallel()
	l, to := filled(t), newStore(t)
	path := filepath.Join(t.TempDir(), "backup")
	if err := os.WriteFile(path, backup(t, l), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := backupfile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	report := func(f ledger.Finding) { t.Errorf("verify: %s", f) }
	if _, err := ledger.VerifyCommits(t.Context(), f, report); err != nil {
		t.Error(err)
	}
	if _, err := ledger.Copy(t.Context(), f, to, ledger.CopyOptions{}); err != nil {
		t.Fatal(err)
	}
	ledgertest.SameCommits(t, commitsOf(t, to), commitsOf(t, l))
	if _, err := ledger.Verify(t.Context(), to, report); err != nil {
		t.Error(err)
	}
}

func TestAFileEndsWhereItsHeadWasAndLeavesErasedTextsOut(t *testing.T) {
	t.Parallel()
	l, scribe := newStore(t), ledgertest.NewScribe(ledgertest.Seed(t))
	ref := directory.Ref{Kind: directory.Actors, ID: "gone"}
	for _, change := range []ledger.Change{
		{Op: ledger.Put, Ref: ref, JSON: []byte(`{"id":"gone","name":{"fr":"erased-text"}}`)},
		{Op: ledger.Erase, Ref: ref, JSON: []byte(`{"id":"gone"}`), Erased: []uint64{1}},
		{Op: ledger.Put, Ref: ref, JSON: []byte(`{"id":"gone","name":{"fr":"later"}}`)},
	} {
		c := scribe.Commit(change)
		if _, err := l.Append(t.Context(), scribe.Position(), []*ledger.Commit{c}); err != nil {
			t.Fatal(err)
		}
		scribe.Learn(c)
	}
	// The store was not told to drop the text yet.
	commits := commitsOf(t, l)
	var b bytes.Buffer
	if _, err := backupfile.Write(t.Context(), &b, l, backupfile.Options{Head: commits[1].Position(), Made: made}); err != nil {
		t.Fatal(err)
	}
	got, err := read(t.Context(), b.Bytes())
	if err != nil || len(got) != 2 {
		t.Fatalf("%d commits, %v", len(got), err)
	}
	if got[0].Changes[0].JSON != nil || got[0].Changes[0].Seal.Salt != (ledger.ID16{}) || got[1].Changes[0].JSON == nil {
		t.Errorf("changes %+v, %+v", got[0].Changes, got[1].Changes)
	}
}

func TestAnEmptyStoreIsRefused(t *testing.T) {
	t.Parallel()
	_, err := backupfile.Write(t.Context(), new(bytes.Buffer), newStore(t), backupfile.Options{Made: made})
	if !fault.Is(err, fault.CodeStoreEmpty) {
		t.Errorf("got %v", err)
	}
}

func TestEveryCutIsFoundAndSaysWhere(t *testing.T) {
	t.Parallel()
	file := backup(t, filled(t))
	step := max(1, len(file)/101)
	for n := 0; n < len(file); n += step {
		_, err := read(t.Context(), file[:n])
		code := fault.CodeBackupDamaged
		if n == 0 {
			code = fault.CodeBackupNotOurs
		}
		if !fault.Is(err, code) {
			t.Errorf("cut at %d of %d: %v", n, len(file), err)
		}
	}
	half, err := read(t.Context(), file[:len(file)/2])
	want := fmt.Sprintf("after commit %d of 34: the rest of it is missing", len(half))
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%q does not say %q", err, want)
	}
}

func TestEveryFlippedByteIsFound(t *testing.T) {
	t.Parallel()
	file := backup(t, filled(t))
	step := max(1, len(file)/101)
	for n := 0; n < len(file); n += step {
		spoilt := bytes.Clone(file)
		spoilt[n] ^= 0x20
		_, err := read(t.Context(), spoilt)
		if !fault.Is(err, fault.CodeBackupDamaged) && !fault.Is(err, fault.CodeBackupNotOurs) && !fault.Is(err, fault.CodeBackupNewer) {
			t.Errorf("byte %d of %d flipped: %v", n, len(file), err)
		}
	}
}

func TestWhatIsNotOursAndWhatIsNewerIsNamed(t *testing.T) {
	t.Parallel()
	file := backup(t, filled(t))
	tests := []struct {
		file []byte
		code fault.Code
	}{
		{nil, fault.CodeBackupNotOurs},
		{[]byte("SQLite format 3\x00"), fault.CodeBackupNotOurs},
		{bytes.Repeat([]byte{0}, 5_000), fault.CodeBackupNotOurs},
		{[]byte("DALIL BACKUP one\n"), fault.CodeBackupNotOurs},
		{[]byte("DALIL BACKUP 0\n"), fault.CodeBackupNotOurs},
		{[]byte("DALIL BA"), fault.CodeBackupDamaged},
		{[]byte("DALIL BACKUP 1\n"), fault.CodeBackupDamaged},
		{[]byte("DALIL BACKUP 1\nplain text"), fault.CodeBackupDamaged},
		{bytes.Replace(file, []byte("UP 1\n"), []byte("UP 2\n"), 1), fault.CodeBackupNewer},
		{append(bytes.Clone(file), "more"...), fault.CodeBackupDamaged},
		{append(bytes.Clone(file), file[len("DALIL BACKUP 1\n"):]...), fault.CodeBackupDamaged},
	}
	for _, tt := range tests {
		if _, err := read(t.Context(), tt.file); !fault.Is(err, tt.code) {
			t.Errorf("%.20q: %v, want %s", tt.file, err, tt.code)
		}
	}
}

func TestAReaderThatFailsIsNoDamage(t *testing.T) {
	t.Parallel()
	file := backup(t, filled(t))
	broken := errors.New("the disk is gone")
	r, err := backupfile.NewReader(&failing{bytes.NewReader(file[:len(file)/2]), broken}, "file")
	if err == nil {
		err = r.Commits(t.Context(), 0, func(*ledger.Commit) error { return nil })
		r.Close()
	}
	if !errors.Is(err, broken) || fault.Is(err, fault.CodeBackupDamaged) {
		t.Errorf("got %v", err)
	}
}

// failing fails where its reader ends.
type failing struct {
	*bytes.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if err != nil {
		err = f.err
	}
	return n, err
}

func TestReadingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	file := backup(t, filled(t))
	ctx, cancel := context.WithCancel(t.Context())
	r, err := backupfile.NewReader(bytes.NewReader(file), "file")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	n := 0
	err = r.Commits(ctx, 0, func(*ledger.Commit) error {
		n++
		cancel()
		return nil
	})
	if n != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d commits, %v", n, err)
	}
}
