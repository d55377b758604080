package ledgertest

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// mustAppend appends commits after what the scribe knows, which must work at once, and lets it learn them.
func mustAppend(tb testing.TB, l ledger.Ledger, s *Scribe, commits ...*ledger.Commit) {
	tb.Helper()
	n, err := l.Append(tb.Context(), s.Position(), commits)
	if n != len(commits) || err != nil {
		tb.Fatalf("appending %d commits after %d: %d are durable, %v", len(commits), s.Position().Seq, n, err)
	}
	s.Learn(commits...)
}

// readCommits returns the durable commits after a position.
func readCommits(tb testing.TB, l ledger.Ledger, after uint64) []*ledger.Commit {
	tb.Helper()
	var commits []*ledger.Commit
	err := l.Commits(tb.Context(), after, func(c *ledger.Commit) error {
		commits = append(commits, c)
		return nil
	})
	if err != nil {
		tb.Fatalf("reading commits after %d: %v", after, err)
	}
	return commits
}

// SameCommits compares commits member by member. What a store may return either way, an empty list or nil, is equal;
// a text that is gone and an empty one are not.
func SameCommits(tb testing.TB, got, want []*ledger.Commit) {
	tb.Helper()
	isText := func(p cmp.Path) bool { return p.Last().String() == ".JSON" }
	options := cmp.Options{
		cmpopts.IgnoreFields(ledger.Change{}, "Decoded"),
		cmp.FilterPath(func(p cmp.Path) bool { return !isText(p) }, cmpopts.EquateEmpty()),
		// Texts and digests at once: byte by byte takes minutes.
		cmp.FilterPath(isText, cmp.Comparer(sameText)),
		cmp.Comparer(func(a, b ledger.Digest) bool { return a == b }),
		cmp.Comparer(func(a, b ledger.ID16) bool { return a == b }),
	}
	if diff := cmp.Diff(want, got, options); diff != "" {
		tb.Errorf("commits differ (-want +got):\n%s", diff)
	}
}

// sameText compares texts; one that is gone is no empty one.
func sameText(a, b []byte) bool { return (a == nil) == (b == nil) && bytes.Equal(a, b) }

// sameChain sees that the commits follow one another, fit their hashes, and are those wanted, by their hashes.
func sameChain(tb testing.TB, got, want []*ledger.Commit) {
	tb.Helper()
	if len(got) != len(want) {
		tb.Fatalf("%d commits, want %d", len(got), len(want))
	}
	var prev ledger.Position
	for i, c := range got {
		if i == 0 {
			prev = ledger.Position{Seq: c.Seq - 1, Hash: c.Prev}
		}
		if err := c.Check(prev); err != nil {
			tb.Fatalf("commit %d: %v", c.Seq, err)
		}
		if c.Hash != want[i].Hash {
			tb.Fatalf("commit %d is another one", c.Seq)
		}
		for j := range c.Changes {
			if !sameText(c.Changes[j].JSON, want[i].Changes[j].JSON) {
				tb.Fatalf("commit %d: the text of change %d differs", c.Seq, j+1)
			}
		}
		prev = c.Position()
	}
}

// stateAfter returns the current records as commits leave them, by the plainest of loops.
func stateAfter(commits []*ledger.Commit) map[directory.Ref]ledger.Record {
	state := make(map[directory.Ref]ledger.Record)
	replay(state, commits)
	return state
}

// replay applies commits to records, and skips what is older than the record held.
func replay(state map[directory.Ref]ledger.Record, commits []*ledger.Commit) {
	for _, c := range commits {
		for i := range c.Changes {
			ch := &c.Changes[i]
			if held, ok := state[ch.Ref]; !ok || held.Version < ch.Version {
				state[ch.Ref] = ledger.Record{Ref: ch.Ref, Seq: c.Seq, Version: ch.Version, Op: ch.Op, JSON: ch.JSON}
			}
		}
	}
}

// load returns the checkpoint and its position.
func load(tb testing.TB, l ledger.Ledger) (map[directory.Ref]ledger.Record, ledger.Position) {
	tb.Helper()
	state := make(map[directory.Ref]ledger.Record)
	position, err := l.Load(tb.Context(), func(r ledger.Record) error {
		if _, twice := state[r.Ref]; twice {
			tb.Errorf("%s is loaded twice", r.Ref)
		}
		state[r.Ref] = r
		return nil
	})
	if err != nil {
		tb.Fatalf("loading: %v", err)
	}
	return state, position
}

