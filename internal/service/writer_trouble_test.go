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
	"dalil/internal/readmodel"
	"dalil/internal/service"
)

func TestWithoutAClearAnswerTheSameCommitsAreAppendedAgain(t *testing.T) {
	t.Parallel()
	unclear := map[string]error{
		"a lost answer":     ledger.ErrUnclear,
		"a wrapped one":     fault.Wrap(fault.Unavailable, fault.CodeOutcomeUnknown, ledger.ErrUnclear),
		"an unclassified":   errUnclassified,
		"a passed deadline": context.DeadlineExceeded,
	}
	for name, failure := range unclear {
		for _, applied := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, applied %t", name, applied), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					l := newMemoryLedger()
					lossy := &troubledLedger{Ledger: l}
					s := openService(t, lossy)
					var token ledger.ID16
					tries := 0
					lossy.trouble = func(ctx context.Context, after ledger.Position, commits []*ledger.Commit, next appender) (int, error) {
						if tries++; tries > 1 && (commits[0].Token != token || after.Seq != 1) {
							t.Error("another commit or another position was tried")
						}
						if token = commits[0].Token; tries == 4 {
							return next(ctx, after, commits)
						}
						if applied {
							_, _ = next(ctx, after, commits)
						}
						return 0, failure
					}
					told := propose(t.Context(), s, newID("report"))
					synctest.Wait()
					if got := s.Head().Position().Seq; got != 1 {
						t.Errorf("position %d was published without a clear answer", got)
					}
					wantFault(t, s.Ready(), fault.Unavailable, fault.CodeUnavailable)
					if o := <-told; o.err != nil || o.done.Seq != 2 {
						t.Errorf("the caller was told %+v", o)
					}
					if n := len(checkChain(t, l)); n != 2 || tries != 4 {
						t.Errorf("%d commits after %d tries, want 2 after 4", n, tries)
					}
					if err := s.Ready(); err != nil {
						t.Errorf("not ready after a clear answer: %v", err)
					}
				})
			})
		}
	}
}

func TestACallerWhoseDeadlinePassesIsToldWhatIsKnown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		held, reached, release := heldLedger(l)
		s := openService(t, held)
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		taken := propose(short, s, newID("taken"))
		<-reached
		waiting := propose(short, s, newID("waiting"))
		patient := propose(t.Context(), s, newID("patient"))
		o := <-taken
		wantFault(t, o.err, fault.Unavailable, fault.CodeOutcomeUnknown)
		o = <-waiting
		wantFault(t, o.err, fault.Unavailable, fault.CodeNotWritten)
		late, err := s.Commit(short, newID("late"))
		wantFault(t, err, fault.Unavailable, fault.CodeNotWritten)
		if late.Head == nil || late.Seq != 1 {
			t.Errorf("the late one came with %+v", late)
		}
		release <- struct{}{}
		<-reached
		release <- struct{}{}
		if o := <-patient; o.err != nil || o.done.Seq != 3 {
			t.Errorf("the patient one was told %+v", o)
		}
		// The writer went on without its caller; what was never taken was never written.
		for id, want := range map[string]bool{"taken": true, "waiting": false, "late": false, "patient": true} {
			if got := titleOf(s.Head(), id) != ""; got != want {
				t.Errorf("%s is there: %t, want %t", id, got, want)
			}
		}
	})
}

func TestAClearFailureIsToldAndLeavesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		full := &troubledLedger{Ledger: l}
		s := openService(t, full)
		full.trouble = func(context.Context, ledger.Position, []*ledger.Commit, appender) (int, error) {
			return 0, fault.New(fault.Unavailable, fault.CodeStoreFull, nil)
		}
		_, err := s.Commit(t.Context(), newID("report"))
		wantFault(t, err, fault.Unavailable, fault.CodeStoreFull)
		full.trouble = nil
		if done := mustCommit(t, s, newID("report")); done.Seq != 2 {
			t.Errorf("the same id was committed as %d after the failure", done.Seq)
		}
	})
}

func TestAnAppendThatMeetsANewerFormatEndsWriting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &troubledLedger{Ledger: newMemoryLedger()}
		s := openService(t, l)
		l.trouble = func(context.Context, ledger.Position, []*ledger.Commit, appender) (int, error) {
			return 0, ledger.NewerFormat(2, ledger.Format+1)
		}
		_, err := s.Commit(t.Context(), newID("report"))
		wantFault(t, err, fault.Unavailable, fault.CodeNewerFormat)
		wantFault(t, s.Ready(), fault.Unavailable, fault.CodeNewerFormat)
	})
}

