package mongoledger_test

import (
	"errors"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"dalil/internal/ledger"
	"dalil/internal/ledger/ledgertest"
	"dalil/internal/ledger/mongoledger"
	"dalil/internal/ledger/mongoledger/wireproxy"
)

func TestSweepDropsOnlyPartsThatCanBelongToNoCommit(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	l := open(t, d.uri, quick)
	size := ledger.InlineChanges + 200 // two parts
	lost := scribe.Group(size)
	kept := scribe.Group(size)
	mustAppend(t, l, scribe, kept...)
	if n, err := l.Append(t.Context(), ledger.Position{}, lost); n != 0 || !errors.Is(err, ledger.ErrMoved) {
		t.Fatalf("%d durable, %v, want 0 and ErrMoved", n, err)
	}
	waiting := scribe.Group(size) // of a writer that has not got to its commit yet
	proxied := unfinished(t, d, scribe.Position(), waiting)
	parts := d.Collection("commit_parts")
	wantParts := func(want int64) {
		t.Helper()
		if n, err := parts.CountDocuments(t.Context(), bson.D{}); n != want || err != nil {
			t.Errorf("%d parts, %v, want %d", n, err, want)
		}
	}
	wantParts(6)
	for _, step := range []struct {
		age  time.Duration
		want int
	}{{23 * time.Hour, 0}, {25 * time.Hour, 2}, {25 * time.Hour, 0}} {
		if n, err := l.Sweep(t.Context(), kept[0].At.Add(step.age)); n != step.want || err != nil {
			t.Errorf("after %v: %d swept, %v, want %d", step.age, n, err, step.want)
		}
	}
	wantParts(4)
	proxied()
	wantLog(t, l, append(kept, waiting...)...)
}

func TestOpenSweepsWithTheClockThatItIsGiven(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	l := open(t, d.uri, quick)
	lost := scribe.Group(ledger.InlineChanges + 1)
	mustAppend(t, l, scribe, scribe.Small(1)...)
	if _, err := l.Append(t.Context(), ledger.Position{}, lost); !errors.Is(err, ledger.ErrMoved) {
		t.Fatal(err)
	}
	open(t, d.uri, mongoledger.Options{Now: func() time.Time { return lost[0].At.Add(48 * time.Hour) }})
	for {
		n, err := d.Collection("commit_parts").CountDocuments(t.Context(), bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// unfinished writes the parts of a big commit on a node that gets no further, and returns what lets it.
func unfinished(t *testing.T, d *database, after ledger.Position, commits []*ledger.Commit) (finish func()) {
	t.Helper()
	proxy, uri := d.through(t)
	held := proxy.Inject(insertsOfCommits(wireproxy.Hold()))
	l := open(t, uri, quick)
	appended := make(chan error, 1)
	go func() {
		_, err := l.Append(t.Context(), after, commits)
		appended <- err
	}()
	<-held.Fired()
	return func() {
		t.Helper()
		held.Release()
		if err := <-appended; err != nil {
			t.Error(err)
		}
	}
}
