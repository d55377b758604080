package boltledger_test

import (
	"errors"
	"path/filepath"
	"testing"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/ledger/ledgertest"
)

func TestAFileAtItsLimitTakesNothingAndLosesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "dalil.db")
	fill(t, path, boltledger.Options{MaxBytes: 18 << 20})
	goOn(t, path, boltledger.Options{})
}

// fill appends until there is no room, a few times over with the same handle, and sees that what was acknowledged is
// there, by this handle and by another.
func fill(t *testing.T, path string, opts boltledger.Options) {
	t.Helper()
	l, err := boltledger.Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, l)
	scribe := ledgertest.NewScribe(ledgertest.Seed(t))
	for refusals := 0; refusals < 5; {
		group := scribe.Group(100, 300)
		n, err := l.Append(t.Context(), scribe.Position(), group)
		if err == nil {
			scribe.Learn(group...)
			continue
		}
		refusals++
		if n != 0 || !fault.Is(err, fault.CodeStoreFull) || errors.Is(err, ledger.ErrFatal) {
			t.Fatalf("%d durable, error %v, want a fault with code store_full", n, err)
		}
		if l.Head() != scribe.Position() {
			t.Fatalf("head %d, want %d", l.Head().Seq, scribe.Position().Seq)
		}
	}
	if scribe.Position().Seq < 10 {
		t.Fatalf("only %d commits had room", scribe.Position().Seq)
	}
	verified(t, l, scribe.Position())
}

// goOn opens a store that has room again and appends to it.
func goOn(t *testing.T, path string, opts boltledger.Options) {
	t.Helper()
	l, err := boltledger.Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, l)
	verified(t, l, l.Head())
	scribe := ledgertest.NewScribe(ledgertest.Seed(t))
	err = l.Commits(t.Context(), 0, func(c *ledger.Commit) error { scribe.Learn(c); return nil })
	if err != nil {
		t.Fatal(err)
	}
	group := scribe.Group(100, 300)
	mustAppend(t, l, scribe.Position(), group)
	verified(t, l, group[1].Position())
}

// verified sees that a ledger is sound up to a head.
func verified(tb testing.TB, l ledger.Ledger, head ledger.Position) {
	tb.Helper()
	summary, err := ledger.Verify(tb.Context(), l, func(f ledger.Finding) { tb.Errorf("verify: %s", f) })
	if err != nil || summary.Head != head {
		tb.Errorf("verified up to %d, want %d, %v", summary.Head.Seq, head.Seq, err)
	}
}
