//go:build peers

package bench_test

import (
	"testing"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/search/query"

	"dalil/internal/bench"
	"dalil/internal/directory"
)

// BenchmarkSearchBeside asks bleve for the same two words as BenchmarkSearch, both required, with one edit allowed in each
// (ours allows two in long words), 20 hits, from an index in memory of the same names.
func BenchmarkSearchBeside(b *testing.B) {
	records := bench.Records(b)
	index := besideOf(b, records)
	b.Run("two words", func(b *testing.B) {
		medianOf(b, twoWords(records, 200), func(q string) {
			words := bleve.NewMatchQuery(q)
			words.SetFuzziness(1)
			words.SetOperator(query.MatchQueryOperatorAnd)
			if _, err := index.Search(bleve.NewSearchRequestOptions(words, 20, 0, false)); err != nil {
				b.Fatal(err)
			}
		})
	})
}

// besideOf indexes the names of the live actors as bleve does by itself, in batches of the size that suits it.
func besideOf(b *testing.B, records []directory.Record) bleve.Index {
	b.Helper()
	index, err := bleve.NewUsing("", bleve.NewIndexMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := index.Close(); err != nil {
			b.Error(err)
		}
	})
	batch := index.NewBatch()
	flush := func() {
		if err := index.Batch(batch); err != nil {
			b.Fatal(err)
		}
		batch.Reset()
	}
	for _, r := range records {
		a, ok := r.(*directory.Actor)
		if !ok || a.Status == directory.Archived {
			continue
		}
		if err := batch.Index(a.ID, map[string]any{"name": bench.NamesOf(a)}); err != nil {
			b.Fatal(err)
		}
		if batch.Size() == 500 {
			flush()
		}
	}
	flush()
	return index
}
