package bench_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"dalil/internal/access"
	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/service"
)

// BenchmarkStart opens a store that holds 51,370 organisations until the service on it is ready.
func BenchmarkStart(b *testing.B) {
	path := filepath.Join(b.TempDir(), "dalil.db")
	actors := bench.Actors(b)
	live := 0
	for _, a := range actors {
		if a.Head().Status != directory.Archived {
			live++
		}
	}
	whileOpen(b, path, func(s *service.Service) {
		w := service.Write{Caller: access.Caller{ID: "import", Scope: access.Admin, Clearance: directory.Ministry, Via: "cli"}}
		if _, err := s.Import(b.Context(), w, interchange.ItemsOf(actors), service.ImportOptions{}); err != nil {
			b.Fatal(err)
		}
	})
	var used time.Duration
	b.ResetTimer()
	for b.Loop() {
		before := bench.CPU()
		whileOpen(b, path, func(s *service.Service) {
			b.StopTimer() // it is ready; closing it is not measured
			used += bench.CPU() - before
			if got := s.Head().Count(directory.Actors, directory.Public); got != live {
				b.Fatalf("%d actors", got)
			}
		})
		b.StartTimer()
	}
	b.ReportMetric(used.Seconds()/float64(b.N), "cpu-s/op")
}

// whileOpen opens the store and its service, calls do when it is ready, and closes both.
func whileOpen(b *testing.B, path string, do func(*service.Service)) {
	b.Helper()
	store, err := boltledger.Open(path, boltledger.Options{})
	if err != nil {
		b.Fatal(err)
	}
	s, err := service.Open(b.Context(), store, service.Options{
		Log: slog.New(slog.DiscardHandler), Now: time.Now, BootstrapKey: "a-key-for-benchmarks-only",
	})
	if err == nil {
		err = s.Ready()
	}
	if err != nil {
		b.Fatal(err)
	}
	do(s)
	if err := s.Close(context.WithoutCancel(b.Context())); err != nil {
		b.Error(err)
	}
	if err := store.Close(); err != nil {
		b.Error(err)
	}
}
