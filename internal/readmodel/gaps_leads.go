package readmodel

import (
	"cmp"
	"slices"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// leads are the roles that make several actors accountable for one function in one initiative; either may be none.
type leads struct {
	function, initiative uint32   // codes
	roles, actors        []uint32 // each role and whom it counts for
}

// severalLeads: more than one actor is accountable for the same function in the same initiative.
func (f *gapFinder) severalLeads() {
	all, several, more := f.accountable(), []leads(nil), 0
	for rank := range all.functions { // by id of the function, then of the initiative
		if f.halted() {
			return
		}
		if len(several) < f.room() {
			several = all.appendSeveral(several, rank)
		} else {
			more += len(all.several(rank))
		}
	}
	told := f.ledBySeveral(several[:min(len(several), f.room())])
	f.found.Items = slices.Grow(f.found.Items, len(told))
	for i := range several {
		f.tell(func() Gap { return told[i] })
	}
	f.count(more)
}

// gapsAWorker is for how many gaps a worker is worth while.
const gapsAWorker = 128

// ledBySeveral returns the gaps of what several lead.
func (f *gapFinder) ledBySeveral(several []leads) []Gap {
	for i := range several { // the names that the phrases hold: workers only read them
		if l := &several[i]; l.function != none {
			f.quoted(inFunctions, l.function)
		}
		if l := &several[i]; l.initiative != none {
			f.quoted(inInitiatives, l.initiative)
		}
	}
	told := make([]Gap, len(several))
	workers := min(processors(), mostWorkers, 1+len(told)/gapsAWorker)
	var next atomic.Int64         // some are of very many roles
	together(workers, func(int) { // what is told of records lies all over the memory: two wait for it better than one
		for i := next.Add(1) - 1; i < int64(len(told)); i = next.Add(1) - 1 {
			told[i] = f.leadsGap(&several[i])
		}
	})
	return told
}

// leadsGap is the gap of what several lead. It changes nothing of the finder, once that knows the names.
func (f *gapFinder) leadsGap(l *leads) Gap {
	gap := f.about(l.function, l.initiative)
	count, first := f.firstActors(l.actors)
	gap.Detail = f.words.say(f.rule.code, "item", f.phrase(l.function, l.initiative), "n", count, "actors", f.namesOf(count, first))
	gap.Roles = f.roleIDs(l.roles)
	return gap
}

// firstActors returns how many different actors there are among some, and the first few by id.
func (f *gapFinder) firstActors(some []uint32) (count int, first []uint32) {
	actors := slices.Clone(some)
	slices.Sort(actors)
	actors = slices.Compact(actors)
	return len(actors), firstFew(actors, manyNames, f.s.tables[inActors].compare)
}

// accountable are the roles of all items that make somebody accountable, by function in the order of the ids: those
// without a function first.
type accountable struct {
	functions []uint32 // rank → code
	starts    []uint32 // rank → the first of its places, and the end

	roles, initiatives, actors []uint32 // by place: in the order of the roles within a function

	ranks []uint32 // code of an initiative → its place by id
	met   []met    // by code of an initiative
	found []uint32 // see several
}

// met is with what an initiative was last met.
type met struct {
	function uint32 // its rank, and one more
	actor    uint32 // the first
	roles    uint32 // how many
	several  bool   // actors
}

func (f *gapFinder) accountable() *accountable {
	roles := roaring.And(f.allRoles(), f.letterRoles(directory.RACIAccountable)).ToArray()
	var codes [3][]uint32
	fields := [...]int{roleFunction, roleInitiative, roleActor}
	together(len(fields), func(i int) { codes[i] = codesOf(f.fieldOf(inRoles, fields[i]), roles) })
	ranks := f.ranksByID(inFunctions)
	a := &accountable{
		functions: make([]uint32, len(ranks)), starts: make([]uint32, len(ranks)+1),
		roles: make([]uint32, len(roles)), initiatives: make([]uint32, len(roles)), actors: make([]uint32, len(roles)),
		ranks: f.ranksByID(inInitiatives),
	}
	a.met = make([]met, len(a.ranks))
	for code, rank := range ranks {
		a.functions[rank] = uint32(code)
	}
	for _, function := range codes[0] {
		a.starts[ranks[function]+1]++
	}
	for i := 1; i < len(a.starts); i++ {
		a.starts[i] += a.starts[i-1]
	}
	next := slices.Clone(a.starts)
	for i, function := range codes[0] {
		at := &next[ranks[function]]
		a.roles[*at], a.initiatives[*at], a.actors[*at] = roles[i], codes[1][i], f.headOf(codes[2][i]-1)
		*at++
	}
	return a
}

// several returns the initiatives that several are accountable for in a function. It holds until it is asked again.
func (a *accountable) several(rank int) []uint32 {
	function := uint32(rank) + 1 //nolint:gosec // ordinals
	a.found = a.found[:0]
	for at := a.starts[rank]; at < a.starts[rank+1]; at++ {
		m := &a.met[a.initiatives[at]]
		switch {
		case m.function != function:
			*m = met{function, a.actors[at], 1, false}
			continue
		case m.actor != a.actors[at] && !m.several:
			m.several = true
			a.found = append(a.found, a.initiatives[at])
		}
		m.roles++
	}
	return a.found
}

// appendSeveral appends what several are accountable for in a function, by id of the initiative.
func (a *accountable) appendSeveral(to []leads, rank int) []leads {
	several := a.several(rank)
	slices.SortFunc(several, func(m, n uint32) int { return cmp.Compare(a.ranks[m], a.ranks[n]) })
	first, n := len(to), uint32(0)
	for _, initiative := range several {
		m := &a.met[initiative]
		to = append(to, leads{a.functions[rank], initiative, make([]uint32, 0, m.roles), make([]uint32, 0, m.roles)})
		m.roles = n // from here on: which of them it is
		n++
	}
	for at := a.starts[rank]; at < a.starts[rank+1]; at++ {
		if m := &a.met[a.initiatives[at]]; m.several {
			l := &to[first+int(m.roles)]
			l.roles, l.actors = append(l.roles, a.roles[at]), append(l.actors, a.actors[at])
		}
	}
	return to
}

// codesOf returns the codes of some records, which are in order, in a field that is not multi.
func codesOf(of *field, ords []uint32) []uint32 {
	codes := make([]uint32, len(ords))
	at, l := ^uint32(0), (*leaf[uint32])(nil)
	for i, ord := range ords {
		if ord>>leafBits != at {
			at, l = ord>>leafBits, of.one.leaf(ord)
		}
		if l != nil && ord < of.one.size {
			codes[i] = l.items[ord%leafSize]
		}
	}
	return codes
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
