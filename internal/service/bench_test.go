package service_test

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.etcd.io/bbolt"

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

// benchCommit proposes to create one actor.
func benchCommit(id string) service.Propose {
	return func(*readmodel.Snapshot) (ledger.Draft, error) { return putDraft(benchActor(id)), nil }
}

// callers runs do b.N times from so many goroutines.
func callers(b *testing.B, n int, do func(i int) error) {
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
	})
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
	put := func(tx *bbolt.Tx) error {
		seq++
		return tx.Bucket(bucket).Put(binary.BigEndian.AppendUint64(nil, seq), value)
	}
	if n == 1 {
		callers(b, 1, func(int) error { return db.Update(put) })
		return
	}
	waiting := make(chan chan error, n)
	var wg sync.WaitGroup
	wg.Go(func() { bareLoop(db, waiting, put) })
	callers(b, n, func(int) error {
		done := make(chan error, 1)
		waiting <- done
		return <-done
	})
	close(waiting)
	wg.Wait()
}

// bareLoop takes all that waits into one transaction.
func bareLoop(db *bbolt.DB, waiting <-chan chan error, put func(*bbolt.Tx) error) {
	for first := range waiting {
		group := []chan error{first}
		for more := true; more; {
			select {
			case next, open := <-waiting:
				if more = open; open {
					group = append(group, next)
				}
			default:
				more = false
			}
		}
		err := db.Update(func(tx *bbolt.Tx) error {
			for range group {
				if err := put(tx); err != nil {
					return err
				}
			}
			return nil
		})
		for _, done := range group {
			done <- err
		}
	}
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
