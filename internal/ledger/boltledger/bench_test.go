//go:build unix

package boltledger_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/ledger/ledgertest"
)

// benchText is the JSON of a record of ordinary length, about 700 bytes.
func benchText(s *ledgertest.Scribe) []byte {
	return s.Text(directory.Ref{Kind: directory.Actors, ID: "an-organisation"}, 600)
}

// benchGroup returns a group of single-change commits on records that are each new, as an import of many makes them.
func benchGroup(s *ledgertest.Scribe, after ledger.Position, size int, text []byte) []*ledger.Commit {
	group := make([]*ledger.Commit, size)
	for i := range group {
		ref := directory.Ref{Kind: directory.Actors, ID: fmt.Sprintf("organisation-%x", s.Rand().Uint64())}
		c := &ledger.Commit{
			At: time.UnixMilli(1_780_000_000_000 + int64(after.Seq)).UTC(), Author: ledger.Author{ID: "key-of-somebody", Via: "api"},
			Token: ledger.NewID16(), Changes: []ledger.Change{{Op: ledger.Put, Ref: ref, Version: 1, JSON: text}},
		}
		c.Seal(after)
		after = c.Position()
		group[i] = c
	}
	return group
}

// BenchmarkAppend measures groups of single-change commits, and beside each a bare bbolt transaction that puts the same
// bytes, one value a commit, into one bucket.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 64} {
		b.Run(fmt.Sprintf("group=%d/ledger", size), func(b *testing.B) { benchLedger(b, size) })
		b.Run(fmt.Sprintf("group=%d/bare", size), func(b *testing.B) { benchBare(b, size) })
	}
}

func benchLedger(b *testing.B, size int) {
	b.Helper()
	l := mustOpen(b, filepath.Join(b.TempDir(), "dalil.db"))
	scribe := ledgertest.NewScribe(1)
	text, at := benchText(scribe), ledger.Position{}
	var groups [][]*ledger.Commit
	used := time.Duration(0)
	b.ReportAllocs()
	for b.Loop() {
		if len(groups) == 0 { // sealing is not measured
			b.StopTimer()
			for next := at; len(groups) < 64; next = groups[len(groups)-1][size-1].Position() {
				groups = append(groups, benchGroup(scribe, next, size, text))
			}
			b.StartTimer()
		}
		before := processorTime(b)
		mustAppend(b, l, at, groups[0])
		used += processorTime(b) - before
		at, groups = groups[0][size-1].Position(), groups[1:]
	}
	reportCommits(b, size, used)
}

func benchBare(b *testing.B, size int) {
	b.Helper()
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600, &bbolt.Options{
		FreelistType: bbolt.FreelistMapType, InitialMmapSize: 8 << 30, NoStatistics: true,
	})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("log"))
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	scribe := ledgertest.NewScribe(1)
	value := append(make([]byte, 330), benchText(scribe)...) // a head, a change, a revision and the text
	seq, before := uint64(0), processorTime(b)
	b.ReportAllocs()
	for b.Loop() {
		err := db.Update(func(tx *bbolt.Tx) error {
			log := tx.Bucket([]byte("log"))
			log.FillPercent = 0.95
			for range size {
				seq++
				if err := log.Put(binary.BigEndian.AppendUint64(nil, seq), value); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	reportCommits(b, size, processorTime(b)-before)
}

func reportCommits(b *testing.B, size int, used time.Duration) {
	b.Helper()
	b.ReportMetric(float64(used.Nanoseconds())/float64(b.N*size)/1e3, "cpu-µs/commit")
	b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "commits/s")
}

// processorTime is what this process has used so far: on a busy machine it says more than the clock.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkSeal measures what a commit costs before any store.
func BenchmarkSeal(b *testing.B) {
	scribe := ledgertest.NewScribe(1)
	text := benchText(scribe)
	b.ReportAllocs()
	for b.Loop() {
		benchGroup(scribe, ledger.Position{}, 1, text)
	}
}

// benchRecords is the size of the directory that is read.
const benchRecords = 51_370

// filledStore returns a ledger with as many records as the open register of research organisations has, a commit each.
func filledStore(b *testing.B) *boltStore {
	b.Helper()
	s := &boltStore{path: filepath.Join(b.TempDir(), "dalil.db")}
	l := mustOpen(b, s.path)
	scribe := ledgertest.NewScribe(1)
	text, at := benchText(scribe), ledger.Position{}
	for n := 0; n < benchRecords; n += 64 {
		group := benchGroup(scribe, at, 64, text)
		mustAppend(b, l, at, group)
		at = group[63].Position()
	}
	s.Ledger = l
	return s
}

type boltStore struct {
	*boltledger.Ledger
	path string
}

func BenchmarkRead(b *testing.B) {
	s := filledStore(b)
	for name, read := range map[string]func(context.Context) error{
		"Verify": func(ctx context.Context) error {
			_, err := ledger.Verify(ctx, s, func(f ledger.Finding) { b.Error(f) })
			return err
		},
		"Commits": func(ctx context.Context) error {
			return s.Commits(ctx, 0, func(*ledger.Commit) error { return nil })
		},
		"Load": func(ctx context.Context) error {
			_, err := s.Load(ctx, func(ledger.Record) error { return nil })
			return err
		},
		"Open": func(context.Context) error {
			mustClose(b, s.Ledger)
			s.Ledger = mustOpen(b, s.path)
			return nil
		},
	} {
		b.Run(name, func(b *testing.B) {
			before := processorTime(b)
			for b.Loop() {
				if err := read(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N*benchRecords), "cpu-µs/record")
			b.ReportMetric(float64(b.N*benchRecords)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
