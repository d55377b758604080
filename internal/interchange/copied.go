package interchange

import (
	"maps"
	"slices"

	"dalil/internal/directory"
)

// copied returns a copy of a record that columns may be laid over: what setters change in place is the copy's own.
func copied(r directory.Record) directory.Record {
	switch r := r.(type) {
	case *directory.Actor:
		c := *r
		c.Name, c.Acronym = maps.Clone(r.Name), maps.Clone(r.Acronym)
		c.Mandate, c.Summary = maps.Clone(r.Mandate), maps.Clone(r.Summary)
		c.Locations, c.Identifiers = slices.Clone(r.Locations), slices.Clone(r.Identifiers)
		return &c
	case *directory.Initiative:
		c := *r
		c.Name, c.Acronym, c.Summary = maps.Clone(r.Name), maps.Clone(r.Acronym), maps.Clone(r.Summary)
		c.Budget = ownMoney(r.Budget)
		return &c
	case *directory.Function:
		c := *r
		c.Label, c.Definition = maps.Clone(r.Label), maps.Clone(r.Definition)
		return &c
	case *directory.Role:
		c := *r
		c.Amount, c.Description = ownMoney(r.Amount), maps.Clone(r.Description)
		return &c
	case *directory.Relation:
		c := *r
		c.Amount, c.Description = ownMoney(r.Amount), maps.Clone(r.Description)
		return &c
	case *directory.Source:
		c := *r
		return &c
	default:
		return r
	}
}

func ownMoney(m *directory.Money) *directory.Money {
	if m == nil {
		return nil
	}
	c := *m
	return &c
}
