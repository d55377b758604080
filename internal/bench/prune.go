package bench

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// prune leaves out of an actor the optional values that the domain refuses. An actor that is still refused then is an
// error.
func prune(a *directory.Actor) error {
	refused, ok := errors.AsType[*fault.Error](directory.Validate(a))
	if !ok {
		return nil
	}
	// From the last entry of a list to the first, so that the numbers of those before it stay.
	for _, f := range slices.Backward(byPlace(refused.Fields)) {
		drop(a, f.Pointer)
	}
	return directory.Validate(a) //nolint:wrapcheck // the caller says which organisation
}

// byPlace returns the faults by list and number, each entry of a list once.
func byPlace(fields []fault.Field) []fault.Field {
	fields = slices.Clone(fields)
	slices.SortFunc(fields, func(x, y fault.Field) int {
		xMember, xNumber := place(x.Pointer)
		yMember, yNumber := place(y.Pointer)
		if c := strings.Compare(xMember, yMember); c != 0 {
			return c
		}
		return xNumber - yNumber
	})
	return slices.CompactFunc(fields, func(x, y fault.Field) bool {
		xMember, xNumber := place(x.Pointer)
		yMember, yNumber := place(y.Pointer)
		return xMember == yMember && xNumber == yNumber
	})
}

// place is the member and, in a list, the number of the entry that a pointer leads to.
func place(pointer string) (member string, number int) {
	parts := strings.Split(pointer, "/")
	if len(parts) > 2 {
		number, _ = strconv.Atoi(parts[2])
	}
	return parts[1], number
}

func drop(a *directory.Actor, pointer string) {
	member, n := place(pointer)
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
	}
}
