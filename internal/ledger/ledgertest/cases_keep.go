package ledgertest

import (
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
)

func formatCases() []testCase {
	return []testCase{
		{"a commit of a newer format is met with newer_format", newerFormat},
	}
}

func newerFormat(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	all := scribe.Small(5)
	mustAppend(t, l, scribe, all...)
	shut(t, l)
	ref := scribe.Refs()[0]
	t.PlantNewer(t, scribe.Position(), ref, scribe.Version(ref)+1)

	l = t.open(t)
	var told []*ledger.Commit
	err := l.Commits(t.Context(), 0, func(c *ledger.Commit) error {
		told = append(told, c)
		return nil
	})
	wantCode(t, err, fault.CodeNewerFormat)
	sameChain(t, told, all)

	f := follow(t, l, all[2].Position())
	sameChain(t, f.take(t, 2), all[3:])
	wantCode(t, receive(t, "the end of Follow", f.ended), fault.CodeNewerFormat)

	state := make(map[directory.Ref]ledger.Record)
	position, err := l.Load(t.Context(), func(r ledger.Record) error {
		state[r.Ref] = r
		return nil
	})
	switch { // a store may refuse the checkpoint, or tell it as it was before the newer commit
	case err != nil:
		wantCode(t, err, fault.CodeNewerFormat)
	default:
		if position != scribe.Position() {
			t.Errorf("loaded up to %d, want %d", position.Seq, scribe.Position().Seq)
		}
		sameState(t, state, stateAfter(all))
	}
	_, err = ledger.Verify(t.Context(), l, func(f ledger.Finding) { t.Errorf("verify: %s", f) })
	wantCode(t, err, fault.CodeNewerFormat)
	if n, err := l.Append(t.Context(), scribe.Position(), scribe.Small(1)); n != 0 || err == nil {
		t.Errorf("appending in the newer commit's place: %d durable, error %v", n, err)
	}
}

func closeCases() []testCase {
	return []testCase{
		{"Close ends Follow, and nothing works after it", closeEndsStreams},
		{"a store that is opened again holds everything", openedAgain},
	}
}

