package service_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
	"dalil/internal/service"
)

// eraseSource proposes to erase versions of a source.
func eraseSource(id string, versions ...uint64) func(*readmodel.Snapshot) (ledger.Draft, error) {
	return func(head *readmodel.Snapshot) (ledger.Draft, error) {
		entry, _ := head.Find(sourceRef(id))
		d := putDraft(newSource(id, "erased", entry.Version()+1))
		d.Changes[0].Op, d.Changes[0].Erased = ledger.Erase, versions
		return d, nil
	}
}

func TestErasedTextsNeverComeBackFromAnEarlierState(t *testing.T) {
	t.Parallel()
	// This ledger drops no text by itself, as a store does not between an erasure and the dropping.
	s := openService(t, newMemoryLedger())
	mustCommit(t, s, putSource("a", "one"))
	kept := mustCommit(t, s, putSource("a", "two")).Head.Position().Seq
	other := mustCommit(t, s, putSource("b", "b")).Head.Position().Seq
	before, err := s.KnownAt(t.Context(), s.Head(), kept)
	if err != nil || titleOf(before, "a") != "two" {
		t.Fatalf("before the erasure: %q, %v", titleOf(before, "a"), err)
	}
	mustCommit(t, s, putSource("a", "three"))
	mustCommit(t, s, eraseSource("a", 1, 2))
	for _, seq := range []uint64{kept, other} { // one that is kept, one that is made
		past, err := s.KnownAt(t.Context(), s.Head(), seq)
		if err != nil {
			t.Fatal(err)
		}
		entry, ok := past.Find(sourceRef("a"))
		if !ok || !entry.Erased() || titleOf(past, "a") != "" || past.Count(directory.Sources, directory.Ministry) != int(seq-kept) {
			t.Errorf("at %d the erased text is told: %q", seq, titleOf(past, "a"))
		}
	}
	if titleOf(s.Head(), "a") != "three" {
		t.Errorf("now it is %q", titleOf(s.Head(), "a"))
	}
}

// interruptedLedger does something once, when a history is read for the first time.
type interruptedLedger struct {
	*memoryLedger

	once   sync.Once
	during func()
}

func (l *interruptedLedger) History(ctx context.Context, ref directory.Ref, upTo uint64, yield func(ledger.Revision) error) error {
	err := l.memoryLedger.History(ctx, ref, upTo, yield)
	if ref.Kind == directory.Sources {
		l.once.Do(l.during)
	}
	return err
}

func TestATextErasedWhileAnEarlierStateIsMadeIsNotInIt(t *testing.T) {
	t.Parallel()
	l := &interruptedLedger{memoryLedger: newMemoryLedger()}
	s := openService(t, l)
	mustCommit(t, s, putSource("a", "one"))
	kept := mustCommit(t, s, putSource("a", "two")).Head.Position().Seq
	mustCommit(t, s, putSource("a", "three"))
	erased := false
	l.during = func() {
		mustCommit(t, s, eraseSource("a", 1, 2))
		erased = true
	}
	past, err := s.KnownAt(t.Context(), s.Head(), kept)
	if err != nil || !erased {
		t.Fatalf("erased meanwhile: %t, %v", erased, err)
	}
	entry, ok := past.Find(sourceRef("a"))
	if !ok || !entry.Erased() || titleOf(past, "a") != "" {
		t.Errorf("at %d the erased text is told: %q", kept, titleOf(past, "a"))
	}
}

func TestAProfileOfAnEarlierStateTellsNoSourceThatWasErasedSince(t *testing.T) {
	t.Parallel()
	s := openService(t, newMemoryLedger())
	mustCommit(t, s, putSource("a", "one"))
	mustCommit(t, s, putSource("b", "other"))
	named := &directory.Actor{
		Envelope: directory.Envelope{ID: "oit", Version: 1, Status: directory.Published, Visibility: directory.Public, Sources: []string{"a", "b"}},
		Kind:     "organisation", Group: "international", Name: directory.Text{"fr": "OIT"},
	}
	kept := mustCommit(t, s, func(*readmodel.Snapshot) (ledger.Draft, error) { return putDraft(named), nil }).Head.Position().Seq
	mustCommit(t, s, func(head *readmodel.Snapshot) (ledger.Draft, error) {
		entry, _ := head.Find(directory.Ref{Kind: directory.Actors, ID: "oit"})
		next := *named
		next.Version, next.Sources, next.Created = 2, []string{"b"}, entry.Record().Head().Created
		return putDraft(&next), nil
	})
	mustCommit(t, s, eraseSource("a", 1))
	past, err := s.KnownAt(t.Context(), s.Head(), kept)
	if err != nil {
		t.Fatal(err)
	}
	p, ok, err := past.Profile(&readmodel.Analysis{Clearance: directory.Ministry, Lang: "fr", AsOf: readmodel.AsOf{Any: true}}, "oit")
	if err != nil || !ok {
		t.Fatalf("%t, %v", ok, err)
	}
	if len(p.Sources) != 1 || !strings.Contains(string(p.Sources[0]), "other") {
		t.Errorf("the profile tells the sources %s", p.Sources)
	}
}

func TestManyAskForManyEarlierStatesWhileOthersWrite(t *testing.T) {
	t.Parallel()
	s := openService(t, newMemoryLedger())
	titles := map[uint64]string{}
	for n := range 40 {
		done := mustCommit(t, s, putSource("a", fmt.Sprintf("title %d", n)))
		titles[done.Head.Position().Seq] = fmt.Sprintf("title %d", n)
	}
	first := s.Head().Position().Seq - 39
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			random := rand.New(rand.NewPCG(7, uint64(n)))
			for range 60 {
				if n == 0 {
					mustCommit(t, s, putSource("b", "other"))
					continue
				}
				seq := first + random.Uint64N(40)
				past, err := s.KnownAt(t.Context(), s.Head(), seq)
				if fault.Is(err, fault.CodePastNotReady) {
					continue // too many wait
				}
				if err != nil || titleOf(past, "a") != titles[seq] || titleOf(past, "b") != "" || past.Position().Seq != seq {
					t.Errorf("at %d: %q, %v", seq, titleOf(past, "a"), err)
					return
				}
			}
		})
	}
	all.Wait()
}

func TestATimeMeansTheLastCommitNotAfterIt(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	var gone atomic.Int64
	now := func() time.Time { return began.Add(time.Duration(gone.Load())) }
	s := openService(t, newMemoryLedger(), func(o *service.Options) { o.Now = now })
	var at []time.Time
	for n := range 12 {
		mustCommit(t, s, putSource("a", fmt.Sprintf("title %d", n)))
		at = append(at, s.Head().At())
		gone.Add(int64(n%3) * int64(time.Millisecond)) // some commits are of one instant
	}
	first := s.Head().Position().Seq - 11
	for range 2 { // from the log, then from what is kept
		for n := range at {
			want := first + uint64(n)
			for m := n; m < len(at) && at[m].Equal(at[n]); m++ {
				want = first + uint64(m)
			}
			got, err := s.PositionAt(t.Context(), s.Head(), at[n])
			if err != nil || got != want {
				t.Errorf("commit %d at %s: position %d, %v", want, at[n], got, err)
			}
			if _, err := s.KnownAt(t.Context(), s.Head(), got); err != nil {
				t.Error(err)
			}
		}
	}
	for _, bad := range []time.Time{now().Add(time.Hour), at[0].Add(-time.Hour), {}} {
		_, err := s.PositionAt(t.Context(), s.Head(), bad)
		if !fault.Is(err, fault.CodeBadParameter) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
