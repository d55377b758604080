package service_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
	"dalil/internal/service"
)

// pair is a writer whose group of two is with the ledger.
type pair struct {
	service *service.Service
	inner   ledger.Ledger
	reached chan int
	answer  chan error // nil lets the append through, errDefect lets it panic
	first   [2]<-chan outcome
}

var errDefect = errors.New("a defect of the store's adapter")

// newPair starts a writer and lets it append a and b together.
func newPair(t *testing.T, change ...func(*service.Options)) *pair {
	t.Helper()
	p := &pair{inner: newMemoryLedger(), reached: make(chan int), answer: make(chan error)}
	held := &troubledLedger{Ledger: p.inner}
	held.trouble = func(ctx context.Context, after ledger.Position, commits []*ledger.Commit, next appender) (int, error) {
		if after.Seq > 0 { // not genesis
			p.reached <- len(commits)
			switch err := <-p.answer; {
			case errors.Is(err, errDefect):
				_, _ = next(ctx, after, commits)
				panic(err)
			case err != nil:
				return 0, err
			}
		}
		return next(ctx, after, commits)
	}
	p.service = openService(t, held, change...)
	opening := propose(t.Context(), p.service, newID("opening"))
	<-p.reached
	for i, id := range []string{"a", "b"} {
		p.first[i] = propose(t.Context(), p.service, newID(id))
		synctest.Wait()
	}
	p.answer <- nil
	mustTell(t, <-opening, 2)
	p.wantReached(t, 2)
	return p
}

func (p *pair) wantReached(t *testing.T, want int) {
	t.Helper()
	if n := <-p.reached; n != want {
		t.Errorf("%d commits came to the ledger, want %d", n, want)
	}
}

func mustTell(t *testing.T, o outcome, seq uint64) {
	t.Helper()
	if o.err != nil || o.done.Seq != seq {
		t.Errorf("a caller was told %d and %v, want %d", o.done.Seq, o.err, seq)
	}
}

func TestWhatIsJudgedAheadIsShownToNobodyBeforeItsTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t)
		judged := false
		next := propose(t.Context(), p.service, func(head *readmodel.Snapshot) (ledger.Draft, error) {
			judged = titleOf(head, "a") != "" && titleOf(head, "b") != ""
			return newID("c")(head)
		})
		refused := propose(t.Context(), p.service, newID("a"))
		synctest.Wait()
		if !judged {
			t.Error("c was not judged beside the append, on what a and b leave")
		}
		if len(refused) > 0 {
			t.Error("a refusal was told that rests on what is not durable")
		}
		if seq := p.service.Head().Position().Seq; seq != 2 {
			t.Errorf("the head lies at %d beside the append, want 2", seq)
		}
		p.answer <- nil
		p.wantReached(t, 1)
		mustTell(t, <-p.first[0], 3)
		mustTell(t, <-p.first[1], 4)
		synctest.Wait()
		if len(next) > 0 {
			t.Error("c was told before it is durable")
		}
		p.answer <- nil
		mustTell(t, <-next, 5)
		o := <-refused
		wantFault(t, o.err, fault.Conflict, fault.CodeIDTaken)
	})
}

func TestWhatWasJudgedAheadOfALostGroupIsJudgedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t)
		var rounds int
		next := propose(t.Context(), p.service, func(head *readmodel.Snapshot) (ledger.Draft, error) {
			rounds++
			if titleOf(head, "a") == "" {
				return ledger.Draft{}, fault.New(fault.NotFound, fault.CodeNotFound, nil)
			}
			return newID("c")(head)
		})
		duplicate := propose(t.Context(), p.service, newID("b"))
		synctest.Wait()
		p.answer <- fault.New(fault.Unavailable, fault.CodeStoreFull, nil) // clear: nothing was written
		p.wantReached(t, 1)
		for _, lost := range p.first {
			o := <-lost
			wantFault(t, o.err, fault.Unavailable, fault.CodeStoreFull)
		}
		p.answer <- nil
		mustTell(t, <-duplicate, 3) // the b before it never came to be
		o := <-next
		wantFault(t, o.err, fault.NotFound, fault.CodeNotFound)
		if rounds != 2 {
			t.Errorf("c was judged %d times, want once ahead and once again", rounds)
		}
	})
}

func TestACallerThatLeavesAheadOfItsTurnIsToldThatNothingWasWritten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t)
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		leaves := propose(short, p.service, newID("leaves"))
		stays := propose(t.Context(), p.service, newID("stays"))
		synctest.Wait()
		o := <-leaves
		wantFault(t, o.err, fault.Unavailable, fault.CodeNotWritten)
		p.answer <- nil
		p.wantReached(t, 1)
		p.answer <- nil
		mustTell(t, <-stays, 5)
		if titleOf(p.service.Head(), "leaves") != "" {
			t.Error("what its caller was told is not written was written")
		}
	})
}

