package mongoledger_test

import (
	"slices"
	"testing"
	"time"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/ledger/ledgertest"
	"dalil/internal/ledger/mongoledger"
)

// polling are the options of a ledger on a server without change streams.
var polling = mongoledger.Options{Patience: quick.Patience, Poll: 5 * time.Millisecond, PollOnly: true}

func TestByPollingAloneFollowTellsWhatAnotherNodeAppends(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	follower, writer := open(t, d.uri, polling), open(t, d.uri, quick)
	told := make(chan *ledger.Commit)
	go func() {
		_ = follower.Follow(t.Context(), ledger.Position{}, func(c *ledger.Commit) error {
			told <- c
			return nil
		})
		close(told)
	}()
	for range 30 {
		for _, c := range scribe.Small(2) {
			mustAppend(t, writer, scribe, c)
			if got := <-told; got.Hash != c.Hash {
				t.Fatalf("told commit %d, want %d", got.Seq, c.Seq)
			}
		}
	}
	_ = follower.Close()
	if c, more := <-told; more {
		t.Errorf("commit %d is told again", c.Seq)
	}
}

// A change stream rests while only this node appends. What another node appends after that must not wait for the look
// that comes every ten seconds anyway.
func TestAfterMuchWritingOfItsOwnANodeHearsOfAnothersCommitAtOnce(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	busy, other := open(t, d.uri, quick), open(t, d.uri, quick)
	told := make(chan *ledger.Commit, 1_000)
	go func() {
		_ = busy.Follow(t.Context(), ledger.Position{}, func(c *ledger.Commit) error {
			told <- c
			return nil
		})
	}()
	hear := func(c *ledger.Commit) time.Duration {
		t.Helper()
		began := time.Now()
		for {
			select {
			case got := <-told:
				if got.Hash == c.Hash {
					return time.Since(began)
				}
			case <-time.After(5 * time.Second):
				t.Fatalf("commit %d is not told of", c.Seq)
			}
		}
	}
	var idle, after []time.Duration
	for range 10 {
		for range 30 {
			mustAppend(t, busy, scribe, scribe.Small(5)...)
		}
		for _, took := range []*[]time.Duration{&after, &idle} { // at once, and when nothing has happened for a while
			c := scribe.Small(1)[0]
			mustAppend(t, other, scribe, c)
			*took = append(*took, hear(c))
			time.Sleep(300 * time.Millisecond)
		}
	}
	slices.Sort(idle)
	slices.Sort(after)
	t.Logf("told of after %v (median; at most %v), and right after much writing %v (%v)", idle[5], idle[9], after[5], after[9])
}

func TestByPollingAloneAStoreThatIsEmptiedIsNoticed(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	l := open(t, d.uri, polling)
	mustAppend(t, l, scribe, scribe.Small(3)...)
	d.settled(t)
	err := l.Follow(t.Context(), ledger.Position{}, func(c *ledger.Commit) error {
		if c.Seq == 3 {
			return d.Collection("commits").Drop(t.Context())
		}
		return nil
	})
	if !fault.Is(err, fault.CodeStoreReplaced) {
		t.Errorf("Follow ended with %v, want store_replaced", err)
	}
}

// A change stream that rests is told nothing of a store that is emptied: whether the own head stands is looked at when it
// opens again.
func TestAStoreThatIsEmptiedRightAfterMuchWritingIsNoticed(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	l := open(t, d.uri, quick)
	ended := make(chan error, 1)
	go func() {
		ended <- l.Follow(t.Context(), ledger.Position{}, func(*ledger.Commit) error { return nil })
	}()
	for range 200 {
		mustAppend(t, l, scribe, scribe.Small(1)...)
	}
	if err := d.Collection("commits").Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !fault.Is(err, fault.CodeStoreReplaced) {
		t.Errorf("Follow ended with %v, want store_replaced", err)
	}
}
