package bench

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"dalil/internal/directory"
)

// ListQuery asks for a list with three filters and four facets.
type ListQuery struct {
	Kind    directory.Kind // actors or roles
	Filters [3]Choice
	Facets  [4]string
}

// The members by which lists are asked for here.
var (
	// OwnMembers are of actors themselves.
	OwnMembers = []string{"group", "country", "state", "tag", "territory", "kind"}
	// DeedMembers are of actors, two of them through what they do.
	DeedMembers = []string{"group", "country", "state", "territory", "type", "function"}
	// RoleMembers are of roles.
	RoleMembers = []string{"type", "function", "initiative", "territory", "group", "country", "counterpart", "confidence", "raci"}
)

// ListQueries returns n different lists, always the same for a seed. The filters and the facets are taken at random from
// the members given, the facets also of what is filtered by, as on a page beside filters. The first values of a list's
// filters are those of one and the same record, so that no list is empty; up to two more stand beside them, the frequent
// ones more often.
func ListQueries(records []directory.Record, kind directory.Kind, members []string, n int, seed uint64) []ListQuery {
	l := newLister(records, kind, members, seed)
	seen := make(map[string]bool, n)
	lists := make([]ListQuery, 0, n)
	for len(lists) < n {
		q, ok := l.list()
		if text := q.String(); ok && !seen[text] {
			seen[text] = true
			lists = append(lists, q)
		}
	}
	return lists
}

// lister makes lists of a kind.
type lister struct {
	*rand.Rand

	kind    directory.Kind
	members []string
	roles   []*directory.Role
	actors  []*directory.Actor
	actorOf map[string]*directory.Actor
}

func newLister(records []directory.Record, kind directory.Kind, members []string, seed uint64) *lister {
	l := &lister{
		Rand: rand.New(rand.NewPCG(seed, 250_000)), kind: kind, members: slices.Clone(members),
		actorOf: make(map[string]*directory.Actor),
	}
	for _, r := range records {
		switch r := r.(type) {
		case *directory.Actor:
			if r.Status != directory.Archived {
				l.actors = append(l.actors, r)
				l.actorOf[r.ID] = r
			}
		case *directory.Role:
			l.roles = append(l.roles, r)
		}
	}
	return l
}

// list makes one; ok is false when the record that it was made of has no value for one of its filters.
func (l *lister) list() (q ListQuery, ok bool) {
	q.Kind = l.kind
	l.shuffle()
	q.Facets = [4]string(l.members[:4])
	l.shuffle()
	one := l.any()
	for i, name := range l.members[:3] {
		first := l.valueIn(one, name)
		if first == "" {
			return q, false
		}
		values := []string{first}
		for range l.IntN(3) {
			if more := l.valueIn(l.any(), name); more != "" && !slices.Contains(values, more) {
				values = append(values, more)
			}
		}
		slices.Sort(values)
		q.Filters[i] = Choice{name, values}
	}
	slices.SortFunc(q.Filters[:], func(a, b Choice) int { return strings.Compare(a.Name, b.Name) })
	return q, true
}

func (l *lister) shuffle() {
	l.Shuffle(len(l.members), func(i, j int) { l.members[i], l.members[j] = l.members[j], l.members[i] })
}

// fact is an actor, and one of its roles where roles are asked for.
type fact struct {
	actor *directory.Actor
	role  *directory.Role
}

// any returns an actor, or a role with its actor, at random.
func (l *lister) any() fact {
	if l.kind == directory.Roles || slices.Contains(l.members, "type") {
		role := l.roles[l.IntN(len(l.roles))]
		return fact{l.actorOf[role.Actor], role}
	}
	return fact{actor: l.actors[l.IntN(len(l.actors))]}
}

func (l *lister) valueIn(f fact, name string) string {
	switch name {
	case "type":
		return f.role.Type
	case "raci":
		return f.role.Letter()
	case "function":
		return f.role.Function
	case "initiative":
		return f.role.Initiative
	case "counterpart":
		return oneOf(l.Rand, f.role.Counterparts)
	case "confidence":
		return f.role.Confidence
	case "territory":
		if l.kind == directory.Roles {
			return oneOf(l.Rand, f.role.Territories)
		}
		return oneOf(l.Rand, f.actor.Territories)
	default:
		return valueOf(l.Rand, f.actor, name)
	}
}

// String returns the list as the address of its first page; its values need no escaping.
func (q ListQuery) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "/%s?", q.Kind)
	for _, f := range q.Filters {
		for _, value := range f.Values {
			fmt.Fprintf(&b, "%s=%s&", f.Name, value)
		}
	}
	return b.String() + "facets=" + strings.Join(q.Facets[:], ",")
}
