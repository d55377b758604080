package bench_test

import (
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"dalil/internal/access"
	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/readmodel"
	"dalil/internal/service"
)

// pastCommits is how far back the past lies that BenchmarkKnownAt asks for.
const pastCommits = 10_000

// BenchmarkKnownAt asks 51,370 organisations, into which 10,000 commits were written since, as they were before those:
// the first answer, the first from before the import, which undoes all of it, and later answers beside the same ones of now. It tells the
// heap that an earlier state takes beside the current one, too.
func BenchmarkKnownAt(b *testing.B) {
	path := filepath.Join(b.TempDir(), "dalil.db")
	w := service.Write{Caller: access.Caller{ID: "import", Scope: access.Admin, Clearance: directory.Ministry, Via: "cli"}}
	actors := slices.DeleteFunc(bench.Actors(b), func(r directory.Record) bool { return r.Head().Status == directory.Archived })
	whileOpen(b, path, func(s *service.Service) {
		if _, err := s.Import(b.Context(), w, interchange.ItemsOf(actors), service.ImportOptions{}); err != nil {
			b.Fatal(err)
		}
		if err := bench.Change(b.Context(), s, w, actors, pastCommits); err != nil {
			b.Fatal(err)
		}
	})
	query := readmodel.Query{
		Kind: directory.Actors, Clearance: directory.Public, Lang: "fr", Limit: 50, Facets: []string{"group", "country", "type", "function"},
		Filters: []readmodel.Filter{{Name: "country", Values: []string{"MA", "FR", "ES", "DE"}}}, AsOf: readmodel.AsOf{Any: true},
		RolesAsOf: readmodel.AsOf{Any: true}, Sort: []readmodel.SortKey{{Name: "name"}},
	}
	ask := func(s *readmodel.Snapshot) int {
		page, err := s.List(&query)
		if err != nil {
			b.Fatal(err)
		}
		return page.Total
	}
	var first, undone, later, now time.Duration
	var heap uint64
	for b.Loop() {
		whileOpen(b, path, func(s *service.Service) {
			head := s.Head()
			ask(head)
			before := heapInUse()
			seq := head.Position().Seq - pastCommits
			took := func(do func()) time.Duration {
				began := time.Now()
				do()
				return time.Since(began)
			}
			known := func(seq uint64) *readmodel.Snapshot {
				past, err := s.KnownAt(b.Context(), head, seq)
				if err != nil {
					b.Fatal(err)
				}
				return past
			}
			first += took(func() { ask(known(seq)) })
			heap += heapInUse() - before
			undone += took(func() { ask(known(seq - 1)) })
			for range 1000 {
				later += took(func() { ask(known(seq)) }) / 1000
				now += took(func() { ask(head) }) / 1000
			}
		})
	}
	n := float64(b.N)
	b.ReportMetric(first.Seconds()/n, "first-s")
	b.ReportMetric(undone.Seconds()/n, "undone-s")
	b.ReportMetric(float64(later.Microseconds())/n, "later-µs")
	b.ReportMetric(float64(now.Microseconds())/n, "now-µs")
	b.ReportMetric(float64(heap)/n/(1<<20), "heap-MB")
	b.ReportMetric(0, "ns/op") // of all together it tells nothing
}

func heapInUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
