package ledger_test

import (
	"strings"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// BenchmarkSeal seals a commit of one record of an ordinary size.
func BenchmarkSeal(b *testing.B) {
	c := &ledger.Commit{
		At: time.Date(2026, 11, 29, 3, 4, 5, 678e6, time.UTC), Author: ledger.Author{ID: "key-1", Via: "api"},
		Reason: "a reason in a few words", Token: ledger.NewID16(),
		Changes: []ledger.Change{{
			Op: ledger.Put, Ref: directory.Ref{Kind: directory.Actors, ID: "a1000"}, Version: 1,
			JSON: []byte(strings.Repeat("x", 750)),
		}},
	}
	b.ReportAllocs()
	for b.Loop() {
		c.Seal(c.Position())
	}
}
