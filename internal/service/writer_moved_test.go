package service_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
	"dalil/internal/service"
)

func TestAMovedProposalRunsAgainOnWhatTheOtherNodeLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		held, reached, release := heldLedger(l)
		ours := openService(t, held)
		theirs := openService(t, l)
		first := propose(t.Context(), ours, newID("first"))
		<-reached
		taken := propose(t.Context(), ours, newID("same"))
		free := propose(t.Context(), ours, putSource("other", "Ours"))
		synctest.Wait()
		release <- struct{}{}
		<-first
		<-reached
		mustCommit(t, theirs, newID("same"))
		time.Sleep(5 * time.Second) // the clock goes on between the two rounds
		release <- struct{}{}
		<-reached
		release <- struct{}{}
		o := <-taken
		wantFault(t, o.err, fault.Conflict, fault.CodeIDTaken)
		o = <-free
		if o.err != nil || o.done.Seq != 4 {
			t.Fatalf("the other was told %+v", o)
		}
		entry, _ := ours.Head().Find(sourceRef("other"))
		head := entry.Record().Head()
		if head.Created.Seq != 4 || head.Updated.Seq != 4 || !head.Created.At.Equal(ours.Head().At()) {
			t.Errorf("stamps of an earlier round are left: %+v, %+v", head.Created, head.Updated)
		}
		checkChain(t, l)
	})
}

func TestStampsOfALostRoundDoNotStayInARecordThatIsProposedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		held, reached, release := heldLedger(l)
		ours := openService(t, held)
		theirs := openService(t, l)
		record := newSource("kept", "One pointer for every round", 1)
		told := propose(t.Context(), ours, func(*readmodel.Snapshot) (ledger.Draft, error) { return putDraft(record), nil })
		<-reached
		mustCommit(t, theirs, newID("theirs"))
		release <- struct{}{}
		<-reached
		release <- struct{}{}
		if o := <-told; o.err != nil || record.Created.Seq != o.done.Seq {
			t.Errorf("created at %d, committed as %+v", record.Created.Seq, o)
		}
	})
}

func TestTheDurablePartOfAGroupIsAnsweredAndTheRestRunsAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		held, reached, release := heldLedger(l)
		var theirs *service.Service
		cut := &troubledLedger{Ledger: held}
		cut.trouble = func(ctx context.Context, after ledger.Position, commits []*ledger.Commit, next appender) (int, error) {
			if len(commits) < 3 {
				return next(ctx, after, commits)
			}
			n, err := next(ctx, after, commits[:1])
			if err == nil { // another node comes in between
				if _, err := theirs.Commit(t.Context(), newID("theirs")); err != nil {
					t.Error(err)
				}
				err = ledger.ErrMoved
			}
			return n, err
		}
		ours := openService(t, cut)
		theirs = openService(t, l)
		first := propose(t.Context(), ours, newID("first"))
		<-reached
		var told []<-chan outcome
		for _, id := range []string{"a", "a", "b", "theirs"} {
			told = append(told, propose(t.Context(), ours, newID(id)))
			synctest.Wait()
		}
		release <- struct{}{}
		<-first
		<-reached
		release <- struct{}{}
		for i, want := range []uint64{3, 3} {
			if o := <-told[i]; o.done.Seq != want || o.done.Head.Position().Seq != 3 {
				t.Errorf("caller %d was told position %d with head %d", i, o.done.Seq, o.done.Head.Position().Seq)
			}
		}
		if n := <-reached; n != 1 {
			t.Errorf("%d commits go again, want that of b", n)
		}
		release <- struct{}{}
		if o := <-told[2]; o.err != nil || o.done.Seq != 5 {
			t.Errorf("b was told %+v", o)
		}
		o := <-told[3]
		wantFault(t, o.err, fault.Conflict, fault.CodeIDTaken)
		checkChain(t, l)
	})
}

func TestAProposalThatIsAlwaysMovedIsGivenUpAfterABound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &troubledLedger{Ledger: newMemoryLedger()}
		s := openService(t, l)
		l.trouble = func(context.Context, ledger.Position, []*ledger.Commit, appender) (int, error) {
			return 0, ledger.ErrMoved
		}
		rounds := 0
		_, err := s.Commit(t.Context(), func(*readmodel.Snapshot) (ledger.Draft, error) {
			rounds++
			return putDraft(newSource("report", "Title", 1)), nil
		})
		wantFault(t, err, fault.Unavailable, fault.CodeContention)
		if f, ok := errors.AsType[*fault.Error](err); !ok || f.RetryAfter == 0 {
			t.Error("the refusal does not say when to try again")
		}
		if rounds != service.MaxRounds {
			t.Errorf("it ran %d times, want %d", rounds, service.MaxRounds)
		}
		l.trouble = nil
		if done := mustCommit(t, s, newID("report")); done.Seq != 2 {
			t.Errorf("the next commit has position %d", done.Seq)
		}
	})
}