func TestWhatWasJudgedAheadIsNotWrittenWhenTheStoreFailsForGood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t)
		next := propose(t.Context(), p.service, newID("c"))
		synctest.Wait()
		p.answer <- ledger.ErrFatal
		for _, lost := range p.first {
			o := <-lost
			wantFault(t, o.err, fault.Unavailable, fault.CodeOutcomeUnknown)
		}
		o := <-next
		wantFault(t, o.err, fault.Unavailable, fault.CodeNotWritten)
		if err := <-p.service.Fatal(); !errors.Is(err, ledger.ErrFatal) {
			t.Errorf("the service ended for %v", err)
		}
	})
}

func TestAWriterThatDiesBesideItsJudgingTellsNobodyThatNothingWasWritten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t)
		next := propose(t.Context(), p.service, newID("c"))
		synctest.Wait()
		p.answer <- errDefect
		for _, unknown := range p.first {
			o := <-unknown
			wantFault(t, o.err, fault.Unavailable, fault.CodeOutcomeUnknown)
		}
		o := <-next
		wantFault(t, o.err, fault.Unavailable, fault.CodeNotWritten)
		if err := <-p.service.Fatal(); err == nil {
			t.Error("the service ended without a reason")
		}
		if n := len(checkChain(t, p.inner)); n != 4 {
			t.Errorf("the ledger holds %d commits, want 4", n)
		}
	})
}

func TestWhatWasJudgedAheadIsJudgedAgainWhenAnotherNodeWasFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t)
		next := propose(t.Context(), p.service, newID("c"))
		same := propose(t.Context(), p.service, newID("theirs"))
		synctest.Wait()
		theirs := openService(t, p.inner)
		mustCommit(t, theirs, newID("theirs"))
		p.answer <- nil
		p.wantReached(t, 3) // all again, in their order
		p.answer <- nil
		mustTell(t, <-p.first[0], 4)
		mustTell(t, <-p.first[1], 5)
		mustTell(t, <-next, 6)
		o := <-same
		wantFault(t, o.err, fault.Conflict, fault.CodeIDTaken)
		checkChain(t, p.inner)
	})
}

func TestCallersThatLeaveWhileAGroupIsJudgedDoNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t)
		const many = 5
		var leave [many]context.CancelFunc
		var left [many]<-chan outcome
		for i := range many {
			ctx, cancel := context.WithCancel(t.Context())
			leave[i], left[i] = cancel, propose(ctx, p.service, newID("leaves"+string(rune('0'+i))))
			synctest.Wait()
		}
		rounds := 0
		stays := propose(t.Context(), p.service, func(head *readmodel.Snapshot) (ledger.Draft, error) {
			if rounds < many {
				leave[rounds]()
				<-left[rounds]
			}
			rounds++
			return newID("stays")(head)
		})
		synctest.Wait()
		p.answer <- nil
		<-p.reached
		p.answer <- nil
		o := <-stays
		if o.err != nil || rounds != 2 {
			t.Errorf("the one that stays was judged %d times and told %v, want once ahead and once again", rounds, o.err)
		}
		for _, cancel := range leave {
			cancel()
		}
	})
}

func TestACommitIsNotDatedLongBeforeItWasAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t)
		time.Sleep(10 * time.Second) // a slow store
		asked := time.Now()
		next := propose(t.Context(), p.service, newID("c"))
		synctest.Wait()
		p.answer <- nil
		p.wantReached(t, 1)
		p.answer <- nil
		o := <-next
		if o.err != nil || o.done.Commit.At.Before(asked.Add(-time.Second)) {
			t.Errorf("what was asked for at %v has the time of %v, error %v", asked, o.done.Commit.At, o.err)
		}
	})
}

func TestAWriterThatDiesBesideAnAppendWaitsForItAndTellsItsCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dies := false
		p := newPair(t, func(o *service.Options) {
			o.Observer.Waited = func(time.Duration) {
				if dies {
					panic("a defect beside an append")
				}
			}
		})
		dies = true
		next := propose(t.Context(), p.service, newID("c"))
		synctest.Wait()
		p.answer <- nil
		mustTell(t, <-p.first[0], 3)
		mustTell(t, <-p.first[1], 4)
		o := <-next
		wantFault(t, o.err, fault.Unavailable, fault.CodeUnavailable)
		if err := <-p.service.Fatal(); err == nil {
			t.Error("the service ended without a reason")
		}
	})
}
