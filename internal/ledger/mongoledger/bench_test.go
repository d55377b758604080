package mongoledger_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/ledger/ledgertest"
	"dalil/internal/ledger/mongoledger"
)

// BenchmarkAppend measures groups of commits of one record each, until the projection is finished as well, and beside
// each a bare driver that inserts the same commits, upserts the same records and inserts the same revisions, under the
// same concerns.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 64} {
		b.Run(fmt.Sprintf("group=%d/ledger", size), func(b *testing.B) { benchLedger(b, size) })
		b.Run(fmt.Sprintf("group=%d/bare", size), func(b *testing.B) { benchBare(b, size) })
	}
}

// benchRecords is how many records the commits write by turns: a half as large as the open register of research
// organisations would be slower on both sides, and say the same.
const benchRecords = 2_000

// benchGroups returns groups of commits that create records and then replace them, by turns.
func benchGroups(b *testing.B, groups, size int) [][]*ledger.Commit {
	b.Helper()
	scribe := ledgertest.NewScribe(1)
	text := scribe.Text(directory.Ref{Kind: directory.Actors, ID: "an-organisation"}, 600)
	all := make([][]*ledger.Commit, groups)
	at, n := ledger.Position{}, uint64(0)
	for i := range all {
		for range size {
			c := &ledger.Commit{
				At:     time.UnixMilli(1_780_000_000_000 + int64(n)).UTC(),
				Author: ledger.Author{ID: "key-of-somebody", Via: "api"}, Reason: "kept in step", Token: ledger.NewID16(),
				Changes: []ledger.Change{{
					Op: ledger.Put, Version: 1 + n/benchRecords, JSON: text,
					Ref: directory.Ref{Kind: directory.Actors, ID: fmt.Sprintf("organisation-%d", n%benchRecords)},
				}},
			}
			c.Seal(at)
			at = c.Position()
			all[i] = append(all[i], c)
			n++
		}
	}
	return all
}

func benchLedger(b *testing.B, size int) {
	b.Helper()
	l := open(b, newDatabase(b).uri, mongoledger.Options{})
	groups := benchGroups(b, b.N, size)
	at := ledger.Position{}
	b.ResetTimer()
	for _, group := range groups {
		if n, err := l.Append(b.Context(), at, group); n != size || err != nil {
			b.Fatalf("%d durable, %v", n, err)
		}
		at = group[size-1].Position()
	}
	if err := l.Complete(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "commits/s")
}

func benchBare(b *testing.B, size int) {
	b.Helper()
	l := open(b, newDatabase(b).uri, mongoledger.Options{Patience: time.Hour}) // for its collections, and for nothing else
	groups := benchGroups(b, b.N, size)
	b.ResetTimer()
	for _, group := range groups {
		if err := writeBare(b.Context(), l, group); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "commits/s")
}

// writeBare writes what a group makes, one message after the other.
func writeBare(ctx context.Context, l *mongoledger.Ledger, group []*ledger.Commit) error {
	var (
		commits, revisions []any
		records            []mongo.WriteModel
	)
	for _, c := range group {
		made := mongoledger.DocumentsOf(c)
		commits = append(commits, made.Commit)
		revisions = append(revisions, made.Revisions...)
		for _, record := range made.Records {
			records = append(records, mongo.NewReplaceOneModel().SetUpsert(true).
				SetFilter(bson.D{{Key: "_id", Value: record.Lookup("_id")}}).SetReplacement(record))
		}
	}
	if _, err := l.CollectionOf("commits").InsertMany(ctx, commits); err != nil {
		return err
	}
	if _, err := l.CollectionOf("actors").BulkWrite(ctx, records, options.BulkWrite().SetOrdered(false)); err != nil {
		return err
	}
	_, err := l.CollectionOf("revisions").InsertMany(ctx, revisions, options.InsertMany().SetOrdered(false))
	return err
}

// BenchmarkRead measures what reads a whole ledger, per record.
func BenchmarkRead(b *testing.B) {
	const size = 500
	l := open(b, newDatabase(b).uri, mongoledger.Options{})
	at := ledger.Position{}
	for _, group := range benchGroups(b, 10_000/size, size) {
		if n, err := l.Append(b.Context(), at, group); n != size || err != nil {
			b.Fatalf("%d durable, %v", n, err)
		}
		at = group[size-1].Position()
	}
	if err := l.Complete(b.Context()); err != nil {
		b.Fatal(err)
	}
	measure := func(name, unit string, read func() (int, error)) {
		b.Run(name, func(b *testing.B) {
			all := 0
			for b.Loop() {
				n, err := read()
				if err != nil {
					b.Fatal(err)
				}
				all += n
			}
			b.ReportMetric(float64(all)/b.Elapsed().Seconds(), unit)
		})
	}
	measure("Commits", "commits/s", func() (n int, err error) {
		err = l.Commits(b.Context(), 0, func(*ledger.Commit) error { n++; return nil })
		return n, err
	})
	measure("Load", "records/s", func() (n int, err error) {
		_, err = l.Load(b.Context(), func(ledger.Record) error { n++; return nil })
		return n, err
	})
	measure("Verify", "commits/s", func() (int, error) {
		summary, err := ledger.Verify(b.Context(), l, func(f ledger.Finding) { b.Error(f) })
		return summary.Commits, err
	})
}
