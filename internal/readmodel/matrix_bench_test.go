package readmodel_test

import (
	"strings"
	"sync"
	"testing"

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
			b.ReportAllocs()
			roles := 0
			for b.Loop() {
				m, err := s.Matrix(of.q, of.rows, of.cols)
				if err != nil {
					b.Fatal(err)
				}
				roles = m.Total.Roles
			}
			b.ReportMetric(float64(roles), "roles")
		})
	}
}
