package readmodel

import "github.com/RoaringBitmap/roaring/v2"

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

// judged is an item and the roles of the evidence that count for it.
type judged struct {
	AnalysisItem

	kind  kindIndex
	roles *roaring.Bitmap
}

// judged returns the items of a judgement in their order.
func (e *evidence) judged(q *Judgement) []judged {
	var items []judged
	if q.By != ByInitiative {
		for _, f := range e.functions(q.Scope) {
			items = append(items, judged{f, inFunctions, e.rolesFor(inFunctions, f.ord, true)})
		}
	}
	if q.By != ByFunction {
		for _, i := range e.initiatives() {
			items = append(items, judged{i, inInitiatives, e.rolesFor(inInitiatives, i.ord, q.Children)})
		}
	}
	return items
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
