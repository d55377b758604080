package service

import (
	"slices"

	"dalil/internal/directory"
)

// shallow returns a copy of a record whose members may be set; what they hold is shared.
func shallow(r directory.Record) directory.Record {
	switch r := r.(type) {
	case *directory.Actor:
		c := *r
		return &c
	case *directory.Initiative:
		c := *r
		return &c
	case *directory.Function:
		c := *r
		return &c
	case *directory.Role:
		c := *r
		return &c
	case *directory.Relation:
		c := *r
		return &c
	case *directory.Source:
		c := *r
		return &c
	default:
		return r
	}
}

// renamed puts other ids into the references of a record that is a shallow copy.
func renamed(r directory.Record, other func(directory.Ref) string) {
	name := func(kind directory.Kind, id *string) {
		if *id != "" {
			*id = other(directory.Ref{Kind: kind, ID: *id})
		}
	}
	e := r.Head()
	e.Sources = slices.Clone(e.Sources)
	for i := range e.Sources {
		name(directory.Sources, &e.Sources[i])
	}
	switch r := r.(type) {
	case *directory.Actor:
		name(directory.Actors, &r.Parent)
	case *directory.Initiative:
		name(directory.Initiatives, &r.Parent)
		r.Links = slices.Clone(r.Links)
		for i := range r.Links {
			name(directory.Initiatives, &r.Links[i].Initiative)
		}
	case *directory.Function:
		name(directory.Functions, &r.Parent)
	case *directory.Role:
		name(directory.Actors, &r.Actor)
		name(directory.Functions, &r.Function)
		name(directory.Initiatives, &r.Initiative)
	case *directory.Relation:
		name(directory.Actors, &r.From)
		name(directory.Actors, &r.To)
	}
}
