package ledgertest

import (
	"context"
	"errors"
	"testing"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

func followCases() []testCase {
	return []testCase{
		{"Follow tells what is there and what comes, in order and once", followTellsAll},
		{"Follow tells what another node appends", followAnotherNode},
		{"Follow tells big commits whole", followBig},
		{"Follow ends with its context, when told to stop, and with the receiver's error", followEnds},
		{"Follow from a position that the store does not hold says that it was replaced", followFromNowhere},
		{"a store that is replaced under a running node is noticed", replacedUnderneath},
	}
}

// following is a Follow that runs in a goroutine.
type following struct {
	commits chan *ledger.Commit
	ended   chan error
	stop    context.CancelFunc
}

// follow starts following from a position. It ends with the test at the latest.
func follow(tb testing.TB, l ledger.Ledger, after ledger.Position) *following {
	tb.Helper()
	ctx, cancel := context.WithCancel(tb.Context())
	f := &following{commits: make(chan *ledger.Commit), ended: make(chan error, 1), stop: cancel}
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		f.ended <- l.Follow(ctx, after, func(c *ledger.Commit) error {
			select {
			case f.commits <- c:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	tb.Cleanup(func() {
		cancel()
		<-finished
	})
	return f
}

// take returns the next commits that Follow tells.
func (f *following) take(tb testing.TB, n int) []*ledger.Commit {
	tb.Helper()
	commits := make([]*ledger.Commit, 0, n)
	for len(commits) < n {
		commits = append(commits, receive(tb, "a commit from Follow", f.commits))
	}
	return commits
}

func followTellsAll(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	fromStart := follow(t, l, ledger.Position{})
	all := scribe.Small(10)
	mustAppend(t, l, scribe, all...)
	sameChain(t, fromStart.take(t, 10), all)
	fromHere := follow(t, l, scribe.Position())
	fromMiddle := follow(t, l, all[4].Position())
	for range 8 {
		group := scribe.Small(4)
		mustAppend(t, l, scribe, group...)
		all = append(all, group...)
		sameChain(t, fromStart.take(t, 4), group)
	}
	sameChain(t, fromHere.take(t, 32), all[10:])
	sameChain(t, fromMiddle.take(t, 37), all[5:])
	for _, f := range []*following{fromStart, fromHere, fromMiddle} {
		select {
		case c := <-f.commits:
			t.Errorf("commit %d is told again", c.Seq)
		case err := <-f.ended:
			t.Errorf("ended early: %v", err)
		default:
		}
	}
}

func followAnotherNode(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	f := follow(t, t.another(t, l), ledger.Position{})
	var all []*ledger.Commit
	for range 20 {
		group := scribe.Small(3)
		mustAppend(t, l, scribe, group...)
		all = append(all, group...)
	}
	sameChain(t, f.take(t, len(all)), all)
}

func followBig(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	f := follow(t, t.another(t, l), ledger.Position{})
	all := scribe.Group(1, ledger.InlineChanges+1, 2, 2*ledger.InlineChanges)
	mustAppend(t, l, scribe, all...)
	sameChain(t, f.take(t, len(all)), all)
}

func followEnds(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	mustAppend(t, l, scribe, scribe.Small(5)...)
	idle := follow(t, l, scribe.Position())
	busy := follow(t, l, ledger.Position{})
	busy.take(t, 2)
	for _, f := range []*following{idle, busy} {
		f.stop()
		wantError(t, receive(t, "the end of Follow", f.ended), context.Canceled)
	}
	n := 0
	if err := l.Follow(t.Context(), ledger.Position{}, func(*ledger.Commit) error { n++; return ledger.Stop }); err != nil || n != 1 {
		t.Errorf("told to stop: %d commits, error %v", n, err)
	}
	mine := errors.New("mine")
	wantError(t, l.Follow(t.Context(), ledger.Position{}, func(*ledger.Commit) error { return mine }), mine)
}

func followFromNowhere(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	all := scribe.Small(5)
	mustAppend(t, l, scribe, all...)
	beyond := ledger.Position{Seq: 6, Hash: all[4].Hash}
	other := ledger.Position{Seq: 3, Hash: all[4].Hash}
	for _, nowhere := range []ledger.Position{beyond, other} {
		err := l.Follow(t.Context(), nowhere, func(c *ledger.Commit) error {
			t.Errorf("commit %d is told", c.Seq)
			return ledger.Stop
		})
		wantCode(t, err, fault.CodeStoreReplaced)
	}
}

func replacedUnderneath(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	all := scribe.Small(5)
	mustAppend(t, l, scribe, all...)
	f := follow(t, l, ledger.Position{})
	sameChain(t, f.take(t, 5), all)

	elsewhere := NewScribe(scribe.Rand().Uint64())
	theirs := elsewhere.Small(9)
	t.Replace(t, theirs)

	var err error
	for err == nil { // a node may tell commits of the new store before it sees that they are not its own log's
		select {
		case <-f.commits:
		case err = <-f.ended:
		}
	}
	wantCode(t, err, fault.CodeStoreReplaced)
	n, err := l.Append(t.Context(), scribe.Position(), scribe.Small(1))
	if n != 0 || (!fault.Is(err, fault.CodeStoreReplaced) && !errors.Is(err, ledger.ErrMoved)) {
		t.Errorf("appending to the replaced store: %d durable, error %v, want store_replaced or ErrMoved", n, err)
	}
	shut(t, l)
	l = t.open(t)
	sameChain(t, readCommits(t, l, 0), theirs)
	noFindings(t, l)
}
