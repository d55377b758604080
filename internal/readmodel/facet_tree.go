package readmodel

import (
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// wordParent returns what tells the value above one of a field of words; nil where the words have no hierarchy.
func wordParent(k kindIndex, field int) func(value string) string {
	switch (fieldPlace{k, field}) {
	case fieldPlace{inActors, actorTerritory}, fieldPlace{inInitiatives, initiativeTerritory}, fieldPlace{inRoles, roleTerritory}:
		return directory.TerritoryParent
	case fieldPlace{inInitiatives, initiativeFramework}, fieldPlace{inFunctions, functionFramework}, fieldPlace{inRoles, roleFramework}:
		return frameworkParent
	default:
		return func(string) string { return "" }
	}
}

// frameworkParent is the code that covers one such as SDG:8.5.
func frameworkParent(value string) string {
	framework, code, _ := strings.Cut(value, ":")
	if term, ok := directory.FrameworkTerm(framework, code); ok && term.Parent != "" {
		return framework + ":" + term.Parent
	}
	return ""
}

// parentOf is the id of the record above one, if the caller may see it.
func (x *run) parentOf(target kindIndex, ord uint32) string {
	field, ok := target.parentField()
	if !ok {
		return ""
	}
	t := x.s.tables[target]
	code := t.fields[field].one.at(ord)
	if code == none || int(t.levels.at(code-1)) > x.level {
		return ""
	}
	if entry := t.entries.at(code - 1); entry != nil && entry.past != notYet {
		return entry.id
	}
	return ""
}

// tallyUnder counts, for every record of a hierarchy that has something below it, what belongs to it or to what is below
// it. own counts what belongs to each record by itself: to one only.
func tallyUnder(hierarchy kindIndex, own func(x *run, among *roaring.Bitmap) []int) func(*run, *roaring.Bitmap) told {
	return func(x *run, among *roaring.Bitmap) told {
		counts := rollUp(x.s.tables[hierarchy], own(x, among))
		x.keepParents(hierarchy, counts)
		return x.recordValues(hierarchy, counts)
	}
}

// keepParents drops the counts of records that have nothing live below them that the caller may see.
func (x *run) keepParents(hierarchy kindIndex, counts []int) {
	t := x.s.tables[hierarchy]
	field, _ := hierarchy.parentField()
	f, live := &t.fields[field], t.live[x.level].bits()
	for code := range counts {
		if counts[code] == 0 || code == 0 {
			continue
		}
		if below := f.set(uint32(code)); below.common(live) == 0 {
			counts[code] = 0
		}
	}
}

// ownThemselves counts every record for itself.
func ownThemselves(x *run, among *roaring.Bitmap) []int {
	counts := make([]int, x.t.size+1)
	runs(among, func(ords []uint32) {
		for _, ord := range ords {
			counts[ord+1]++
		}
	})
	return counts
}

// ownRoles counts the roles of every actor.
func ownRoles(x *run, among *roaring.Bitmap) []int {
	return x.tally(inRoles, roleActor, among, int(x.s.tables[inActors].size)+1)
}

// tallyUnderEnds counts relations by what stands above either end, each relation once.
func tallyUnderEnds(x *run, among *roaring.Bitmap) told {
	actors := x.s.tables[inActors]
	counts, last := make([]int, actors.size+1), make([]uint32, actors.size+1)
	from, to := x.fieldOf(inRelations, relationFrom), x.fieldOf(inRelations, relationTo)
	runs(among, func(ords []uint32) {
		for _, ord := range ords {
			mark := func(actor uint32) bool {
				if last[actor+1] != ord+1 {
					last[actor+1] = ord + 1
					counts[actor+1]++
				}
				return true
			}
			for _, code := range [2]uint32{from.one.at(ord), to.one.at(ord)} {
				if code != none {
					mark(code - 1)
					actors.above(code-1, mark)
				}
			}
		}
	})
	x.keepParents(inActors, counts)
	return x.recordValues(inActors, counts)
}

// tallyReach counts the roles that reach a territory: there, below it, or in what it lies in.
func tallyReach(x *run, among *roaring.Bitmap) told {
	places, _ := directory.VocabularyNamed(directory.VocabularyTerritories)
	counts := make([]int, len(places.Terms)+1)
	for i := range places.Terms {
		code := places.Terms[i].Code
		there := x.fieldOf(inRoles, roleTerritory).set(x.codeOf(inRoles, roleTerritory, code))
		above := directory.TerritoryParent(code)
		if above == "" {
			counts[i+1] = there.common(among)
			continue
		}
		around := x.having(inRoles, rolePlace, above)
		counts[i+1] = there.common(among) + int(around.AndCardinality(among)) - //nolint:gosec // at most 2^32
			there.common(roaring.And(around, among))
	}
	value := func(i uint32) string { return places.Terms[i-1].Code }
	return facetValues(counts, x.q.FacetLimit, value, func(i uint32) *FacetName {
		term := &places.Terms[i-1]
		return &FacetName{Value: term.Code, Label: term.Label.In(x.q.Lang), Parent: term.Parent}
	})
}
