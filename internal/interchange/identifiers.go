package interchange

import (
	"slices"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// plainSchemes returns the schemes of identifiers that have a column of their own.
func plainSchemes() []string {
	return []string{directory.SchemeROR, directory.SchemeWikidata, directory.SchemeIATI}
}

// identifier is the column of an actor's first identifier of a scheme.
func identifier(scheme string) column {
	return column{
		name: scheme, pointer: "/identifiers", part: "identifiers",
		show: func(to []byte, r directory.Record) []byte {
			a, ok := r.(*directory.Actor)
			if i := schemed(a, scheme); ok && i >= 0 {
				return append(to, a.Identifiers[i].Value...)
			}
			return to
		},
		set: func(r directory.Record, cell string) (fault.Code, fault.Args) {
			a, ok := r.(*directory.Actor)
			if !ok {
				return "", nil
			}
			if i := schemed(a, scheme); i >= 0 {
				a.Identifiers[i].Value = cell
			} else {
				a.Identifiers = append(a.Identifiers, directory.Identifier{Scheme: scheme, Value: cell})
			}
			return "", nil
		},
		clear: func(r directory.Record) {
			a, ok := r.(*directory.Actor)
			if i := schemed(a, scheme); ok && i >= 0 {
				if a.Identifiers = slices.Delete(a.Identifiers, i, i+1); len(a.Identifiers) == 0 {
					a.Identifiers = nil
				}
			}
		},
	}
}

// schemed returns the place of the first identifier of a scheme, or -1.
func schemed(a *directory.Actor, scheme string) int {
	if a == nil {
		return -1
	}
	return slices.IndexFunc(a.Identifiers, func(id directory.Identifier) bool { return id.Scheme == scheme })
}

// identifiers is the column of all identifiers of an actor: scheme:value parted by semicolons, or JSON where one has
// an issuer, is preferred, or has a semicolon. It is left empty where the columns of the schemes say it all.
func identifiers() column {
	at := func(a *directory.Actor) *[]directory.Identifier { return &a.Identifiers }
	return member("identifiers", at, appendIdentifiers, readIdentifiers).shaped(shapeList)
}

func appendIdentifiers(to []byte, list []directory.Identifier) []byte {
	if saidByColumns(list) {
		return to
	}
	parts := to
	for i, id := range list {
		if id.Issuer != "" || id.Preferred || strings.Contains(id.Value, ";") || strings.TrimSpace(id.Value) != id.Value {
			return appendJSON(to, list)
		}
		parts = append(append(append(separated(parts, i), id.Scheme...), ':'), id.Value...)
	}
	return parts
}

// saidByColumns tells whether the columns of the schemes make the same list again: each scheme once, in their order.
func saidByColumns(list []directory.Identifier) bool {
	schemes, last := plainSchemes(), -1
	for _, id := range list {
		at := slices.Index(schemes, id.Scheme)
		if at <= last || id.Issuer != "" || id.Preferred {
			return false
		}
		last = at
	}
	return true
}

func readIdentifiers(cell string) ([]directory.Identifier, fault.Code, fault.Args) {
	if strings.HasPrefix(cell, "[") {
		return readObjects[directory.Identifier](cell)
	}
	var list []directory.Identifier
	for _, entry := range entries(cell) {
		scheme, value, cut := strings.Cut(entry, ":")
		if !cut {
			return nil, fault.CodeBadIdentifierCell, fault.Args{"value": shown(entry)}
		}
		code, wrong, args := readTerm(directory.VocabularyIdentifierSchemes, strings.TrimSpace(scheme))
		if wrong != "" {
			return nil, wrong, args
		}
		list = append(list, directory.Identifier{Scheme: code, Value: strings.TrimSpace(value)})
	}
	return list, "", nil
}
