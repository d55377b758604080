package ledgertest

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

func redactCases() []testCase {
	return []testCase{
		{"an erased text is gone from everywhere, and the chain still verifies", redacted},
		{"a text in a big commit can be erased", redactedInBig},
		{"what erase commits name is told, whatever was written since", erasuresAreTold},
		{"a blank that no erase commit names is found", strayBlank},
		{"a text that an erase commit names but is still there is found", erasedButThere},
		{"blanks come across when commits are copied", blanksAreCopied},
	}
}

// secretText returns a text with a mark that compression cannot hide, and the mark.
func secretText(s *Scribe, ref directory.Ref) (text []byte, mark string) {
	mark = hex.EncodeToString(s.random(24))
	return []byte(fmt.Sprintf(`{"id":%q,"name":{"fr":%q},"status":"published","visibility":"public"}`, ref.ID, mark)), mark
}

func put(ref directory.Ref, text []byte) ledger.Change {
	return ledger.Change{Op: ledger.Put, Ref: ref, JSON: text}
}

// erase returns a change that names versions of a record.
func erase(s *Scribe, ref directory.Ref, versions ...uint64) ledger.Change {
	return ledger.Change{Op: ledger.Erase, Ref: ref, JSON: s.Text(ref, 9), Erased: versions}
}

func named(ref directory.Ref, versions ...uint64) []ledger.RefVersion {
	list := make([]ledger.RefVersion, len(versions))
	for i, v := range versions {
		list[i] = ledger.RefVersion{Ref: ref, Version: v}
	}
	return list
}

func mustRedact(tb testing.TB, l ledger.Ledger, versions []ledger.RefVersion) {
	tb.Helper()
	if err := l.Redact(tb.Context(), versions); err != nil {
		tb.Fatalf("redacting: %v", err)
	}
}

func redacted(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	gone := directory.Ref{Kind: directory.Actors, ID: "gone"}
	part := directory.Ref{Kind: directory.Roles, ID: "part"}
	kept := directory.Ref{Kind: directory.Actors, ID: "kept"}
	var marks []string
	secret := func(ref directory.Ref) ledger.Change {
		text, mark := secretText(scribe, ref)
		marks = append(marks, mark)
		return put(ref, text)
	}
	keptText, keptMark := secretText(scribe, kept)
	mustAppend(t, l, scribe, scribe.Small(20)...)
	mustAppend(t, l, scribe, scribe.Commit(secret(gone), secret(part), put(kept, keptText)))
	mustAppend(t, l, scribe, scribe.Commit(secret(gone)))
	mustAppend(t, l, scribe, scribe.Commit(put(part, scribe.Text(part, 9))))
	mustAppend(t, l, scribe, scribe.Commit(erase(scribe, gone, 1, 2), erase(scribe, part, 1)))

	versions := append(named(gone, 1, 2), named(part, 1)...)
	nowhere := append(named(gone, 77), named(directory.Ref{Kind: directory.Actors, ID: "nobody"}, 1)...)
	mustRedact(t, l, append(versions, nowhere...))
	mustRedact(t, l, versions) // again
	for range 2 {
		checkRedacted(t, l, gone, part, marks)
		l = t.reopen(t, l)
		mustRedact(t, l, versions) // at every start
	}
	shut(t, l)
	all := t.Bytes(t)
	for _, mark := range marks {
		if bytes.Contains(all, []byte(mark)) {
			t.Errorf("the store still holds the erased text %s", mark)
		}
	}
	if !bytes.Contains(all, []byte(keptMark)) {
		t.Error("the store does not hold the text that was kept: the search proves nothing")
	}
}

func checkRedacted(tb testing.TB, l ledger.Ledger, gone, part directory.Ref, marks []string) {
	tb.Helper()
	if summary := noFindings(tb, l); summary.Erased != 3 {
		tb.Errorf("verify counts %d erased texts, want 3", summary.Erased)
	}
	var seen strings.Builder
	for _, c := range readCommits(tb, l, 0) {
		for _, ch := range c.Changes {
			seen.Write(ch.JSON)
			erased := (ch.Ref == gone && ch.Version <= 2) || (ch.Ref == part && ch.Version == 1)
			if erased && (ch.JSON != nil || ch.Seal.Salt != ledger.ID16{}) {
				tb.Errorf("commit %d still has the text or the salt of %s version %d", c.Seq, ch.Ref, ch.Version)
			}
		}
	}
	state, _ := loadWhole(tb, l)
	for _, r := range state {
		seen.Write(r.JSON)
	}
	for _, ref := range []directory.Ref{gone, part} {
		revisions := history(tb, l, ref, 1<<40)
		if len(revisions) != 3 {
			tb.Errorf("%s has %d versions in its history, want 3", ref, len(revisions))
		}
		for _, r := range revisions {
			seen.Write(r.JSON)
		}
	}
	for _, mark := range marks {
		if strings.Contains(seen.String(), mark) {
			tb.Errorf("the erased text %s is still told", mark)
		}
	}
}

