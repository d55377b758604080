package ledger_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/ledger/ledgertest"
)

// spoiled is a real ledger of which some things are told wrong, as from a store that somebody has tampered with.
// A function returns false for what is not told at all.
type spoiled struct {
	ledger.Ledger
	commit   func(*ledger.Commit) bool
	record   func(*ledger.Record) bool
	revision func(*ledger.Revision) bool
	more     []ledger.Record   // told in the checkpoint as well
	again    []ledger.Revision // told in every history as well
	position ledger.Position   // of the checkpoint, unless zero
}

func (s *spoiled) Commits(ctx context.Context, after uint64, yield func(*ledger.Commit) error) error {
	return s.Ledger.Commits(ctx, after, func(c *ledger.Commit) error {
		if s.commit != nil && !s.commit(c) {
			return nil
		}
		return yield(c)
	})
}

func (s *spoiled) Load(ctx context.Context, yield func(ledger.Record) error) (ledger.Position, error) {
	position, err := s.Ledger.Load(ctx, func(r ledger.Record) error {
		if s.record != nil && !s.record(&r) {
			return nil
		}
		return yield(r)
	})
	for _, r := range s.more {
		err = errors.Join(err, yield(r))
	}
	if s.position != (ledger.Position{}) {
		position = s.position
	}
	return position, err
}

func (s *spoiled) History(ctx context.Context, ref directory.Ref, upTo uint64, yield func(ledger.Revision) error) error {
	err := s.Ledger.History(ctx, ref, upTo, func(r ledger.Revision) error {
		if ref == refA && s.revision != nil && !s.revision(&r) {
			return nil
		}
		return yield(r)
	})
	for _, r := range s.again {
		err = errors.Join(err, yield(r))
	}
	return err
}

// The records of the ledger that is verified.
var (
	refA = directory.Ref{Kind: directory.Actors, ID: "a"}
	refB = directory.Ref{Kind: directory.Roles, ID: "b"}
)

