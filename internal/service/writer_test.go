package service_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
	"dalil/internal/service"
)

func TestACommitIsPublishedBeforeItsCallerIsAnswered(t *testing.T) {
	t.Parallel()
	l := newMemoryLedger()
	s := openService(t, l)
	done := mustCommit(t, s, putSource("report", "First"))
	if done.Commit == nil || done.Seq != done.Commit.Seq || done.Seq != 2 {
		t.Fatalf("committed as %+v, want commit 2 after genesis", done)
	}
	if got := titleOf(s.Head(), "report"); got != "First" {
		t.Errorf("the head has the title %q", got)
	}
	if got := done.Head.Position().Seq; got < done.Seq {
		t.Errorf("the head given lies at %d, before the commit", got)
	}
	if commits := checkChain(t, l); len(commits) != 2 || commits[1].Token != done.Commit.Token {
		t.Errorf("the ledger holds %d commits, want genesis and the one answered", len(commits))
	}
}

func TestTheWriterStampsWhenByWhomAndWhere(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 123_456_789, time.FixedZone("somewhere", 3600))
	s := openService(t, newMemoryLedger(), func(o *service.Options) { o.Now = func() time.Time { return now } })
	mustCommit(t, s, putSource("report", "First"))
	mustCommit(t, s, putSource("report", "Second"))
	entry, _ := s.Head().Find(sourceRef("report"))
	at := directory.Time{Time: time.Date(2026, 3, 1, 11, 0, 0, 123_000_000, time.UTC)}
	want := directory.Envelope{
		ID: "report", Version: 2, Status: directory.Published, Visibility: directory.Public,
		Created: &directory.Stamp{At: at, By: "tester", Seq: 2},
		Updated: &directory.Stamp{At: at, By: "tester", Seq: 3},
	}
	if diff := cmp.Diff(want, *entry.Record().Head()); diff != "" {
		t.Errorf("envelope (-want +got):\n%s", diff)
	}
	text, err := directory.Encode(entry.Record())
	if err != nil || string(text) != string(entry.JSON()) {
		t.Errorf("the record and its text differ: %s, %s, %v", text, entry.JSON(), err)
	}
}

func TestARefusalSaysTheHeadItRestsOn(t *testing.T) {
	t.Parallel()
	l := newMemoryLedger()
	s := openService(t, l)
	mustCommit(t, s, newID("report"))
	done, err := s.Commit(t.Context(), newID("report"))
	wantFault(t, err, fault.Conflict, fault.CodeIDTaken)
	if done.Seq != 2 || done.Head == nil || done.Commit != nil {
		t.Errorf("the refusal came with %+v, want position 2 and a head", done)
	}
	nothing, err := s.Commit(t.Context(), func(*readmodel.Snapshot) (ledger.Draft, error) { return ledger.Draft{}, nil })
	if err != nil || nothing.Seq != 2 || nothing.Commit != nil {
		t.Errorf("a draft without changes gave %+v, %v", nothing, err)
	}
	if n := len(checkChain(t, l)); n != 2 {
		t.Errorf("the ledger holds %d commits, want 2", n)
	}
}

// heldLedger is a ledger whose next append waits until it is released.
func heldLedger(l ledger.Ledger) (held *troubledLedger, reached chan int, release chan struct{}) {
	reached, release = make(chan int), make(chan struct{})
	held = &troubledLedger{Ledger: l}
	held.trouble = func(ctx context.Context, after ledger.Position, commits []*ledger.Commit, next appender) (int, error) {
		if after.Seq > 0 { // not genesis
			reached <- len(commits)
			<-release
		}
		return next(ctx, after, commits)
	}
	return held, reached, release
}

func TestProposalsThatWaitShareOneAppendAndSeeEachOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		held, reached, release := heldLedger(newMemoryLedger())
		s := openService(t, held)
		first := propose(t.Context(), s, newID("first"))
		<-reached
		var told []<-chan outcome
		for _, id := range []string{"a", "b", "a", "first", "c"} {
			told = append(told, propose(t.Context(), s, newID(id)))
			synctest.Wait() // so that they wait in this order
		}
		release <- struct{}{}
		if o := <-first; o.err != nil || o.done.Seq != 2 {
			t.Errorf("the first was told %+v", o)
		}
		if n := <-reached; n != 3 {
			t.Errorf("the group has %d commits, want those of a, b and c", n)
		}
		synctest.Wait()
		for i, ch := range told {
			if len(ch) > 0 {
				t.Errorf("caller %d was answered before the group was durable", i)
			}
		}
		if got := s.Head().Position().Seq; got != 2 {
			t.Errorf("the head lies at %d before the group is durable", got)
		}
		release <- struct{}{}
		var seqs []uint64
		for i, ch := range told {
			o := <-ch
			seqs = append(seqs, o.done.Seq)
			if refused := i == 2 || i == 3; refused != fault.Is(o.err, fault.CodeIDTaken) || !refused && o.err != nil {
				t.Errorf("caller %d was told %v", i, o.err)
			}
		}
		if diff := cmp.Diff([]uint64{3, 4, 4, 4, 5}, seqs); diff != "" {
			t.Errorf("positions told (-want +got):\n%s", diff)
		}
	})
}