// loadWhole returns the current records by Load and the Commits after it, and the position reached.
func loadWhole(tb testing.TB, l ledger.Ledger) (map[directory.Ref]ledger.Record, ledger.Position) {
	tb.Helper()
	state, position := load(tb, l)
	newest := uint64(0)
	for _, r := range state {
		newest = max(newest, r.Seq)
	}
	commits := readCommits(tb, l, position.Seq)
	replay(state, commits)
	if len(commits) > 0 {
		position = commits[len(commits)-1].Position()
	}
	if newest > position.Seq {
		tb.Errorf("a record was loaded from commit %d, which Commits does not tell yet: it ends at %d", newest, position.Seq)
	}
	return state, position
}

func sameState(tb testing.TB, got, want map[directory.Ref]ledger.Record) {
	tb.Helper()
	for ref, w := range want {
		g, ok := got[ref]
		switch {
		case !ok:
			tb.Errorf("%s is missing", ref)
		case g.Seq != w.Seq || g.Version != w.Version || g.Op != w.Op || !sameText(g.JSON, w.JSON):
			tb.Errorf("%s: got commit %d version %d %s %q, want commit %d version %d %s %q",
				ref, g.Seq, g.Version, g.Op, g.JSON, w.Seq, w.Version, w.Op, w.JSON)
		}
	}
	for ref := range got {
		if _, ok := want[ref]; !ok {
			tb.Errorf("%s is too much", ref)
		}
	}
}

// history returns the versions of a record up to a position.
func history(tb testing.TB, l ledger.Ledger, ref directory.Ref, upTo uint64) []ledger.Revision {
	tb.Helper()
	var revisions []ledger.Revision
	err := l.History(tb.Context(), ref, upTo, func(r ledger.Revision) error {
		revisions = append(revisions, r)
		return nil
	})
	if err != nil {
		tb.Fatalf("history of %s: %v", ref, err)
	}
	return revisions
}

// historyOf returns what History should tell.
func historyOf(commits []*ledger.Commit, ref directory.Ref, upTo uint64) []ledger.Revision {
	var revisions []ledger.Revision
	for _, c := range commits {
		for i := range c.Changes {
			ch := &c.Changes[i]
			if ch.Ref == ref && c.Seq <= upTo {
				revisions = append(revisions, ledger.Revision{
					Seq: c.Seq, At: c.At, Author: c.Author, Reason: c.Reason, Op: ch.Op, Version: ch.Version, JSON: ch.JSON,
				})
			}
		}
	}
	slices.Reverse(revisions)
	return revisions
}

// noFindings verifies a ledger, which must be without a flaw.
func noFindings(tb testing.TB, l ledger.Ledger) ledger.Summary {
	tb.Helper()
	summary, findings := verify(tb, l)
	for _, f := range findings {
		tb.Errorf("verify: %s", f)
	}
	return summary
}

func verify(tb testing.TB, l ledger.Ledger) (ledger.Summary, []ledger.Finding) {
	tb.Helper()
	var findings []ledger.Finding
	summary, err := ledger.Verify(tb.Context(), l, func(f ledger.Finding) { findings = append(findings, f) })
	if err != nil {
		tb.Fatalf("verifying: %v", err)
	}
	return summary, findings
}

// wantCode sees that an error is a fault with a code.
func wantCode(tb testing.TB, err error, code fault.Code) {
	tb.Helper()
	if !fault.Is(err, code) {
		tb.Errorf("got error %v, want a fault with code %s", err, code)
	}
}

func wantError(tb testing.TB, err, want error) {
	tb.Helper()
	if !errors.Is(err, want) {
		tb.Errorf("got error %v, want %v", err, want)
	}
}

// patience is how long the suite waits for what other goroutines and processes must do at last.
const patience = time.Minute

// eventually waits until a condition holds that another process or goroutine brings about.
func eventually(tb testing.TB, what string, holds func() bool) {
	tb.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-limit.C:
			tb.Fatalf("waited in vain: %s", what)
		}
	}
}

// receive waits for a value of a channel.
func receive[T any](tb testing.TB, what string, from <-chan T) T {
	tb.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case value := <-from:
		return value
	case <-limit.C:
		tb.Fatalf("waited in vain: %s", what)
		panic("unreachable")
	}
}
