package ledgertest

import (
	"context"
	"fmt"
	"sync"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

func bigCases() []testCase {
	return []testCase{
		{"a commit of 1,500 changes comes back whole", func(t *test) { bigRoundTrip(t, manyChanges(1_500)) }},
		{"a commit of more than 4 MB comes back whole", func(t *test) { bigRoundTrip(t, longTexts) }},
		{"a commit of very many changes comes back whole", func(t *test) { bigRoundTrip(t, manyChanges(t.part(60_000, 6_000))) }},
		{"commits at the limits of what stands inline come back whole", atTheLimits},
		{"no half of a big commit is ever visible", bigIsWhole},
	}
}

// manyChanges returns a function that makes a commit of so many changes of different records.
func manyChanges(n int) func(*Scribe) *ledger.Commit {
	return func(s *Scribe) *ledger.Commit {
		changes := make([]ledger.Change, n)
		for i := range changes {
			ref := directory.Ref{Kind: directory.Kinds()[i%6], ID: fmt.Sprintf("n%d", i/6)}
			changes[i] = ledger.Change{Op: ledger.Put, Ref: ref, JSON: s.Text(ref, 30)}
		}
		return s.Commit(changes...)
	}
}

// longTexts makes a commit of few changes that are more than 4 MB together, each as long as a record may be.
func longTexts(s *Scribe) *ledger.Commit {
	changes := make([]ledger.Change, 24)
	for i := range changes {
		ref := directory.Ref{Kind: directory.Sources, ID: fmt.Sprintf("long%d", i)}
		changes[i] = ledger.Change{Op: ledger.Put, Ref: ref, JSON: s.Text(ref, directory.MaxRecordBytes*3/4)}
	}
	return s.Commit(changes...)
}

func bigRoundTrip(t *test, big func(*Scribe) *ledger.Commit) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	all := scribe.Small(3)
	mustAppend(t, l, scribe, all...)
	c := big(scribe)
	if !c.Big() {
		t.Fatal("this commit is not big")
	}
	ahead := scribe.ahead()
	ahead.Learn(c)
	group := append([]*ledger.Commit{c}, ahead.Small(2)...) // in one group with small ones
	mustAppend(t, l, scribe, group...)
	all = append(all, group...)
	if n, err := l.Append(t.Context(), all[2].Position(), group); n != len(group) || err != nil {
		t.Errorf("appended again: %d durable, %v", n, err)
	}
	sameChain(t, readCommits(t, l, 0), all)
	l = t.reopen(t, l)
	sameChain(t, readCommits(t, l, 0), all)
	state, _ := loadWhole(t, l)
	sameState(t, state, stateAfter(all))
	ref := c.Changes[len(c.Changes)-1].Ref
	if got := history(t, l, ref, c.Seq); len(got) == 0 || !sameText(got[0].JSON, c.Changes[len(c.Changes)-1].JSON) {
		t.Errorf("the history of %s does not begin with the big commit's text", ref)
	}
}

func atTheLimits(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	var all []*ledger.Commit
	for _, n := range []int{ledger.InlineChanges - 1, ledger.InlineChanges, ledger.InlineChanges + 1, 2 * ledger.InlineChanges, 2*ledger.InlineChanges + 1} {
		c := manyChanges(n)(scribe)
		mustAppend(t, l, scribe, c)
		all = append(all, c)
	}
	sameChain(t, readCommits(t, l, 0), all)
	noFindings(t, l)
}

func bigIsWhole(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	reader := t.another(t, l)
	var all []*ledger.Commit
	ahead := scribe.ahead()
	for range 6 {
		c := manyChanges(t.part(3_000, ledger.InlineChanges+200))(ahead)
		ahead.Learn(c)
		all = append(all, c)
		small := ahead.Small(1)
		ahead.Learn(small...)
		all = append(all, small...)
	}
	states := make([]map[directory.Ref]ledger.Record, len(all)+1)
	for i := range states {
		states[i] = stateAfter(all[:i])
	}
	ctx, stop := context.WithCancel(t.Context())
	var tasks sync.WaitGroup
	tasks.Go(func() {
		for ctx.Err() == nil && !t.Failed() {
			commits := readCommits(t, reader, 0)
			sameChain(t, commits, all[:len(commits)])
			state, position := loadWhole(t, reader)
			sameState(t, state, states[position.Seq])
		}
	})
	defer func() {
		stop()
		tasks.Wait()
	}()
	for _, c := range all {
		mustAppend(t, l, scribe, c)
	}
	state, position := loadWhole(t, reader)
	sameState(t, state, states[len(all)])
	if position != scribe.Position() {
		t.Errorf("loaded up to %d, want %d", position.Seq, scribe.Position().Seq)
	}
}
