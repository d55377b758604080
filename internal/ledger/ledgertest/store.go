package ledgertest

import (
	"testing"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/raced"
)

// Store is one place for a ledger, empty at first and made anew for each case. The functions beside Open and Replace
// are called while no handle is open.
type Store struct {
	// Open opens a handle, the first or a further one. The suite closes it.
	Open func() (ledger.Ledger, error)
	// Target names the store to a child process, which opens it by the function given to RunChild.
	Target string
	// Shared tells whether several handles, here and in other processes, may be open at once. Where they may not,
	// opening a second one must be refused with a fault of code store_locked.
	Shared bool

	// Replace puts another store, which holds the commits, in this one's place while handles are open on it.
	Replace func(tb testing.TB, commits []*ledger.Commit)
	// PlantNewer adds a commit of format ledger.Format+1, with one change of a record, after the last one.
	PlantNewer func(tb testing.TB, after ledger.Position, ref directory.Ref, version uint64)
	// Tear appends the commits, the last of which changes a role that is there, the way a node does that dies in the
	// middle of it. Some of them may be durable then, and what the store keeps beside the log (a projection) may be
	// half-written.
	Tear func(tb testing.TB, after ledger.Position, commits []*ledger.Commit)
	// Bytes returns everything that the store keeps, for a search for texts that should be gone.
	Bytes func(tb testing.TB) []byte
}

// Opener makes an empty store, which goes with the test.
type Opener func(t *testing.T) *Store

// testCase is one thing that every ledger must do.
type testCase struct {
	name string
	run  func(t *test)
}

// test is one case that runs on a store of its own.
type test struct {
	*testing.T
	*Store
}

// part returns how much of a piece of work a case does. Under the race detector that is only some on a store that is a
// file; on one that is shared it is all, since the run without the race detector may lack the server that it needs.
func (t *test) part(all, some int) int {
	if t.Shared {
		return all
	}
	return raced.Part(all, some)
}

// Run runs every case on a store of its own.
func Run(t *testing.T, open Opener) {
	t.Helper()
	for _, cases := range [][]testCase{
		appendCases(), readCases(), parallelCases(), bigCases(), followCases(), formatCases(), redactCases(),
		closeCases(), tornCases(), keyUseCases(), markCases(), verifyCases(), copyCases(),
	} {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				c.run(&test{t, open(t)})
			})
		}
	}
}

// open opens a handle and closes it with the test.
func (s *Store) open(tb testing.TB) ledger.Ledger {
	tb.Helper()
	l, err := s.Open()
	if err != nil {
		tb.Fatalf("opening: %v", err)
	}
	tb.Cleanup(func() { _ = l.Close() })
	return l
}

// reopen closes a handle and opens another.
func (s *Store) reopen(tb testing.TB, l ledger.Ledger) ledger.Ledger {
	tb.Helper()
	shut(tb, l)
	return s.open(tb)
}

// another opens a second handle where the store allows it, and returns the first where it does not.
func (s *Store) another(tb testing.TB, l ledger.Ledger) ledger.Ledger {
	tb.Helper()
	if !s.Shared {
		return l
	}
	return s.open(tb)
}

func shut(tb testing.TB, l ledger.Ledger) {
	tb.Helper()
	if err := l.Close(); err != nil {
		tb.Fatalf("closing: %v", err)
	}
}