func TestAStoreThatFailedForGoodEndsTheService(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		broken := &troubledLedger{Ledger: newMemoryLedger()}
		s := openService(t, broken)
		broken.trouble = func(context.Context, ledger.Position, []*ledger.Commit, appender) (int, error) {
			return 0, fmt.Errorf("syncing: %w", ledger.ErrFatal)
		}
		_, err := s.Commit(t.Context(), newID("report"))
		wantFault(t, err, fault.Unavailable, fault.CodeOutcomeUnknown)
		if err := <-s.Fatal(); !errors.Is(err, ledger.ErrFatal) {
			t.Errorf("the service ended for %v", err)
		}
		_, err = s.Commit(t.Context(), newID("another"))
		wantFault(t, err, fault.Unavailable, fault.CodeUnavailable)
		if s.Ready() == nil {
			t.Error("the service says it is ready")
		}
		if s.Head().Position().Seq != 1 {
			t.Error("reads do not go on at the last durable head")
		}
	})
}

func TestAWriterThatDiesEndsTheServiceAndTellsNobodyThatNothingWasWritten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		broken := &troubledLedger{Ledger: l}
		s := openService(t, broken)
		reached, release := make(chan struct{}), make(chan struct{})
		broken.trouble = func(ctx context.Context, after ledger.Position, commits []*ledger.Commit, next appender) (int, error) {
			close(reached)
			<-release
			_, _ = next(ctx, after, commits)
			panic("a defect of the store's adapter")
		}
		taken := propose(t.Context(), s, newID("taken"))
		<-reached
		waiting := propose(t.Context(), s, newID("waiting"))
		synctest.Wait()
		close(release)
		o := <-taken
		wantFault(t, o.err, fault.Unavailable, fault.CodeOutcomeUnknown)
		o = <-waiting
		wantFault(t, o.err, fault.Unavailable, fault.CodeUnavailable)
		if err := <-s.Fatal(); err == nil {
			t.Error("the service ended without a reason")
		}
		if n := len(checkChain(t, l)); n != 2 {
			t.Errorf("the ledger holds %d commits, want 2", n)
		}
	})
}

func TestAnErrorThatNoStoreShouldGiveEndsTheServiceInTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		odd := &troubledLedger{Ledger: newMemoryLedger()}
		s := openService(t, odd)
		odd.trouble = func(context.Context, ledger.Position, []*ledger.Commit, appender) (int, error) {
			return 0, errUnclassified
		}
		_, err := s.Commit(t.Context(), newID("report"))
		wantFault(t, err, fault.Unavailable, fault.CodeOutcomeUnknown)
		if err := <-s.Fatal(); !errors.Is(err, errUnclassified) {
			t.Errorf("the service ended for %v", err)
		}
	})
}

func TestAChangeThatNoStoreCouldHoldIsADefectOfItsProposalAlone(t *testing.T) {
	t.Parallel()
	s := openService(t, newMemoryLedger())
	for _, bad := range []ledger.DraftChange{
		{Op: "", Record: newSource("report", "Title", 1)},
		{Op: ledger.Put, Record: newSource("", "Title", 1)},
	} {
		_, err := s.Commit(t.Context(), func(*readmodel.Snapshot) (ledger.Draft, error) {
			return ledger.Draft{Author: author(), Changes: []ledger.DraftChange{bad}}, nil
		})
		if err == nil || fault.KindOf(err) != fault.Internal {
			t.Errorf("got %v", err)
		}
	}
	mustCommit(t, s, newID("report"))
}

func TestANodeWhoseClockLiesBehindWritesNothing(t *testing.T) {
	t.Parallel()
	for store, open := range map[string]func(testing.TB) ledger.Ledger{
		"in memory":  func(testing.TB) ledger.Ledger { return newMemoryLedger() },
		"on a file":  openBolt,
		"on MongoDB": openNewMongo,
	} {
		t.Run(store, func(t *testing.T) {
			t.Parallel()
			writesNothingBehind(t, open(t))
		})
	}
}

// writesNothingBehind sets the clock of a node before the last commit, a little and too much, and after it.
func writesNothingBehind(t *testing.T, l ledger.Ledger) {
	t.Helper()
	var now atomic.Pointer[time.Time]
	set := func(at time.Time) { now.Store(&at) }
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	set(noon)
	s := openService(t, l, func(o *service.Options) { o.Now = func() time.Time { return *now.Load() } })
	mustCommit(t, s, newID("noon"))

	set(noon.Add(-2 * time.Second))
	done := mustCommit(t, s, newID("a-little-behind"))
	if !done.Commit.At.Equal(noon) {
		t.Errorf("a commit lies at %v, before the one before it", done.Commit.At)
	}
	if err := s.Ready(); err != nil {
		t.Errorf("two seconds are allowed, and yet: %v", err)
	}

	set(noon.Add(-2*time.Second - time.Millisecond))
	_, err := s.Commit(t.Context(), newID("behind"))
	wantFault(t, err, fault.Unavailable, fault.CodeClock)
	wantFault(t, s.Ready(), fault.Unavailable, fault.CodeClock)

	set(noon.Add(time.Hour))
	mustCommit(t, s, newID("set-right"))
	if n := len(checkChain(t, l)); n != 4 {
		t.Errorf("the ledger holds %d commits, want 4", n)
	}
}
