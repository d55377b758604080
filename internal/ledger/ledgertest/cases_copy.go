package ledgertest

import (
	"context"
	"errors"
	"slices"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
)

func copyCases() []testCase {
	return []testCase{
		{"a copy holds every commit verbatim, and a second run changes nothing", copiedIn},
		{"a copy that is ended at any instant is taken up where it stood", copyGoesOn},
		{"a copy out of the store is what the store holds", copiedOut},
		{"a store with other commits is left alone", copyDiffers},
		{"who writes to the destination meanwhile is not written over", copyMeetsWriter},
		{"a text that was copied before it was erased is dropped", copyThenErased},
		{"a chain that is broken is copied up to there", copyOfBroken},
		{"a copy ends before a commit of a newer format", copyOfNewer},
	}
}

// book is a source that holds commits in memory.
type book []*ledger.Commit

func (b book) Commits(ctx context.Context, after uint64, yield func(*ledger.Commit) error) error {
	for _, c := range b {
		if err := ctx.Err(); err != nil {
			return err
		}
		if c.Seq <= after {
			continue
		}
		if err := yield(c); err != nil {
			if errors.Is(err, ledger.Stop) {
				return nil
			}
			return err
		}
	}
	return nil
}

// shelf is a destination in memory, of what Copy asks.
type shelf struct {
	ledger.Ledger
	book
	dropped []ledger.RefVersion
}

func (s *shelf) Commits(ctx context.Context, after uint64, yield func(*ledger.Commit) error) error {
	return s.book.Commits(ctx, after, yield)
}

func (s *shelf) Append(_ context.Context, after ledger.Position, commits []*ledger.Commit) (int, error) {
	s.book = append(s.book, commits...)
	return len(commits), ledger.CheckAppend(after, commits)
}

func (s *shelf) Redact(_ context.Context, versions []ledger.RefVersion) error {
	s.dropped = versions
	return nil
}

// volume returns commits of every shape: small ones, a big one, one that erases and blanks what it erases.
func volume(t *test) book {
	scribe := NewScribe(Seed(t))
	ref := directory.Ref{Kind: directory.Actors, ID: "blank"}
	first := scribe.ahead().commit([]ledger.Change{put(ref, scribe.Text(ref, 9))})
	scribe.Learn(first)
	first.Changes[0].JSON, first.Changes[0].Seal.Salt = nil, ledger.ID16{}
	all := book{first}
	for _, group := range [][]int{{1, 2}, {3, ledger.InlineChanges + 9, 0}, {1, 1, 1, 5}} {
		commits := scribe.Group(group...)
		scribe.Learn(commits...)
		all = append(all, commits...)
	}
	return append(all, scribe.Commit(erase(scribe, ref, 1)))
}

// manyGroups makes a copy of many groups.
var manyGroups = ledger.CopyOptions{GroupBytes: 1}

func copiedIn(t *test) {
	all, l := volume(t), t.open(t)
	done, err := ledger.Copy(t.Context(), all, l, ledger.CopyOptions{})
	if err != nil || done.Commits != len(all) || done.Head != all[len(all)-1].Position() || done.Erased != 1 {
		t.Fatalf("copied %+v, %v", done, err)
	}
	for range 2 {
		sameChain(t, readCommits(t, l, 0), all)
		if summary := noFindings(t, l); summary.Erased != 1 {
			t.Errorf("%d texts are erased, want 1", summary.Erased)
		}
		l = t.reopen(t, l)
		done, err = ledger.Copy(t.Context(), all, l, ledger.CopyOptions{})
		if err != nil || done.Commits != 0 || done.Before != done.Head {
			t.Fatalf("copied again: %+v, %v", done, err)
		}
	}
	state, _ := loadWhole(t, l)
	sameState(t, state, stateAfter(all))
}

func copyGoesOn(t *test) {
	all, l := volume(t), t.open(t)
	for runs := 1; ; runs++ {
		ctx, cancel := context.WithCancel(t.Context())
		opts := manyGroups
		opts.Progress = func(ledger.Progress) { cancel() } // while the next group is on its way
		done, err := ledger.Copy(ctx, all, l, opts)
		cancel()
		held := readCommits(t, l, 0)
		sameChain(t, held, all[:len(held)])
		if len(held) == len(all) {
			if runs < 3 {
				t.Errorf("ended %d times: too few to prove anything", runs-1)
			}
			break
		}
		if !errors.Is(err, context.Canceled) || done.Head.Seq > uint64(len(held)) {
			t.Fatalf("run %d: %+v, %v", runs, done, err)
		}
	}
	if _, err := ledger.Copy(t.Context(), all, l, ledger.CopyOptions{}); err != nil {
		t.Fatal(err)
	}
	noFindings(t, l)
}

