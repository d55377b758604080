package service_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
	"dalil/internal/service"
)

func TestCommitsOfAnotherNodeArriveAndOurOwnAreNotAppliedTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		ours, theirs := openService(t, l), openService(t, l)
		mustCommit(t, theirs, putSource("report", "Theirs"))
		mustCommit(t, ours, putSource("report", "Ours"))
		mustCommit(t, theirs, putSource("report", "Theirs again"))
		synctest.Wait()
		for _, s := range []*service.Service{ours, theirs} {
			entry, _ := s.Head().Find(sourceRef("report"))
			if entry.Version() != 3 || titleOf(s.Head(), "report") != "Theirs again" || s.Head().Position().Seq != 4 {
				t.Errorf("a node holds version %d at %d", entry.Version(), s.Head().Position().Seq)
			}
		}
	})
}

func TestAtLeastWaitsForAPositionAndSaysSoWhenItDoesNotCome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		ours, theirs := openService(t, l), openService(t, l)
		synctest.Wait()
		got := make(chan uint64, 1)
		go func() {
			head, err := ours.AtLeast(t.Context(), 2)
			if err != nil {
				t.Error(err)
			} else {
				got <- head.Position().Seq
			}
		}()
		time.Sleep(time.Second)
		mustCommit(t, theirs, newID("report"))
		if seq := <-got; seq != 2 {
			t.Errorf("waited until %d, want 2", seq)
		}

		began := time.Now()
		_, err := ours.AtLeast(t.Context(), 99)
		wantFault(t, err, fault.Unavailable, fault.CodePositionNotReached)
		if f, ok := errors.AsType[*fault.Error](err); !ok || f.RetryAfter == 0 || f.Args["have"] != uint64(2) {
			t.Errorf("the refusal is %#v", f)
		}
		if waited := time.Since(began); waited != 2*time.Second {
			t.Errorf("waited %v, want 2 s", waited)
		}

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = ours.AtLeast(ctx, 99)
		wantFault(t, err, fault.Timeout, fault.CodeTimeout)
	})
}

// appendRaw appends a commit that no service has made.
func appendRaw(t *testing.T, l ledger.Ledger, change func(*ledger.Commit)) {
	t.Helper()
	commits := checkChain(t, l)
	last := commits[len(commits)-1]
	record := newSource("raw", "Raw", 1)
	text, err := directory.Encode(record)
	if err != nil {
		t.Fatal(err)
	}
	c := &ledger.Commit{
		At: last.At, Author: author(), Token: ledger.NewID16(),
		Changes: []ledger.Change{{Op: ledger.Put, Ref: sourceRef("raw"), Version: 1, JSON: text}},
	}
	c.Seal(last.Position())
	change(c)
	if _, err := l.Append(t.Context(), last.Position(), []*ledger.Commit{c}); err != nil {
		t.Fatal(err)
	}
}

func TestACommitOfANewerFormatEndsWritingWhileReadsGoOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		running := openService(t, l)
		mustCommit(t, running, newID("report"))
		appendRaw(t, l, func(c *ledger.Commit) { c.Format = ledger.Format + 1 })
		synctest.Wait()
		started := openService(t, l, func(o *service.Options) {
			o.Sample = func() ([]directory.Record, error) { return nil, errors.New("not to be asked") }
		})
		if got := running.Head().Position().Seq; got != 2 {
			t.Errorf("the running node stands at %d, want 2", got)
		}
		for name, s := range map[string]*service.Service{"running": running, "started": started} {
			wantFault(t, s.Ready(), fault.Unavailable, fault.CodeNewerFormat)
			_, err := s.Commit(t.Context(), newID("another"))
			wantFault(t, err, fault.Unavailable, fault.CodeNewerFormat)
			if titleOf(s.Head(), "report") == "" {
				t.Errorf("%s: reads do not go on", name)
			}
		}
	})
}

func TestANewerFormatMetByAMovedGroupEndsWriting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		deaf := &deafLedger{Ledger: l}
		s := openService(t, deaf)
		appendRaw(t, l, func(c *ledger.Commit) { c.Format = ledger.Format + 1 })
		_, err := s.Commit(t.Context(), newID("report"))
		wantFault(t, err, fault.Unavailable, fault.CodeNewerFormat)
		wantFault(t, s.Ready(), fault.Unavailable, fault.CodeNewerFormat)
	})
}

