package readmodel

import (
	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// Completeness is how complete and how fresh what is known of an actor is.
type Completeness struct {
	Percent   int             `json:"percent"`            // how many of the fields that count it has, rounded down
	Missing   []string        `json:"missing"`            // those that it does not have, in alphabetical order
	Roles     int             `json:"roles"`              // that hold
	Unsourced int             `json:"unsourced_roles"`    // how many of them name no source
	Attested  *directory.Time `json:"attested,omitempty"` // when its owner last confirmed the record; nil: never
}

// CompletenessOf tells how complete and how fresh what a clearance may see of an actor is, with the roles that hold at a
// date; nil when no such actor is held, or not for that clearance.
func (s *Snapshot) CompletenessOf(id string, clearance directory.Visibility, asOf AsOf) *Completeness {
	entry, ok := s.Lookup(directory.Ref{Kind: directory.Actors, ID: id}, clearance)
	if !ok {
		return nil
	}
	a, ok := entry.Record().(*directory.Actor)
	if !ok {
		return nil
	}
	c := &Completeness{Percent: a.Completeness(), Missing: a.Missing()}
	if a.Attested != nil {
		c.Attested = &a.Attested.At
	}
	roles, held := s.tables[inRoles], s.holding(inRoles, asOf)
	live, sourced := roles.live[clearance.Level()], &roles.fields[ofSource].one
	ord, _ := s.tables[inActors].ordinal(id)
	roles.fields[roleActor].set(ord + 1).each(func(role uint32) bool {
		if live.has(role) && (held == nil || held.Contains(role)) {
			c.Roles++
			if sourced.at(role) == none {
				c.Unsourced++
			}
		}
		return true
	})
	return c
}

// unsourcedByActor counts, by actor, the roles that hold and that the caller may see, and that name no source.
func (x *run) unsourcedByActor() []uint32 {
	if x.unsourced == nil {
		x.unsourced = make([]uint32, x.s.tables[inActors].size)
		eachCode(x.fieldOf(inRoles, roleActor), x.unsourcedOf(x.countingRoles()), func(_, code uint32) {
			if code != none {
				x.unsourced[code-1]++
			}
		})
	}
	return x.unsourced
}

// unsourcedOf returns those of some roles that name no source.
func (x *run) unsourcedOf(roles *roaring.Bitmap) *roaring.Bitmap {
	return roaring.And(roles, x.fieldOf(inRoles, ofSource).set(none).bits())
}