func copiedOut(t *test) {
	all, l := volume(t), t.open(t)
	if n, err := l.Append(t.Context(), ledger.Position{}, all); n != len(all) || err != nil {
		t.Fatalf("%d durable, %v", n, err)
	}
	if err := l.Redact(t.Context(), named(all[0].Changes[0].Ref, 1)); err != nil {
		t.Fatal(err)
	}
	to := new(shelf)
	if _, err := ledger.Copy(t.Context(), l, to, manyGroups); err != nil {
		t.Fatal(err)
	}
	sameChain(t, to.book, all)
	if want := named(all[0].Changes[0].Ref, 1); !slices.Equal(to.dropped, want) {
		t.Errorf("dropped %v, want %v", to.dropped, want)
	}
	last, err := ledger.Last(t.Context(), l)
	if err != nil || last != all[len(all)-1].Position() {
		t.Errorf("the log ends at %d, %v", last.Seq, err)
	}
}

func copyDiffers(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	base := scribe.Small(3)
	mustAppend(t, l, scribe, base...)
	other, longer := scribe.Small(2), scribe.Small(2)
	stranger := NewScribe(Seed(t) + 1).Small(5)
	mustAppend(t, l, scribe, longer...)
	before := readCommits(t, l, 0)
	for name, from := range map[string]book{
		"another ledger":          stranger,
		"the same, gone on apart": append(slices.Clone(book(base)), other...),
		"the same, shorter":       base,
		"nothing":                 nil,
	} {
		_, err := ledger.Copy(t.Context(), from, l, ledger.CopyOptions{})
		if !fault.Is(err, fault.CodeCopyDiffers) {
			t.Errorf("%s: got %v, want a fault with code copy_differs", name, err)
		}
		SameCommits(t, readCommits(t, l, 0), before)
	}
}

func copyMeetsWriter(t *test) {
	all, l := volume(t), t.open(t)
	writer := t.another(t, l)
	own := NewScribe(Seed(t))
	opts := manyGroups
	once := false
	opts.Progress = func(p ledger.Progress) {
		if once {
			return
		}
		once = true
		own.Learn(all[:p.Seq]...)
		mustAppend(t, writer, own, own.Small(1)...)
	}
	done, err := ledger.Copy(t.Context(), all, l, opts)
	wantCode(t, err, fault.CodeCopyDiffers)
	held := readCommits(t, l, 0)
	if n := len(held) - 1; uint64(n) != done.Head.Seq || held[n].Hash != own.Position().Hash {
		t.Errorf("%d commits, of which %d were copied", len(held), done.Head.Seq)
	}
	n := len(held) - 1
	sameChain(t, held, append(slices.Clone(all[:n]), held[n]))
}

func copyThenErased(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	ref := directory.Ref{Kind: directory.Actors, ID: "gone"}
	first := scribe.Commit(put(ref, scribe.Text(ref, 30)))
	scribe.Learn(first)
	if _, err := ledger.Copy(t.Context(), book{first}, l, ledger.CopyOptions{}); err != nil {
		t.Fatal(err)
	}
	blank := *first
	blank.Changes = slices.Clone(first.Changes)
	blank.Changes[0].JSON, blank.Changes[0].Seal.Salt = nil, ledger.ID16{}
	all := book{&blank, scribe.Commit(erase(scribe, ref, 1))}
	if _, err := ledger.Copy(t.Context(), all, l, ledger.CopyOptions{}); err != nil {
		t.Fatal(err)
	}
	SameCommits(t, readCommits(t, l, 0), all)
	noFindings(t, l)
}

func copyOfBroken(t *test) {
	all, l := volume(t), t.open(t)
	spoilt := *all[6]
	spoilt.Reason += "!"
	all[6] = &spoilt
	_, err := ledger.Copy(t.Context(), all, l, manyGroups)
	wantCode(t, err, fault.CodeChainBroken)
	held := readCommits(t, l, 0)
	if len(held) > 6 {
		t.Errorf("%d commits were copied", len(held))
	}
	sameChain(t, held, all[:len(held)])
}

func copyOfNewer(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	all := scribe.Small(5)
	mustAppend(t, l, scribe, all...)
	shut(t, l)
	ref := scribe.Refs()[0]
	t.PlantNewer(t, scribe.Position(), ref, scribe.Version(ref)+1)
	l = t.open(t)
	to := new(shelf)
	_, err := ledger.Copy(t.Context(), l, to, manyGroups)
	wantCode(t, err, fault.CodeNewerFormat)
	sameChain(t, to.book, all[:len(to.book)])
}
