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
			Open: func() (ledger.Ledger, error) {
				return mongoledger.Open(context.WithoutCancel(t.Context()), d.uri, opts)
			},
			Target: d.uri,
			Shared: true,
			Replace: func(tb testing.TB, commits []*ledger.Commit) {
				tb.Helper()
				d.settled(tb)
				if err := d.Drop(tb.Context()); err != nil {
					tb.Fatal(err)
				}
				l := open(tb, d.uri, opts)
				if n, err := l.Append(tb.Context(), ledger.Position{}, commits); n != len(commits) || err != nil {
					tb.Fatalf("replacing: %d durable, %v", n, err)
				}
			},
			PlantNewer: func(tb testing.TB, after ledger.Position, ref directory.Ref, version uint64) {
				tb.Helper()
				_, err := d.Collection("commits").InsertOne(tb.Context(), bson.D{
					{Key: "_id", Value: int64(after.Seq + 1)},
					{Key: "format", Value: ledger.Format + 1},
					{Key: "changes", Value: bson.D{{Key: ref.String(), Value: int64(version)}}}, // who knows
				})
				if err != nil {
					tb.Fatal(err)
				}
			},
			Tear: func(tb testing.TB, after ledger.Position, commits []*ledger.Commit) {
				tb.Helper()
				tear(tb, d, after, commits)
			},
			Bytes: func(tb testing.TB) []byte {
				tb.Helper()
				return d.everything(tb)
			},
		}
	}
}

// tear appends commits, of which one has to change a role that is there, on a node that dies when it has written what is
// new among the roles, and begins with what is changed and with the revisions.
func tear(tb testing.TB, d *database, after ledger.Position, commits []*ledger.Commit) {
	tb.Helper()
	proxy, uri := d.through(tb)
	revisions := proxy.Inject(wireproxy.Rule{Command: "insert", Collection: "revisions", Times: wireproxy.Always, Fault: wireproxy.Hold()})
	records := proxy.Inject(wireproxy.Rule{Command: "update", Collection: "roles", Times: wireproxy.Always, Fault: wireproxy.Hold()})
	l := open(tb, uri, mongoledger.Options{Patience: time.Hour})
	if n, err := l.Append(tb.Context(), after, commits); n != len(commits) || err != nil {
		tb.Fatalf("%d durable, %v", n, err)
	}
	<-revisions.Fired()
	<-records.Fired()
	if err := proxy.Close(); err != nil {
		tb.Fatal(err)
	}
	_ = l.Close()
}

// everything returns all documents of the database as they are.
func (d *database) everything(tb testing.TB) []byte {
	tb.Helper()
	names, err := d.ListCollectionNames(tb.Context(), bson.D{})
	if err != nil {
		tb.Fatal(err)
	}
	var all []byte
	for _, name := range names {
		cursor, err := d.Collection(name).Find(tb.Context(), bson.D{})
		if err != nil {
			tb.Fatal(err)
		}
		for cursor.Next(tb.Context()) {
			all = append(all, cursor.Current...)
		}
		if err := cursor.Err(); err != nil {
			tb.Fatal(err)
		}
	}
	return all
}

// settled waits until every commit is projected: nodes that run on have nothing left to write then.
func (d *database) settled(tb testing.TB) {
	tb.Helper()
	for {
		head, err := d.Collection("commits").CountDocuments(tb.Context(), bson.D{})
		if err != nil {
			tb.Fatal(err)
		}
		var progress struct{ Projected int64 }
		if err := d.Collection("meta").FindOne(tb.Context(), bson.D{{Key: "_id", Value: "projection"}}).Decode(&progress); err != nil {
			tb.Fatal(err)
		}
		if progress.Projected == head {
			return
		}
	}
}
