package readmodel_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// The size of a country, tomorrow.
const (
	manyActors      = 51_370
	manyRoles       = 250_000
	manyFunctions   = 120
	manyInitiatives = 500
)

// country makes records of a whole country from a seed.
type country struct {
	*rand.Rand
	types, groups, places []string
}

func newCountry() *country {
	codes := func(name string) []string {
		v, _ := directory.VocabularyNamed(name)
		return v.Codes()
	}
	return &country{
		Rand:  rand.New(rand.NewPCG(1, 2)),
		types: codes(directory.VocabularyRoleTypes), groups: codes(directory.VocabularyGroups),
		places: codes(directory.VocabularyTerritories)[:60],
	}
}

func (c *country) head(kind directory.Kind, n int) directory.Envelope {
	stamp := &directory.Stamp{At: directory.At(time.Unix(1_700_000_000+int64(n), 0)), By: "key-1", Seq: 1}
	return directory.Envelope{
		ID: fmt.Sprintf("%s-%06d", kind[:3], n*7919%1_000_003), Version: 1, Status: directory.Published,
		Visibility: directory.Public, Created: stamp, Updated: stamp,
	}
}

func (c *country) id(kind directory.Kind, n int) string { return c.head(kind, n).ID }

func (c *country) function(n int) directory.Record {
	f := &directory.Function{
		Envelope: c.head(directory.Functions, n), Notation: fmt.Sprintf("F-%d", n),
		Label: directory.Text{"fr": fmt.Sprintf("Fonction %d", n)},
	}
	if n >= 12 {
		f.Parent = c.id(directory.Functions, n%12)
	}
	return f
}

func (c *country) initiative(n int) directory.Record {
	return &directory.Initiative{
		Envelope: c.head(directory.Initiatives, n), Kind: "project", Start: "2020", End: "2027",
		Name: directory.Text{"fr": fmt.Sprintf("Initiative %d", n)},
	}
}

func (c *country) actor(n int) directory.Record {
	return &directory.Actor{
		Envelope: c.head(directory.Actors, n), Kind: "organisation", State: directory.ActorActive,
		Group: c.groups[c.IntN(len(c.groups))], Country: "MA",
		Name: directory.Text{"fr": fmt.Sprintf("Organisation %d", n), "en": fmt.Sprintf("Organization %d", n)},
	}
}

func (c *country) role(n int) directory.Record {
	r := &directory.Role{
		Envelope: c.head(directory.Roles, n), Type: c.types[c.IntN(len(c.types))],
		Actor:       c.id(directory.Actors, c.IntN(manyActors)),
		Function:    c.id(directory.Functions, c.IntN(manyFunctions)),
		Territories: []string{c.places[c.IntN(len(c.places))]},
	}
	if n%3 == 0 {
		r.Initiative = c.id(directory.Initiatives, c.IntN(manyInitiatives))
	}
	if n%2 == 0 {
		r.Start, r.End = "2019-03", "2025"
	}
	return r
}

// records calls yield with everything.
func (c *country) records(yield func(directory.Record)) {
	for _, some := range []struct {
		n    int
		make func(int) directory.Record
	}{
		{manyFunctions, c.function}, {manyInitiatives, c.initiative}, {manyActors, c.actor}, {manyRoles, c.role},
	} {
		for n := range some.n {
			yield(some.make(n))
		}
	}
}

func loadedCountry(b *testing.B) *readmodel.Snapshot {
	b.Helper()
	e := readmodel.Empty().Edit()
	newCountry().records(func(r directory.Record) {
		text, err := directory.Encode(r)
		if err != nil {
			b.Fatal(err)
		}
		ref := directory.Ref{Kind: r.RecordKind(), ID: r.Head().ID}
		if err := e.Load(ledger.Record{Ref: ref, Seq: 1, Version: 1, Op: ledger.Put, JSON: text}); err != nil {
			b.Fatal(err)
		}
	})
	if err := e.Loaded(ledger.Position{Seq: 1}, time.Unix(1_700_000_000, 0)); err != nil {
		b.Fatal(err)
	}
	return e.Snapshot()
}

// BenchmarkCountry asks and changes a directory of 51,370 actors and 250,000 roles.
func BenchmarkCountry(b *testing.B) {
	s := loadedCountry(b)
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	heap := float64(memory.HeapAlloc) / (1 << 20)
	for name, q := range countryQueries() {
		b.Run("list/"+name, func(b *testing.B) {
			q.Clearance, q.Limit, q.Lang, q.Today = directory.Public, 50, "fr", readmodel.On("2026-01-01").Day.First
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.List(q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("apply", func(b *testing.B) {
		c, head, at := newCountry(), s, ledger.Position{Seq: 1}
		for n := 0; b.Loop(); n++ {
			r := c.role(n)
			r.Head().Version = uint64(n) + 2
			head, at = appliedRole(b, head, at, r)
		}
		b.ReportMetric(heap, "heap-MB")
	})
}

func appliedRole(b *testing.B, s *readmodel.Snapshot, at ledger.Position, r directory.Record) (*readmodel.Snapshot, ledger.Position) {
	b.Helper()
	b.StopTimer()
	text, err := directory.Encode(r)
	if err != nil {
		b.Fatal(err)
	}
	ref := directory.Ref{Kind: r.RecordKind(), ID: r.Head().ID}
	c := &ledger.Commit{At: time.Unix(1_700_000_000+int64(at.Seq), 0), Changes: []ledger.Change{{
		Op: ledger.Put, Ref: ref, Version: r.Head().Version, JSON: text, Decoded: r,
	}}}
	c.Seal(at)
	b.StartTimer()
	e := s.Edit()
	if err := e.Apply(c); err != nil {
		b.Fatal(err)
	}
	return e.Snapshot(), c.Position()
}

func countryQueries() map[string]*readmodel.Query {
	now, always := readmodel.On("2026-01-01"), readmodel.AsOf{Any: true}
	filter := func(name string, values ...string) readmodel.Filter {
		return readmodel.Filter{Name: name, Values: values}
	}
	return map[string]*readmodel.Query{
		"roles": {
			Kind: directory.Roles, AsOf: now, RolesAsOf: now, Facets: []string{"territory", "function", "initiative"},
			Filters: []readmodel.Filter{filter("type", "lead", "funder"), filter("group", "government")},
		},
		"actors of a type": {
			Kind: directory.Actors, AsOf: always, RolesAsOf: now, Facets: []string{"group", "country", "kind"},
			Filters: []readmodel.Filter{filter("type", "lead"), filter("state", "active")},
		},
		"actors of a type and a function": {
			Kind: directory.Actors, AsOf: always, RolesAsOf: now, Facets: []string{"group", "country", "kind"},
			Filters: []readmodel.Filter{filter("type", "lead"), filter("function", "F-1"), filter("group", "workers")},
		},
		"actors by what their roles are": {
			Kind: directory.Actors, AsOf: always, RolesAsOf: now, Facets: []string{"type", "function", "initiative"},
			Filters: []readmodel.Filter{filter("group", "workers")},
		},
		"roles, the newest first": {
			Kind: directory.Roles, AsOf: always, RolesAsOf: now,
			Sort: []readmodel.SortKey{{Name: "updated", Descending: true}},
		},
	}
}