// chronicle returns a ledger of four commits: both records are put, a is changed, b is archived, a's first text erased.
func chronicle(t *testing.T) (*boltledger.Ledger, []*ledger.Commit) {
	t.Helper()
	l, err := boltledger.Open(filepath.Join(t.TempDir(), "dalil.db"), boltledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	scribe := ledgertest.NewScribe(ledgertest.Seed(t))
	text := func(ref directory.Ref) []byte { return scribe.Text(ref, 20) }
	var commits []*ledger.Commit
	for _, changes := range [][]ledger.Change{
		{{Op: ledger.Put, Ref: refA, JSON: text(refA)}, {Op: ledger.Put, Ref: refB, JSON: text(refB)}},
		{{Op: ledger.Put, Ref: refA, JSON: text(refA)}},
		{{Op: ledger.Archive, Ref: refB, JSON: text(refB)}},
		{{Op: ledger.Erase, Ref: refA, JSON: text(refA), Erased: []uint64{1}}},
	} {
		c := scribe.Commit(changes...)
		if n, err := l.Append(t.Context(), scribe.Position(), []*ledger.Commit{c}); n != 1 {
			t.Fatal(err)
		}
		scribe.Learn(c)
		commits = append(commits, c)
	}
	if err := l.Redact(t.Context(), []ledger.RefVersion{{Ref: refA, Version: 1}}); err != nil {
		t.Fatal(err)
	}
	return l, commits
}

func TestVerifyCountsAndFindsNothingInASoundLedger(t *testing.T) {
	t.Parallel()
	l, commits := chronicle(t)
	summary, err := ledger.Verify(t.Context(), l, func(f ledger.Finding) { t.Errorf("found: %s", f) })
	if err != nil {
		t.Fatal(err)
	}
	want := ledger.Summary{Commits: 4, Changes: 5, Records: 2, Erased: 1, Head: commits[3].Position()}
	if diff := cmp.Diff(want, summary); diff != "" {
		t.Errorf("summary differs (-want +got):\n%s", diff)
	}
}

// at returns a function that spoils the commit with a number and tells all.
func at(seq uint64, spoil func(*ledger.Commit)) func(*ledger.Commit) bool {
	return func(c *ledger.Commit) bool {
		if c.Seq == seq {
			spoil(c)
		}
		return true
	}
}

// versionOf returns a function that spoils one version of a's history and tells all.
func versionOf(version uint64, spoil func(*ledger.Revision)) func(*ledger.Revision) bool {
	return func(r *ledger.Revision) bool {
		if r.Version == version {
			spoil(r)
		}
		return true
	}
}

func recordOf(ref directory.Ref, spoil func(*ledger.Record)) func(*ledger.Record) bool {
	return func(r *ledger.Record) bool {
		if r.Ref == ref {
			spoil(r)
		}
		return true
	}
}

func TestVerifySaysWhatIsWrongWhere(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		spoil spoiled
		want  []string // the beginning of each finding
	}{
		"a commit is missing": {
			spoiled{commit: func(c *ledger.Commit) bool { return c.Seq != 3 }},
			[]string{
				"commit 4: number 4 follows 2",
				"commit 1, roles/b version 1: the checkpoint holds version 2 of commit 3",
				"commit 3, roles/b version 2: the history holds a version that no commit wrote",
			},
		},
		"a link differs": {
			spoiled{commit: at(3, func(c *ledger.Commit) { c.Prev[0]++ })},
			[]string{"commit 3: the link to the commit before differs"},
		},
		"a hash differs": {
			spoiled{commit: at(2, func(c *ledger.Commit) { c.Token[0]++ })},
			[]string{"commit 2: the hash differs"},
		},
		"a commit was made anew": {
			spoiled{commit: at(2, func(c *ledger.Commit) {
				c.Reason = "another"
				c.Seal(ledger.Position{Seq: 1, Hash: c.Prev})
			})},
			[]string{
				"commit 3: the link to the commit before differs",
				"commit 2, actors/a version 2: the history differs from the commit",
			},
		},
		"a text differs": {
			spoiled{commit: at(1, func(c *ledger.Commit) { c.Changes[1].JSON[0]++ })},
			[]string{
				"commit 1: the text of roles/b version 1 does not fit its digest",
				"commit 1, roles/b version 1: the history differs from the commit",
			},
		},
		"a text is gone": {
			spoiled{commit: at(2, func(c *ledger.Commit) { c.Changes[0].JSON = nil })},
			[]string{
				"commit 2, actors/a version 2: the text is gone, but no erase commit names it",
				"commit 2, actors/a version 2: the history differs from the commit",
			},
		},
		"a time goes backward": {
			spoiled{commit: at(3, func(c *ledger.Commit) { c.At = c.At.Add(-time.Hour) })},
			[]string{"commit 3: the hash differs", "commit 3: its time", "commit 3, roles/b version 2: the history differs"},
		},
		"a version is left out": {
			spoiled{commit: at(2, func(c *ledger.Commit) { c.Changes = nil })},
			[]string{
				"commit 2: the hash differs",
				"commit 4, actors/a version 3: follows version 1",
				"commit 2, actors/a version 2: the history holds a version that no commit wrote",
			},
		},
		"a change names erased versions but does not erase": {
			spoiled{commit: at(4, func(c *ledger.Commit) { c.Changes[0].Op = ledger.Put })},
			[]string{
				"commit 4: the hash differs",
				"commit 4, actors/a version 3: names erased versions but is a put",
				"commit 1, actors/a version 1: the text is gone, but no erase commit names it",
				"commit 4, actors/a version 3: the checkpoint says erase, the commit put",
				"commit 4, actors/a version 3: the history differs from the commit",
			},
		},
		"the checkpoint lacks a record": {
			spoiled{record: func(r *ledger.Record) bool { return r.Ref != refB }},
			[]string{"commit 3, roles/b version 2: the checkpoint lacks the record"},
		},
		"the checkpoint holds another text": {
			spoiled{record: recordOf(refB, func(r *ledger.Record) { r.JSON = []byte(`{}`) })},
			[]string{"commit 3, roles/b version 2: the text in the checkpoint differs from the commit's"},
		},
		"the checkpoint holds another operation": {
			spoiled{record: recordOf(refB, func(r *ledger.Record) { r.Op = ledger.Put })},
			[]string{"commit 3, roles/b version 2: the checkpoint says put, the commit archive"},
		},
		"the checkpoint holds another version": {
			spoiled{record: recordOf(refB, func(r *ledger.Record) { r.Version = 7 })},
			[]string{"commit 3, roles/b version 2: the checkpoint holds version 7 of commit 3"},
		},
		"the checkpoint holds an old version": {
			spoiled{record: recordOf(refB, func(r *ledger.Record) { r.Seq, r.Version = 1, 1 })},
			[]string{"commit 3, roles/b version 2: the checkpoint still holds version 1"},
		},
		"the checkpoint holds a record that never was": {
			spoiled{more: []ledger.Record{{Ref: directory.Ref{Kind: directory.Sources, ID: "s"}, Seq: 2, Version: 1, Op: ledger.Put}}},
			[]string{"commit 2, sources/s version 1: the checkpoint holds a record that no commit wrote"},
		},
		"the history lacks a version": {
			spoiled{revision: func(r *ledger.Revision) bool { return r.Version != 2 }},
			[]string{"commit 2, actors/a version 2: the history lacks the version"},
		},
		"the history tells another text": {
			spoiled{revision: versionOf(2, func(r *ledger.Revision) { r.JSON = []byte(`{}`) })},
			[]string{"commit 2, actors/a version 2: the history differs from the commit"},
		},
		"the history tells another author": {
			spoiled{revision: versionOf(3, func(r *ledger.Revision) { r.Author.ID = "x" })},
			[]string{"commit 4, actors/a version 3: the history differs from the commit"},
		},
		"the history tells another reason and time": {
			spoiled{revision: versionOf(1, func(r *ledger.Revision) { r.At = r.At.Add(time.Millisecond) })},
			[]string{"commit 1, actors/a version 1: the history differs from the commit"},
		},
		"the history tells a version twice": {
			spoiled{again: []ledger.Revision{{Seq: 9, Version: 9}, {Seq: 9, Version: 9}}},
			[]string{
				"commit 9, actors/a version 9: the history is not told newest first",
				"commit 9, actors/a version 9: the history is not told newest first",
				"commit 9, roles/b version 9: the history is not told newest first",
				"commit 9, roles/b version 9: the history is not told newest first",
				"commit 9, actors/a version 9: the history holds the version twice",
				"commit 9, actors/a version 9: the history holds a version that no commit wrote",
				"commit 9, roles/b version 9: the history holds the version twice",
				"commit 9, roles/b version 9: the history holds a version that no commit wrote",
			},
		},
		"the checkpoint holds a record twice": {
			spoiled{more: []ledger.Record{{Ref: refB, Seq: 1, Version: 1, Op: ledger.Put}}},
			[]string{
				"commit 1, roles/b version 1: the checkpoint holds the record twice",
				"commit 3, roles/b version 2: the checkpoint still holds version 1",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := tc.spoil
			s.Ledger, _ = chronicle(t)
			var found []string
			if _, err := ledger.Verify(t.Context(), &s, func(f ledger.Finding) { found = append(found, f.String()) }); err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(found, tc.want, strings.HasPrefix) {
				t.Errorf("found\n%s\nwant\n%s", strings.Join(found, "\n"), strings.Join(tc.want, "\n"))
			}
		})
	}
}

