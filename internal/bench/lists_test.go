package bench_test

import (
	"fmt"
	"slices"
	"testing"

	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// smallWorld is one of a hundred actors.
func smallWorld() []directory.Record {
	groups, countries := []string{"government", "workers", "academia"}, []string{"MA", "FR", "ES", "DE"}
	var actors []directory.Record
	for n := range 100 {
		actors = append(actors, &directory.Actor{
			Envelope: directory.Envelope{
				ID: fmt.Sprintf("actor-%d", n), Status: directory.Published, Visibility: directory.Public,
				Tags: []string{fmt.Sprintf("tag-%d", n%7)},
			},
			Kind: "organisation", Group: groups[n%3], Country: countries[n%4], Territories: []string{countries[n%4]},
			State: directory.ActorActive, Name: directory.Text{"fr": fmt.Sprintf("Organisation %d", n)},
		})
	}
	return bench.World(actors, bench.WorldSize{Roles: 2_000, Functions: 30, Initiatives: 60, Territories: 20, Sources: 5}, 1)
}

func TestListQueriesDifferAndFindSomething(t *testing.T) {
	world := smallWorld()
	state := bench.Loaded(t, world)
	for _, of := range []struct {
		kind    directory.Kind
		members []string
	}{{directory.Actors, bench.OwnMembers}, {directory.Actors, bench.DeedMembers}, {directory.Roles, bench.RoleMembers}} {
		lists := bench.ListQueries(world, of.kind, of.members, 200, 1)
		texts := make(map[string]bool)
		for i, q := range lists {
			texts[q.String()] = true
			if again := bench.ListQueries(world, of.kind, of.members, i+1, 1)[i]; i < 3 && again.String() != q.String() {
				t.Errorf("the same seed gave %s and %s", q, again)
			}
			query := readmodel.Query{
				Kind: q.Kind, Clearance: directory.Public, Facets: q.Facets[:], Limit: 1, Lang: "fr",
				AsOf: readmodel.AsOf{Any: true}, RolesAsOf: readmodel.AsOf{Any: true},
			}
			for _, f := range q.Filters {
				if !slices.Contains(of.members, f.Name) || len(f.Values) == 0 {
					t.Errorf("%s: filter %q of %v", q, f.Name, f.Values)
				}
				query.Filters = append(query.Filters, readmodel.Filter{Name: f.Name, Values: f.Values})
			}
			if page, err := state.List(&query); err != nil || page.Total == 0 {
				t.Errorf("%s: %v", q, err)
			}
		}
		if len(texts) != len(lists) {
			t.Errorf("%d different lists of %d", len(texts), len(lists))
		}
	}
}