func redactedInBig(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	big := manyChanges(ledger.InlineChanges + 500)(scribe)
	ref := big.Changes[ledger.InlineChanges+3].Ref
	text, mark := secretText(scribe, ref)
	big.Changes[ledger.InlineChanges+3].JSON = text
	big.Seal(ledger.Position{})
	mustAppend(t, l, scribe, big)
	mustAppend(t, l, scribe, scribe.Commit(erase(scribe, ref, 1)))
	mustRedact(t, l, named(ref, 1))
	l = t.reopen(t, l)
	if summary := noFindings(t, l); summary.Erased != 1 {
		t.Errorf("verify counts %d erased texts, want 1", summary.Erased)
	}
	blanks := 0
	for _, ch := range readCommits(t, l, 0)[0].Changes {
		if ch.JSON == nil {
			blanks++
		}
	}
	if blanks != 1 {
		t.Errorf("%d texts are gone, want 1", blanks)
	}
	shut(t, l)
	if bytes.Contains(t.Bytes(t), []byte(mark)) {
		t.Error("the store still holds the erased text")
	}
}

func erasuresAreTold(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	again, often := directory.Ref{Kind: directory.Actors, ID: "again"}, directory.Ref{Kind: directory.Roles, ID: "often"}
	text := func(ref directory.Ref) ledger.Change { return put(ref, scribe.Text(ref, 9)) }
	if told := erasures(t, l); len(told) != 0 {
		t.Errorf("an empty ledger tells of %v", told)
	}
	mustAppend(t, l, scribe, scribe.Commit(text(again), text(often)))
	mustAppend(t, l, scribe, scribe.Commit(erase(scribe, again, 1), text(often)))
	big := scribe.Group(ledger.InlineChanges + 2)
	big[0].Changes = append(big[0].Changes, erase(scribe, often, 1, 2))
	mustAppend(t, l, scribe, scribe.Commit(big[0].Changes...))
	mustAppend(t, l, scribe, scribe.Commit(text(again), text(often))) // both live again
	want := append(named(again, 1), named(often, 1, 2)...)
	for range 2 {
		if told := erasures(t, l); !slices.Equal(told, want) {
			t.Errorf("erasures of %v, want %v", told, want)
		}
		mustRedact(t, l, want)
		l = t.reopen(t, l)
	}
	n := 0
	err := l.Erasures(t.Context(), func(ledger.RefVersion) error {
		n++
		return ledger.Stop
	})
	if n > 1 || err != nil {
		t.Errorf("a stream that was to stop told %d, %v", n, err)
	}
}

// erasures returns the versions that a ledger tells of, and those that the commits after its checkpoint name, each
// once.
func erasures(tb testing.TB, l ledger.Ledger) []ledger.RefVersion {
	tb.Helper()
	_, position := load(tb, l)
	var told []ledger.RefVersion
	err := l.Erasures(tb.Context(), func(v ledger.RefVersion) error {
		told = append(told, v)
		return nil
	})
	if err != nil {
		tb.Fatalf("reading erasures: %v", err)
	}
	for _, c := range readCommits(tb, l, position.Seq) {
		for _, ch := range c.Changes {
			told = append(told, named(ch.Ref, ch.Erased...)...)
		}
	}
	slices.SortFunc(told, func(a, b ledger.RefVersion) int {
		return cmp.Or(compareRefs(a.Ref, b.Ref), cmp.Compare(a.Version, b.Version))
	})
	return slices.Compact(told)
}

func strayBlank(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	ref := directory.Ref{Kind: directory.Actors, ID: "blank"}
	c := scribe.Commit(put(ref, scribe.Text(ref, 9)))
	mustAppend(t, l, scribe, c)
	mustRedact(t, l, named(ref, 1)) // though nobody has said so in the log
	_, findings := verify(t, l)
	if len(findings) != 1 || findings[0].Seq != c.Seq || findings[0].Ref != ref || findings[0].Version != 1 {
		t.Errorf("findings %v, want one of %s version 1", findings, ref)
	}
}

func erasedButThere(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	ref := directory.Ref{Kind: directory.Actors, ID: "there"}
	mustAppend(t, l, scribe, scribe.Commit(put(ref, scribe.Text(ref, 9))))
	mustAppend(t, l, scribe, scribe.Commit(erase(scribe, ref, 1)))
	if _, findings := verify(t, l); len(findings) != 1 || findings[0].Version != 1 {
		t.Errorf("findings %v, want one of version 1", findings)
	}
	mustRedact(t, l, named(ref, 1))
	noFindings(t, l)
}

func blanksAreCopied(t *test) {
	scribe, l := NewScribe(Seed(t)), t.open(t)
	ref := directory.Ref{Kind: directory.Actors, ID: "blank"}
	ahead := scribe.ahead()
	first := ahead.commit([]ledger.Change{put(ref, scribe.Text(ref, 9)), put(directory.Ref{Kind: directory.Roles, ID: "r"}, []byte(`{}`))})
	ahead.Learn(first)
	second := ahead.commit([]ledger.Change{erase(scribe, ref, 1)})
	first.Changes[0].JSON, first.Changes[0].Seal.Salt = nil, ledger.ID16{} // as a redacted store tells it
	mustAppend(t, l, scribe, first, second)
	l = t.reopen(t, l)
	SameCommits(t, readCommits(t, l, 0), []*ledger.Commit{first, second})
	if summary := noFindings(t, l); summary.Erased != 1 {
		t.Errorf("verify counts %d erased texts, want 1", summary.Erased)
	}
	state, _ := loadWhole(t, l)
	sameState(t, state, stateAfter([]*ledger.Commit{first, second}))
	mustRedact(t, l, named(ref, 1))
	noFindings(t, l)
}
