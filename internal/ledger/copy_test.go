package ledger_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/ledger/ledgertest"
	"dalil/internal/ledger/mongoledger"
)

// fileStore returns an empty store in a file.
func fileStore(t *testing.T) ledger.Ledger {
	t.Helper()
	l, err := boltledger.Open(filepath.Join(t.TempDir(), "dalil.db"), boltledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// mongoStore returns an empty store in a database, which goes with the test.
func mongoStore(t *testing.T) ledger.Ledger {
	t.Helper()
	uri := os.Getenv("DALIL_TEST_MONGODB_URI")
	if uri == "" {
		if strings.Contains(os.Getenv("DALIL_TEST_REQUIRE"), "mongodb") {
			t.Fatal("DALIL_TEST_REQUIRE asks for MongoDB, and DALIL_TEST_MONGODB_URI is not set")
		}
		t.Skip("needs MongoDB: set DALIL_TEST_MONGODB_URI (deployments/test-mongodb starts one)")
	}
	name := "copy_" + rand.Text()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if err := errors.Join(client.Database(name).Drop(ctx), client.Disconnect(ctx)); err != nil {
			t.Errorf("dropping the test's database: %v", err)
		}
	})
	scheme, rest, _ := strings.Cut(uri, "://")
	hosts, tail, _ := strings.Cut(rest, "/")
	_, query, _ := strings.Cut(tail, "?")
	l, err := mongoledger.Open(t.Context(), scheme+"://"+hosts+"/"+name+"?"+query, mongoledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// written fills a store: small commits, a big one, and a text that is erased and gone.
func written(t *testing.T, l ledger.Ledger) []*ledger.Commit {
	t.Helper()
	scribe := ledgertest.NewScribe(ledgertest.Seed(t))
	gone := directory.Ref{Kind: directory.Actors, ID: "gone"}
	add := func(commits ...*ledger.Commit) {
		t.Helper()
		if _, err := l.Append(t.Context(), scribe.Position(), commits); err != nil {
			t.Fatal(err)
		}
		scribe.Learn(commits...)
	}
	add(scribe.Commit(ledger.Change{Op: ledger.Put, Ref: gone, JSON: scribe.Text(gone, 30)}))
	add(scribe.Small(100)...)
	add(scribe.Group(2, ledger.InlineChanges+400, 1)...)
	add(scribe.Commit(ledger.Change{Op: ledger.Erase, Ref: gone, JSON: scribe.Text(gone, 1), Erased: []uint64{1}}))
	if err := l.Redact(t.Context(), []ledger.RefVersion{{Ref: gone, Version: 1}}); err != nil {
		t.Fatal(err)
	}
	return told(t, l)
}

func told(t *testing.T, l ledger.Ledger) []*ledger.Commit {
	t.Helper()
	var commits []*ledger.Commit
	err := l.Commits(t.Context(), 0, func(c *ledger.Commit) error {
		commits = append(commits, c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return commits
}

func TestACopyBetweenAnyTwoStoresIsTheSameLedger(t *testing.T) {
	t.Parallel()
	for name, stores := range map[string]struct {
		from, to func(*testing.T) ledger.Ledger
	}{
		"file to file":       {fileStore, fileStore},
		"file to MongoDB":    {fileStore, mongoStore},
		"MongoDB to file":    {mongoStore, fileStore},
		"MongoDB to MongoDB": {mongoStore, mongoStore},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to := stores.from(t), stores.to(t)
			want := written(t, from)
			last := ledger.Progress{}
			opts := ledger.CopyOptions{GroupBytes: 10_000, Progress: func(p ledger.Progress) {
				if p.Seq <= last.Seq || p.Bytes < last.Bytes {
					t.Errorf("progress from %+v to %+v", last, p)
				}
				last = p
			}}
			done, err := ledger.Copy(t.Context(), from, to, opts)
			if err != nil || done.Commits != len(want) || last.Seq != done.Head.Seq {
				t.Fatalf("copied %+v, told %+v, %v", done, last, err)
			}
			got := told(t, to)
			prev := ledger.Position{}
			for i, c := range got {
				if err := c.Check(prev); err != nil || c.Hash != want[i].Hash || c.Token != want[i].Token || !c.At.Equal(want[i].At) {
					t.Fatalf("commit %d is another one: %v", c.Seq, err)
				}
				prev = c.Position()
			}
			summary, err := ledger.Verify(t.Context(), to, func(f ledger.Finding) { t.Errorf("verify: %s", f) })
			if err != nil || summary.Head != want[len(want)-1].Position() || summary.Erased != 1 {
				t.Errorf("verified %+v, %v", summary, err)
			}
		})
	}
}
