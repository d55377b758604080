package readmodel_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// BenchmarkWorldApply applies commits, each with its snapshot, to the big world when all that queries have it keep is
// there to be kept up to date. It tells the median, too, and the worst.
func BenchmarkWorldApply(b *testing.B) {
	world := theBigWorld(b)
	askEverything(b, world)
	actors, roles := held(world, directory.Actors), held(world, directory.Roles)
	next := func(e *readmodel.Entry, n int) directory.Record {
		r := reread(b, e)
		r.Head().Version = uint64(n) + 2
		return r
	}
	for _, of := range []struct {
		name string
		make func(n int) directory.Record
	}{
		{"role", func(n int) directory.Record {
			r := next(roles[n*7919%len(roles)], n)
			r.Head().Tags = []string{"changed"}
			return r
		}},
		{"role of another type", func(n int) directory.Record {
			r, _ := next(roles[n*7919%len(roles)], n).(*directory.Role)
			r.Type, r.End = []string{"lead", "partner", "observer"}[n%3], "2026-06"
			return r
		}},
		{"new role", func(n int) directory.Record {
			r := reread(b, roles[n*7919%len(roles)])
			r.Head().ID = fmt.Sprintf("new-%d", n*7919%1_000_003)
			return r
		}},
		{"actor", func(n int) directory.Record {
			a, _ := next(actors[n*7919%len(actors)], n).(*directory.Actor)
			a.State, a.Tags = "dormant", []string{"changed"}
			return a
		}},
		{"renamed actor", func(n int) directory.Record {
			a, _ := next(actors[n*7919%len(actors)], n).(*directory.Actor)
			a.Name = directory.Text{"fr": "Office numéro " + a.ID, "en": "Bureau " + a.ID}
			return a
		}},
		{"new actor", func(n int) directory.Record {
			a, _ := reread(b, actors[n*7919%len(actors)]).(*directory.Actor)
			a.ID, a.Identifiers = fmt.Sprintf("new-%d", n*7919%1_000_003), nil
			return a
		}},
	} {
		b.Run(of.name, func(b *testing.B) {
			head, at := world, world.Position()
			var took []time.Duration
			for n := 0; b.Loop(); n++ {
				b.StopTimer()
				c := commitOf(b, at, of.make(n))
				b.StartTimer()
				began := time.Now()
				e := head.Edit()
				if err := e.Apply(c); err != nil {
					b.Fatal(err)
				}
				head, at = e.Snapshot(), c.Position()
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-median")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-99%")
			b.ReportMetric(float64(took[len(took)-1].Microseconds()), "µs-worst")
		})
	}
}

// askEverything asks what the pages of a directory ask.
func askEverything(b *testing.B, s *readmodel.Snapshot) {
	b.Helper()
	now, always := readmodel.On("2026-11-24"), readmodel.AsOf{Any: true}
	for _, kind := range []directory.Kind{directory.Actors, directory.Initiatives, directory.Functions, directory.Roles, directory.Relations, directory.Sources} {
		for _, asOf := range []readmodel.AsOf{now, always} {
			for _, sort := range readmodel.SortNames(kind) {
				q := &readmodel.Query{
					Kind: kind, Clearance: directory.Public, Limit: 50, Facets: readmodel.FacetNames(kind), Lang: "fr",
					Sort: []readmodel.SortKey{{Name: sort}}, AsOf: asOf, RolesAsOf: now, Today: now.Day.First,
				}
				if _, err := s.List(q); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	for _, q := range []*readmodel.Analysis{analysisOf(), analysisOf("type=lead")} {
		if _, err := s.Matrix(q, "function", "group"); err != nil {
			b.Fatal(err)
		}
	}
	if s.NearNames(&directory.Actor{Name: directory.Text{"fr": "Office"}}) != nil {
		b.Log("there is an actor of that name")
	}
}

// held returns the live records of a kind.
func held(s *readmodel.Snapshot, kind directory.Kind) (all []*readmodel.Entry) {
	for e := range s.Entries(kind) {
		if !e.Archived() {
			all = append(all, e)
		}
	}
	return all
}

// reread returns a record of its own.
func reread(b *testing.B, e *readmodel.Entry) directory.Record {
	b.Helper()
	r, err := directory.Decode(e.Ref().Kind, e.JSON())
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// commitOf is the commit that puts a record.
func commitOf(b *testing.B, at ledger.Position, r directory.Record) *ledger.Commit {
	b.Helper()
	text, err := directory.Encode(r)
	if err != nil {
		b.Fatal(err)
	}
	c := &ledger.Commit{
		At: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC), Author: ledger.Author{ID: "key-2", Via: "api"},
		Changes: []ledger.Change{{
			Op: ledger.Put, Ref: directory.Ref{Kind: r.RecordKind(), ID: r.Head().ID}, Version: r.Head().Version, JSON: text, Decoded: r,
		}},
	}
	c.Seal(at)
	return c
}
