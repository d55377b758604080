package boltledger_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/ledger/ledgertest"
)

// A process may die, or the power fail, after any of the pages of a transaction has reached the file. This test makes
// each such file: the new pages one after the other, then a half of the new meta page, then all of it.
func TestATransactionThatIsCutOffAtAnyPageLeavesNoTrace(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]boltledger.Options{
		"log only": {}, "with the index": boltledger.ShortTail(boltledger.Options{}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cutOffAnywhere(t, opts)
		})
	}
}

func cutOffAnywhere(t *testing.T, opts boltledger.Options) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dalil.db")
	open := func() (ledger.Ledger, error) { return boltledger.Open(path, opts) }
	scribe := ledgertest.NewScribe(ledgertest.Seed(t))
	old := scribe.Group(5, 70, 3)
	writeFile(t, path, nil)
	_, _ = twoStates(t, path, open, ledger.Position{}, old)
	scribe.Learn(old...)
	added := scribe.Group(1, 60, 2, 2)
	before, written := twoStates(t, path, open, scribe.Position(), added)

	page, steps := os.Getpagesize(), 0
	torn := append(bytes.Clone(before), make([]byte, max(0, len(written)-len(before)))...)
	check := func(want []*ledger.Commit) {
		t.Helper()
		steps++
		writeFile(t, path, torn)
		l := mustOpen(t, path)
		defer mustClose(t, l)
		if _, err := ledger.Verify(t.Context(), l, func(f ledger.Finding) { t.Errorf("step %d: %s", steps, f) }); err != nil {
			t.Errorf("step %d: %v", steps, err)
		}
		if head := want[len(want)-1].Position(); l.Head() != head {
			t.Errorf("step %d: head %d, want %d", steps, l.Head().Seq, head.Seq)
		}
	}
	for at := 2 * page; at < len(written); at += page {
		if !bytes.Equal(torn[at:at+page], written[at:at+page]) {
			copy(torn[at:at+page], written[at:at+page])
			check(old)
		}
	}
	for at := 0; at < 2*page; at += page {
		if !bytes.Equal(torn[at:at+page], written[at:at+page]) {
			copy(torn[at:at+60], written[at:at+60]) // the head of the page and of its content, without the checksum
			check(old)
			copy(torn[at:at+page], written[at:at+page])
		}
	}
	check(append(old, added...))
	if steps < 6 {
		t.Errorf("only %d files were made", steps)
	}
}
