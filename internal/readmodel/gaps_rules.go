package readmodel

import (
	"cmp"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// noLead: nobody is accountable.
func (f *gapFinder) noLead() { f.withoutAny(f.letterRoles(directory.RACIAccountable)) }

// noImplementer: nobody is responsible.
func (f *gapFinder) noImplementer() { f.withoutAny(f.letterRoles(directory.RACIResponsible)) }

// withoutAny tells the items that have none of some roles.
func (f *gapFinder) withoutAny(roles *roaring.Bitmap) {
	for i := range f.items {
		if item := &f.items[i]; !item.roles.Intersects(roles) {
			f.tell(func() Gap {
				gap := f.of(item)
				gap.Detail = f.words.say(f.rule.code, "item", f.itemPhrase(item))
				gap.Candidates = f.candidates(item, &vacancy{roles: roles})
				return gap
			})
		}
	}
}

// noFunder: nobody funds a strategy, a programme, a project or an event, nor what it is part of. A funder counts
// whatever the filters that choose initiatives say: they choose what is judged, not who may fund it.
func (f *gapFinder) noFunder() {
	funders := f.having(inRoles, roleType, directory.RoleFunder)
	here := roaring.And(funders, f.rolesHere(inInitiatives))
	for i := range f.items {
		if item := &f.items[i]; f.needsFunds(item) && !f.funded(item, here) {
			f.tell(func() Gap {
				gap := f.of(item)
				gap.Detail = f.words.say(f.rule.code, "item", f.itemPhrase(item))
				gap.Candidates = f.candidates(item, &vacancy{roles: funders})
				return gap
			})
		}
	}
}

// needsFunds tells whether an item is an initiative of a kind that somebody funds.
func (f *gapFinder) needsFunds(item *judged) bool {
	if item.kind != inInitiatives {
		return false
	}
	i, ok := f.s.tables[inInitiatives].entries.at(item.ord).Record.(*directory.Initiative)
	return ok && i.Kind != directory.InitiativeAgreement && i.Kind != directory.InitiativeLaw
}

// funded tells whether one of some funders funds an initiative, one above it, or, where children count, one below it.
func (f *gapFinder) funded(item *judged, funders *roaring.Bitmap) bool {
	initiatives, roles := f.s.tables[inInitiatives], f.fieldOf(inRoles, roleInitiative)
	funds := func(initiative uint32) bool { return roles.set(initiative+1).common(funders) > 0 }
	found := funds(item.ord)
	initiatives.above(item.ord, func(above uint32) bool {
		found = found || funds(above)
		return !found
	})
	if !found && f.ask.Children {
		found = f.naming(roles, initiatives.subtree(item.ord)).Intersects(funders)
	}
	return found
}

// missingConstituent: no actor of government, of employers or of workers takes part.
func (f *gapFinder) missingConstituent() {
	groups := f.ask.Groups
	if len(groups) == 0 {
		groups = constituents()
	}
	for i := range f.items {
		item := &f.items[i]
		for _, group := range constituents() {
			if !slices.Contains(groups, group) {
				continue
			}
			roles := f.groupRoles(group)
			if item.roles.Intersects(roles) {
				continue
			}
			f.tell(func() Gap {
				gap := f.of(item)
				gap.Group = group
				gap.Detail = f.words.say(f.rule.code, "item", f.itemPhrase(item), "group", f.words.term(directory.VocabularyGroups, group))
				gap.Candidates = f.candidates(item, &vacancy{roles: roles})
				return gap
			})
		}
	}
}

// territoryUncovered: no role reaches a region.
func (f *gapFinder) territoryUncovered() {
	regions := f.regions()
	reaching := make([]*roaring.Bitmap, len(regions))
	for i, region := range regions {
		reaching[i] = roaring.Or(f.having(inRoles, rolePlace, region), f.having(inRoles, rolePlace, directory.TerritoryParent(region)))
	}
	doing := roaring.Or(f.letterRoles(directory.RACIAccountable), f.letterRoles(directory.RACIResponsible))
	for i := range f.items {
		item := &f.items[i]
		for r, region := range regions {
			if item.roles.Intersects(reaching[r]) {
				continue
			}
			f.tell(func() Gap {
				gap := f.of(item)
				gap.Territory = region
				gap.Detail = f.words.say(f.rule.code, "item", f.itemPhrase(item), "territory", f.words.term(directory.VocabularyTerritories, region))
				gap.Candidates = f.candidates(item, &vacancy{roles: doing, reaching: reaching[r]})
				return gap
			})
		}
	}
}

// regions are those that are judged: all, or those that the filters by territory ask about.
func (f *gapFinder) regions() []string {
	places, _ := directory.VocabularyNamed(directory.VocabularyTerritories)
	var regions []string
	for _, term := range places.Terms {
		if term.Parent != "" && f.asksAbout(term.Code) {
			regions = append(regions, term.Code)
		}
	}
	return regions
}

// asksAbout tells whether the filters by territory leave a region. Others are not judged: of what happens in one region
// it says nothing that it does not reach another.
func (f *gapFinder) asksAbout(region string) bool {
	covered := func(by string) bool { return by == region || by == directory.TerritoryParent(region) }
	for i := range f.q.Filters {
		filter := &f.q.Filters[i]
		if filter.Name != "territory" && filter.Name != "reach" {
			continue
		}
		if len(filter.Values) > 0 && !slices.ContainsFunc(filter.Values, covered) || slices.ContainsFunc(filter.Not, covered) {
			return false
		}
	}
	return true
}

// leads are the roles that make somebody accountable for one function in one initiative; either may be none.
type leads struct {
	function, initiative uint32 // codes
	roles                []uint32
}

// severalLeads: more than one actor is accountable for the same function in the same initiative.
func (f *gapFinder) severalLeads() {
	for _, l := range f.leads() {
		actors := f.actorsOf(l.roles)
		if len(actors) < 2 {
			continue
		}
		f.tell(func() Gap {
			gap := f.about(l.function, l.initiative)
			gap.Detail = f.words.say(f.rule.code, "item", f.phrase(l.function, l.initiative), "n", len(actors), "actors", f.namesOf(actors))
			gap.Roles = f.roleIDs(l.roles)
			return gap
		})
	}
}

// leads returns who is accountable for what, by the ids of function and initiative.
func (f *gapFinder) leads() []leads {
	accountable := roaring.And(f.allRoles(), f.letterRoles(directory.RACIAccountable))
	functions, initiatives := f.fieldOf(inRoles, roleFunction), f.fieldOf(inRoles, roleInitiative)
	places := make(map[[2]uint32]int)
	var all []leads
	runs(accountable, func(ords []uint32) {
		for _, role := range ords {
			key := [2]uint32{functions.one.at(role), initiatives.one.at(role)}
			at, ok := places[key]
			if !ok {
				at = len(all)
				places[key] = at
				all = append(all, leads{function: key[0], initiative: key[1]})
			}
			all[at].roles = append(all[at].roles, role)
		}
	})
	all = slices.DeleteFunc(all, func(l leads) bool { return len(l.roles) < 2 })
	slices.SortFunc(all, func(a, b leads) int {
		return cmp.Or(
			strings.Compare(f.idOf(inFunctions, a.function), f.idOf(inFunctions, b.function)),
			strings.Compare(f.idOf(inInitiatives, a.initiative), f.idOf(inInitiatives, b.initiative)))
	})
	return all
}

// unsourced: a role names no source. Each role is told once, whatever the items that it counts for.
func (f *gapFinder) unsourced() {
	f.tellRoles(roaring.And(f.allRoles(), f.fieldOf(inRoles, ofSource).set(none).bits()), func(uint32) []any { return nil })
}

// stale: the actor of a role was attested, but not lately. Each role is told once, as above.
func (f *gapFinder) stale() {
	attested := &f.s.tables[inActors].attested
	since := int64(f.ask.Today-directory.Day(f.ask.StaleAfter)) * 86_400_000 //nolint:gosec // a few thousand
	old := roaring.New()
	actors := f.fieldOf(inRoles, roleActor)
	var roles []uint32
	eachCode(actors, f.allRoles(), func(role, actor uint32) {
		if at := attested.at(actor - 1); at != 0 && at < since {
			roles = append(roles, role)
		}
	})
	old.AddMany(roles)
	f.tellRoles(old, func(role uint32) []any {
		day := directory.Day(attested.at(actors.one.at(role)-1) / 86_400_000) //nolint:gosec // a day
		return []any{"date", day.Date(), "days", f.ask.StaleAfter}
	})
}

// tellRoles tells a gap for each of some roles, by id.
func (f *gapFinder) tellRoles(doubtful *roaring.Bitmap, more func(role uint32) []any) {
	n := cardinality(doubtful)
	told := f.firstByID(doubtful, f.room())
	for _, role := range told {
		f.tell(func() Gap {
			function, initiative := f.fieldOf(inRoles, roleFunction).one.at(role), f.fieldOf(inRoles, roleInitiative).one.at(role)
			gap := f.about(function, initiative)
			args := []any{"item", f.phrase(function, initiative), "actor", f.labelOf(inActors, f.fieldOf(inRoles, roleActor).one.at(role)-1), "type", f.typeLabel(role)}
			gap.Detail = f.words.say(f.rule.code, append(args, more(role)...)...)
			gap.Roles = f.roleIDs([]uint32{role})
			return gap
		})
	}
	f.count(n - len(told))
}

// firstByID returns the first of some roles in the order of their ids.
func (f *gapFinder) firstByID(roles *roaring.Bitmap, n int) []uint32 {
	if n = min(n, cardinality(roles)); n == 0 {
		return nil
	}
	g := &pager{run: f.run, chosen: roles, want: n, page: make([]spot, 0, n)}
	g.collect(cardinality(roles))
	ords := make([]uint32, len(g.page))
	for i := range g.page {
		ords[i] = g.page[i].ord
	}
	return ords
}
