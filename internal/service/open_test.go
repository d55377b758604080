package service_test

import (
	"context"
	"crypto/sha256"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
	"dalil/internal/service"
)

func TestCloseWritesWhatWaitsAndTakesNothingMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		held, reached, release := heldLedger(newMemoryLedger())
		s := openService(t, held)
		first := propose(t.Context(), s, newID("first"))
		<-reached
		second := propose(t.Context(), s, newID("second"))
		synctest.Wait()
		closed := make(chan error, 1)
		go func() { closed <- s.Close(t.Context()) }()
		synctest.Wait()
		_, err := s.Commit(t.Context(), newID("late"))
		wantFault(t, err, fault.Unavailable, fault.CodeNotReady)
		release <- struct{}{}
		<-reached
		release <- struct{}{}
		for _, told := range []<-chan outcome{first, second} {
			if o := <-told; o.err != nil {
				t.Errorf("what was waiting was told %v", o.err)
			}
		}
		if err := <-closed; err != nil {
			t.Errorf("closing: %v", err)
		}
	})
}

func TestCloseGivesUpAtItsDeadlineAndCallersAreToldWhatIsKnown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		silent := &troubledLedger{Ledger: newMemoryLedger()}
		s := openService(t, silent)
		silent.trouble = func(ctx context.Context, _ ledger.Position, _ []*ledger.Commit, _ appender) (int, error) {
			<-ctx.Done()
			return 0, ledger.ErrUnclear
		}
		taken := propose(t.Context(), s, newID("taken"))
		synctest.Wait()
		waiting := propose(t.Context(), s, newID("waiting"))
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began := time.Now()
		if err := s.Close(ctx); err != nil {
			t.Errorf("closing: %v", err)
		}
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("closing took %v, want the 3 s it was given", took)
		}
		o := <-taken
		wantFault(t, o.err, fault.Unavailable, fault.CodeOutcomeUnknown)
		o = <-waiting
		wantFault(t, o.err, fault.Unavailable, fault.CodeNotReady)
	})
}

func TestCloseDoesNotWaitForAStoreThatHeedsNoContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		stuck := &troubledLedger{Ledger: newMemoryLedger()}
		s := openService(t, stuck)
		release := make(chan struct{})
		stuck.trouble = func(context.Context, ledger.Position, []*ledger.Commit, appender) (int, error) {
			<-release
			return 0, ledger.ErrUnclear
		}
		told := propose(t.Context(), s, newID("taken"))
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		wantFault(t, s.Close(ctx), fault.Unavailable, fault.CodeOutcomeUnknown)
		close(release)
		o := <-told
		wantFault(t, o.err, fault.Unavailable, fault.CodeOutcomeUnknown)
	})
}

// withRequest proposes a source as the answer to an idempotent request.
func withRequest(id string) service.Propose {
	return func(*readmodel.Snapshot) (ledger.Draft, error) {
		d := putDraft(newSource(id, "Title", 1))
		d.Request = &ledger.Request{Digest: sha256.Sum256([]byte(id)), Status: 201}
		return d, nil
	}
}

func TestReceiptsAreKeptForADayAcrossStarts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		s := openService(t, l)
		mustCommit(t, s, withRequest("old"))
		time.Sleep(23 * time.Hour)
		mustCommit(t, s, withRequest("new"))
		for _, node := range []*service.Service{s, openService(t, l)} {
			for _, id := range []string{"old", "new"} {
				if _, ok := node.Head().Receipt(sha256.Sum256([]byte(id))); !ok {
					t.Errorf("the receipt of %s is lost", id)
				}
			}
		}
		time.Sleep(2 * time.Hour)
		mustCommit(t, s, newID("later"))
		for _, node := range []*service.Service{s, openService(t, l)} {
			if _, ok := node.Head().Receipt(sha256.Sum256([]byte("old"))); ok {
				t.Error("a receipt is kept for more than a day")
			}
			if _, ok := node.Head().Receipt(sha256.Sum256([]byte("new"))); !ok {
				t.Error("a receipt is lost within a day")
			}
		}
	})
}

// laggingLedger gives a checkpoint that is complete up to an early position only, though some of its records are
// newer, and at first hides the last commit: a majority does not have it yet.
type laggingLedger struct {
	*memoryLedger

	complete uint64
	asked    atomic.Int64
}

func (l *laggingLedger) Load(ctx context.Context, yield func(ledger.Record) error) (ledger.Position, error) {
	if _, err := l.memoryLedger.Load(ctx, yield); err != nil {
		return ledger.Position{}, err
	}
	return l.position(l.complete), nil
}

func (l *laggingLedger) Commits(ctx context.Context, after uint64, yield func(*ledger.Commit) error) error {
	hidden := uint64(len(l.commits))
	if l.asked.Add(1) > 3 {
		hidden++
	}
	return l.memoryLedger.Commits(ctx, after, func(c *ledger.Commit) error {
		if c.Seq == hidden {
			return ledger.Stop
		}
		return yield(c)
	})
}

func TestNoHeadIsPublishedBelowTheNewestRecordOfTheCheckpoint(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		s := openService(t, l)
		for _, title := range []string{"First", "Second", "Third"} {
			mustCommit(t, s, putSource("report", title))
		}
		mustCommit(t, s, newID("last"))
		for _, complete := range []uint64{0, 1, 3} {
			started := openService(t, &laggingLedger{memoryLedger: l, complete: complete})
			entry, _ := started.Head().Find(sourceRef("report"))
			if at := started.Head().Position(); at != l.position(5) || entry.Version() != 3 || titleOf(started.Head(), "last") == "" {
				t.Errorf("complete up to %d: the head lies at %d, the report has version %d", complete, at.Seq, entry.Version())
			}
		}
	})
}

func TestAStoreThatLostTheCommitOfItsCheckpointIsNotServed(t *testing.T) {
	t.Parallel()
	l := newMemoryLedger()
	mustCommit(t, openService(t, l), newID("report"))
	_, err := tryOpen(t, &lossyLedger{l})
	if !fault.Is(err, fault.CodeStoreDamaged) {
		t.Errorf("it was opened with %v", err)
	}
}

// lossyLedger has a checkpoint, and not the commit that it rests on.
type lossyLedger struct{ *memoryLedger }

func (l *lossyLedger) Commits(ctx context.Context, after uint64, yield func(*ledger.Commit) error) error {
	return l.memoryLedger.Commits(ctx, max(after, 2), yield)
}

func TestTheNumberOfWaitingProposalsIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		held, reached, release := heldLedger(newMemoryLedger())
		s := openService(t, held)
		told := []<-chan outcome{propose(t.Context(), s, newID("first"))}
		<-reached
		for _, id := range []string{"a", "b", "c"} {
			told = append(told, propose(t.Context(), s, newID(id)))
		}
		synctest.Wait()
		if got := s.Waiting(); got != 3 {
			t.Errorf("%d proposals wait, want 3", got)
		}
		release <- struct{}{}
		<-reached
		release <- struct{}{}
		for _, ch := range told {
			<-ch
		}
		if got := s.Waiting(); got != 0 {
			t.Errorf("%d proposals wait, want none", got)
		}
	})
}
