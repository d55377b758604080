package readmodel_test

import (
	"testing"
	"time"

	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// checkpointOf returns the organisations as a store holds them after one commit.
func checkpointOf(b *testing.B, actors []directory.Record) []ledger.Record {
	b.Helper()
	records := make([]ledger.Record, len(actors))
	for i, r := range actors {
		e := r.Head()
		e.Version = 1
		e.Created = &directory.Stamp{At: directory.At(time.Unix(1_700_000_000, 0)), By: "key-1", Seq: 1}
		e.Updated = e.Created
		text, err := directory.Encode(r)
		if err != nil {
			b.Fatal(err)
		}
		records[i] = ledger.Record{
			Ref: directory.Ref{Kind: directory.Actors, ID: e.ID}, Seq: 1, Version: 1, Op: ledger.Put, JSON: text,
		}
	}
	return records
}

func loaded(b *testing.B, records []ledger.Record) *readmodel.Snapshot {
	b.Helper()
	e := readmodel.Empty().Edit()
	for i := range records {
		if err := e.Load(records[i]); err != nil {
			b.Fatal(err)
		}
	}
	if err := e.Loaded(ledger.Position{Seq: 1}, time.Unix(1_700_000_000, 0)); err != nil {
		b.Fatal(err)
	}
	return e.Snapshot()
}

// BenchmarkLoad reads a checkpoint of 51,370 organisations.
func BenchmarkLoad(b *testing.B) {
	records := checkpointOf(b, bench.Actors(b))
	for b.Loop() {
		loaded(b, records)
	}
}

// BenchmarkList asks for 50 actors with two filters and three facets, no question twice.
func BenchmarkList(b *testing.B) {
	actors := bench.Actors(b)
	s := loaded(b, checkpointOf(b, actors))
	var queries []*readmodel.Query
	for _, c := range bench.Combinations(actors, 20_000, 1) {
		q := &readmodel.Query{
			Kind: directory.Actors, Clearance: directory.Public, Limit: 50, Lang: "fr", Facets: c.Facets[:],
			AsOf: readmodel.AsOf{Any: true}, RolesAsOf: readmodel.On("2026-01-01"),
		}
		for _, f := range c.Filters {
			q.Filters = append(q.Filters, readmodel.Filter{Name: f.Name, Values: f.Values})
		}
		queries = append(queries, q)
	}
	for n := 0; b.Loop(); n++ {
		if _, err := s.List(queries[n%len(queries)]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkApply puts a new version of one organisation after another, one commit each, each with its snapshot.
func BenchmarkApply(b *testing.B) {
	actors := bench.Actors(b)
	records := checkpointOf(b, actors)
	s := loaded(b, records)
	at := ledger.Position{Seq: 1}
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		c := nextVersion(b, at, records[n*7919%len(records)], uint64(n)+2)
		b.StartTimer()
		e := s.Edit()
		if err := e.Apply(c); err != nil {
			b.Fatal(err)
		}
		s, at = e.Snapshot(), c.Position()
	}
}

// nextVersion is a commit that puts a record with another tag and state.
func nextVersion(b *testing.B, at ledger.Position, record ledger.Record, version uint64) *ledger.Commit {
	b.Helper()
	r, err := directory.Decode(record.Ref.Kind, record.JSON)
	if err != nil {
		b.Fatal(err)
	}
	a, ok := r.(*directory.Actor)
	if !ok {
		b.Fatal("not an actor")
	}
	now := time.Unix(1_700_000_000, 0).Add(time.Duration(version) * time.Second)
	a.State, a.Tags = "dormant", append(a.Tags, "changed")
	a.Version, a.Updated = version, &directory.Stamp{At: directory.At(now), By: "key-2", Seq: at.Seq + 1}
	text, err := directory.Encode(a)
	if err != nil {
		b.Fatal(err)
	}
	c := &ledger.Commit{
		At: now, Author: ledger.Author{ID: "key-2", Via: "api"},
		Changes: []ledger.Change{{Op: ledger.Put, Ref: record.Ref, Version: version, JSON: text, Decoded: a}},
	}
	c.Seal(at)
	return c
}
