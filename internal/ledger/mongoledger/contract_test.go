package mongoledger_test

import (
	"context"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/ledger/ledgertest"
	"dalil/internal/ledger/mongoledger"
	"dalil/internal/ledger/mongoledger/wireproxy"
)

func TestTheContractHolds(t *testing.T) {
	t.Parallel()
	ledgertest.Run(t, store(quick))
}

// store returns an opener of databases in which ledgers are opened with these options.
func store(opts mongoledger.Options) ledgertest.Opener {
	return func(t *testing.T) *ledgertest.Store {
		t.Helper()
		d := newDatabase(t)
		return &ledgertest.Store{
			Open:   func() (ledger.Ledger, error) { return mongoledger.Open(context.WithoutCancel(t.Context()), d.uri, opts) },
			Target: d.uri,
			Shared: true,
			Replace: func(t testing.TB, commits []*ledger.Commit) {
				t.Helper()
				d.settled(t)
				if err := d.Drop(t.Context()); err != nil {
					t.Fatal(err)
				}
				l := open(t, d.uri, opts)
				if n, err := l.Append(t.Context(), ledger.Position{}, commits); n != len(commits) || err != nil {
					t.Fatalf("replacing: %d durable, %v", n, err)
				}
			},
			PlantNewer: func(t testing.TB, after ledger.Position, ref directory.Ref, version uint64) {
				t.Helper()
				_, err := d.Collection("commits").InsertOne(t.Context(), bson.D{
					{Key: "_id", Value: int64(after.Seq + 1)},
					{Key: "format", Value: ledger.Format + 1},
					{Key: "changes", Value: bson.D{{Key: ref.String(), Value: int64(version)}}}, // who knows
				})
				if err != nil {
					t.Fatal(err)
				}
			},
			Tear: func(t testing.TB, after ledger.Position, commits []*ledger.Commit) {
				t.Helper()
				tear(t, d, after, commits)
			},
			Bytes: func(t testing.TB) []byte {
				t.Helper()
				return d.everything(t)
			},
		}
	}
}

// tear appends commits on a node that dies when it has written the actors and begins with the revisions.
func tear(t testing.TB, d *database, after ledger.Position, commits []*ledger.Commit) {
	t.Helper()
	proxy, uri := d.through(t)
	revisions := proxy.Inject(wireproxy.Rule{Command: "insert", Collection: "revisions", Times: wireproxy.Always, Fault: wireproxy.Hold()})
	records := proxy.Inject(wireproxy.Rule{Command: "update", Collection: "roles", Times: wireproxy.Always, Fault: wireproxy.Hold()})
	l := open(t, uri, mongoledger.Options{Timeout: 2 * time.Second, Patience: time.Hour})
	if n, err := l.Append(t.Context(), after, commits); n != len(commits) || err != nil {
		t.Fatalf("%d durable, %v", n, err)
	}
	<-revisions.Fired()
	<-records.Fired()
	if err := proxy.Close(); err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
}

// everything returns all documents of the database as they are.
func (d *database) everything(t testing.TB) []byte {
	t.Helper()
	names, err := d.ListCollectionNames(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, name := range names {
		cursor, err := d.Collection(name).Find(t.Context(), bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		for cursor.Next(t.Context()) {
			all = append(all, cursor.Current...)
		}
		if err := cursor.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// settled waits until every commit is projected: nodes that run on have nothing left to write then.
func (d *database) settled(t testing.TB) {
	t.Helper()
	for {
		head, err := d.Collection("commits").CountDocuments(t.Context(), bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		var progress struct{ Projected int64 }
		if err := d.Collection("meta").FindOne(t.Context(), bson.D{{Key: "_id", Value: "projection"}}).Decode(&progress); err != nil {
			t.Fatal(err)
		}
		if progress.Projected == head {
			return
		}
	}
}
