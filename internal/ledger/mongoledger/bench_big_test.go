package mongoledger_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/ledger/mongoledger"
)

// The benchmarks here are of whole directories: one commit with DALIL_BENCH_RECORDS records, 20,000 when that is unset,
// written and read, and beside each a bare driver that writes or reads the same documents.

func benchSize(b *testing.B) int {
	b.Helper()
	if text := os.Getenv("DALIL_BENCH_RECORDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatal(err)
		}
		return n
	}
	return 20_000
}

// organisation is the text of a record as the open register of research organisations makes it: some 700 bytes.
func organisation(i int) []byte {
	return fmt.Appendf(nil, `{"acronym":{"und":"IRO%[1]d"},"country":"MA","created":{"at":"2026-05-28T20:26:40Z","by":"key-of-somebody"},`+
		`"founded":"%[2]d","group":"research","id":"organisation-%[1]d","identifiers":[{"scheme":"ror","value":"0%08[1]d"},`+
		`{"scheme":"wikidata","value":"Q%[1]d"},{"scheme":"isni","value":"0000 0001 %08[1]d"}],"kind":"organisation",`+
		`"locations":[{"lat":33.9716,"lon":-6.8498,"name":"Rabat"}],"name":{"ar":"معهد البحوث رقم %[1]d",`+
		`"en":"Institute of Research Number %[1]d","fr":"Institut de recherche numéro %[1]d"},"status":"published",`+
		`"tags":["education","facility"],"updated":{"at":"2026-05-28T20:26:40Z","by":"key-of-somebody"},"version":1,`+
		`"visibility":"public","website":"https://organisation-%[1]d.example.org/"}`, i, 1900+i%120)
}

func bigCommit(n int) *ledger.Commit {
	c := &ledger.Commit{
		At: time.UnixMilli(1_780_000_000_000).UTC(), Author: ledger.Author{ID: "key-of-somebody", Via: "import"},
		Reason: "imported", Token: ledger.NewID16(), Changes: make([]ledger.Change, n),
	}
	for i := range c.Changes {
		c.Changes[i] = ledger.Change{
			Op: ledger.Put, Version: 1, JSON: organisation(i),
			Ref: directory.Ref{Kind: directory.Actors, ID: fmt.Sprintf("organisation-%d", i)},
		}
	}
	c.Seal(ledger.Position{})
	return c
}

// BenchmarkBigCommit measures one commit of many records until the projection is finished as well.
func BenchmarkBigCommit(b *testing.B) {
	n := benchSize(b)
	run := func(name string, write func(l *mongoledger.Ledger) func() error) {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				l := open(b, newDatabase(b).uri, mongoledger.Options{Patience: time.Hour})
				write := write(l)
				b.StartTimer()
				if err := write(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "records/s")
		})
	}
	run("ledger", func(l *mongoledger.Ledger) func() error {
		c := bigCommit(n)
		return func() error {
			if _, err := l.Append(b.Context(), ledger.Position{}, []*ledger.Commit{c}); err != nil {
				return err
			}
			return l.Complete(b.Context())
		}
	})
	run("bare", func(l *mongoledger.Ledger) func() error {
		made := mongoledger.DocumentsOf(bigCommit(n))
		parts, commit, revisions := encoded(b, made.Parts), encoded(b, []any{made.Commit}), encoded(b, made.Revisions)
		records := encoded(b, made.Records)
		return func() error {
			if err := errors.Join(
				insertAll(b.Context(), l, "commit_parts", parts, 4),
				insertAll(b.Context(), l, "commits", commit, 1),
			); err != nil {
				return err
			}
			behind := make(chan error, 1)
			go func() { behind <- insertAll(b.Context(), l, "revisions", revisions, benchChunk) }()
			return errors.Join(insertAll(b.Context(), l, "actors", records, benchChunk), <-behind)
		}
	})
}

// benchChunk is how many documents of the projection the bare driver sends in one message.
const benchChunk = 500

// encoded returns documents as a driver sends them.
func encoded[T any](b *testing.B, docs []T) []bson.Raw {
	b.Helper()
	all := make([]bson.Raw, len(docs))
	for i, doc := range docs {
		raw, err := bson.Marshal(doc)
		if err != nil {
			b.Fatal(err)
		}
		all[i] = raw
	}
	return all
}

// insertAll inserts documents, some at once, in any order.
func insertAll(ctx context.Context, l *mongoledger.Ledger, name string, docs []bson.Raw, atOnce int) error {
	for some := range slices.Chunk(docs, atOnce) {
		if _, err := l.CollectionOf(name).InsertMany(ctx, some, options.InsertMany().SetOrdered(false)); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkWholeStore measures what reads all records, and all there is.
func BenchmarkWholeStore(b *testing.B) {
	n := benchSize(b)
	l := open(b, newDatabase(b).uri, mongoledger.Options{})
	if _, err := l.Append(b.Context(), ledger.Position{}, []*ledger.Commit{bigCommit(n)}); err != nil {
		b.Fatal(err)
	}
	if err := l.Complete(b.Context()); err != nil {
		b.Fatal(err)
	}
	measure := func(name string, read func() (int, error)) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if got, err := read(); got != n || err != nil {
					b.Fatalf("%d records, %v, want %d", got, err, n)
				}
			}
			b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "records/s")
		})
	}
	measure("Load", func() (loaded int, err error) {
		_, err = l.Load(b.Context(), func(ledger.Record) error { loaded++; return nil })
		return loaded, err
	})
	measure("Load/bare", func() (int, error) { return findTexts(b.Context(), l, "actors", "_dalil", "json") })
	measure("Histories", func() (told int, err error) {
		err = l.Histories(b.Context(), 1, func(directory.Ref, ledger.Revision) error { told++; return nil })
		return told, err
	})
	measure("Histories/bare", func() (int, error) { return findTexts(b.Context(), l, "revisions", "json") })
	measure("Verify", func() (int, error) {
		summary, err := ledger.Verify(b.Context(), l, func(f ledger.Finding) { b.Error(f) })
		return summary.Records, err
	})
	measure("Verify/one by one", func() (int, error) {
		summary, err := ledger.Verify(b.Context(), struct{ ledger.Ledger }{l}, func(f ledger.Finding) { b.Error(f) })
		return summary.Records, err
	})
}

// findTexts reads the documents of a collection and takes the text out of each.
func findTexts(ctx context.Context, l *mongoledger.Ledger, name string, path ...string) (int, error) {
	cursor, err := l.CollectionOf(name).Find(ctx, bson.D{},
		options.Find().SetProjection(bson.D{{Key: path[0], Value: 1}}).SetBatchSize(5_000))
	if err != nil {
		return 0, err
	}
	texts := make([][]byte, 0, 1_000)
	for cursor.Next(ctx) {
		text, _ := cursor.Current.Lookup(path...).StringValueOK()
		if texts = append(texts, []byte(text)); text == "" {
			return 0, errors.New("a document has no text")
		}
	}
	return len(texts), cursor.Err()
}
