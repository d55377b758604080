package bench_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/readmodel"
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

// twoWords returns queries of two words out of one name, one of them with a typo.
func twoWords(records []directory.Record, n int) []string {
	random := rand.New(rand.NewPCG(queriesSeed, 2))
	var queries []string
	for _, q := range bench.SearchQueries(records, 4*n, queriesSeed) {
		words := strings.Fields(q.Text)
		if q.Change != "one typo" || len(words) < 2 || len(queries) == n {
			continue
		}
		wrong := slices.IndexFunc(words, func(w string) bool { return !slices.Contains(strings.Fields(q.Name), w) })
		if wrong < 0 {
			continue
		}
		other := (wrong + 1 + random.IntN(len(words)-1)) % len(words)
		queries = append(queries, words[min(wrong, other)]+" "+words[max(wrong, other)])
	}
	return queries
}

// threeLetters returns the first three letters of words of names.
func threeLetters(records []directory.Record, n int) []string {
	var queries []string
	for _, q := range bench.SearchQueries(records, 4*n, queriesSeed) {
		letters := []rune(directory.Fold(q.Text))
		if len(queries) < n && q.Change == "as it is" && len(letters) > 3 {
			queries = append(queries, string(letters[:3]))
		}
	}
	return queries
}

// BenchmarkSearch asks the 51,370 organisations for two words, one with a typo, 20 hits; and for suggestions on the first
// three letters of names.
func BenchmarkSearch(b *testing.B) {
	records := bench.Records(b)
	s := held(b, records)
	b.Run("two words", func(b *testing.B) {
		medianOf(b, twoWords(records, 500), func(q string) {
			_, err := s.List(&readmodel.Query{
				Kind: directory.Actors, Clearance: directory.Public, Q: q, Limit: 20, Lang: "en", AsOf: readmodel.AsOf{Any: true},
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("suggest", func(b *testing.B) {
		medianOf(b, threeLetters(records, 500), func(q string) {
			if _, err := s.Suggest(q, readmodel.SuggestKinds(), directory.Public, "en", 10); err != nil {
				b.Fatal(err)
			}
		})
	})
}
