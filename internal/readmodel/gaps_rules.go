package readmodel

import (
	"runtime"
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
	lacking := newVacancy(roles)
	for i := range f.items {
		if item := &f.items[i]; !item.roles.Intersects(roles) {
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
	lacking := make([]*vacancy, len(groups))
	for g, group := range groups {
		lacking[g] = newVacancy(f.groupRoles(group))
	}
	for i := range f.items {
		item := &f.items[i]
		for g, group := range groups {
			if item.roles.Intersects(lacking[g].roles) {
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
	inside, around := make([]*roaring.Bitmap, len(regions)), make([]*roaring.Bitmap, len(regions)) // the roles in it, and those for all of the country
	for r, region := range regions {
		inside[r], around[r] = f.having(inRoles, rolePlace, region), f.having(inRoles, rolePlace, directory.TerritoryParent(region))
	}
	reaching := make([]*roaring.Bitmap, len(regions)) // both, once a gap asks
	rolesOf := f.wherever()
	lacking := newVacancy(roaring.Or(f.letterRoles(directory.RACIAccountable), f.letterRoles(directory.RACIResponsible)))
	for i := range f.items {
		item := &f.items[i]
		roles := rolesOf(item)
		for r, region := range regions {
			if roles.Intersects(around[r]) || roles.Intersects(inside[r]) {
				continue
			}
			f.tell(func() Gap {
				if reaching[r] == nil {
					reaching[r] = roaring.Or(inside[r], around[r])
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

// wherever returns the roles of an item whatever the filters by territory: these pick the regions that are judged, and a
// role for the whole country, which they leave out, reaches each of them.
func (f *gapFinder) wherever() func(*judged) *roaring.Bitmap {
	if !slices.ContainsFunc(f.terms, func(t term) bool { return t.name == "territory" }) {
		return func(item *judged) *roaring.Bitmap { return item.roles }
	}
	wide := *f.evidence
	wide.roles = f.choose(leaveNamed("territory"))
	return func(item *judged) *roaring.Bitmap {
		return wide.rolesFor(item.kind, item.ord, item.kind == inFunctions || f.ask.Children)
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

// severalLeads: more than one actor is accountable for the same function in the same initiative.
func (f *gapFinder) severalLeads() {
	several := slices.DeleteFunc(f.leads(), func(l leads) bool { return !f.ofSeveral(l.roles) })
	told := make([]Gap, min(len(several), f.room()))
	for i := range told { // the names that the phrases hold: workers only read them
		if l := &several[i]; l.function != none {
			f.quoted(inFunctions, l.function)
		}
		if l := &several[i]; l.initiative != none {
			f.quoted(inInitiatives, l.initiative)
		}
	}
	workers := min(runtime.GOMAXPROCS(0), mostWorkers, 1+len(told)/gapsAWorker)
	together(workers, func(n int) { // what is told of records lies all over the memory: two wait for it better than one
		for i := n; i < len(told); i += workers {
			told[i] = f.ledBySeveral(&several[i])
		}
	})
	f.found.Items = slices.Grow(f.found.Items, len(told))
	for i := range several {
		f.tell(func() Gap { return told[i] })
	}
}

// gapsAWorker is for how many gaps a worker is worth while.
const gapsAWorker = 128

// ledBySeveral is the gap of what several lead. It changes nothing of the finder, once that knows the names.
func (f *gapFinder) ledBySeveral(l *leads) Gap {
	gap := f.about(l.function, l.initiative)
	count, first := f.actorsOf(l.roles)
	gap.Detail = f.words.say(f.rule.code, "item", f.phrase(l.function, l.initiative), "n", count, "actors", f.namesOf(count, first))
	gap.Roles = f.roleIDs(l.roles)
	return gap
}

// leads are the roles that make somebody accountable for one function in one initiative; either may be none.
type leads struct {
	function, initiative uint32 // codes
	roles                []uint32
}

// leads returns who is accountable for what by more than one role, by the ids of function and initiative.
func (f *gapFinder) leads() []leads {
	accountable := roaring.And(f.allRoles(), f.letterRoles(directory.RACIAccountable))
	functions, initiatives := f.codesBy(roleFunction, accountable), f.codesBy(roleInitiative, accountable)
	order := make([]uint32, len(functions)) // places in the lists
	for i := range order {
		order[i] = uint32(i)
	}
	order = inOrderOf(f.ranksByID(inFunctions), functions, inOrderOf(f.ranksByID(inInitiatives), initiatives, order))
	roles, ords := make([]uint32, len(order)), accountable.ToArray()
	var all []leads
	for from, n := 0, 0; from < len(order); from = n {
		l := leads{function: functions[order[from]], initiative: initiatives[order[from]]}
		for n < len(order) && functions[order[n]] == l.function && initiatives[order[n]] == l.initiative {
			roles[n] = ords[order[n]]
			n++
		}
		if l.roles = roles[from:n:n]; len(l.roles) > 1 {
			all = append(all, l)
		}
	}
	return all
}

// codesBy returns the codes of some roles in a field, in the order of the roles: none of those without.
func (f *gapFinder) codesBy(field int, roles *roaring.Bitmap) []uint32 {
	codes, of := make([]uint32, 0, cardinality(roles)), &f.fieldOf(inRoles, field).one
	runs(roles, func(ords []uint32) {
		for _, ord := range ords {
			codes = append(codes, of.at(ord))
		}
	})
	return codes
}

// inOrderOf sorts places in a list of codes by what ranks say of the codes. Those of one rank keep their order.
func inOrderOf(ranks, codes, places []uint32) []uint32 {
	starts := make([]uint32, len(ranks)+1)
	for _, place := range places {
		starts[ranks[codes[place]]+1]++
	}
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	sorted := make([]uint32, len(places))
	for _, place := range places {
		at := &starts[ranks[codes[place]]]
		sorted[*at] = place
		*at++
	}
	return sorted
}

// ranksByID returns by code where the records of a table stand in the order of their ids; none is the first.
func (f *gapFinder) ranksByID(k kindIndex) []uint32 {
	ranks, next := make([]uint32, f.s.tables[k].size+1), uint32(1)
	f.s.tables[k].ids.Scan(func(_ string, ord uint32) bool {
		ranks[ord+1] = next
		next++
		return true
	})
	return ranks
}

// ofSeveral tells whether some roles are of more than one actor.
func (f *gapFinder) ofSeveral(roles []uint32) bool {
	first := f.actorOf(roles[0])
	return slices.ContainsFunc(roles, func(role uint32) bool { return f.actorOf(role) != first })
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
		l := actors.attested.leaf(ord)
		if l == nil {
			continue
		}
		for i, at := range l.items {
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
