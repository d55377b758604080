package ledgertest

import (
	"context"
	"errors"
	"strings"
	"time"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
)

func appendCases() []testCase {
	return []testCase{
		{"an empty ledger tells nothing", emptyTellsNothing},
		{"what is appended is read back member by member", readBack},
		{"lists that are nil and lists that are empty are the same", nilAndEmptyLists},
		{"a position that the log has passed is refused as moved", stalePosition},
		{"another hash at the right number is refused as moved", wrongHash},
		{"a position beyond the end is refused", positionBeyondEnd},
		{"commits that are appended again count as durable", appendedAgain},
		{"a group of which another writer took a position is durable up to there", groupPartlyTaken},
		{"a commit with too many changes is refused", tooManyChanges},
		{"commits that do not follow one another are refused", gapInGroup},
		{"an ended context appends nothing that cannot be told", endedContextAppends},
	}
}

func emptyTellsNothing(t *test) {
	l := t.open(t)
	if commits := readCommits(t, l, 0); len(commits) != 0 {
		t.Errorf("%d commits", len(commits))
	}
	if state, position := load(t, l); len(state) != 0 || position != (ledger.Position{}) {
		t.Errorf("%d records at %v", len(state), position)
	}
	if revisions := history(t, l, directory.Ref{Kind: directory.Actors, ID: "none"}, 9); len(revisions) != 0 {
		t.Errorf("%d revisions", len(revisions))
	}
	if got := receipts(t, l, time.Time{}); len(got) != 0 {
		t.Errorf("%d receipts", len(got))
	}
	if first, err := ledger.Genesis(t.Context(), l); first != nil || err != nil {
		t.Errorf("genesis %v, %v", first, err)
	}
	if n, err := l.Append(t.Context(), ledger.Position{}, nil); n != 0 || err != nil {
		t.Errorf("appending nothing: %d, %v", n, err)
	}
	if err := l.Redact(t.Context(), nil); err != nil {
		t.Errorf("redacting nothing: %v", err)
	}
	noFindings(t, l)
}

// everything returns commits that use every member that there is.
func everything(s *Scribe) []*ledger.Commit {
	actor := directory.Ref{Kind: directory.Actors, ID: "a.b_c-9"}
	role := directory.Ref{Kind: directory.Roles, ID: strings.Repeat("z", 80)}
	key := directory.Ref{Kind: directory.APIKeys, ID: "0"}
	ahead := s.ahead()
	lists := [][]ledger.Change{
		{
			{Op: ledger.Put, Ref: actor, JSON: s.Text(actor, 2_000)},
			{Op: ledger.Put, Ref: role, JSON: s.Text(role, 1)},
			{Op: ledger.Put, Ref: key, JSON: []byte(`{}`)},
		},
		{{Op: ledger.Archive, Ref: actor, JSON: s.Text(actor, 10)}},
		{{Op: ledger.Restore, Ref: actor, JSON: s.Text(actor, 10)}, {Op: ledger.Merge, Ref: role, JSON: s.Text(role, 10)}},
		{
			{Op: ledger.Put, Ref: key}, // a text that was blank already where the commit comes from
			{Op: ledger.Erase, Ref: actor, Erased: []uint64{1, 3}, JSON: s.Text(actor, 10)},
		},
	}
	commits := make([]*ledger.Commit, 0, len(lists))
	for i, changes := range lists {
		c := ahead.commit(changes)
		c.Request = nil
		if i%2 == 1 {
			c.Request = s.request(changes)
		}
		c.Author.Via, c.Reason = "cli", strings.Repeat("سبب ", i*30)
		c.At = time.Date(2026, 12, 31, 23, 59, 59, (990+i)*int(time.Millisecond), time.UTC)
		c.Seal(ahead.Position())
		ahead.Learn(c)
		commits = append(commits, c)
	}
	for i := range commits[3].Changes {
		if ch := &commits[3].Changes[i]; ch.JSON == nil {
			ch.Seal.Salt = ledger.ID16{} // it goes with the text
		}
	}
	return commits
}

func readBack(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	want := everything(scribe)
	mustAppend(t, l, scribe, want...)
	more := scribe.Small(30)
	mustAppend(t, l, scribe, more...)
	want = append(want, more...)
	SameCommits(t, readCommits(t, l, 0), want)
	l = t.reopen(t, l)
	got := readCommits(t, l, 0)
	SameCommits(t, got, want)
	sameChain(t, got, want)
	for _, c := range got {
		if c.At.Location() != time.UTC {
			t.Errorf("commit %d has the time %v, want UTC", c.Seq, c.At)
		}
	}
	first, err := ledger.Genesis(t.Context(), l)
	if err != nil || first.Ledger != want[0].Ledger {
		t.Errorf("genesis %v, %v", first, err)
	}
}

