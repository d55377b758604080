package interchange

import (
	"slices"
	"strings"

	"dalil/internal/directory"
)

// ColumnsOf returns the names of the columns that hold members of the records of a kind, in the order of all columns;
// nil, which is all of them, when members is nil. Members that no column holds are passed over.
func ColumnsOf(kind directory.Kind, languages Languages, members []string) []string {
	s := schemaOf(kind)
	if members == nil || s == nil {
		return nil
	}
	names := []string{}
	for _, c := range s.all(languages) {
		member, _, _ := strings.Cut(strings.TrimPrefix(c.pointer, "/"), "/")
		if slices.Contains(members, member) {
			names = append(names, c.name)
		}
	}
	return names
}
