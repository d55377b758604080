package readmodel

import (
	"cmp"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// maxCandidates is how many candidates a gap has at most.
const maxCandidates = 5

// vacancy is what is missing of an item.
type vacancy struct {
	roles    *roaring.Bitmap // those that would fill it, if they were of the item
	reaching *roaring.Bitmap // those that reach the place where it is missing; nil when it is missing everywhere
}

// nearby is a place where candidates may be found.
type nearby struct {
	where string // as the words call it
	roles *roaring.Bitmap
	kind  kindIndex // of what the roles are about there
}

// candidates are actors that do elsewhere what is missing of an item, or something near to it here. The nearest place
// comes first: of a function the same one elsewhere, then the parent, then the siblings; of an initiative the parent, the
// siblings, then its functions elsewhere. Within a place comes first who has the most roles, then by id.
func (f *gapFinder) candidates(item *judged, v *vacancy) []Candidate {
	found := make([]Candidate, 0, maxCandidates)
	taken := make(map[uint32]bool, maxCandidates)
	for _, near := range f.nearby(item) {
		if len(found) == maxCandidates {
			break
		}
		roles := near().within(v)
		for _, p := range f.prospects(roles.roles, taken, maxCandidates-len(found)) {
			taken[p.actor] = true
			found = append(found, Candidate{f.s.tables[inActors].id(p.actor), f.why(&roles, p.role)})
		}
	}
	return found
}

// within keeps the roles that would fill a vacancy. What is done elsewhere need not reach the place.
func (n nearby) within(v *vacancy) nearby {
	n.roles = roaring.And(n.roles, v.roles)
	if v.reaching != nil && n.where != atSameFunction && n.where != atFunctionOfItem {
		n.roles.And(v.reaching)
	}
	return n
}

// nearby are the places near an item, the nearest first; they are worked out when they are needed.
func (f *gapFinder) nearby(item *judged) []func() nearby {
	field := f.fieldOf(inRoles, roleFunction)
	at := func(where string, records []uint32) func() nearby {
		return func() nearby {
			return nearby{where, roaring.And(f.rolesHere(item.kind), f.naming(field, roaring.BitmapOf(records...))), item.kind}
		}
	}
	parent, siblings := f.family(item)
	if item.kind == inFunctions {
		same := func() nearby {
			return nearby{atSameFunction, roaring.And(f.countingRoles(), f.naming(field, f.s.tables[inFunctions].subtree(item.ord))), inFunctions}
		}
		return []func() nearby{same, at(atParentFunction, parent), at(atSiblingFunction, siblings)}
	}
	functions := func() nearby { return nearby{atFunctionOfItem, f.sameFunctions(item), inFunctions} }
	field = f.fieldOf(inRoles, roleInitiative)
	return []func() nearby{at(atParentInitiative, parent), at(atSiblingInitiative, siblings), functions}
}

// family returns the parent of an item, and what has the same parent.
func (f *gapFinder) family(item *judged) (parent, siblings []uint32) {
	field, _ := item.kind.parentField()
	parents := f.fieldOf(item.kind, field)
	code := parents.one.at(item.ord)
	if code == none {
		return nil, nil
	}
	parents.set(code).each(func(ord uint32) bool {
		if ord != item.ord {
			siblings = append(siblings, ord)
		}
		return true
	})
	return []uint32{code - 1}, siblings
}

// sameFunctions are the roles for a function that an initiative has roles for, but not in that initiative.
func (f *gapFinder) sameFunctions(item *judged) *roaring.Bitmap {
	functions := roaring.New()
	eachCode(f.fieldOf(inRoles, roleFunction), item.roles, func(_, code uint32) {
		if code != none {
			functions.Add(code - 1)
		}
	})
	roles := roaring.And(f.countingRoles(), f.naming(f.fieldOf(inRoles, roleFunction), functions))
	roles.AndNot(f.fieldOf(inRoles, roleInitiative).set(item.ord + 1).bits())
	return roles
}

// rolesHere are the roles that all filters keep but those that choose the items of a kind.
func (f *gapFinder) rolesHere(k kindIndex) *roaring.Bitmap {
	if f.here[k] == nil {
		chooses := "function"
		if k == inInitiatives {
			chooses = "initiative"
		}
		f.here[k] = f.choose(func(t *term) bool { return t.name == chooses || t.name == "framework" })
	}
	return f.here[k]
}

// prospect is an actor that may be a candidate.
type prospect struct {
	actor, roles uint32 // how many it has
	role         uint32 // the one that says why: the first by type, then by id
}

// prospects are the actors with the most of some roles, but those that are taken, at most n.
func (f *gapFinder) prospects(roles *roaring.Bitmap, taken map[uint32]bool, n int) []prospect {
	if roles.IsEmpty() {
		return nil
	}
	all := make(map[uint32]*prospect)
	runs(roles, func(ords []uint32) {
		for _, role := range ords {
			actor := f.actorOf(role)
			switch p, ok := all[actor]; {
			case taken[actor]:
			case !ok:
				all[actor] = &prospect{actor, 1, role}
			default:
				p.roles++
				if f.compareRoles(role, p.role) < 0 {
					p.role = role
				}
			}
		}
	})
	best := make([]prospect, 0, len(all))
	for _, p := range all {
		best = append(best, *p)
	}
	actors := f.s.tables[inActors]
	slices.SortFunc(best, func(a, b prospect) int {
		return cmp.Or(cmp.Compare(b.roles, a.roles), strings.Compare(actors.id(a.actor), actors.id(b.actor)))
	})
	return best[:min(n, len(best))]
}

// compareRoles compares two roles by type, in the order of the vocabulary, then by id.
func (f *gapFinder) compareRoles(a, b uint32) int {
	return cmp.Or(cmp.Compare(f.typeRank(a), f.typeRank(b)), strings.Compare(f.t.id(a), f.t.id(b)))
}

func (f *gapFinder) typeRank(role uint32) int {
	types, _ := directory.VocabularyNamed(directory.VocabularyRoleTypes)
	return types.Rank(f.typeOf(role))
}

func (f *gapFinder) typeOf(role uint32) string {
	field := f.fieldOf(inRoles, roleType)
	return field.words.value(field.one.at(role))
}

// why says why an actor is a candidate, by one of its roles.
func (f *gapFinder) why(n *nearby, role uint32) string {
	field := roleFunction
	if n.kind == inInitiatives {
		field = roleInitiative
	}
	place := f.quoted(n.kind, f.fieldOf(inRoles, field).one.at(role))
	return fill(f.words.reasons[n.where], []any{"type", f.typeLabel(role), "place", place})
}
