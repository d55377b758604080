package ledgertest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
)

func readCases() []testCase {
	return []testCase{
		{"Commits begins after any position", commitsFromTheMiddle},
		{"a stream ends early without an error when it is told to stop", streamsStop},
		{"an error of the receiver ends a stream and comes back", streamsReturnErrors},
		{"an ended context ends every stream", endedContextStreams},
		{"At, where it is offered, tells when each commit was made", datesOfCommits},
		{"Load tells the newest version of every record", loadTellsNewest},
		{"Load while others write is completed exactly by Commits", loadWhileOthersWrite},
		{"History tells a record's versions newest first up to a position", historyNewestFirst},
		{"a record with many versions has them all in its history", longHistory},
		{"Histories, where it is offered, tells what History tells", allHistories},
		{"Receipts tells the idempotent requests since a time", receiptsSince},
	}
}

func commitsFromTheMiddle(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	want := scribe.Small(700)
	mustAppend(t, l, scribe, want...)
	for _, after := range []uint64{0, 1, 255, 256, 257, 512, 698, 699, 700, 701, 9_999} {
		sameChain(t, readCommits(t, l, after), want[min(after, 700):])
	}
}

func datesOfCommits(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	dated, ok := l.(ledger.Dated)
	if !ok {
		t.Skip("the store does not offer it")
	}
	mustAppend(t, l, scribe, scribe.Group(1, ledger.InlineChanges+1, 2)...)
	for _, c := range readCommits(t, l, 0) {
		if at, err := dated.At(t.Context(), c.Seq); err != nil || !at.Equal(c.At) {
			t.Errorf("commit %d was made at %v, %v; want %v", c.Seq, at, err, c.At)
		}
	}
	if at, err := dated.At(t.Context(), 4); !fault.Is(err, fault.CodeStoreDamaged) {
		t.Errorf("a commit that is not there was made at %v, %v", at, err)
	}
	shut(t, l)
	t.PlantNewer(t, scribe.Position(), directory.Ref{Kind: directory.Actors, ID: "ilo"}, 1)
	if dated, ok = t.open(t).(ledger.Dated); !ok {
		t.Fatal("the store no longer offers it")
	}
	if at, err := dated.At(t.Context(), 4); !fault.Is(err, fault.CodeNewerFormat) {
		t.Errorf("a commit of a newer format was made at %v, %v", at, err)
	}
}

// streams names the five streams of stored things, each with a function that runs it.
func streams(l ledger.Ledger, ref directory.Ref) map[string]func(context.Context, func() error) error {
	return map[string]func(context.Context, func() error) error{
		"Commits": func(ctx context.Context, yield func() error) error {
			return l.Commits(ctx, 0, func(*ledger.Commit) error { return yield() })
		},
		"Load": func(ctx context.Context, yield func() error) error {
			_, err := l.Load(ctx, func(ledger.Record) error { return yield() })
			return err
		},
		"History": func(ctx context.Context, yield func() error) error {
			return l.History(ctx, ref, 1_000_000, func(ledger.Revision) error { return yield() })
		},
		"Receipts": func(ctx context.Context, yield func() error) error {
			return l.Receipts(ctx, time.Time{}, func(ledger.Receipt) error { return yield() })
		},
		"Erasures": func(ctx context.Context, yield func() error) error {
			return l.Erasures(ctx, func(ledger.RefVersion) error { return yield() })
		},
	}
}

// filled returns a ledger with enough in each of its streams, and a record that is in every commit.
func filled(t *test) (ledger.Ledger, directory.Ref) {
	t.Helper()
	scribe, l := NewScribe(Seed(t)), t.open(t)
	ref := directory.Ref{Kind: directory.Functions, ID: "often"}
	gone := directory.Ref{Kind: directory.Actors, ID: "gone"}
	ahead := scribe.ahead()
	var group []*ledger.Commit
	for range 40 {
		changes := append(scribe.changes(5), ledger.Change{Op: ledger.Put, Ref: ref, JSON: scribe.Text(ref, 30)}, erase(scribe, gone, 1, 2, 3))
		c := ahead.commit(changes)
		c.Request = scribe.request(changes)
		c.Seal(ahead.Position())
		ahead.Learn(c)
		group = append(group, c)
	}
	mustAppend(t, l, scribe, group...)
	eventually(t, "the checkpoint reaches the head", func() bool {
		_, position := load(t, l)
		return position == scribe.Position()
	})
	return l, ref
}

func streamsStop(t *test) {
	l, ref := filled(t)
	for name, stream := range streams(l, ref) {
		n := 0
		err := stream(t.Context(), func() error {
			if n++; n == 3 {
				return ledger.Stop
			}
			return nil
		})
		if err != nil || n != 3 {
			t.Errorf("%s: told %d times, error %v", name, n, err)
		}
	}
}

func streamsReturnErrors(t *test) {
	l, ref := filled(t)
	mine := errors.New("mine")
	for name, stream := range streams(l, ref) {
		n := 0
		err := stream(t.Context(), func() error { n++; return mine })
		if !errors.Is(err, mine) || n != 1 {
			t.Errorf("%s: told %d times, error %v", name, n, err)
		}
	}
}

