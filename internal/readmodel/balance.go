package readmodel

import "dalil/internal/directory"

// Balance tells, for functions or initiatives, how the tripartite constituents take part.
type Balance struct {
	Findings

	Items []BalanceItem `json:"items"` // every item in scope, those with nothing included
}

// BalanceItem is the balance of one function or initiative.
type BalanceItem struct {
	AnalysisItem

	Government Constituent    `json:"government"`
	Employers  Constituent    `json:"employers"`
	Workers    Constituent    `json:"workers"`
	Others     map[string]int `json:"others"`  // the different actors of each other group that takes part
	Missing    []string       `json:"missing"` // the constituents without an actor
}

// Constituent is the part of one constituent.
type Constituent struct {
	Actors int            `json:"actors"` // different ones
	Roles  map[string]int `json:"roles"`  // by type, those that occur
}

// Balance answers a judgement by functions or by initiatives. Its errors are faults about parameters.
func (s *Snapshot) Balance(q *Judgement) (*Balance, error) {
	e, err := s.evidence(&q.Analysis)
	if err != nil {
		return nil, err
	}
	items := e.judged(q)
	b := &Balance{Findings: e.Findings, Items: make([]BalanceItem, len(items))}
	w := newScale(e)
	for i := range items {
		b.Items[i] = w.weigh(&items[i])
	}
	return b, nil
}

// scale counts actors and roles by group, one item after the other.
type scale struct {
	*evidence

	last   []uint32 // by actor: the last item that counted it
	item   uint32   // of the items counted so far
	actors []int    // by code of a group
	roles  [][]int  // by code of a group, by code of a type
}

func newScale(e *evidence) *scale {
	groups, types := e.fieldOf(inActors, actorGroup).words.size, e.fieldOf(inRoles, roleType).words.size
	w := &scale{
		evidence: e, last: make([]uint32, e.s.tables[inActors].size), actors: make([]int, groups+1), roles: make([][]int, groups+1),
	}
	for group := range w.roles {
		w.roles[group] = make([]int, types+1)
	}
	return w
}

// weigh counts what takes part in an item.
func (w *scale) weigh(item *judged) BalanceItem {
	w.item++
	for group := range w.roles {
		w.actors[group] = 0
		clear(w.roles[group])
	}
	groups, types := &w.fieldOf(inActors, actorGroup).one, &w.fieldOf(inRoles, roleType).one
	runs(item.roles, func(ords []uint32) {
		for _, role := range ords {
			actor := w.actorOf(role)
			group := groups.at(actor)
			if w.last[actor] != w.item {
				w.last[actor] = w.item
				w.actors[group]++
			}
			w.roles[group][types.at(role)]++
		}
	})
	return w.balance(item)
}

// balance reads what was counted.
func (w *scale) balance(item *judged) BalanceItem {
	b := BalanceItem{AnalysisItem: item.AnalysisItem, Others: make(map[string]int), Missing: []string{}}
	for _, group := range groupTerms() {
		code := w.fieldOf(inActors, actorGroup).words.code(group.Code)
		actors := w.actors[code] // an actor always has a group: none counts nothing
		switch {
		case group.Constituent:
			*b.constituent(group.Code) = Constituent{actors, w.types(code)}
			if actors == 0 {
				b.Missing = append(b.Missing, group.Code)
			}
		case actors > 0:
			b.Others[group.Code] = actors
		}
	}
	return b
}

// types tells how many roles of each type were counted for a group.
func (w *scale) types(group uint32) map[string]int {
	words, found := &w.fieldOf(inRoles, roleType).words, make(map[string]int)
	for code, n := range w.roles[group] {
		if n > 0 {
			found[words.value(uint32(code))] = n
		}
	}
	return found
}

// constituent returns the part of a constituent.
func (b *BalanceItem) constituent(group string) *Constituent {
	switch group {
	case directory.GroupGovernment:
		return &b.Government
	case directory.GroupEmployers:
		return &b.Employers
	default:
		return &b.Workers
	}
}

// groupTerms are the groups of actors, the constituents first.
func groupTerms() []directory.Term {
	v, _ := directory.VocabularyNamed(directory.VocabularyGroups)
	return v.Terms
}