func TestAGroupIsBoundedInCountAndBytes(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("x", 200<<10)
	cases := map[string]struct {
		callers int
		note    string
		most    int
	}{
		"count": {service.MaxGroup + 5, "", service.MaxGroup},
		"bytes": {60, big, service.MaxGroupBytes/len(big) + 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				held, reached, release := heldLedger(newMemoryLedger())
				s := openService(t, held)
				first := propose(t.Context(), s, newID("first"))
				<-reached
				var told []<-chan outcome
				for i := range c.callers {
					told = append(told, propose(t.Context(), s, func(*readmodel.Snapshot) (ledger.Draft, error) {
						record := newSource(fmt.Sprintf("s%d", i), "Title", 1)
						record.Note = c.note
						return putDraft(record), nil
					}))
				}
				synctest.Wait()
				release <- struct{}{}
				<-first
				if n := <-reached; n != c.most {
					t.Errorf("the first group has %d commits, want %d", n, c.most)
				}
				synctest.Wait() // the others are judged meanwhile
				release <- struct{}{}
				if n := <-reached; n != c.callers-c.most {
					t.Errorf("the second group has %d commits, want the other %d", n, c.callers-c.most)
				}
				release <- struct{}{}
				for _, ch := range told {
					if o := <-ch; o.err != nil {
						t.Fatal(o.err)
					}
				}
			})
		})
	}
}

func TestAProposalThatPanicsHarmsNobodyElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		held, reached, release := heldLedger(l)
		s := openService(t, held)
		first := propose(t.Context(), s, newID("first"))
		<-reached
		before := propose(t.Context(), s, newID("before"))
		synctest.Wait()
		bad := propose(t.Context(), s, func(*readmodel.Snapshot) (ledger.Draft, error) { panic("secret of the implementation") })
		synctest.Wait()
		after := propose(t.Context(), s, newID("before"))
		synctest.Wait()
		release <- struct{}{}
		<-first
		<-reached
		release <- struct{}{}
		if o := <-before; o.err != nil {
			t.Errorf("the neighbour before was told %v", o.err)
		}
		if o := <-bad; o.err == nil || fault.KindOf(o.err) != fault.Internal {
			t.Errorf("the one that panicked was told %v", o.err)
		}
		o := <-after
		wantFault(t, o.err, fault.Conflict, fault.CodeIDTaken)
		if n := len(checkChain(t, l)); n != 3 {
			t.Errorf("the ledger holds %d commits, want 3", n)
		}
	})
}

func TestARecordOverTheLimitIsRefused(t *testing.T) {
	t.Parallel()
	l := newMemoryLedger()
	s := openService(t, l)
	_, err := s.Commit(t.Context(), func(*readmodel.Snapshot) (ledger.Draft, error) {
		large := newSource("large", "Title", 1)
		large.Note = strings.Repeat("x", directory.MaxRecordBytes)
		return putDraft(newSource("small", "Title", 1), large), nil
	})
	if err == nil || !strings.Contains(err.Error(), fault.Message("en", fault.CodeRecordTooLarge, fault.Args{"max": fault.Size(directory.MaxRecordBytes)})) {
		t.Errorf("got %v", err)
	}
	if i, ok := service.ChangeRefused(err); !ok || i != 1 {
		t.Errorf("the refusal is about change %d, %t; want 1", i, ok)
	}
	if n := len(checkChain(t, l)); n != 1 {
		t.Errorf("the ledger holds %d commits, want genesis alone", n)
	}
}

func TestManyCallersGetConsecutivePositions(t *testing.T) {
	t.Parallel()
	const callers, each = 16, 50
	l := newMemoryLedger()
	s := openService(t, l)
	var mu sync.Mutex
	var seqs []uint64
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := range each {
				done, err := s.Commit(t.Context(), newID(fmt.Sprintf("s-%d-%d", c, i)))
				if err != nil {
					t.Errorf("caller %d: %v", c, err)
					return
				}
				mu.Lock()
				seqs = append(seqs, done.Seq)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(seqs)
	for i, seq := range seqs {
		if seq != uint64(i)+2 {
			t.Fatalf("position %d was told at place %d", seq, i)
		}
	}
	if n := len(checkChain(t, l)); n != callers*each+1 {
		t.Errorf("the ledger holds %d commits, want %d", n, callers*each+1)
	}
}

func TestTheObserverSeesGroups(t *testing.T) {
	t.Parallel()
	var commits int
	s := openService(t, newMemoryLedger(), func(o *service.Options) {
		o.Observer.Appended = func(n int, _ time.Duration) { commits += n }
	})
	mustCommit(t, s, newID("a"))
	mustCommit(t, s, newID("b"))
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if commits != 3 {
		t.Errorf("the observer saw %d commits, want genesis and two", commits)
	}
}
