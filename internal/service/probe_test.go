package service_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/service"
)

// frozenLedger is a ledger whose store can stand still: nothing breaks, and nothing is answered.
type frozenLedger struct {
	ledger.Ledger
	frozen atomic.Bool
}

func (l *frozenLedger) wait(ctx context.Context) error {
	if !l.frozen.Load() {
		return nil
	}
	<-ctx.Done()
	return fmt.Errorf("no answer: %w", ctx.Err())
}

func (l *frozenLedger) Append(ctx context.Context, after ledger.Position, commits []*ledger.Commit) (int, error) {
	if err := l.wait(ctx); err != nil {
		return 0, fmt.Errorf("%w: %w", ledger.ErrUnclear, err)
	}
	return l.Ledger.Append(ctx, after, commits)
}

func (l *frozenLedger) Commits(ctx context.Context, after uint64, yield func(*ledger.Commit) error) error {
	if err := l.wait(ctx); err != nil {
		return err
	}
	return l.Ledger.Commits(ctx, after, yield)
}

// noticed is how long a node may take to see that its store stands still, and that it is back.
const noticed = service.ProbeGap + service.ProbeTime

func TestANodeWhoseStoreStandsStillIsNotReadyUntilItAnswersAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &frozenLedger{Ledger: newMemoryLedger()}
		s := openService(t, l)
		time.Sleep(10 * noticed)
		if err := s.Ready(); err != nil {
			t.Fatalf("not ready while the store answers: %v", err)
		}
		for round := range 3 {
			l.frozen.Store(true)
			time.Sleep(noticed)
			synctest.Wait()
			wantFault(t, s.Ready(), fault.Unavailable, fault.CodeUnavailable)

			began := time.Now()
			_, err := s.Commit(t.Context(), newID("nobody"))
			wantNotWritten(t, err)
			if waited := time.Since(began); waited > 0 {
				t.Errorf("a write waited %v for a store that is known to be away", waited)
			}
			time.Sleep(time.Hour)
			wantFault(t, s.Ready(), fault.Unavailable, fault.CodeUnavailable)

			l.frozen.Store(false)
			time.Sleep(noticed)
			synctest.Wait()
			if err := s.Ready(); err != nil {
				t.Fatalf("not ready when the store answers again: %v", err)
			}
			mustCommit(t, s, newID(fmt.Sprintf("round-%d", round)))
		}
		if titleOf(s.Head(), "nobody") != "" {
			t.Error("what was refused was written")
		}
	})
}

// wantNotWritten wants a refusal that says that nothing was written, and when to try again.
func wantNotWritten(t *testing.T, err error) {
	t.Helper()
	wantFault(t, err, fault.Unavailable, fault.CodeNotWritten)
	if f, ok := errors.AsType[*fault.Error](err); !ok || f.RetryAfter == 0 {
		t.Errorf("the refusal does not say when to try again: %#v", f)
	}
}

func TestAStoreThatStandsStillInTheMiddleOfAWriteIsWaitedForAndNobodyElseWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &frozenLedger{Ledger: newMemoryLedger()}
		s := openService(t, l)
		l.frozen.Store(true)
		patient := propose(t.Context(), s, newID("patient"))
		short, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		synctest.Wait()
		hurried, waiting := propose(short, s, newID("hurried")), propose(t.Context(), s, newID("waiting"))
		o := <-hurried
		wantNotWritten(t, o.err)
		began := time.Now()
		o = <-waiting
		wantNotWritten(t, o.err)
		if waited := time.Since(began); waited > noticed {
			t.Errorf("it waited %v for a store that is known to be away", waited)
		}
		_, err := s.Commit(t.Context(), newID("late"))
		wantNotWritten(t, err)
		l.frozen.Store(false)
		mustTell(t, <-patient, 2)
		if err := s.Ready(); err != nil {
			t.Errorf("not ready after a write: %v", err)
		}
		if n := s.Head().Position().Seq; n != 2 {
			t.Errorf("the head lies at %d, want 2", n)
		}
	})
}

func TestAnAppendThatCannotReachTheStoreMakesTheNodeNotReady(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &troubledLedger{Ledger: newMemoryLedger()}
		s := openService(t, l)
		l.trouble = func(context.Context, ledger.Position, []*ledger.Commit, appender) (int, error) {
			return 0, fault.New(fault.Unavailable, fault.CodeStoreUnreachable, nil)
		}
		_, err := s.Commit(t.Context(), newID("report"))
		wantNotWritten(t, err)
		wantFault(t, s.Ready(), fault.Unavailable, fault.CodeUnavailable)
		l.trouble = nil
		time.Sleep(2 * time.Second) // until it is asked, which it answers
		synctest.Wait()
		if err := s.Ready(); err != nil {
			t.Errorf("not ready though the store answers: %v", err)
		}
		mustCommit(t, s, newID("report"))
	})
}