// spoiledHistorian is a ledger that tells one version wrong when it tells all histories in one go.
type spoiledHistorian struct{ *boltledger.Ledger }

func (s spoiledHistorian) Histories(ctx context.Context, upTo uint64, yield func(directory.Ref, ledger.Revision) error) error {
	return s.Ledger.Histories(ctx, upTo, func(ref directory.Ref, r ledger.Revision) error {
		if ref == refB && r.Version == 1 {
			r.Reason += "."
		}
		return yield(ref, r)
	})
}

func TestVerifyReadsAllHistoriesInOneGoWhereItCan(t *testing.T) {
	t.Parallel()
	l, _ := chronicle(t)
	var found []string
	_, err := ledger.Verify(t.Context(), spoiledHistorian{l}, func(f ledger.Finding) { found = append(found, f.String()) })
	want := []string{"commit 3, roles/b version 2: the history differs from the commits"}
	if err != nil || !slices.Equal(found, want) {
		t.Errorf("found %v, %v, want %v", found, err, want)
	}
}

func TestVerifyAllowsACheckpointThatLagsBehindItsPosition(t *testing.T) {
	t.Parallel()
	l, commits := chronicle(t)
	s := spoiled{
		Ledger:   l,
		position: commits[1].Position(),
		record:   recordOf(refB, func(r *ledger.Record) { r.Seq, r.Version, r.Op = 1, 1, ledger.Put }),
	}
	if _, err := ledger.Verify(t.Context(), &s, func(f ledger.Finding) { t.Errorf("found: %s", f) }); err != nil {
		t.Fatal(err)
	}
}

func TestVerifyReturnsTheErrorsOfTheStore(t *testing.T) {
	t.Parallel()
	l, _ := chronicle(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ledger.Verify(ctx, l, func(f ledger.Finding) { t.Errorf("found: %s", f) }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestVerifyComparesOnlySoManyWrongHistoriesOneByOne(t *testing.T) {
	t.Parallel()
	l, err := boltledger.Open(filepath.Join(t.TempDir(), "dalil.db"), boltledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	scribe := ledgertest.NewScribe(ledgertest.Seed(t))
	group := scribe.Group(1_500)
	if n, err := l.Append(t.Context(), ledger.Position{}, group); n != 1 {
		t.Fatal(err)
	}
	s := spoiled{Ledger: l, again: []ledger.Revision{{Seq: 1, Version: 0}}}
	found := 0
	summary, err := ledger.Verify(t.Context(), &s, func(ledger.Finding) { found++ })
	if err != nil || found != 1_500 || summary.Records != 1_500 {
		t.Errorf("%d findings for %d records, %v", found, summary.Records, err)
	}
}
