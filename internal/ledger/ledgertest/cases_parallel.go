package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

func parallelCases() []testCase {
	return []testCase{
		{"parallel appenders on one handle take each position once", parallelAppenders},
		{"parallel appenders on two nodes take each position once", parallelNodes},
		{"two processes that append at once lose nothing", parallelProcesses},
		{"a reader sees whole commits in order while others write", readerSeesWhole},
	}
}

// taken remembers which commit was acknowledged at each position.
type taken struct {
	mu      sync.Mutex
	commits map[uint64]ledger.Digest
}

func (k *taken) add(c *ledger.Commit) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, twice := k.commits[c.Seq]; twice {
		return fmt.Errorf("position %d was taken twice", c.Seq)
	}
	k.commits[c.Seq] = c.Hash
	return nil
}

// check sees that a ledger holds what was acknowledged and nothing else.
func (k *taken) check(tb testing.TB, l ledger.Ledger) {
	tb.Helper()
	commits := readCommits(tb, l, 0)
	if len(commits) != len(k.commits) {
		tb.Errorf("%d commits in the log, %d acknowledged", len(commits), len(k.commits))
	}
	for _, c := range commits {
		if k.commits[c.Seq] != c.Hash {
			tb.Errorf("commit %d is not the acknowledged one", c.Seq)
		}
	}
	summary := noFindings(tb, l)
	if summary.Commits != len(k.commits) {
		tb.Errorf("verify counts %d commits, %d acknowledged", summary.Commits, len(k.commits))
	}
}

// Appender appends random groups as fast as it can, as a writer does: when others were first it reads what they wrote
// and tries again; when there is no clear answer it asks again.
type Appender struct {
	Ledger ledger.Ledger
	Scribe *Scribe
	// Sizes returns the numbers of changes of the next group's commits.
	Sizes func() []int
	// Acknowledged is told each commit of its own that is durable; an error ends the run.
	Acknowledged func(*ledger.Commit) error
}

// Run appends until so many of its commits are durable, or ctx ends.
func (a *Appender) Run(ctx context.Context, commits int) error {
	for n := 0; n < commits; {
		group := a.Scribe.Group(a.Sizes()...)
		durable, err := a.Ledger.Append(ctx, a.Scribe.Position(), group)
		for errors.Is(err, ledger.ErrUnclear) && ctx.Err() == nil {
			durable, err = a.Ledger.Append(ctx, a.Scribe.Position(), group)
		}
		a.Scribe.Learn(group[:durable]...)
		for _, c := range group[:durable] {
			if err := a.Acknowledged(c); err != nil {
				return err
			}
		}
		n += durable
		switch {
		case errors.Is(err, ledger.ErrMoved):
			err = a.catchUp(ctx)
		case err == nil && durable != len(group):
			err = fmt.Errorf("%d of %d durable, without an error", durable, len(group))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *Appender) catchUp(ctx context.Context) error {
	err := a.Ledger.Commits(ctx, a.Scribe.Position().Seq, func(c *ledger.Commit) error {
		if err := c.Check(a.Scribe.Position()); err != nil {
			return fmt.Errorf("reading what another appended: commit %d: %w", c.Seq, err)
		}
		a.Scribe.Learn(c)
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading what another appended: %w", err)
	}
	return nil
}

// smallGroups returns sizes of groups of one to four small commits.
func smallGroups(s *Scribe) func() []int {
	return func() []int {
		sizes := make([]int, 1+s.Rand().IntN(4))
		for i := range sizes {
			sizes[i] = 1 + s.Rand().IntN(3)
		}
		return sizes
	}
}

// race lets appenders run at once on the handles, and returns what was acknowledged.
func race(tb testing.TB, handles []ledger.Ledger, each int) *taken {
	tb.Helper()
	seed := Seed(tb)
	got := &taken{commits: make(map[uint64]ledger.Digest)}
	var tasks sync.WaitGroup
	for i, l := range handles {
		scribe := NewScribe(seed + uint64(i))
		a := &Appender{Ledger: l, Scribe: scribe, Sizes: smallGroups(scribe), Acknowledged: got.add}
		tasks.Go(func() {
			if err := a.Run(tb.Context(), each); err != nil {
				tb.Errorf("appender %d: %v", i, err)
			}
		})
	}
	tasks.Wait()
	return got
}

func parallelAppenders(t *test) {
	l := t.open(t)
	got := race(t, []ledger.Ledger{l, l, l, l, l, l}, 40)
	got.check(t, l)
}

func parallelNodes(t *test) {
	l := t.open(t)
	if !t.Shared {
		_, err := t.Open()
		wantCode(t, err, fault.CodeStoreLocked)
	}
	other := t.another(t, l)
	got := race(t, []ledger.Ledger{l, other, l, other}, 50)
	got.check(t, l)
	got.check(t, other)
}

func parallelProcesses(t *test) {
	seed := Seed(t)
	l := t.open(t)
	got := &taken{commits: make(map[uint64]ledger.Digest)}
	var first *Child
	if t.Shared {
		first = startChild(t, t.Store, seed+1, 60, "small")
	} else {
		refused := startChild(t, t.Store, seed+1, 60, "small")
		if line := refused.Line(t); line != "locked" {
			t.Errorf("a second process says %q, want locked", line)
		}
	}
	scribe := NewScribe(seed)
	a := &Appender{Ledger: l, Scribe: scribe, Sizes: smallGroups(scribe), Acknowledged: got.add}
	if err := a.Run(t.Context(), 60); err != nil {
		t.Fatal(err)
	}
	if !t.Shared {
		shut(t, l)
		first = startChild(t, t.Store, seed+2, 60, "small")
	}
	for _, ack := range first.Finish(t) {
		if err := got.add(&ledger.Commit{Seq: ack.Seq, Hash: ack.Hash}); err != nil {
			t.Error(err)
		}
	}
	if !t.Shared {
		l = t.open(t)
	}
	got.check(t, l)
}

func readerSeesWhole(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	reader := t.another(t, l)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		a := &Appender{Ledger: l, Scribe: scribe, Sizes: smallGroups(scribe), Acknowledged: func(*ledger.Commit) error { return nil }}
		done <- a.Run(ctx, 300)
	}()
	at := ledger.Position{}
	for running := true; running; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			running = false // and look once more
		default:
		}
		for _, c := range readCommits(t, reader, at.Seq) {
			if err := c.Check(at); err != nil {
				t.Fatalf("after %d: %v", at.Seq, err)
			}
			at = c.Position()
		}
	}
	if at != scribe.Position() {
		t.Errorf("the reader has come to %d, the writer to %d", at.Seq, scribe.Position().Seq)
	}
}
