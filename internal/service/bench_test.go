package service_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.etcd.io/bbolt"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/readmodel"
	"dalil/internal/service"
)

// The benchmarks of the writer stand beside bare loops that bring the same bytes to the same store with nothing in
// between. Both wait for the disk (or the majority) before they count a commit.

// benchActor is a record of an ordinary size.
func benchActor(id string) *directory.Actor {
	return &directory.Actor{
		Envelope: directory.Envelope{
			ID: id, Version: 1, Status: directory.Published, Visibility: directory.Public, Tags: []string{"benchmark"},
		},
		Kind: "organisation", Group: "international",
		Name:    directory.Text{"en": "International body " + id, "fr": "Organisme international " + id},
		Acronym: directory.Text{"und": strings.ToUpper(id)},
		Country: "CH", Website: "https://example.org/" + id, Founded: "1951-12",
		Identifiers: []directory.Identifier{{Scheme: "wikidata", Value: "Q" + id[1:]}},
		Summary:     directory.Text{"en": strings.Repeat("What the body does, in a few words. ", 4)},
	}
}

// benchCommit proposes to create one actor, which its caller has made before: the writer is what is measured.
func benchCommit(id string) service.Propose {
	draft := putDraft(benchActor(id))
	return func(*readmodel.Snapshot) (ledger.Draft, error) { return draft, nil }
}

// callers runs do b.N times from so many goroutines, then finish, and stops the clock.
func callers(b *testing.B, n int, do func(i int) error, finish func() error) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range n {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				if err := do(int(i)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if err := finish(); err != nil {
		b.Error(err)
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

func BenchmarkAppendBolt(b *testing.B) {
	for _, n := range []int{1, 64} {
		b.Run(fmt.Sprintf("bare/%d", n), func(b *testing.B) { benchBareBolt(b, n) })
		b.Run(fmt.Sprintf("writer/%d", n), func(b *testing.B) {
			l, err := boltledger.Open(filepath.Join(b.TempDir(), "dalil.db"), boltledger.Options{})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { l.Close() })
			benchWriter(b, n, l)
		})
	}
}

func benchWriter(b *testing.B, n int, l ledger.Ledger) {
	b.Helper()
	s := openService(b, l)
	callers(b, n, func(i int) error {
		_, err := s.Commit(b.Context(), benchCommit(fmt.Sprintf("a%d", i)))
		return err
	}, func() error { return complete(b.Context(), l) })
}

// complete waits for what a ledger writes in the background: it counts as well.
func complete(ctx context.Context, l ledger.Ledger) error {
	if l, ok := l.(interface{ Complete(context.Context) error }); ok {
		return l.Complete(ctx)
	}
	return nil
}

// benchBareBolt writes the commits that wait in one transaction, as soon as the one before has ended.
func benchBareBolt(b *testing.B, n int) {
	b.Helper()
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	bucket := []byte("log")
	if err := db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket(bucket); return err }); err != nil {
		b.Fatal(err)
	}
	value := benchBytes(b)
	seq := uint64(0)
	benchBare(b, n, func(group []int) error {
		return db.Update(func(tx *bbolt.Tx) error {
			for range group {
				seq++
				if err := tx.Bucket(bucket).Put(binary.BigEndian.AppendUint64(nil, seq), value); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// benchBytes returns as many bytes as a commit of the benchmark has in a file.
func benchBytes(b *testing.B) []byte {
	b.Helper()
	text, err := directory.Encode(benchActor("a1000"))
	if err != nil {
		b.Fatal(err)
	}
	const head, stamps = 350, 130 // seals, chain and author; created and updated
	return append(text, make([]byte, head+stamps)...)
}

// benchBare runs a loop that hands all that waits to write at once, as soon as the write before has ended.
func benchBare(b *testing.B, n int, write func(group []int) error) {
	b.Helper()
	type call struct {
		i    int
		done chan error
	}
	waiting := make(chan call, n)
	var wg sync.WaitGroup
	wg.Go(func() {
		for first := range waiting {
			calls, group := []call{first}, []int{first.i}
			for range len(waiting) {
				next := <-waiting
				calls, group = append(calls, next), append(group, next.i)
			}
			err := write(group)
			for _, c := range calls {
				c.done <- err
			}
		}
	})
	callers(b, n, func(i int) error {
		if n == 1 {
			return write([]int{i})
		}
		c := call{i, make(chan error, 1)}
		waiting <- c
		return <-c.done
	}, func() error { return nil })
	close(waiting)
	wg.Wait()
}

func BenchmarkAppendMongoDB(b *testing.B) {
	for _, n := range []int{1, 64} {
		b.Run(fmt.Sprintf("bare/%d", n), func(b *testing.B) { benchBareMongo(b, n) })
		b.Run(fmt.Sprintf("writer/%d", n), func(b *testing.B) {
			_, uri := newMongoDatabase(b)
			benchWriter(b, n, openMongo(b, uri))
		})
	}
}

// benchBareMongo writes the documents that a writer has left in another database: the commits that wait in one ordered
// message, then what follows from them in one message for each collection.
func benchBareMongo(b *testing.B, n int) {
	b.Helper()
	from, uri := newMongoDatabase(b)
	l := openMongo(b, uri)
	s := openService(b, l)
	for i := range (b.N + 999) / 1000 {
		benchFill(b, s, i*1000, min(1000, b.N-i*1000))
	}
	if err := complete(b.Context(), l); err != nil {
		b.Fatal(err)
	}
	db, _ := newMongoDatabase(b)
	durable := options.Collection().SetWriteConcern(&writeconcern.WriteConcern{W: writeconcern.WCMajority, Journal: new(true)})
	names := []string{"commits", "actors", "revisions"}
	documents := make(map[string][]bson.Raw)
	for _, name := range names {
		documents[name] = allDocuments(b, from.Collection(name))
		if len(documents[name]) < b.N {
			b.Fatalf("%s has %d documents, want %d", name, len(documents[name]), b.N)
		}
	}
	next := 0
	benchBare(b, n, func(group []int) error {
		for _, name := range names {
			some := make([]any, len(group))
			for i := range group {
				some[i] = documents[name][next+i]
			}
			ordered := options.InsertMany().SetOrdered(name == "commits")
			if _, err := db.Collection(name, durable).InsertMany(b.Context(), some, ordered); err != nil {
				return err
			}
		}
		next += len(group)
		return nil
	})
}

// benchFill commits actors from one number on, many at once.
func benchFill(b *testing.B, s *service.Service, from, count int) {
	b.Helper()
	var wg sync.WaitGroup
	for i := range count {
		wg.Go(func() {
			if _, err := s.Commit(b.Context(), benchCommit(fmt.Sprintf("a%d", from+i+1))); err != nil {
				b.Error(err)
			}
		})
	}
	wg.Wait()
}

func allDocuments(b *testing.B, c *mongo.Collection) []bson.Raw {
	b.Helper()
	cursor, err := c.Find(b.Context(), bson.D{})
	if err != nil {
		b.Fatal(err)
	}
	var all []bson.Raw
	if err := cursor.All(b.Context(), &all); err != nil {
		b.Fatal(err)
	}
	return all
}
