package readmodel

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// OverlapQuery asks who does the same thing at the same place and time.
type OverlapQuery struct {
	Analysis // of the values of the filter by actor, one side of a pair has to be

	Limit int // of overlaps told one by one
}

// Overlaps are pairs of roles that do the same thing at the same place and time.
type Overlaps struct {
	Findings

	// Items are in the order of function, type and initiative (standing roles first), by id but for types, which are in
	// the vocabulary's order; then by the later start of the two; then by their ids.
	Items []Overlap `json:"items"`
	Total int       `json:"total"` // of all, told or not
}

// Overlap is one pair: the role that started first, and the other.
type Overlap struct {
	Type       string          `json:"type"`
	Function   string          `json:"function"`
	Initiative string          `json:"initiative,omitempty"` // absent when both roles stand by themselves
	Territory  string          `json:"territory"`            // the first code, by alphabet, of where they meet
	Actors     [2]string       `json:"actors"`
	Roles      [2]string       `json:"roles"`
	Start      *directory.Date `json:"start"` // nil: unknown, taken as always before
	End        *directory.Date `json:"end"`   // nil: still
}

// Overlaps answers a query. Its errors are faults about parameters.
func (s *Snapshot) Overlaps(q *OverlapQuery) (*Overlaps, error) {
	filters, sides := besideActors(q.Filters)
	all := q.Analysis
	all.Filters = filters
	e, err := s.evidence(&all)
	if err != nil {
		return nil, err
	}
	m := &matcher{evidence: e, limit: q.Limit, found: &Overlaps{Findings: e.Findings, Items: []Overlap{}}, ranks: e.typeRanks()}
	if sides != nil {
		if m.sides, err = e.rolesOfAny(sides); err != nil {
			return nil, err
		}
	}
	m.match()
	return m.found, nil
}

// besideActors returns the filters without the values of the one by actor, and these.
func besideActors(filters []Filter) (others []Filter, values []string) {
	for _, f := range filters {
		if f.Name == "actor" && !f.None && len(f.Values) > 0 {
			values = append(values, f.Values...)
			f.Values = nil
		}
		others = append(others, f)
	}
	return others, values
}

// rolesOfAny are the roles of some actors.
func (e *evidence) rolesOfAny(actors []string) (*roaring.Bitmap, error) {
	ords := roaring.New()
	for _, id := range actors {
		ord, err := e.named("actor", inActors, id)
		if err != nil {
			return nil, err
		}
		ords.Add(ord)
	}
	return e.naming(e.fieldOf(inRoles, roleActor), ords), nil
}

// matcher finds the pairs, one group of roles of the same type, function and initiative after the other.
type matcher struct {
	*evidence

	sides *roaring.Bitmap // of which one role of a pair has to be; nil when any will do
	limit int
	found *Overlaps
	ranks []int // by code of a type: its place in the vocabulary
}

// alike are roles of one type, for one function, in one initiative or in none.
type alike struct {
	function, initiative uint32 // codes
	kind                 uint32 // code of the type
	roles                []uint32
}

func (m *matcher) match() {
	for _, group := range m.groups() {
		c := m.contest(&group)
		total := c.count()
		m.found.Total += total
		if room := m.limit - len(m.found.Items); room > 0 && total > 0 {
			m.found.Items = append(m.found.Items, c.list(min(room, total))...)
		}
	}
}

// groups returns the groups of at least two roles, in order.
func (m *matcher) groups() []alike {
	functions, initiatives, types := m.fieldOf(inRoles, roleFunction), m.fieldOf(inRoles, roleInitiative), m.fieldOf(inRoles, roleType)
	places := make(map[[3]uint32]int)
	var all []alike
	runs(m.matchable(), func(ords []uint32) {
		for _, role := range ords {
			key := [3]uint32{functions.one.at(role), types.one.at(role), initiatives.one.at(role)}
			at, ok := places[key]
			if !ok {
				at = len(all)
				places[key] = at
				all = append(all, alike{function: key[0], kind: key[1], initiative: key[2]})
			}
			all[at].roles = append(all[at].roles, role)
		}
	})
	all = slices.DeleteFunc(all, func(g alike) bool { return len(g.roles) < 2 })
	slices.SortFunc(all, m.compareGroups)
	return all
}

// matchable are the roles that may overlap: of a type that leads or carries out, for a function, somewhere.
func (m *matcher) matchable() *roaring.Bitmap {
	types, _ := directory.VocabularyNamed(directory.VocabularyRoleTypes)
	doing := roaring.New()
	for _, term := range types.Terms {
		if term.RACI == directory.RACIAccountable || term.RACI == directory.RACIResponsible {
			doing.Or(m.having(inRoles, roleType, term.Code))
		}
	}
	doing.And(m.roles)
	doing.AndNot(m.fieldOf(inRoles, roleFunction).set(none).bits())
	doing.AndNot(m.fieldOf(inRoles, rolePlace).set(none).bits())
	return doing
}

func (m *matcher) compareGroups(a, b alike) int {
	return cmp.Or(
		m.compareNamed(inFunctions, a.function, b.function),
		cmp.Compare(m.ranks[a.kind], m.ranks[b.kind]),
		m.compareNamed(inInitiatives, a.initiative, b.initiative))
}

// compareNamed compares two records by the ids of their codes; none is the first.
func (m *matcher) compareNamed(k kindIndex, a, b uint32) int {
	if a == none || b == none {
		return cmp.Compare(a, b)
	}
	return m.s.tables[k].compare(a-1, b-1)
}

// idOf is the id of the record with a code; "" of none.
func (e *evidence) idOf(k kindIndex, code uint32) string {
	if code == none {
		return ""
	}
	return e.s.tables[k].id(code - 1)
}
