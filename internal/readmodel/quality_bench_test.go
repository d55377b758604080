package readmodel_test

import (
	"testing"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// BenchmarkQuality asks how complete and how fresh 51,370 actors with 250,000 roles are.
func BenchmarkQuality(b *testing.B) {
	s := loadedCountry(b)
	now := readmodel.On("2026-01-01")
	report := func(by readmodel.By) func() error {
		q := &readmodel.QualityQuery{
			Analysis: readmodel.Analysis{Clearance: directory.Public, AsOf: now, Today: now.Day.First, Lang: "fr"}, By: by, StaleAfter: 365, Limit: 1000,
		}
		return func() error {
			_, err := s.Quality(q)
			return err
		}
	}
	list := func(sort string, facets []string, filters ...readmodel.Filter) func() error {
		q := &readmodel.Query{
			Kind: directory.Actors, Clearance: directory.Public, AsOf: readmodel.AsOf{Any: true}, RolesAsOf: now, Today: now.Day.First,
			Lang: "fr", Limit: 50, Facets: facets, Filters: filters,
		}
		if sort != "" {
			q.Sort = []readmodel.SortKey{{Name: sort, Descending: true}}
		}
		return func() error {
			_, err := s.List(q)
			return err
		}
	}
	filter := func(name string, values ...string) readmodel.Filter {
		return readmodel.Filter{Name: name, Values: values}
	}
	for _, of := range []struct {
		name string
		ask  func() error
	}{
		{"report by group", report(readmodel.ByGroup)},
		{"report by owner", report(readmodel.ByOwner)},
		{"report by actor", report(readmodel.ByActor)},
		{"list missing a field", list("", []string{"missing", "completeness"}, filter("missing", "website"), filter("group", "workers"))},
		{"list the most complete", list("completeness", nil)},
		{"list by unsourced roles", list("unsourced_roles", []string{"unsourced_roles"}, filter("unsourced_roles", "5.."))},
	} {
		b.Run(of.name, func(b *testing.B) {
			for b.Loop() {
				if err := of.ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("compare two states", func(b *testing.B) {
		head, at := s, ledger.Position{Seq: 1}
		for n := range 100 {
			r := newCountry().role(n)
			r.Head().Version = 2
			head, at = appliedRole(b, head, at, r)
		}
		for b.Loop() {
			if _, err := head.Changed(s, &readmodel.Analysis{Clearance: directory.Public, Lang: "fr"}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("apply an actor", func(b *testing.B) {
		c, head, at := newCountry(), s, ledger.Position{Seq: 1}
		for n := 0; b.Loop(); n++ {
			r := c.actor(n % manyActors)
			r.Head().Version = uint64(n) + 2
			head, at = appliedRole(b, head, at, r)
		}
	})
}
