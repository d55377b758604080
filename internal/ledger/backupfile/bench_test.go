package backupfile_test

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/ledger/backupfile"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/ledger/ledgertest"
)

// benchRecords is how many records the ledgers of these benchmarks have; benchText is about how long each is.
const (
	benchRecords = 50_000
	benchText    = 600
)

// generated returns a ledger of so many records. Each is a commit by itself, as clerks write them, or all are one, as
// an import writes them.
func generated(b *testing.B, each bool) *boltledger.Ledger {
	b.Helper()
	l, scribe := newStore(b), ledgertest.NewScribe(1)
	var changes []ledger.Change
	for i := range benchRecords {
		ref := directory.Ref{Kind: directory.Actors, ID: fmt.Sprintf("actor-%06d", i)}
		changes = append(changes, ledger.Change{Op: ledger.Put, Ref: ref, Version: 1, JSON: scribe.Text(ref, benchText)})
	}
	var commits []*ledger.Commit
	at := ledger.Position{}
	seal := func(changes []ledger.Change) {
		c := &ledger.Commit{At: made, Author: ledger.Author{ID: "bench", Via: "cli"}, Token: ledger.NewID16(), Changes: changes}
		if at.Seq == 0 {
			c.Ledger = ledger.NewID16()
		}
		c.Seal(at)
		at = c.Position()
		commits = append(commits, c)
	}
	if each {
		for i := range changes {
			seal(changes[i : i+1])
		}
	} else {
		seal(changes)
	}
	if _, err := l.Append(b.Context(), ledger.Position{}, commits); err != nil {
		b.Fatal(err)
	}
	return l
}

func BenchmarkMove(b *testing.B) {
	for name, each := range map[string]bool{"ACommitEach": true, "OneCommit": false} {
		b.Run(name, func(b *testing.B) {
			l := generated(b, each)
			file := backup(b, l)
			report := func(f ledger.Finding) { b.Error(f) }
			bench(b, "Copy", func() error { return benchCopy(b, l) })
			bench(b, "Verify", func() error {
				_, err := ledger.Verify(b.Context(), l, report)
				return err
			})
			bench(b, "Backup", func() error {
				_, err := backupfile.Write(b.Context(), io.Discard, l, backupfile.Options{Head: l.Head(), Made: made})
				return err
			})
			bench(b, "VerifyFile", func() error {
				_, err := ledger.VerifyCommits(b.Context(), source(b, file), report)
				return err
			})
			bench(b, "Restore", func() error { return benchCopy(b, source(b, file)) })
		})
	}
}

func source(b *testing.B, file []byte) *backupfile.Reader {
	b.Helper()
	r, err := backupfile.NewReader(bytes.NewReader(file), "file")
	if err != nil {
		b.Fatal(err)
	}
	return r
}

func benchCopy(b *testing.B, from ledger.Source) error {
	b.Helper()
	to, err := boltledger.Open(filepath.Join(b.TempDir(), "to.db"), boltledger.Options{})
	if err != nil {
		return err
	}
	defer to.Close()
	_, err = ledger.Copy(b.Context(), from, to, ledger.CopyOptions{})
	return err
}

// bench reports how many records a second some work gets through.
func bench(b *testing.B, name string, work func() error) {
	b.Run(name, func(b *testing.B) {
		for b.Loop() {
			if err := work(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N*benchRecords)/b.Elapsed().Seconds(), "records/s")
	})
}
