package interchange

import (
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// sameAsName is the column, and the member of a line, that says what a possible duplicate is.
const sameAsName = "same_as"

// columnOf returns what a name in a header means: the name of a column in any case, with spaces or hyphens for _, or
// the name of the member that the column fills.
func (s *schema) columnOf(name string) (column, fault.Code, fault.Args) {
	name = strings.TrimSpace(name)
	for _, spelling := range []string{name, spelled(name)} {
		if spelling == sameAsName {
			return sameAsColumn(), "", nil
		}
		if c, ok := s.named(spelling); ok {
			return c, "", nil
		}
	}
	for _, c := range s.columns {
		if c.pointer == "/"+name {
			return c, "", nil
		}
	}
	args := fault.Args{"column": shown(name)}
	if near := nearest(spelled(name), s.names()); near != "" {
		args["near"] = near
		return column{}, fault.CodeUnknownColumnNear, args
	}
	return column{}, fault.CodeUnknownColumn, args
}

// names returns the columns that a person may have meant.
func (s *schema) names() []string {
	names := []string{sameAsName}
	for _, c := range s.columns {
		names = append(names, c.name)
	}
	for _, t := range s.texts {
		for _, lang := range usualLanguages() {
			names = append(names, t.name+"_"+lang)
		}
	}
	return names
}

// usualLanguages returns the languages that a file has a column for where nobody says otherwise.
func usualLanguages() []string { return []string{"fr", "ar", "en"} }

// sameAsColumn fills no member of the record.
func sameAsColumn() column {
	return column{
		name: sameAsName, pointer: "/" + sameAsName,
		show:  func(to []byte, _ directory.Record) []byte { return to },
		set:   func(directory.Record, string) (fault.Code, fault.Args) { return "", nil },
		clear: func(directory.Record) {},
	}
}
