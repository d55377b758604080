package readmodel

import (
	"cmp"
	"slices"

	"dalil/internal/directory"
)

// contest is one group of roles on the way to its pairs. It goes over the roles in the order of their start, and keeps
// by class those that still hold, so that only roles that meet are ever put beside each other.
type contest struct {
	*matcher

	group   *alike
	roles   []contender // by start, then by id
	classes []class
	byActor map[uint32][]int // the places in roles
}

// contender is one role.
type contender struct {
	role, actor uint32
	period      directory.Period
	class       int
}

// class are the roles with the same territories, of the side that is asked for or not.
type class struct {
	places []uint32 // codes
	side   bool
	meets  []int // the classes whose roles meet those of this one, itself included
	open   []int // places in roles of those that still hold, as far as is known
	held   int   // how many there are
}

// contest sorts a group.
func (m *matcher) contest(group *alike) *contest {
	c := &contest{matcher: m, group: group, roles: make([]contender, 0, len(group.roles))}
	lists := m.fieldOf(inRoles, rolePlace)
	classes := make(map[[2]uint32]int)
	for _, role := range group.roles {
		period := m.t.periods.at(role)
		if period.Empty() {
			continue
		}
		side := m.sides == nil || m.sides.Contains(role)
		key := [2]uint32{lists.one.at(role), 0}
		if side {
			key[1] = 1
		}
		at, ok := classes[key]
		if !ok {
			at = len(c.classes)
			classes[key] = at
			c.classes = append(c.classes, class{places: lists.lists.values.at(key[0]), side: side})
		}
		c.roles = append(c.roles, contender{role, m.actorOf(role), period, at})
	}
	slices.SortFunc(c.roles, func(a, b contender) int {
		return cmp.Or(cmp.Compare(a.period.First, b.period.First), m.t.compare(a.role, b.role))
	})
	c.byActor = make(map[uint32][]int)
	for i := range c.roles {
		c.byActor[c.roles[i].actor] = append(c.byActor[c.roles[i].actor], i)
	}
	c.acquaint()
	return c
}

// acquaint finds out which classes meet.
func (c *contest) acquaint() {
	at := make(map[string][]int) // by place: the classes that name it
	words := c.fieldOf(inRoles, rolePlace).words
	for i := range c.classes {
		for _, code := range c.classes[i].places {
			place := words.value(code)
			at[place] = append(at[place], i)
		}
	}
	for i := range c.classes {
		mine := &c.classes[i]
		for _, code := range mine.places {
			place := words.value(code)
			around := directory.TerritoriesBelow(place) // itself first
			if above := directory.TerritoryParent(place); above != "" {
				around = append(around, above)
			}
			for _, near := range around {
				for _, other := range at[near] {
					if mine.side || c.classes[other].side {
						mine.meets = append(mine.meets, other)
					}
				}
			}
		}
		slices.Sort(mine.meets)
		mine.meets = slices.Compact(mine.meets)
	}
}

// count is how many pairs there are.
func (c *contest) count() (pairs int) {
	ends := make([]int, len(c.roles)) // places in roles, by end
	for i := range ends {
		ends[i] = i
	}
	slices.SortFunc(ends, func(a, b int) int { return cmp.Compare(c.roles[a].period.Last, c.roles[b].period.Last) })
	for i := range c.roles {
		r := &c.roles[i]
		for len(ends) > 0 && c.roles[ends[0]].period.Last < r.period.First {
			c.classes[c.roles[ends[0]].class].held--
			ends = ends[1:]
		}
		for _, other := range c.classes[r.class].meets {
			pairs += c.classes[other].held
		}
		c.classes[r.class].held++
	}
	return pairs - c.kindred()
}

// kindred is how many pairs that meet are of one actor, or of an actor and one above it: they are no overlaps.
func (c *contest) kindred() (pairs int) {
	for i := range c.roles {
		for _, j := range c.byActor[c.roles[i].actor] {
			if i < j && c.meet(i, j) {
				pairs++
			}
		}
		c.s.tables[inActors].above(c.roles[i].actor, func(above uint32) bool {
			for _, j := range c.byActor[above] {
				if c.meet(i, j) {
					pairs++
				}
			}
			return true
		})
	}
	return pairs
}

// meet tells whether two roles meet in place and time, and one of them is of the side that is asked for.
func (c *contest) meet(i, j int) bool {
	a, b := &c.roles[i], &c.roles[j]
	_, ok := slices.BinarySearch(c.classes[a.class].meets, b.class)
	return ok && a.period.Meets(b.period)
}

// list returns the first n pairs in order.
func (c *contest) list(n int) []Overlap {
	found := make([]Overlap, 0, n)
	for i := range c.roles {
		r := &c.roles[i]
		var earlier []int
		for _, other := range c.classes[r.class].meets {
			held := &c.classes[other]
			held.open = slices.DeleteFunc(held.open, func(j int) bool { return c.roles[j].period.Last < r.period.First })
			earlier = append(earlier, held.open...)
		}
		slices.Sort(earlier)
		for _, j := range earlier {
			if c.related(c.roles[j].actor, r.actor) {
				continue
			}
			found = append(found, c.overlap(&c.roles[j], r))
			if len(found) == n {
				return found
			}
		}
		c.classes[r.class].open = append(c.classes[r.class].open, i)
	}
	return found
}

// related tells whether two actors are one, or one is above the other.
func (c *contest) related(a, b uint32) bool {
	return a == b || c.isAbove(a, b) || c.isAbove(b, a)
}

func (c *contest) isAbove(a, b uint32) (found bool) {
	c.s.tables[inActors].above(b, func(above uint32) bool {
		found = above == a
		return !found
	})
	return found
}

// overlap tells of a pair, the earlier role first.
func (c *contest) overlap(a, b *contender) Overlap {
	actors := c.s.tables[inActors]
	o := Overlap{
		Type:     c.fieldOf(inRoles, roleType).words.value(c.group.kind),
		Function: c.idOf(inFunctions, c.group.function), Initiative: c.idOf(inInitiatives, c.group.initiative),
		Territory: c.common(a, b),
		Actors:    [2]string{actors.id(a.actor), actors.id(b.actor)}, Roles: [2]string{c.t.id(a.role), c.t.id(b.role)},
	}
	if first := max(a.period.First, b.period.First); first != directory.FirstDay {
		day := first.Date()
		o.Start = &day
	}
	if last := min(a.period.Last, b.period.Last); last != directory.LastDay {
		day := last.Date()
		o.End = &day
	}
	return o
}

// common is the first place, by its code, that is of both roles: equal, or the one inside the other.
func (c *contest) common(a, b *contender) string {
	words, first := c.fieldOf(inRoles, rolePlace).words, ""
	for _, x := range c.classes[a.class].places {
		for _, y := range c.classes[b.class].places {
			place := narrower(words.value(x), words.value(y))
			if place != "" && (first == "" || place < first) {
				first = place
			}
		}
	}
	return first
}

// narrower returns the one of two places that lies inside the other, or is it; "" when neither does.
func narrower(a, b string) string {
	switch {
	case a == b, directory.TerritoryParent(a) == b:
		return a
	case directory.TerritoryParent(b) == a:
		return b
	default:
		return ""
	}
}
