package service_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"dalil/internal/collector"
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

// benchCommits proposes to create one actor each. They are made before the clock starts, as the bare loops' bytes are:
// the writer is what is measured.
func benchCommits(n int) []service.Propose {
	proposals := make([]service.Propose, n)
	for i := range proposals {
		draft := putDraft(benchActor(fmt.Sprintf("a%d", i+1)))
		proposals[i] = func(*readmodel.Snapshot) (ledger.Draft, error) { return draft, nil }
	}
	return proposals
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
	b.Cleanup(collector.Tend()) // as the program does
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
	s, proposals := openService(b, l), benchCommits(b.N)
	callers(b, n, func(i int) error {
		_, err := s.Commit(b.Context(), proposals[i-1])
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
	}, func() error { return nil })
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
func benchBare(b *testing.B, n int, write func(group []int) error, finish func() error) {
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
	}, finish)
	close(waiting)
	wg.Wait()
}

func BenchmarkAppendMongoDB(b *testing.B) {
	b.Cleanup(collector.Tend()) // as the program does
	for _, n := range []int{1, 64} {
		b.Run(fmt.Sprintf("bare/%d", n), func(b *testing.B) { benchBareMongo(b, n) })
		b.Run(fmt.Sprintf("writer/%d", n), func(b *testing.B) {
			_, uri := newMongoDatabase(b)
			benchWriter(b, n, openMongo(b, uri))
		})
	}
}

// Behind the commits a message carries so many documents at most, of those that gather in so long a time. It is what
// the ledger does.
const (
	bareBatch  = 256
	bareGather = 25 * time.Millisecond
)

// benchBareMongo writes the documents that a writer has left in another database, in the same manner and with nothing
// in between: the commits that wait in one ordered message, which is acknowledged before they count; behind them, in
// the background, what follows from all that is committed by then, both collections at once.
func benchBareMongo(b *testing.B, n int) {
	b.Helper()
	documents := writtenDocuments(b)
	db := bareDatabase(b)
	durable := options.Collection().SetWriteConcern(&writeconcern.WriteConcern{W: writeconcern.WCMajority, Journal: new(true)})
	insert := func(name string, from, to int, ordered bool) error {
		_, err := db.Collection(name, durable).InsertMany(b.Context(), documents[name][from:to], options.InsertMany().SetOrdered(ordered))
		return err
	}
	var committed atomic.Int64
	ended, followed := make(chan struct{}), make(chan error, 1)
	go func() {
		followed <- follow(&committed, ended, func(from, to int) error {
			revisions := make(chan error, 1)
			go func() { revisions <- insert("revisions", from, to, false) }()
			return errors.Join(insert("actors", from, to, false), <-revisions)
		})
	}()
	next := 0
	benchBare(b, n, func(group []int) error {
		if err := insert("commits", next, next+len(group), true); err != nil {
			return err
		}
		next += len(group)
		committed.Store(int64(next))
		return nil
	}, func() error { close(ended); return <-followed })
}

// bareDatabase returns a database for a driver that, like the ledger, does not repeat writes by itself: a server keeps
// books of those that may come twice, which takes time.
func bareDatabase(b *testing.B) *mongo.Database {
	b.Helper()
	db, uri := newMongoDatabase(b)
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetRetryWrites(false))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = client.Disconnect(withoutCancel(b)) })
	return client.Database(db.Name())
}

// follow writes what is behind a number that grows, every time what has gathered in a while, until it has ended.
func follow(growing *atomic.Int64, ended <-chan struct{}, write func(from, to int) error) error {
	done := 0
	for grows := true; grows; {
		select {
		case <-ended:
			grows = false
		case <-time.After(bareGather):
		}
		for n := int(growing.Load()); done < n; {
			to := min(n, done+bareBatch)
			if err := write(done, to); err != nil {
				return err
			}
			done = to
		}
	}
	return nil
}

// writtenDocuments returns what b.N commits of a writer make in a database, by collection.
func writtenDocuments(b *testing.B) map[string][]bson.Raw {
	b.Helper()
	db, uri := newMongoDatabase(b)
	l := openMongo(b, uri)
	s := openService(b, l)
	for proposals := range slices.Chunk(benchCommits(b.N), 1000) {
		benchFill(b, s, proposals)
	}
	if err := complete(b.Context(), l); err != nil {
		b.Fatal(err)
	}
	documents := make(map[string][]bson.Raw)
	for _, name := range []string{"commits", "actors", "revisions"} {
		documents[name] = allDocuments(b, db.Collection(name))
		if len(documents[name]) < b.N {
			b.Fatalf("%s has %d documents, want %d", name, len(documents[name]), b.N)
		}
	}
	return documents
}

// benchFill commits proposals, all at once.
func benchFill(b *testing.B, s *service.Service, proposals []service.Propose) {
	b.Helper()
	var wg sync.WaitGroup
	for _, p := range proposals {
		wg.Go(func() {
			if _, err := s.Commit(b.Context(), p); err != nil {
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
