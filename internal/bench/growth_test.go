package bench_test

import (
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"dalil/internal/access"
	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/service"
)

// BenchmarkGrowth imports more and more organisations into an empty store, one commit, all checks on, and then starts on
// that store. It tells the seconds of both, and the heap that the start left in use.
func BenchmarkGrowth(b *testing.B) {
	actors := slices.DeleteFunc(bench.Actors(b), func(r directory.Record) bool { return r.Head().Status == directory.Archived })
	w := service.Write{Caller: access.Caller{ID: "import", Scope: access.Admin, Clearance: directory.Ministry, Via: "cli"}}
	for _, size := range []int{1_000, 10_000, 51_370, 200_000} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			records := bench.Grown(actors, size)
			var imported, started time.Duration
			var heap uint64
			for n := 0; b.Loop(); n++ {
				path := filepath.Join(b.TempDir(), fmt.Sprintf("dalil-%d.db", n))
				whileOpen(b, path, func(s *service.Service) {
					began := time.Now()
					report, err := s.Import(b.Context(), w, interchange.ItemsOf(records), service.ImportOptions{})
					if err != nil || report.Created != len(records) {
						b.Fatal(err, report.Created, report.Faults[:min(3, len(report.Faults))])
					}
					imported += time.Since(began)
				})
				runtime.GC()
				began := time.Now()
				whileOpen(b, path, func(*service.Service) {
					started += time.Since(began)
					var m runtime.MemStats
					runtime.GC()
					runtime.ReadMemStats(&m)
					heap = m.HeapAlloc
				})
			}
			b.ReportMetric(imported.Seconds()/float64(b.N), "import-s")
			b.ReportMetric(started.Seconds()/float64(b.N), "start-s")
			b.ReportMetric(float64(heap)/(1<<20), "heap-MB")
			b.ReportMetric(0, "ns/op") // of both together it tells nothing
		})
	}
}
