package mongoledger_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/ledger/ledgertest"
	"dalil/internal/ledger/mongoledger"
)

// versionsIn returns what commits up to a number write, newest first, by record.
func versionsIn(commits []*ledger.Commit, upTo uint64) map[directory.Ref][]ledger.Revision {
	all := make(map[directory.Ref][]ledger.Revision)
	for _, c := range slices.Backward(commits) {
		if c.Seq > upTo {
			continue
		}
		for i := range c.Changes {
			ch := &c.Changes[i]
			all[ch.Ref] = append(all[ch.Ref], ledger.Revision{
				Seq: c.Seq, At: c.At, Author: c.Author, Reason: c.Reason, Op: ch.Op, Version: ch.Version, JSON: ch.JSON,
			})
		}
	}
	return all
}

// wantHistories sees that all histories in one go, and each by itself, are what the commits say.
func wantHistories(tb testing.TB, l *mongoledger.Ledger, commits []*ledger.Commit, upTo uint64) {
	tb.Helper()
	want := versionsIn(commits, upTo)
	newest := func(a, b ledger.Revision) int { return cmp.Compare(b.Version, a.Version) }
	for _, versions := range want {
		slices.SortFunc(versions, newest) // a commit may hold two of one record
	}
	together, single := make(map[directory.Ref][]ledger.Revision), make(map[directory.Ref][]ledger.Revision)
	if err := l.Histories(tb.Context(), upTo, func(ref directory.Ref, r ledger.Revision) error {
		together[ref] = append(together[ref], r)
		return nil
	}); err != nil {
		tb.Fatalf("reading all histories: %v", err)
	}
	for ref, versions := range together {
		slices.SortFunc(versions, newest)
		if err := l.History(tb.Context(), ref, upTo, func(r ledger.Revision) error {
			single[ref] = append(single[ref], r)
			return nil
		}); err != nil {
			tb.Fatalf("reading the history of %s: %v", ref, err)
		}
	}
	if diff := gocmp.Diff(want, together); diff != "" {
		tb.Errorf("all histories up to %d differ (-want +got):\n%s", upTo, diff)
	}
	if diff := gocmp.Diff(want, single); diff != "" {
		tb.Errorf("the single histories up to %d differ (-want +got):\n%s", upTo, diff)
	}
}

func TestHistoriesAreRightHoweverFarTheProjectionIs(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	l, dead := open(t, d.uri, mongoledger.Options{}), deadNode(t, d)
	projected := scribe.Small(50)
	mustAppend(t, l, scribe, projected...)
	complete(t, l)
	// Nothing of these is projected.
	all := slices.Concat(projected, scribe.Small(20))
	mustAppend(t, dead, scribe, all[len(projected):]...)
	giveUp(t, dead)
	for _, upTo := range []uint64{0, 1, 49, 50, 51, 69, 1 << 40} {
		wantHistories(t, dead, all, upTo)
	}
	// All of it is projected, and the database does not know.
	complete(t, l)
	d.forget(t)
	wantHistories(t, open(t, d.uri, mongoledger.Options{}), all, 60)
}

func TestDamageToTheRevisionsIsToldWhereItIs(t *testing.T) {
	t.Parallel()
	set := func(member string, value any) bson.D {
		return bson.D{{Key: "$set", Value: bson.D{{Key: member, Value: value}}}}
	}
	for name, c := range map[string]struct {
		damage func(ctx context.Context, d *database, id bson.D) error
		finds  string // "" where the commits say what is right, and a warning tells
	}{
		"a text differs": {func(ctx context.Context, d *database, id bson.D) error {
			_, err := d.Collection("revisions").UpdateOne(ctx, id, set("json", "{}"))
			return err
		}, ""},
		"a reason differs": {func(ctx context.Context, d *database, id bson.D) error {
			_, err := d.Collection("revisions").UpdateOne(ctx, id, set("reason", "because"))
			return err
		}, "the history differs from the commit"},
		"a revision is missing": {func(ctx context.Context, d *database, id bson.D) error {
			_, err := d.Collection("revisions").DeleteOne(ctx, id)
			return err
		}, "the history lacks the version"},
		"a document is none of ours": {func(ctx context.Context, d *database, _ bson.D) error {
			_, err := d.Collection("revisions").InsertOne(ctx, bson.D{{Key: "note", Value: "ours"}})
			return err
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
			l := open(t, d.uri, quick)
			mustAppend(t, l, scribe, scribe.Small(30)...)
			ref := directory.Ref{Kind: directory.Actors, ID: "damaged"}
			mustAppend(t, l, scribe, scribe.Commit(put(ref, `{"id":"damaged"}`)))
			complete(t, l)
			if err := c.damage(t.Context(), d, bson.D{{Key: "_id", Value: ref.String() + "/1"}}); err != nil {
				t.Fatal(err)
			}
			var found []string
			_, err := ledger.Verify(t.Context(), l, func(f ledger.Finding) { found = append(found, f.What) })
			if err != nil || strings.Join(found, "; ") != c.finds {
				t.Errorf("found %q, %v, want %q", found, err, c.finds)
			}
		})
	}
}