func nilAndEmptyLists(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	ref := directory.Ref{Kind: directory.Sources, ID: "s"}
	var want []*ledger.Commit
	for _, erased := range [][]uint64{nil, {}} {
		for _, results := range [][]ledger.Result{nil, {}} {
			c := scribe.Commit(ledger.Change{Op: ledger.Put, Ref: ref, JSON: scribe.Text(ref, 9), Erased: erased})
			c.Request = &ledger.Request{Status: 200, Results: results}
			c.Seal(scribe.Position())
			mustAppend(t, l, scribe, c)
			want = append(want, c)
		}
	}
	none := scribe.Commit()
	none.Request = scribe.request(nil)
	none.Seal(scribe.Position())
	mustAppend(t, l, scribe, none)
	got := readCommits(t, t.reopen(t, l), 0)
	SameCommits(t, got, append(want, none))
	sameChain(t, got, append(want, none))
}

func stalePosition(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	late := scribe.Small(2)
	kept := scribe.Small(3)
	mustAppend(t, l, scribe, kept...)
	n, err := l.Append(t.Context(), ledger.Position{}, late)
	if n != 0 {
		t.Errorf("%d durable, want 0", n)
	}
	wantError(t, err, ledger.ErrMoved)
	sameChain(t, readCommits(t, l, 0), kept)
}

func wrongHash(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	kept := scribe.Small(3)
	mustAppend(t, l, scribe, kept...)
	elsewhere := NewScribe(scribe.Rand().Uint64())
	elsewhere.Learn(elsewhere.Small(3)...)
	n, err := l.Append(t.Context(), elsewhere.Position(), elsewhere.Small(1))
	if n != 0 {
		t.Errorf("%d durable, want 0", n)
	}
	wantError(t, err, ledger.ErrMoved)
	sameChain(t, readCommits(t, l, 0), kept)
}

func positionBeyondEnd(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	kept := scribe.Small(2)
	mustAppend(t, l, scribe, kept...)
	scribe.Learn(scribe.Small(2)...)
	n, err := l.Append(t.Context(), scribe.Position(), scribe.Small(2))
	if n != 0 || (!errors.Is(err, ledger.ErrMoved) && !fault.Is(err, fault.CodeStoreReplaced)) {
		t.Errorf("%d durable, error %v, want ErrMoved or store_replaced", n, err)
	}
	sameChain(t, readCommits(t, l, 0), kept)
}

func appendedAgain(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	before := scribe.Small(2)
	mustAppend(t, l, scribe, before...)
	after := scribe.Position()
	group := scribe.Small(5)
	for _, again := range [][]*ledger.Commit{group[:3], group[:3], group[:1], group, group, group[:4]} {
		n, err := l.Append(t.Context(), after, again)
		if n != len(again) || err != nil {
			t.Fatalf("%d of %d durable, %v", n, len(again), err)
		}
	}
	l = t.reopen(t, l)
	if n, err := l.Append(t.Context(), ledger.Position{}, before); n != len(before) || err != nil {
		t.Errorf("after opening again: %d durable, %v", n, err)
	}
	sameChain(t, readCommits(t, l, 0), append(before, group...))
	noFindings(t, l)
}

func groupPartlyTaken(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	ours := scribe.Small(3)
	mustAppend(t, l, scribe, ours[0])
	theirs := scribe.Small(1)
	mustAppend(t, t.another(t, l), scribe, theirs...)
	n, err := l.Append(t.Context(), ledger.Position{}, ours)
	if n != 1 {
		t.Errorf("%d durable, want 1", n)
	}
	wantError(t, err, ledger.ErrMoved)
	sameChain(t, readCommits(t, l, 0), []*ledger.Commit{ours[0], theirs[0]})
	noFindings(t, l)
}

func tooManyChanges(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	group := scribe.Small(2)
	group[1].Changes = make([]ledger.Change, ledger.MaxChanges+1)
	n, err := l.Append(t.Context(), ledger.Position{}, group)
	if n != 0 {
		t.Errorf("%d durable, want 0", n)
	}
	wantCode(t, err, fault.CodeCommitTooLarge)
	if commits := readCommits(t, l, 0); len(commits) != 0 {
		t.Errorf("%d commits were written", len(commits))
	}
}

func gapInGroup(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	group := scribe.Small(3)
	for _, bad := range [][]*ledger.Commit{{group[0], group[2]}, {group[1], group[0]}, {group[0], group[0]}, {group[1]}} {
		if n, err := l.Append(t.Context(), ledger.Position{}, bad); n != 0 || err == nil {
			t.Errorf("%d durable, error %v", n, err)
		}
	}
	if commits := readCommits(t, l, 0); len(commits) != 0 {
		t.Errorf("%d commits were written", len(commits))
	}
}

func endedContextAppends(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	group := scribe.Small(2)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if n, err := l.Append(ctx, ledger.Position{}, group); n != 0 || err == nil {
		t.Errorf("%d durable, error %v", n, err)
	}
	mustAppend(t, l, scribe, group...) // clear now, whatever became of the first try
	sameChain(t, readCommits(t, l, 0), group)
}
