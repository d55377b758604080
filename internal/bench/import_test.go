package bench_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"dalil/internal/access"
	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/service"
)

// BenchmarkImport reads the registry's file and imports its 51,370 organisations and their relations with all checks
// into an empty store on a disk, in one commit; then the same again, which changes nothing. It tells the seconds of each
// stage; op is the reading and the first import together.
func BenchmarkImport(b *testing.B) {
	path := bench.Path()
	if path == "" {
		b.Skipf("the organisations are not here: set %s to the path of organizations.ndjson.gz", bench.Variable)
	}
	input := interchange.Input{Name: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
	w := service.Write{Caller: access.Caller{ID: "import", Scope: access.Admin, Clearance: directory.Ministry, Via: "cli"}}
	total := new(stages)
	var used time.Duration
	for n := 0; b.Loop(); n++ {
		took := new(stages)
		before := bench.CPU()
		took.begin("read")
		items, faults, err := interchange.Read(b.Context(), []interchange.Input{input}, interchange.ReadOptions{})
		if err != nil || len(faults) > 0 {
			b.Fatal(err, faults)
		}
		took.end()
		b.StopTimer()
		whileOpen(b, filepath.Join(b.TempDir(), fmt.Sprintf("dalil-%d.db", n)), func(s *service.Service) {
			b.StartTimer()
			report, err := s.Import(b.Context(), w, items, service.ImportOptions{Progress: took.progress})
			took.end()
			b.StopTimer()
			used += bench.CPU() - before
			if err != nil || report.Created != len(items) {
				b.Fatal(err, report.Created)
			}
			took.begin("again")
			report, err = s.Import(b.Context(), w, items, service.ImportOptions{})
			took.end()
			if err != nil || report.Unchanged != len(items) {
				b.Fatal(err, report.Unchanged)
			}
		})
		total.add(took)
		b.StartTimer()
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/op")
	b.ReportMetric(used.Seconds()/float64(b.N), "cpu-s/op")
	for _, stage := range total.order {
		b.ReportMetric(total.took[stage].Seconds()/float64(b.N), stage+"-s/op")
	}
}

// stages adds up how long each stage took.
type stages struct {
	mu    sync.Mutex
	order []string
	took  map[string]time.Duration
	now   string
	since time.Time
}

func (s *stages) progress(stage service.ImportStage, _, _ int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now != string(stage) {
		s.turn(string(stage))
	}
}

func (s *stages) begin(stage string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn(stage)
}

func (s *stages) end() { s.begin("") }

// turn ends the stage under way and begins another.
func (s *stages) turn(stage string) {
	now := time.Now()
	if s.now != "" {
		s.count(s.now, now.Sub(s.since))
	}
	s.now, s.since = stage, now
}

func (s *stages) count(stage string, took time.Duration) {
	if s.took == nil {
		s.took = make(map[string]time.Duration)
	}
	if _, known := s.took[stage]; !known {
		s.order = append(s.order, stage)
	}
	s.took[stage] += took
}

func (s *stages) add(more *stages) {
	for _, stage := range more.order {
		s.count(stage, more.took[stage])
	}
}
