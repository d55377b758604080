package bench

import (
	"maps"
	"strconv"

	"dalil/internal/directory"
)

// Grown returns n organisations: the first of those given or, where there are not so many, them and copies of them with
// ids and names of their own, without identifiers. A copy's parent is the copy of its original's parent; a parent that
// is not among the n is left out.
func Grown(actors []directory.Record, n int) []directory.Record {
	grown := make([]directory.Record, 0, n)
	there := make(map[string]bool, n)
	for i := range n {
		a, ok := actors[i%len(actors)].(*directory.Actor)
		if !ok {
			continue
		}
		own := *a
		if turn := i / len(actors); turn > 0 {
			mark := "-" + strconv.Itoa(turn)
			own.ID += mark
			own.Identifiers = nil
			own.Name = maps.Clone(a.Name)
			for lang := range own.Name {
				own.Name[lang] += " " + strconv.Itoa(turn)
			}
			if own.Parent != "" {
				own.Parent += mark
			}
		}
		there[own.ID] = true
		grown = append(grown, &own)
	}
	for _, r := range grown {
		if a, ok := r.(*directory.Actor); ok && !there[a.Parent] {
			a.Parent = ""
		}
	}
	return grown
}
