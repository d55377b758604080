package interchange

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// pruned is what the domain refused of a record: what was left out for it, and what could not be.
type pruned struct{ left, kept []fault.Field }

// prune leaves out of an actor the optional values that the domain refuses.
func prune(a *directory.Actor) pruned {
	refused, ok := errors.AsType[*fault.Error](directory.Validate(a))
	if !ok {
		return pruned{}
	}
	var p pruned
	// From the last entry of a list to the first, so that the numbers of those before it stay.
	for _, field := range slices.Backward(byPlace(refused.Fields)) {
		if drop(a, field.Pointer) {
			p.left = append(p.left, field)
		}
	}
	slices.Reverse(p.left)
	if still, ok := errors.AsType[*fault.Error](directory.Validate(a)); ok {
		p.kept = still.Fields
	}
	return p
}

// byPlace returns the faults by list and number, each entry of a list once.
func byPlace(fields []fault.Field) []fault.Field {
	fields = slices.Clone(fields)
	slices.SortStableFunc(fields, func(x, y fault.Field) int {
		xMember, xNumber := placeOf(x.Pointer)
		yMember, yNumber := placeOf(y.Pointer)
		if c := strings.Compare(xMember, yMember); c != 0 {
			return c
		}
		return xNumber - yNumber
	})
	return slices.CompactFunc(fields, func(x, y fault.Field) bool {
		xMember, xNumber := placeOf(x.Pointer)
		yMember, yNumber := placeOf(y.Pointer)
		return xMember == yMember && xNumber == yNumber
	})
}

// placeOf is the member and, in a list, the number of the entry that a pointer leads to.
func placeOf(pointer string) (member string, number int) {
	parts := strings.Split(pointer, "/")
	if len(parts) > 2 {
		number, _ = strconv.Atoi(parts[2])
	}
	if len(parts) > 1 {
		member = parts[1]
	}
	return member, number
}

// drop leaves out what a pointer leads to; false when the actor cannot be without it.
func drop(a *directory.Actor, pointer string) bool {
	member, n := placeOf(pointer)
	switch member {
	case "website":
		a.Website = ""
	case "founded":
		a.Founded = ""
	case "acronym":
		a.Acronym = nil
	case "tags":
		a.Tags = nil
	case "other_names":
		a.OtherNames = slices.Delete(a.OtherNames, n, n+1)
	case "identifiers":
		a.Identifiers = slices.Delete(a.Identifiers, n, n+1)
	case "locations":
		a.Locations = slices.Delete(a.Locations, n, n+1)
	default:
		return false
	}
	return true
}
