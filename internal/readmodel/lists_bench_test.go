package readmodel_test

import (
	"testing"

	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// BenchmarkLists asks the directory of a whole country for 50 records with three filters and four facets, a different
// list each time: what a list costs apart from HTTP.
func BenchmarkLists(b *testing.B) {
	s := theBigWorld(b)
	world := bench.World(bench.Records(b), bench.Country(), 1)
	today := readmodel.On("2026-11-24")
	for _, of := range []struct {
		name    string
		kind    directory.Kind
		members []string
	}{
		{"actors by their own members", directory.Actors, bench.OwnMembers},
		{"actors by what they do", directory.Actors, bench.DeedMembers},
		{"roles", directory.Roles, bench.RoleMembers},
	} {
		var queries []*readmodel.Query
		for _, l := range bench.ListQueries(world, of.kind, of.members, 4_000, 1) {
			q := &readmodel.Query{
				Kind: l.Kind, Clearance: directory.Public, Limit: 50, Lang: "fr", Facets: l.Facets[:],
				AsOf: readmodel.AsOf{Any: true}, RolesAsOf: today, Today: today.Day.First,
			}
			for _, f := range l.Filters {
				q.Filters = append(q.Filters, readmodel.Filter{Name: f.Name, Values: f.Values})
			}
			queries = append(queries, q)
		}
		b.Run(of.name, func(b *testing.B) {
			ask := func(n int) {
				if _, err := s.List(queries[n%len(queries)]); err != nil {
					b.Fatal(err)
				}
			}
			for n := range 200 { // what is made once is made here
				ask(len(queries) - 1 - n)
			}
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				ask(n)
			}
		})
	}
}