// deafLedger is a ledger whose Follow never delivers anything.
type deafLedger struct{ ledger.Ledger }

func (*deafLedger) Follow(ctx context.Context, _ ledger.Position, _ func(*ledger.Commit) error) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestAStoreReplacedUnderTheNodeEndsTheService(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		s := openService(t, l)
		synctest.Wait()
		appendRaw(t, l, func(c *ledger.Commit) { c.Prev[0] ^= 1 })
		if err := <-s.Fatal(); !fault.Is(err, fault.CodeStoreReplaced) {
			t.Errorf("the service ended for %v", err)
		}
		wantFault(t, s.Ready(), fault.Unavailable, fault.CodeStoreReplaced)
		_, err := s.Commit(t.Context(), newID("report"))
		wantFault(t, err, fault.Unavailable, fault.CodeStoreReplaced)
	})
}

func TestACommitThatCannotBeAppliedEndsTheService(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		s := openService(t, l)
		appendRaw(t, l, func(c *ledger.Commit) { c.Changes[0].JSON = []byte(`{"id":`) })
		if err := <-s.Fatal(); err == nil {
			t.Error("the service ended without a reason")
		}
		if s.Ready() == nil || s.Head().Position().Seq != 1 {
			t.Errorf("ready: %v, head: %d", s.Ready(), s.Head().Position().Seq)
		}
	})
}

// flakyFollow is a ledger whose Follow breaks off as often as it is told.
type flakyFollow struct {
	ledger.Ledger
	breaks chan error
}

func (l *flakyFollow) Follow(ctx context.Context, after ledger.Position, yield func(*ledger.Commit) error) error {
	select {
	case err := <-l.breaks:
		return err
	default:
		return l.Ledger.Follow(ctx, after, yield)
	}
}

func TestFollowingIsTakenUpAgainAfterABreak(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		flaky := &flakyFollow{l, make(chan error, 3)}
		for range 3 {
			flaky.breaks <- errUnclassified
		}
		theirs := openService(t, l)
		ours := openService(t, flaky)
		synctest.Wait()
		wantFault(t, ours.Ready(), fault.Unavailable, fault.CodeUnavailable)
		mustCommit(t, theirs, newID("report"))
		if _, err := ours.AtLeast(t.Context(), 2); err != nil {
			t.Error(err)
		}
		if err := ours.Ready(); err != nil {
			t.Errorf("not ready after following again: %v", err)
		}
	})
}

// stutteringLedger is a ledger whose Follow delivers every commit twice, as one does that begins anew.
type stutteringLedger struct{ ledger.Ledger }

func (l *stutteringLedger) Follow(ctx context.Context, after ledger.Position, yield func(*ledger.Commit) error) error {
	return l.Ledger.Follow(ctx, after, func(c *ledger.Commit) error {
		return cmp.Or(yield(c), yield(c))
	})
}

func TestACommitDeliveredTwiceIsAppliedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		theirs := openService(t, l)
		ours := openService(t, &stutteringLedger{l})
		for i := range 20 {
			mustCommit(t, theirs, putSource("report", fmt.Sprintf("Title %d", i)))
		}
		synctest.Wait()
		if got := ours.Head().Position(); got != theirs.Head().Position() || ours.Ready() != nil {
			t.Errorf("the head lies at %d, ready: %v", got.Seq, ours.Ready())
		}
		select {
		case err := <-ours.Fatal():
			t.Errorf("the service ended for %v", err)
		default:
		}
	})
}

func TestErasedVersionsAreRedactedByEveryNodeAndAtEveryStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		ours := openService(t, l)
		openService(t, l)
		mustCommit(t, ours, putSource("report", "First"))
		mustCommit(t, ours, func(*readmodel.Snapshot) (ledger.Draft, error) {
			d := putDraft(newSource("report", "Second", 2))
			d.Changes[0].Op, d.Changes[0].Erased = ledger.Erase, []uint64{1}
			return d, nil
		})
		synctest.Wait()
		mustCommit(t, ours, putSource("report", "Third")) // the id lives again
		openService(t, l)
		synctest.Wait()
		want := ledger.RefVersion{Ref: sourceRef("report"), Version: 1}
		if len(l.redacted) != 3 {
			t.Fatalf("redacted %v, want the version once by each node and once at the start", l.redacted)
		}
		for _, got := range l.redacted {
			if got != want {
				t.Errorf("redacted %v", got)
			}
		}
	})
}
