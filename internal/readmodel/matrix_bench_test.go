package readmodel_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// bigWorld is a directory of the registry's organisations, 250,000 roles, 120 functions, 500 initiatives and 60
// territories, made once for all benchmarks.
var bigWorld struct {
	sync.Once
	*readmodel.Snapshot
}

func theBigWorld(b *testing.B) *readmodel.Snapshot {
	b.Helper()
	records := bench.Records(b) // skips where there are none
	bigWorld.Do(func() { bigWorld.Snapshot = bench.Loaded(b, bench.World(records, bench.Country(), 1)) })
	return bigWorld.Snapshot
}

// analysisOf is a question of today; filters are written name=value.
func analysisOf(filters ...string) *readmodel.Analysis {
	today := directory.Date("2026-11-24")
	q := &readmodel.Analysis{Clearance: directory.Public, AsOf: readmodel.On(today), Today: readmodel.On(today).Day.First, Lang: "fr"}
	for _, f := range filters {
		name, value, _ := strings.Cut(f, "=")
		q.Filters = append(q.Filters, readmodel.Filter{Name: name, Values: []string{value}})
	}
	return q
}

// measured asks a question once, and then again and again. It tells how long the first answer took, for which the
// snapshot may have had to make what it keeps, and apart from it the later ones and their median.
func measured(b *testing.B, unit string, ask func() (int, error)) {
	b.Helper()
	b.ReportAllocs()
	answered := 0
	timed := func() time.Duration {
		began := time.Now()
		var err error
		if answered, err = ask(); err != nil {
			b.Fatal(err)
		}
		return time.Since(began)
	}
	first := timed()
	var took []time.Duration
	for b.Loop() {
		took = append(took, timed())
	}
	slices.Sort(took)
	b.ReportMetric(float64(answered), unit)
	b.ReportMetric(first.Seconds()*1000, "ms-first")
	b.ReportMetric(took[len(took)/2].Seconds()*1000, "ms-median")
}

// BenchmarkMatrix asks for matrices of 250,000 roles.
func BenchmarkMatrix(b *testing.B) {
	s := theBigWorld(b)
	any := analysisOf()
	any.AsOf = readmodel.AsOf{Any: true}
	rolled := analysisOf()
	rolled.Rolled = true
	for _, of := range []struct {
		name, rows, cols string
		q                *readmodel.Analysis
	}{
		{"function × group, all", "function", "group", any},
		{"function × group, today", "function", "group", analysisOf()},
		{"function × group, units rolled", "function", "group", rolled},
		{"function × group, three filters", "function", "group", analysisOf("type=lead", "territory=MA", "confidence=high")},
		{"function × territory", "function", "territory", any},
		{"framework × type", "framework", "type", any},
		{"initiative × group", "initiative", "group", any},
	} {
		b.Run(of.name, func(b *testing.B) {
			measured(b, "roles", func() (int, error) {
				m, err := s.Matrix(of.q, of.rows, of.cols)
				if err != nil {
					return 0, err
				}
				return m.Total.Roles, nil
			})
		})
	}
}
