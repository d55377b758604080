package readmodel

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// noLead: nobody is accountable.
func (f *gapFinder) noLead() { f.withoutAny(f.letterRoles(directory.RACIAccountable)) }

// noImplementer: nobody is responsible.
func (f *gapFinder) noImplementer() { f.withoutAny(f.letterRoles(directory.RACIResponsible)) }

// withoutAny tells the items that have none of some roles.
func (f *gapFinder) withoutAny(roles *roaring.Bitmap) {
	lacking, present := newVacancy(roles), f.present(roaring.And(roles, f.roles))
	for i := range f.items {
		if item := &f.items[i]; !present.of(item) {
			f.tell(func() Gap {
				gap := f.of(item)
				gap.Detail = f.words.say(f.rule.code, "item", f.itemPhrase(item))
				gap.Candidates = f.candidates(item, lacking, nil)
				return gap
			})
		}
	}
}

// noFunder: nobody funds a strategy, a programme, a project or an event, nor what it is part of. A funder counts
// whatever the filters that choose initiatives say: they choose what is judged, not who may fund it.
func (f *gapFinder) noFunder() {
	funders := f.having(inRoles, roleType, directory.RoleFunder)
	here, lacking := roaring.And(funders, f.rolesHere(inInitiatives)), newVacancy(funders)
	for i := range f.items {
		if item := &f.items[i]; f.needsFunds(item) && !f.funded(item, here) {
			f.tell(func() Gap {
				gap := f.of(item)
				gap.Detail = f.words.say(f.rule.code, "item", f.itemPhrase(item))
				gap.Candidates = f.candidates(item, lacking, nil)
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
	i, ok := f.s.tables[inInitiatives].entries.at(item.ord).Record().(*directory.Initiative)
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
	groups := slices.DeleteFunc(constituents(), func(group string) bool {
		return len(f.ask.Groups) > 0 && !slices.Contains(f.ask.Groups, group)
	})
	lacking, there := make([]*vacancy, len(groups)), make([]*present, len(groups))
	for g, group := range groups {
		lacking[g] = newVacancy(f.groupRoles(group))
		there[g] = f.present(roaring.And(lacking[g].roles, f.roles))
	}
	for i := range f.items {
		item := &f.items[i]
		for g, group := range groups {
			if there[g].of(item) {
				continue
			}
			f.tell(func() Gap {
				gap := f.of(item)
				gap.Group = group
				gap.Detail = f.words.say(f.rule.code, "item", f.itemPhrase(item), "group", f.words.term(directory.VocabularyGroups, group))
				gap.Candidates = f.candidates(item, lacking[g], nil)
				return gap
			})
		}
	}
}

// territoryUncovered: no role reaches a region.
func (f *gapFinder) territoryUncovered() {
	regions := f.regions()
	reached := f.reached(regions)
	reaching := make([]*roaring.Bitmap, len(regions)) // the roles that reach it, once a gap asks
	lacking := newVacancy(roaring.Or(f.letterRoles(directory.RACIAccountable), f.letterRoles(directory.RACIResponsible)))
	for i := range f.items {
		item := &f.items[i]
		for r, region := range regions {
			if reached(item, r) {
				continue
			}
			f.tell(func() Gap {
				if reaching[r] == nil {
					reaching[r] = roaring.Or(f.placeRoles(region), f.placeRoles(directory.TerritoryParent(region)))
				}
				gap := f.of(item)
				gap.Territory = region
				gap.Detail = f.words.say(f.rule.code, "item", f.itemPhrase(item), "territory", f.words.term(directory.VocabularyTerritories, region))
				gap.Candidates = f.candidates(item, lacking, reaching[r])
				return gap
			})
		}
	}
}

// reached tells whether an item has a role in a region or one for all of its country, whatever the filters by territory:
// these pick the regions that are judged, and a role for the whole country, which they leave out, reaches each of them.
// Most items have one, so who has a role in a region is looked up only when it matters.
func (f *gapFinder) reached(regions []string) func(item *judged, region int) bool {
	roles := f.roles
	if slices.ContainsFunc(f.terms, func(t term) bool { return t.name == "territory" }) {
		roles = f.choose(leaveNamed("territory"))
	}
	inside, around := make([]*present, len(regions)), make([]*present, len(regions))
	for r, region := range regions {
		country := directory.TerritoryParent(region)
		if r > 0 && country == directory.TerritoryParent(regions[r-1]) {
			around[r] = around[r-1]
			continue
		}
		around[r] = f.present(roaring.And(f.placeRoles(country), roles))
	}
	return func(item *judged, r int) bool {
		if around[r].of(item) {
			return true
		}
		if inside[r] == nil {
			inside[r] = f.present(roaring.And(f.placeRoles(regions[r]), roles))
		}
		return inside[r].of(item)
	}
}

// placeRoles are the roles that name a territory itself, live or not.
func (f *gapFinder) placeRoles(territory string) *roaring.Bitmap {
	return f.having(inRoles, rolePlace, territory)
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

// unsourced: a role names no source. Each role is told once, whatever the items that it counts for.
func (f *gapFinder) unsourced() {
	f.tellRoles(roaring.And(f.allRoles(), f.fieldOf(inRoles, ofSource).set(none).bits()), func(uint32) []any { return nil })
}

// stale: the actor of a role was attested, but not lately. Each role is told once, as above.
func (f *gapFinder) stale() {
	attested, actors := &f.s.tables[inActors].attested, f.fieldOf(inRoles, roleActor)
	var roles []uint32
	if old := f.attestedBefore(f.ask.Today - directory.Day(f.ask.StaleAfter)); !old.IsEmpty() { //nolint:gosec // a few thousand
		eachCode(actors, f.allRoles(), func(role, actor uint32) {
			if old.Contains(actor - 1) {
				roles = append(roles, role)
			}
		})
	}
	f.tellRoles(roaring.BitmapOf(roles...), func(role uint32) []any {
		day := directory.Day(attested.at(actors.one.at(role)-1) / milliseconds) //nolint:gosec // a day
		return []any{"date", day.Date(), "days", f.ask.StaleAfter}
	})
}

// milliseconds is how many there are in a day.
const milliseconds = 86_400_000

// attestedBefore are the actors that were attested, but the last time before a day (UTC).
func (f *gapFinder) attestedBefore(day directory.Day) *roaring.Bitmap {
	actors, found := f.s.tables[inActors], roaring.New()
	for ord := uint32(0); ord < actors.size; ord += leafSize {
		for i, at := range actors.attested.run(ord) {
			if at != 0 && at < int64(day)*milliseconds {
				found.Add(ord + uint32(i))
			}
		}
	}
	return found
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
	marked := markedOf(roles, f.t.size)
	defer marked.release()
	g := &pager{run: f.run, chosen: marked, total: cardinality(roles), want: n, page: make([]spot, 0, n)}
	g.collect()
	ords := make([]uint32, len(g.page))
	for i := range g.page {
		ords[i] = g.page[i].ord
	}
	return ords
}
