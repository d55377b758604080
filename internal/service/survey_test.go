package service_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/service"
)

// reportingLedger is a ledger that tells how far it is.
type reportingLedger struct {
	ledger.Ledger
	reach atomic.Pointer[ledger.Reach] // nil: it does not tell
}

func (l *reportingLedger) Reach(context.Context) (ledger.Reach, error) {
	if reach := l.reach.Load(); reach != nil {
		return *reach, nil
	}
	return ledger.Reach{}, errors.New("no answer")
}

func TestTheLagIsWhatTheStoreWasLastSeenToHoldBeyondTheHead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &reportingLedger{Ledger: newMemoryLedger()}
		var failed []service.Task
		s := openService(t, l, func(o *service.Options) {
			o.Observer.Failed = func(task service.Task) { failed = append(failed, task) }
		})
		want := func(when string, head, projection uint64) {
			t.Helper()
			if h, p := s.Lag(); h != head || p != projection {
				t.Errorf("%s: lag %d and %d, want %d and %d", when, h, p, head, projection)
			}
		}
		want("before the first look", 0, 0)
		l.reach.Store(&ledger.Reach{Last: 5, Projected: 2})
		time.Sleep(service.SurveyGap)
		synctest.Wait()
		want("after a look", 4, 3)
		mustCommit(t, s, newID("a"))
		want("after a commit", 3, 3)
		l.reach.Store(nil)
		time.Sleep(service.SurveyGap)
		synctest.Wait()
		want("when the store does not tell", 3, 3)
		l.reach.Store(&ledger.Reach{Last: 1, Projected: 1})
		time.Sleep(service.SurveyGap)
		synctest.Wait()
		want("when the head is ahead of the last look", 0, 0)
		if diff := cmp.Diff([]service.Task{service.TaskSurvey}, failed); diff != "" {
			t.Errorf("failures told (-want +got):\n%s", diff)
		}
	})
}

func TestTheObserverHearsHowLongProposalsWaitAndWhatIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		held, reached, release := heldLedger(newMemoryLedger())
		full := &troubledLedger{Ledger: held}
		var waits []time.Duration
		refused := make(map[fault.Code]int)
		s := openService(t, full, func(o *service.Options) {
			o.Observer.Waited = func(d time.Duration) { waits = append(waits, d) }
			o.Observer.Refused = func(n int, why fault.Code) { refused[why] += n }
		})
		first := propose(t.Context(), s, newID("first"))
		<-reached
		second := propose(t.Context(), s, newID("second"))
		synctest.Wait()
		time.Sleep(3 * time.Second)
		full.trouble = func(context.Context, ledger.Position, []*ledger.Commit, appender) (int, error) {
			return 0, fault.New(fault.Unavailable, fault.CodeStoreFull, nil)
		}
		release <- struct{}{}
		<-first
		<-second
		synctest.Wait()
		if diff := cmp.Diff([]time.Duration{0, 0, 3 * time.Second}, waits); diff != "" {
			t.Errorf("waits of genesis and two proposals (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[fault.Code]int{fault.CodeStoreFull: 1}, refused); diff != "" {
			t.Errorf("refusals told (-want +got):\n%s", diff)
		}
	})
}