func closeEndsStreams(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	mustAppend(t, l, scribe, scribe.Small(3)...)
	idle := follow(t, l, scribe.Position())
	shut(t, l)
	wantError(t, receive(t, "the end of Follow", idle.ended), ledger.ErrClosed)

	ref := directory.Ref{Kind: directory.Actors, ID: "r1"}
	for name, stream := range streams(l, ref) {
		if err := stream(t.Context(), func() error { return nil }); err == nil {
			t.Errorf("%s works after Close", name)
		}
	}
	if n, err := l.Append(t.Context(), scribe.Position(), scribe.Small(1)); n != 0 || err == nil {
		t.Errorf("after Close: %d durable, error %v", n, err)
	}
	if err := l.Follow(t.Context(), scribe.Position(), func(*ledger.Commit) error { return nil }); err == nil {
		t.Error("Follow works after Close")
	}
	if err := l.Redact(t.Context(), []ledger.RefVersion{{Ref: ref, Version: 1}}); err == nil {
		t.Error("Redact works after Close")
	}
	if err := l.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

func openedAgain(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	var all []*ledger.Commit
	for range 5 {
		group := scribe.Small(20)
		mustAppend(t, l, scribe, group...)
		all = append(all, group...)
		l = t.reopen(t, l)
		sameChain(t, readCommits(t, l, 0), all)
		state, _ := loadWhole(t, l)
		sameState(t, state, stateAfter(all))
	}
	noFindings(t, l)
}

func tornCases() []testCase {
	return []testCase{
		{"what a dead node left half-written is completed by another", tornIsCompleted},
	}
}

func tornIsCompleted(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	all := scribe.Group(30, 2, 5)
	mustAppend(t, l, scribe, all...)
	role := directory.Ref{Kind: directory.Roles, ID: "torn"}
	change := func() ledger.Change { return ledger.Change{Op: ledger.Put, Ref: role, JSON: scribe.Text(role, 100)} }
	made := scribe.Commit(change())
	mustAppend(t, l, scribe, made)
	all = append(all, made)
	shut(t, l)
	ahead := scribe.ahead()
	torn := ahead.Group(20, 1, ledger.InlineChanges+200, 3)
	ahead.Learn(torn...)
	torn = append(torn, ahead.Commit(change()))
	t.Tear(t, scribe.Position(), torn)

	l = t.open(t)
	durable := readCommits(t, l, 0)
	possible := slices.Concat(all, torn)
	sameChain(t, durable, possible[:len(durable)])
	if len(durable) < len(all) {
		t.Fatalf("%d commits are left of %d acknowledged", len(durable), len(all))
	}
	state, _ := loadWhole(t, l)
	sameState(t, state, stateAfter(durable))
	head := durable[len(durable)-1].Position()
	eventually(t, "the checkpoint reaches the head", func() bool {
		_, position := load(t, l)
		return position == head
	})
	state, _ = load(t, l)
	sameState(t, state, stateAfter(durable))
	noFindings(t, l)

	scribe.Learn(durable[len(all):]...)
	more := scribe.Small(3)
	mustAppend(t, l, scribe, more...)
	sameChain(t, readCommits(t, l, 0), append(durable, more...))
	noFindings(t, l)
}

func keyUseCases() []testCase {
	return []testCase{
		{"the hours of keys' last uses are kept, the latest of each", keyUses},
	}
}

func keyUses(t *test) {
	l := t.open(t)
	uses := func() ledger.KeyUses {
		u, ok := l.(ledger.KeyUses)
		if !ok {
			t.Fatal("the store keeps no uses of keys")
		}
		return u
	}
	hour := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	if got, err := uses().KeyUses(t.Context()); len(got) != 0 || err != nil {
		t.Errorf("at first: %v, %v", got, err)
	}
	for _, noted := range []map[string]time.Time{
		{"a": hour, "b": hour.Add(time.Hour)}, {"a": hour.Add(2 * time.Hour), "b": hour}, {},
	} {
		if err := uses().NoteKeyUses(t.Context(), noted); err != nil {
			t.Fatal(err)
		}
	}
	l = t.reopen(t, l)
	got, err := uses().KeyUses(t.Context())
	want := map[string]time.Time{"a": hour.Add(2 * time.Hour), "b": hour.Add(time.Hour)}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("uses of keys differ, %v (-want +got):\n%s", err, diff)
	}
	if commits := readCommits(t, l, 0); len(commits) != 0 {
		t.Errorf("%d commits were written for uses of keys", len(commits))
	}
}

func verifyCases() []testCase {
	return []testCase{
		{"Verify counts what there is and finds nothing wrong", verifyCounts},
		{"Verify finds a commit whose time goes backward", verifyFindsTime},
		{"a commit of a node whose clock lies in the future is kept like any other", futureIsKept},
	}
}

func verifyCounts(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	all := scribe.Small(60)
	mustAppend(t, l, scribe, all...)
	big := manyChanges(1_200)(scribe)
	mustAppend(t, l, scribe, big)
	all = append(all, big)
	changes := 0
	for _, c := range all {
		changes += len(c.Changes)
	}
	want := ledger.Summary{Commits: len(all), Changes: changes, Records: len(stateAfter(all)), Head: scribe.Position()}
	if diff := cmp.Diff(want, noFindings(t, l)); diff != "" {
		t.Errorf("summary differs (-want +got):\n%s", diff)
	}
}

func verifyFindsTime(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	mustAppend(t, l, scribe, scribe.Small(3)...)
	early := scribe.Small(1)[0]
	early.At = early.At.Add(-time.Hour)
	early.Seal(scribe.Position())
	mustAppend(t, l, scribe, early)
	_, findings := verify(t, l)
	if len(findings) != 1 || findings[0].Seq != early.Seq {
		t.Errorf("findings %v, want one at commit %d", findings, early.Seq)
	}
}

// futureIsKept: a ledger judges no times. That a node behind the last commit writes nothing is the writer's rule.
func futureIsKept(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	all := scribe.Small(3)
	mustAppend(t, l, scribe, all...)
	future := time.Now().AddDate(30, 0, 0).UTC().Truncate(time.Millisecond)
	for range 2 { // the second is of a node opened since, which goes on from there
		c := scribe.Small(1)[0]
		c.At = future
		c.Seal(scribe.Position())
		mustAppend(t, l, scribe, c)
		all = append(all, c)
		l = t.reopen(t, l)
	}
	SameCommits(t, readCommits(t, l, 0), all)
	noFindings(t, l)
}
