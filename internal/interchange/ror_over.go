package interchange

import (
	"maps"
	"slices"

	"dalil/internal/directory"
)

// Derived tells whether the id of the record was made by the reader from what the file says, and not given by it: a
// record that the directory holds under another id is then the same when it is known by what makes it the one it is.
func (it *Item) Derived() bool { return it.ror }

// rorOver lays a record of the registry over the one of the directory. Under its own id it was taken from the registry
// before, and what the registry tells is brought up to date. Under another id the directory knew the organisation by
// itself, and only what it lacks is filled in. What the registry does not tell stays as it was.
func rorOver(before, own directory.Record) directory.Record {
	switch before := before.(type) {
	case *directory.Actor:
		own, ok := own.(*directory.Actor)
		if !ok {
			return before
		}
		if before.ID == own.ID {
			return rorRenewed(before, own)
		}
		return rorFilled(before, own)
	case *directory.Relation:
		c := *before
		c.Status = own.Head().Status
		return &c
	default:
		return own
	}
}

// rorRenewed is what the registry says now, with the members that it does not have.
func rorRenewed(before, own *directory.Actor) *directory.Actor {
	a := *own
	a.Envelope = before.Envelope
	a.Status, a.Tags = own.Status, own.Tags
	if own.Status != directory.Archived && before.Status == directory.Draft {
		a.Status = directory.Draft
	}
	a.Dissolved, a.Email, a.Phone = before.Dissolved, before.Email, before.Phone
	a.Mandate, a.Summary = before.Mandate, before.Summary
	return &a
}

// rorFilled is the directory's own record with what it lacks: other names, places and identifiers, and members that
// were empty. Its status stays: the registry does not archive a record that it did not make.
func rorFilled(before, own *directory.Actor) *directory.Actor {
	a := *before
	a.Name, a.Acronym = filledIn(before.Name, own.Name), filledIn(before.Acronym, own.Acronym)
	if len(a.OtherNames) == 0 {
		a.OtherNames = own.OtherNames
	}
	if len(a.Locations) == 0 {
		a.Locations = own.Locations
	}
	for _, text := range []struct{ to, from *string }{{&a.Website, &own.Website}, {&a.Country, &own.Country}} {
		if *text.to == "" {
			*text.to = *text.from
		}
	}
	if a.Founded == "" {
		a.Founded = own.Founded
	}
	a.Identifiers = slices.Clone(before.Identifiers)
	for _, id := range own.Identifiers {
		key := directory.IdentifierKey(id)
		if !slices.ContainsFunc(a.Identifiers, func(held directory.Identifier) bool {
			return directory.IdentifierKey(held) == key
		}) {
			a.Identifiers = append(a.Identifiers, id)
		}
	}
	return &a
}

// filledIn returns a text with the languages that it lacks.
func filledIn(text, more directory.Text) directory.Text {
	if len(text) == 0 && len(more) == 0 {
		return text
	}
	all := directory.Text{}
	maps.Copy(all, more)
	maps.Copy(all, text)
	return all
}