func endedContextStreams(t *test) {
	l, ref := filled(t)
	for name, stream := range streams(l, ref) {
		ctx, cancel := context.WithCancel(t.Context())
		err := stream(ctx, func() error { cancel(); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: ended in the middle, error %v", name, err)
		}
		n := 0
		err = stream(ctx, func() error { n++; return nil })
		if !errors.Is(err, context.Canceled) || n != 0 {
			t.Errorf("%s: ended before, told %d times, error %v", name, n, err)
		}
	}
}

func loadTellsNewest(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	var all []*ledger.Commit
	for range 12 {
		group := scribe.Group(1, 40, 2, 90)
		mustAppend(t, l, scribe, group...)
		all = append(all, group...)
		state, position := loadWhole(t, l)
		sameState(t, state, stateAfter(all))
		if position != scribe.Position() {
			t.Errorf("loaded up to %d, want %d", position.Seq, scribe.Position().Seq)
		}
	}
	state, _ := loadWhole(t, t.reopen(t, l))
	sameState(t, state, stateAfter(all))
}

func loadWhileOthersWrite(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	first := scribe.Group(900, 1, 900)
	mustAppend(t, l, scribe, first...)
	writer := t.another(t, l)
	all := first
	var (
		mu   sync.Mutex
		done = make(chan struct{})
	)
	go func() {
		defer close(done)
		for range 150 {
			group := scribe.Small(4)
			mu.Lock() // before they are durable: a reader may see them at once
			all = append(all, group...)
			mu.Unlock()
			if n, err := writer.Append(t.Context(), scribe.Position(), group); n != len(group) {
				t.Errorf("%d durable, %v", n, err)
				return
			}
			scribe.Learn(group...)
		}
	}()
	defer func() { <-done }()
	for running := true; running && !t.Failed(); {
		select {
		case <-done:
			running = false // and look once more
		default:
		}
		state, position := loadWhole(t, l)
		mu.Lock()
		known := slices.Clone(all)
		mu.Unlock()
		sameState(t, state, stateAfter(known[:position.Seq]))
	}
	noFindings(t, l)
}

func historyNewestFirst(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	all := scribe.Small(120)
	mustAppend(t, l, scribe, all...)
	twice := directory.Ref{Kind: directory.Actors, ID: "twice"}
	c := scribe.Commit(
		ledger.Change{Op: ledger.Put, Ref: twice, JSON: scribe.Text(twice, 9), Version: 1},
		ledger.Change{Op: ledger.Archive, Ref: twice, JSON: scribe.Text(twice, 8), Version: 2},
	)
	mustAppend(t, l, scribe, c)
	all = append(all, c)
	refs := scribe.Refs()
	for _, ref := range append(refs[:min(20, len(refs))], twice, directory.Ref{Kind: directory.Actors, ID: "nobody"}) {
		for _, upTo := range []uint64{0, 1, 60, 119, 121, 1 << 40} {
			want := historyOf(all, ref, upTo)
			if diff := gocmp.Diff(want, history(t, l, ref, upTo)); diff != "" {
				t.Errorf("history of %s up to %d differs (-want +got):\n%s", ref, upTo, diff)
			}
		}
	}
}

func longHistory(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	ref := directory.Ref{Kind: directory.Initiatives, ID: "long"}
	longer := directory.Ref{Kind: directory.Initiatives, ID: "longer"} // its key begins like the other's
	ahead := scribe.ahead()
	var all []*ledger.Commit
	for range 700 {
		c := ahead.commit([]ledger.Change{
			{Op: ledger.Put, Ref: ref, JSON: scribe.Text(ref, 20)}, {Op: ledger.Put, Ref: longer, JSON: scribe.Text(longer, 20)},
		})
		ahead.Learn(c)
		all = append(all, c)
	}
	mustAppend(t, l, scribe, all...)
	for _, upTo := range []uint64{700, 345} {
		if diff := gocmp.Diff(historyOf(all, ref, upTo), history(t, l, ref, upTo)); diff != "" {
			t.Errorf("history up to %d differs (-want +got):\n%s", upTo, diff)
		}
	}
}

func allHistories(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	var all []*ledger.Commit
	for range 8 {
		group := scribe.Small(15)
		mustAppend(t, l, scribe, group...)
		all = append(all, group...)
	}
	historian, ok := l.(ledger.Historian)
	if !ok {
		t.Skip("this store tells histories one by one")
	}
	for _, upTo := range []uint64{0, 1, 59, 1 << 40} {
		got := make(map[directory.Ref][]ledger.Revision)
		err := historian.Histories(t.Context(), upTo, func(ref directory.Ref, r ledger.Revision) error {
			got[ref] = append(got[ref], r)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, ref := range scribe.Refs() {
			slices.SortFunc(got[ref], func(a, b ledger.Revision) int { return cmp.Compare(b.Version, a.Version) })
			if diff := gocmp.Diff(historyOf(all, ref, upTo), got[ref]); diff != "" {
				t.Errorf("the versions of %s up to %d differ (-want +got):\n%s", ref, upTo, diff)
			}
		}
	}
}

func receipts(tb testing.TB, l ledger.Ledger, since time.Time) []ledger.Receipt {
	tb.Helper()
	var got []ledger.Receipt
	err := l.Receipts(tb.Context(), since, func(r ledger.Receipt) error {
		got = append(got, r)
		return nil
	})
	if err != nil {
		tb.Fatalf("receipts: %v", err)
	}
	slices.SortFunc(got, func(a, b ledger.Receipt) int { return cmp.Compare(a.Seq, b.Seq) })
	return got
}

func receiptsSince(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	all := scribe.Small(300)
	mustAppend(t, l, scribe, all...)
	l = t.reopen(t, l)
	last := all[len(all)-1].At
	for _, since := range []time.Time{
		{}, all[0].At, all[150].At, all[150].At.Add(time.Millisecond), last, last.Add(time.Millisecond),
	} {
		var want []ledger.Receipt
		for _, c := range all {
			if c.Request != nil && !c.At.Before(since) {
				want = append(want, ledger.Receipt{Seq: c.Seq, At: c.At, Request: *c.Request})
			}
		}
		if diff := gocmp.Diff(want, receipts(t, l, since)); diff != "" {
			t.Errorf("receipts since %v differ (-want +got):\n%s", since, diff)
		}
	}
}
