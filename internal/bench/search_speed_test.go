package bench_test

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/readmodel"
	"dalil/internal/search"
)

// medianOf asks each query once and reports the median and the time that 99 of 100 queries stay within.
func medianOf(b *testing.B, queries []string, ask func(q string)) {
	b.Helper()
	times := make([]time.Duration, 0, len(queries))
	for b.Loop() {
		times = times[:0]
		for _, q := range queries {
			began := time.Now()
			ask(q)
			times = append(times, time.Since(began))
		}
		slices.Sort(times)
	}
	b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/1e3, "median-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds())/1e3, "p99-µs")
	b.ReportMetric(0, "ns/op")
}

func textsOf(queries []bench.SearchQuery) []string {
	texts := make([]string, len(queries))
	for i := range queries {
		texts[i] = queries[i].Text
	}
	return texts
}

// BenchmarkSearch asks the 51,370 organisations for two words, one with a typo, 20 hits; and for suggestions on the first
// three letters of names.
func BenchmarkSearch(b *testing.B) {
	records := bench.Records(b)
	s := held(b, records)
	b.Run("two words", func(b *testing.B) {
		medianOf(b, textsOf(bench.TwoWords(records, 500)), func(q string) {
			_, err := s.List(&readmodel.Query{
				Kind: directory.Actors, Clearance: directory.Public, Q: q, Limit: 20, Lang: "en", AsOf: readmodel.AsOf{Any: true},
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("suggest", func(b *testing.B) {
		medianOf(b, bench.ThreeLetters(records, 500), func(q string) {
			if _, _, err := s.Suggest(&readmodel.SuggestQuery{
				Q: q, Kinds: readmodel.SuggestKinds(), Clearance: directory.Public, Lang: "en", Limit: 10, AsOf: readmodel.On("2026-01-01"),
			}); err != nil {
				b.Fatal(err)
			}
		})
	})
}

// BenchmarkSearchBuild makes an index of all names of the 51,370 organisations at once, as a start does, and tells what it
// holds in memory.
func BenchmarkSearchBuild(b *testing.B) {
	var texts [][]search.Text
	for _, r := range bench.Actors(b) {
		a, ok := r.(*directory.Actor)
		if !ok {
			continue
		}
		var all []search.Text
		for _, name := range bench.NamesOf(a) {
			all = append(all, search.Text{Value: name})
		}
		texts = append(texts, all)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC() // what the first one left to pools
	runtime.ReadMemStats(&before)
	var index *search.Index
	for b.Loop() {
		builder := search.NewBuilder()
		for _, all := range texts {
			builder.Add(all)
		}
		index = builder.Index()
	}
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "held-MB")
	runtime.KeepAlive(index)
	runtime.KeepAlive(texts)
}
