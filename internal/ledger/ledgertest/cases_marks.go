package ledgertest

import (
	"context"
	"maps"
	"math/rand/v2"
	"strconv"
	"sync"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/ledger"
)

func markCases() []testCase {
	return []testCase{
		{"a mark is the latest position that was kept under its name", marksAreKept},
		{"marks that are kept at once leave the latest of each", marksAtOnce},
		{"marks are seen by every handle, and end with it", marksOfHandles},
	}
}

// marksOf returns what a store keeps beside its log.
func marksOf(t *test, l ledger.Ledger) ledger.Marks {
	t.Helper()
	marks, ok := l.(ledger.Marks)
	if !ok {
		t.Fatal("the store keeps no marks")
	}
	return marks
}

// wantMarks compares all marks of a store.
func wantMarks(t *test, l ledger.Ledger, want map[string]uint64) {
	t.Helper()
	got, err := marksOf(t, l).Marked(t.Context())
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("marks differ, %v (-want +got):\n%s", err, diff)
	}
}

// marksAreKept keeps marks of random names and positions, and holds them against a map, with the store opened again in
// between. They are no part of the log, and the log moves none of them.
func marksAreKept(t *test) {
	r := rand.New(rand.NewPCG(Seed(t), 1))
	scribe, l := NewScribe(Seed(t)), t.open(t)
	want := map[string]uint64{}
	wantMarks(t, l, want)
	for n := range 30 {
		name, seq := "hook-"+strconv.Itoa(r.IntN(4)), r.Uint64N(1000)
		if r.IntN(10) == 0 {
			name, seq = "وزارة/.$ é", r.Uint64N(1<<40)
		}
		if err := marksOf(t, l).Mark(t.Context(), name, seq); err != nil {
			t.Fatal(err)
		}
		want[name] = max(want[name], seq)
		wantMarks(t, l, want)
		if n%10 == 5 {
			mustAppend(t, l, scribe, scribe.Small(2)...)
			l = t.reopen(t, l)
			wantMarks(t, l, want)
		}
	}
	if commits := readCommits(t, l, 0); len(commits) != 6 {
		t.Errorf("%d commits, want the 6 that were appended", len(commits))
	}
	noFindings(t, l)
}

// marksAtOnce keeps marks from many goroutines, on several handles where that may be. The first marks of a name meet as
// well: that is where a store that makes a document or a row for it can lose one.
func marksAtOnce(t *test) {
	handles := []ledger.Ledger{t.open(t)}
	if t.Shared {
		handles = append(handles, t.open(t))
	}
	const names, writers = 5, 6
	want := map[string]uint64{}
	errs := make(chan error, names*writers)
	for n := range names {
		name := "hook-" + strconv.Itoa(n)
		var wait sync.WaitGroup
		for w := range writers {
			seq := uint64(100*n + 1 + w)
			want[name] = max(want[name], seq)
			marks := marksOf(t, handles[w%len(handles)])
			wait.Go(func() { errs <- marks.Mark(t.Context(), name, seq) })
		}
		wait.Wait()
	}
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	for _, l := range handles {
		wantMarks(t, l, want)
	}
}

func marksOfHandles(t *test) {
	l := t.open(t)
	want := map[string]uint64{"a": 7}
	if err := marksOf(t, l).Mark(t.Context(), "a", 7); err != nil {
		t.Fatal(err)
	}
	if t.Shared {
		other := t.open(t)
		wantMarks(t, other, want)
		if err := marksOf(t, other).Mark(t.Context(), "a", 9); err != nil {
			t.Fatal(err)
		}
		want["a"] = 9
		wantMarks(t, l, want)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := marksOf(t, l).Mark(ended, "a", 1000); err == nil {
		want["a"] = 1000 // a store may be done before it looks
	}
	wantMarks(t, l, maps.Clone(want))
	shut(t, l)
	if err := marksOf(t, l).Mark(t.Context(), "a", 2000); err == nil {
		t.Error("Mark works after Close")
	}
	if got, err := marksOf(t, l).Marked(t.Context()); err == nil {
		t.Errorf("Marked works after Close: %v", got)
	}
	wantMarks(t, t.open(t), want)
}
