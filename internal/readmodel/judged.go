package readmodel

import (
	"github.com/RoaringBitmap/roaring/v2"
)

// By says what the items of an analysis are.
type By string

// What items may be.
const (
	ByFunction   By = "function"
	ByInitiative By = "initiative"
	ByBoth       By = "both" // functions, then initiatives
)

// Judgement is what gaps, balance and RACI charts ask: an analysis of functions, of initiatives or of both.
type Judgement struct {
	Analysis

	By       By
	Scope    Scope // of functions; each counts what is below it
	Children bool  // an initiative counts what is below it, too
}

// judged is an item.
type judged struct {
	AnalysisItem

	kind kindIndex
}

// itemsOf returns the items of a judgement in their order.
func (e *evidence) itemsOf(q *Judgement) []judged {
	var items []judged
	if q.asks(inFunctions) {
		for _, f := range e.functions(q.Scope) {
			items = append(items, judged{f, inFunctions})
		}
	}
	if q.asks(inInitiatives) {
		for _, i := range e.initiatives() {
			items = append(items, judged{i, inInitiatives})
		}
	}
	return items
}

// asks tells whether items of a kind are asked for.
func (q *Judgement) asks(k kindIndex) bool {
	return k == inFunctions && q.By != ByInitiative || k == inInitiatives && q.By != ByFunction
}

// below tells whether an item of a kind counts what is below it, too.
func (q *Judgement) below(k kindIndex) bool { return k == inFunctions || q.Children }

// countingFor says for which of some items the roles with each code count: what rolesFor says, the other way round.
func (e *evidence) countingFor(items []judged, k kindIndex, below bool) [][]int32 {
	t := e.s.tables[k]
	own := absent(int(t.size) + 1)
	for i := range items {
		if items[i].kind == k {
			own[items[i].ord+1] = int32(i)
		}
	}
	counting := make([][]int32, t.size+1)
	for code := uint32(1); code <= t.size; code++ {
		add := func(ord uint32) bool {
			if i := own[ord+1]; i >= 0 {
				counting[code] = append(counting[code], i)
			}
			return below
		}
		if add(code - 1) {
			t.above(code-1, add)
		}
	}
	return counting
}

// partedBy is the field of roles that names the items of a kind.
func partedBy(k kindIndex) int {
	if k == inInitiatives {
		return roleInitiative
	}
	return roleFunction
}

// letterRoles are the roles with a letter in effect, live or not.
func (e *evidence) letterRoles(letter string) *roaring.Bitmap {
	return e.having(inRoles, roleLetter, letter)
}

// groupRoles are the roles whose actor counts for a group, live or not. A unit that counts as what it is part of is of
// the group of that.
func (e *evidence) groupRoles(group string) *roaring.Bitmap {
	roles := e.having(inRoles, roleGroup, group)
	if e.heads == nil {
		return roles
	}
	groups, actors := e.fieldOf(inActors, actorGroup), e.fieldOf(inRoles, roleActor)
	code, ours := e.codeOf(inActors, actorGroup, group), false
	for unit, head := range e.heads.counted { // in any order: each unit stands for itself
		was, is := groups.one.at(unit) == code, groups.one.at(head) == code
		if was == is {
			continue
		}
		if !ours {
			roles, ours = roles.Clone(), true
		}
		if is {
			actors.set(unit + 1).joinTo(roles)
		} else {
			roles.AndNot(actors.set(unit + 1).bits())
		}
	}
	return roles
}