// journaledLedger takes a position at once, while what took it can be read, and is answered, when it is durable: as a
// server does that waits for its journal. Who was first could be first for ever.
type journaledLedger struct {
	*memoryLedger

	taking sync.Mutex
	taken  uint64
}

func (l *journaledLedger) Append(ctx context.Context, after ledger.Position, commits []*ledger.Commit) (int, error) {
	l.taking.Lock()
	free := after.Seq == l.taken
	if free {
		l.taken += uint64(len(commits))
	}
	l.taking.Unlock()
	if free {
		time.Sleep(2 * time.Millisecond)
		return l.memoryLedger.Append(ctx, after, commits)
	}
	for {
		others, grown := l.after(after.Seq)
		if len(others) > 0 {
			return 0, ledger.ErrMoved
		}
		<-grown
	}
}

func (l *journaledLedger) Commits(ctx context.Context, after uint64, yield func(*ledger.Commit) error) error {
	time.Sleep(200 * time.Microsecond)
	return l.memoryLedger.Commits(ctx, after, yield)
}

func TestBusyNodesAllGetTheirTurn(t *testing.T) {
	t.Parallel()
	for n, lead := range map[int]time.Duration{2: 101 * time.Millisecond, 4: 0} {
		synctest.Test(t, func(t *testing.T) {
			l := newMemoryLedger()
			slow := &journaledLedger{memoryLedger: l}
			until, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			wrote := make([]atomic.Int64, n)
			for node := range n {
				s := openService(t, slow)
				for caller := range 3 {
					go func() {
						time.Sleep(time.Duration(node) * lead) // so long the first is alone
						for i := 0; until.Err() == nil; i++ {
							_, err := s.Commit(t.Context(), newID(fmt.Sprintf("s-%d-%d-%d", node, caller, i)))
							if err != nil {
								t.Errorf("node %d of %d: %v", node, n, err)
								return
							}
							wrote[node].Add(1)
						}
					}()
				}
			}
			<-until.Done()
			time.Sleep(time.Second)
			total := len(checkChain(t, l))
			for node := range n {
				if got := wrote[node].Load(); got*int64(n)*4 < int64(total) {
					t.Errorf("node %d of %d wrote %d of %d commits", node, n, got, total)
				}
			}
		})
	}
}

func TestMovedProposalsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		held, reached, release := heldLedger(l)
		ours, theirs := openService(t, held), openService(t, l)
		first := propose(t.Context(), ours, newID("first"))
		<-reached
		var told []<-chan outcome
		for i := range 4 {
			told = append(told, propose(t.Context(), ours, newID(fmt.Sprintf("s-%d", i))))
			synctest.Wait()
		}
		release <- struct{}{}
		<-first
		<-reached
		mustCommit(t, theirs, newID("theirs"))
		release <- struct{}{}
		late := propose(t.Context(), ours, newID("late"))
		<-reached
		release <- struct{}{}
		for i, ch := range told {
			if o := <-ch; o.err != nil || o.done.Seq != uint64(i)+4 {
				t.Errorf("caller %d was told %+v", i, o)
			}
		}
		select {
		case <-reached: // the late one may have come with them, or after them
			release <- struct{}{}
		case o := <-late:
			if o.err != nil || o.done.Seq != 8 {
				t.Errorf("the late one was told %+v", o)
			}
		}
	})
}

func TestAMovedProposalWhoseCallerHasLeftIsNotWritten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		held, reached, release := heldLedger(l)
		ours := openService(t, held)
		theirs := openService(t, l)
		ctx, cancel := context.WithCancel(t.Context())
		told := propose(ctx, ours, newID("left"))
		<-reached
		mustCommit(t, theirs, newID("theirs"))
		cancel()
		o := <-told
		wantFault(t, o.err, fault.Unavailable, fault.CodeOutcomeUnknown)
		release <- struct{}{}
		synctest.Wait()
		if n := len(checkChain(t, l)); n != 2 {
			t.Errorf("the ledger holds %d commits, want genesis and theirs", n)
		}
	})
}
