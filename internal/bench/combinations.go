package bench

import (
	"math/rand/v2"
	"slices"
	"strings"

	"dalil/internal/directory"
)

// Choice is one filter of a list and the values it asks for.
type Choice struct {
	Name   string
	Values []string
}

// Combination is a list of actors asked for with two filters and three facets.
type Combination struct {
	Filters [2]Choice
	Facets  [3]string
}

// Combinations returns n different combinations, always the same for a seed. Their values are those of the actors, the
// frequent ones more often, as people ask for them.
func Combinations(actors []directory.Record, n int, seed uint64) []Combination {
	random := rand.New(rand.NewPCG(seed, 51370))
	names := []string{"group", "country", "state", "tag", "territory", "kind"}
	seen := make(map[string]bool, n)
	list := make([]Combination, 0, n)
	for len(list) < n {
		shuffle := func() { random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] }) }
		shuffle()
		c := Combination{Facets: [3]string(names[:3])} // of what is filtered by, too: as a page beside filters does
		shuffle()
		for i := range c.Filters {
			c.Filters[i] = Choice{names[i], someValues(random, actors, names[i])}
		}
		if text := c.String(); !seen[text] {
			seen[text] = true
			list = append(list, c)
		}
	}
	return list
}

// someValues returns one to three values of a member, in the order of the alphabet, of actors taken at random.
func someValues(random *rand.Rand, actors []directory.Record, name string) []string {
	want := 1 + random.IntN(3)
	var values []string
	for tries := 0; len(values) == 0 || (len(values) < want && tries < 20); tries++ {
		a, ok := actors[random.IntN(len(actors))].(*directory.Actor)
		if !ok {
			continue
		}
		if value := valueOf(random, a, name); value != "" && !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	slices.Sort(values)
	return values
}

func valueOf(random *rand.Rand, a *directory.Actor, name string) string {
	switch name {
	case "group":
		return a.Group
	case "country":
		return a.Country
	case "state":
		return a.State
	case "kind":
		return a.Kind
	case "tag":
		return oneOf(random, a.Tags)
	default:
		return oneOf(random, a.Territories)
	}
}

func oneOf(random *rand.Rand, values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[random.IntN(len(values))]
}

// String returns the combination as the query of an address; its values need no escaping.
func (c Combination) String() string {
	var parts []string
	for _, f := range c.Filters {
		for _, value := range f.Values {
			parts = append(parts, f.Name+"="+value)
		}
	}
	slices.Sort(parts)
	return strings.Join(append(parts, "facets="+strings.Join(c.Facets[:], ",")), "&")
}
