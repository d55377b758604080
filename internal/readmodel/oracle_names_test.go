package readmodel_test

import (
	"slices"
	"strings"

	"dalil/internal/directory"
)

// nearNames are the live actors, other than the one itself, with a name that is close to one of an actor's.
func (o *oracle) nearNames(a *directory.Actor) []directory.Ref {
	var refs []directory.Ref
	for _, ref := range o.refs(directory.Actors) {
		if o.live(ref) && ref.ID != a.ID && anyClose(foldedNames(a), foldedNames(o.actor(ref.ID))) {
			refs = append(refs, ref)
		}
	}
	return refs
}

func foldedNames(a *directory.Actor) []string {
	var names []string
	for _, lang := range a.Name.Languages() {
		names = append(names, directory.Fold(a.Name[lang]))
	}
	for _, n := range a.OtherNames {
		if n.Type != "acronym" { // many bodies share one
			names = append(names, directory.Fold(n.Value))
		}
	}
	return names
}

// lettersOf counts what is not a space.
func lettersOf(folded string) int { return len([]rune(strings.ReplaceAll(folded, " ", ""))) }

func anyClose(some, others []string) bool {
	return slices.ContainsFunc(some, func(x string) bool {
		return slices.ContainsFunc(others, func(y string) bool { return closeNames(x, y) })
	})
}

// closeNames tells whether two folded names have the same words, or differ by one edit from 8 letters on and by two from
// 16 on, of the shorter one.
func closeNames(x, y string) bool {
	if x == "" || y == "" {
		return false
	}
	if slices.Equal(sorted(strings.Fields(x)), sorted(strings.Fields(y))) {
		return true
	}
	letters := min(lettersOf(x), lettersOf(y))
	switch {
	case letters < 8:
		return false
	case letters < 16:
		return distance([]rune(x), []rune(y)) <= 1
	default:
		return distance([]rune(x), []rune(y)) <= 2
	}
}

// distance is the number of letters to insert, delete or change, by the definition.
func distance(x, y []rune) int {
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		next := []int{i + 1}
		for j := range y {
			change := row[j]
			if x[i] != y[j] {
				change++
			}
			next = append(next, min(change, row[j+1]+1, next[j]+1))
		}
		row = next
	}
	return row[len(y)]
}
