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
	o, err := s.ordered(&q.Analysis)
	if err != nil {
		return nil, err
	}
	items := o.itemsOf(q)
	w := newScale(o, items)
	for _, k := range []kindIndex{inFunctions, inInitiatives} {
		if q.asks(k) {
			w.weigh(k, q.below(k))
		}
	}
	b := &Balance{Findings: o.Findings, Items: make([]BalanceItem, len(items))}
	for i := range items {
		b.Items[i] = w.balance(i)
	}
	return b, nil
}

// scale counts actors and roles by group, an actor after the other.
type scale struct {
	*ordered

	items         []judged
	groups, types int // how many codes there are
	pan           pan
}

// pan is what was counted, of all roles or of those that one worker goes over.
type pan struct {
	last   []uint32 // by item: the last actor counted, plus one
	actors []uint32 // by item and group
	roles  []uint32 // by code of the function or of the initiative, by group and by type; in the end by item
}

func newScale(o *ordered, items []judged) *scale {
	groups, types := o.fieldOf(inActors, actorGroup).words.size, o.fieldOf(inRoles, roleType).words.size
	w := &scale{ordered: o, items: items, groups: int(groups) + 1, types: int(types) + 1}
	w.pan = w.newPan(len(items))
	return w
}

// newPan returns one that counts roles by so many codes, or items.
func (w *scale) newPan(codes int) pan {
	n := len(w.items)
	return pan{make([]uint32, n), make([]uint32, n*w.groups), make([]uint32, codes*w.groups*w.types)}
}

// weigh counts what takes part in the items of a kind.
func (w *scale) weigh(k kindIndex, below bool) {
	counting := w.countingFor(w.items, k, below)
	add := func(p *pan, actor, group, code, of uint32) {
		p.roles[(int(code)*w.groups+int(group))*w.types+int(of)]++
		for _, i := range counting[code] {
			if p.last[i] != actor {
				p.last[i] = actor
				p.actors[int(i)*w.groups+int(group)]++
			}
		}
	}
	actors, groups := w.order.actors, w.order.column(columnKey{inActors, actorGroup})
	codes, types := w.order.column(columnKey{inRoles, partedBy(k)}), w.order.column(columnKey{inRoles, roleType})
	parts := w.order.stretches(w.places, len(counting)*w.groups*w.types)
	pans := make([]pan, len(parts))
	together(len(parts), func(n int) {
		pans[n] = w.newPan(len(counting))
		parts[n].each(w.places, func(place int) {
			add(&pans[n], actors[place], groups[place], codes[place], types[place])
		})
	})
	named, kinds, of := &w.fieldOf(inRoles, partedBy(k)).one, &w.fieldOf(inRoles, roleType).one, &w.fieldOf(inActors, actorGroup).one
	for _, c := range w.changed {
		add(&pans[0], c.actor+1, of.at(c.actor), named.at(c.role), kinds.at(c.role))
	}
	for n := range pans {
		w.take(&pans[n], counting)
	}
}

// take adds what a worker has counted; the roles for the items that they count for.
func (w *scale) take(p *pan, counting [][]int32) {
	for i, n := range p.actors {
		w.pan.actors[i] += n
	}
	size := w.groups * w.types
	for code, items := range counting {
		counted := p.roles[code*size:][:size]
		for _, i := range items {
			for at, n := range counted {
				w.pan.roles[int(i)*size+at] += n
			}
		}
	}
}

// balance reads what was counted of an item.
func (w *scale) balance(i int) BalanceItem {
	b := BalanceItem{AnalysisItem: w.items[i].AnalysisItem, Others: make(map[string]int), Missing: []string{}}
	for _, group := range groupTerms() {
		// No actor has a group without a code; under none stand, in an earlier state, those that were erased since.
		part := Constituent{Roles: make(map[string]int)}
		if code := w.fieldOf(inActors, actorGroup).words.code(group.Code); code != none {
			part = Constituent{int(w.pan.actors[i*w.groups+int(code)]), w.typesOf(i, int(code))}
		}
		switch {
		case group.Constituent:
			*b.constituent(group.Code) = part
			if part.Actors == 0 {
				b.Missing = append(b.Missing, group.Code)
			}
		case part.Actors > 0:
			b.Others[group.Code] = part.Actors
		}
	}
	return b
}

// typesOf tells how many roles of each type were counted for an item and a group.
func (w *scale) typesOf(i, group int) map[string]int {
	words, found := w.fieldOf(inRoles, roleType).words, make(map[string]int)
	for code, n := range w.pan.roles[(i*w.groups+group)*w.types:][:w.types] {
		if n > 0 {
			found[words.value(uint32(code))] = int(n)
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
