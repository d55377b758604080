package readmodel

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// maxCandidates is how many candidates a gap has at most.
const maxCandidates = 5

// vacancy is what is missing: the roles that would fill it, if they were of the item. It is looked for in few items of
// many, so the roles are put into order when they are first asked for.
type vacancy struct {
	roles *roaring.Bitmap
	here  [numKinds][][]uint32 // those that the filters leave, by code of the function or of the initiative
	all   [][]uint32           // all of them, by code of the function
}

func newVacancy(roles *roaring.Bitmap) *vacancy { return &vacancy{roles: roles} }

// lastCandidates are those that were found last, as far as they are of any region.
type lastCandidates struct {
	item       *judged
	vacancy    *vacancy
	candidates []Candidate
}

// nearby is a place where candidates may be found.
type nearby struct {
	where string // as the words call it
	roles []uint32
	field int // of roles: what the place is
}

// candidates are actors that do elsewhere what is missing of an item, or something near to it here. The nearest place
// comes first: of a function the same one elsewhere, then the parent, then the siblings; of an initiative the parent, the
// siblings, then its functions elsewhere. Within a place comes first who has the most roles, then by id. Where only a
// region lacks, what is near has to reach it; what is done elsewhere does not.
func (f *gapFinder) candidates(item *judged, v *vacancy, reaching *roaring.Bitmap) []Candidate {
	places := [...]func(*judged, *vacancy, *roaring.Bitmap) nearby{f.sameFunction, f.parents, f.siblings}
	if item.kind == inInitiatives {
		places = [...]func(*judged, *vacancy, *roaring.Bitmap) nearby{f.parents, f.siblings, f.sameFunctions}
	}
	if f.last.item == item && f.last.vacancy == v {
		return f.last.candidates
	}
	found := make([]Candidate, 0, maxCandidates)
	taken := make([]uint32, 0, maxCandidates)
	for n, near := range places {
		if len(found) == maxCandidates {
			if n == 1 && item.kind == inFunctions { // whatever the region
				f.last = lastCandidates{item, v, found}
			}
			break
		}
		place := near(item, v, reaching)
		for _, p := range f.prospects(place.roles, taken, maxCandidates-len(found)) {
			taken = append(taken, p.actor)
			found = append(found, Candidate{f.s.tables[inActors].id(p.actor), f.why(&place, p.role)})
		}
	}
	return found
}

// sameFunction is the function itself, elsewhere.
func (f *gapFinder) sameFunction(item *judged, v *vacancy, _ *roaring.Bitmap) nearby {
	n := nearby{where: atSameFunction, field: roleFunction}
	all := f.anywhere(v)
	runs(f.s.tables[inFunctions].subtree(item.ord), func(ords []uint32) {
		for _, ord := range ords {
			n.roles = append(n.roles, all[ord+1]...)
		}
	})
	return n
}

// sameFunctions are the functions of an initiative's roles, in other initiatives or in none.
func (f *gapFinder) sameFunctions(item *judged, v *vacancy, _ *roaring.Bitmap) nearby {
	n := nearby{where: atFunctionOfItem, field: roleFunction}
	functions := make(map[uint32]bool)
	eachCode(f.fieldOf(inRoles, roleFunction), f.rolesOf(item), func(_, code uint32) { functions[code] = code != none })
	all, initiatives := f.anywhere(v), &f.fieldOf(inRoles, roleInitiative).one
	for code, known := range functions { // in any order: who comes first is decided later
		if !known {
			continue
		}
		for _, role := range all[code] {
			if initiatives.at(role) != item.ord+1 {
				n.roles = append(n.roles, role)
			}
		}
	}
	return n
}

// parents is the parent of the item, where it has one.
func (f *gapFinder) parents(item *judged, v *vacancy, reaching *roaring.Bitmap) nearby {
	n := nearby{atParentFunction, nil, roleFunction}
	if item.kind == inInitiatives {
		n = nearby{atParentInitiative, nil, roleInitiative}
	}
	if parent := f.parentOf(item); parent != none {
		n.roles = reachingOf(f.hereBy(v, item.kind)[parent], reaching)
	}
	return n
}

