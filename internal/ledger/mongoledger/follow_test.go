package mongoledger_test

import (
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