// siblings is what has the same parent as the item.
func (f *gapFinder) siblings(item *judged, v *vacancy, reaching *roaring.Bitmap) nearby {
	n := nearby{atSiblingFunction, nil, roleFunction}
	if item.kind == inInitiatives {
		n = nearby{atSiblingInitiative, nil, roleInitiative}
	}
	parent := f.parentOf(item)
	if parent == none {
		return n
	}
	field, _ := item.kind.parentField()
	here := f.hereBy(v, item.kind)
	f.fieldOf(item.kind, field).set(parent).each(func(ord uint32) bool {
		if ord != item.ord {
			n.roles = append(n.roles, reachingOf(here[ord+1], reaching)...)
		}
		return true
	})
	return n
}

// parentOf is the code of the record above an item.
func (f *gapFinder) parentOf(item *judged) uint32 {
	field, _ := item.kind.parentField()
	return f.fieldOf(item.kind, field).one.at(item.ord)
}

// reachingOf keeps the roles that reach a place; all of them where no place is asked for.
func reachingOf(roles []uint32, reaching *roaring.Bitmap) []uint32 {
	if reaching == nil {
		return roles
	}
	var kept []uint32
	for _, role := range roles {
		if reaching.Contains(role) {
			kept = append(kept, role)
		}
	}
	return kept
}

// hereBy are the roles of a vacancy that the filters leave, by code of what they are about.
func (f *gapFinder) hereBy(v *vacancy, k kindIndex) [][]uint32 {
	if v.here[k] == nil {
		v.here[k] = f.rolesBy(partedBy(k), roaring.And(v.roles, f.rolesHere(k)))
	}
	return v.here[k]
}

// anywhere are the roles of a vacancy whatever the filters, by code of the function.
func (f *gapFinder) anywhere(v *vacancy) [][]uint32 {
	if v.all == nil {
		v.all = f.rolesBy(roleFunction, roaring.And(v.roles, f.countingRoles()))
	}
	return v.all
}

// rolesBy puts roles into order by their code in a field of theirs that names records.
func (f *gapFinder) rolesBy(field int, roles *roaring.Bitmap) [][]uint32 {
	by := make([][]uint32, f.s.tables[linked.form[inRoles][field].target].size+1)
	eachCode(f.fieldOf(inRoles, field), roles, func(role, code uint32) { by[code] = append(by[code], role) })
	return by
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
func (f *gapFinder) prospects(roles []uint32, taken []uint32, n int) []prospect {
	if len(roles) == 0 {
		return nil
	}
	if f.places == nil {
		f.places = make([]uint32, f.s.tables[inActors].size)
	}
	all := make([]prospect, 0, min(len(roles), 64))
	for _, role := range roles {
		actor := f.actorOf(role)
		at := &f.places[actor]
		if *at == 0 {
			all = append(all, prospect{actor, 0, role})
			*at = uint32(len(all)) //nolint:gosec // at most as many as actors
		}
		p := &all[*at-1]
		p.roles++
		if f.compareRoles(role, p.role) < 0 {
			p.role = role
		}
	}
	for i := range all {
		f.places[all[i].actor] = 0
	}
	all = slices.DeleteFunc(all, func(p prospect) bool { return slices.Contains(taken, p.actor) })
	actors := f.s.tables[inActors]
	return firstFew(all, n, func(a, b prospect) int {
		if a.roles != b.roles {
			return cmp.Compare(b.roles, a.roles)
		}
		return actors.compare(a.actor, b.actor)
	})
}

// compareRoles compares two roles by type, in the order of the vocabulary, then by id.
func (f *gapFinder) compareRoles(a, b uint32) int {
	if c := cmp.Compare(f.typeRank(a), f.typeRank(b)); c != 0 || a == b {
		return c
	}
	return f.t.compare(a, b)
}

func (f *gapFinder) typeRank(role uint32) int {
	return f.ranks[f.fieldOf(inRoles, roleType).one.at(role)]
}

// typeRanks are the places of the types in their vocabulary, by code.
func (e *evidence) typeRanks() []int {
	types, _ := directory.VocabularyNamed(directory.VocabularyRoleTypes)
	words := e.fieldOf(inRoles, roleType).words
	ranks := make([]int, words.size+1)
	for code := range ranks {
		ranks[code] = types.Rank(words.value(uint32(code)))
	}
	return ranks
}

func (f *gapFinder) typeOf(role uint32) string {
	field := f.fieldOf(inRoles, roleType)
	return field.words.value(field.one.at(role))
}

// why says why an actor is a candidate, by one of its roles.
func (f *gapFinder) why(n *nearby, role uint32) string {
	place := f.quoted(linked.form[inRoles][n.field].target, f.fieldOf(inRoles, n.field).one.at(role))
	return fill(f.words.reasons[n.where], []any{"type", f.typeLabel(role), "place", place})
}
