package interchange

import (
	"slices"
	"strconv"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// rorFact is what one or two relationships say: from is part of to, or its successor, or related to it.
type rorFact struct {
	kind     string // a type of relations
	from, to *rorLine
	line     int // of the first relationship that says it
}

// rorPair names a fact.
type rorPair struct{ kind, from, to string }

// partShared leaves out the identifiers that several active organisations have: they tell none of them.
func (f *rorFile) partShared() {
	holders := make(map[string][]*rorLine)
	for _, line := range f.lines {
		if line.actor.State != directory.ActorActive {
			continue
		}
		for _, id := range line.actor.Identifiers {
			key := directory.IdentifierKey(id)
			holders[key] = append(holders[key], line)
		}
	}
	for _, line := range f.lines {
		if line.actor.State != directory.ActorActive {
			continue
		}
		line.actor.Identifiers = slices.DeleteFunc(line.actor.Identifiers, func(id directory.Identifier) bool {
			all := holders[directory.IdentifierKey(id)]
			if len(all) < 2 {
				return false
			}
			f.notes = append(f.notes, &CellError{f.at(line.number, "/external_ids"), fault.CodeSharedIdentifier, fault.Args{
				"identifier": id.Scheme + ":" + id.Value, "lines": otherLines(all, line),
			}})
			return true
		})
	}
}

// otherLines names the lines of a list but for one.
func otherLines(all []*rorLine, but *rorLine) string {
	var numbers []string
	for _, line := range all {
		if line != but {
			numbers = append(numbers, strconv.Itoa(line.number))
		}
	}
	return strings.Join(numbers, ", ")
}

// relate makes the items: every organisation with its parent, then the relations.
func (f *rorFile) relate() {
	facts := f.facts()
	facts = f.withoutCycles(facts)
	parents := make(map[*rorLine]int) // how many, by which a child could stand below
	for i := range facts {
		if facts[i].mayBeParent() {
			parents[facts[i].from]++
		}
	}
	f.items = make([]Item, 0, len(f.lines)+len(facts))
	var relations []Item
	for i := range facts {
		fact := &facts[i]
		if fact.mayBeParent() && parents[fact.from] == 1 {
			fact.from.actor.Parent = fact.to.actor.ID
			continue
		}
		relations = append(relations, f.item(fact.relation(), fact.line))
	}
	for _, line := range f.lines {
		f.items = append(f.items, f.item(line.actor, line.number))
	}
	f.items = append(f.items, relations...)
}

// mayBeParent tells whether the fact can be said by the member parent: a live record does not name an archived one.
func (t *rorFact) mayBeParent() bool {
	return t.kind == directory.RelationPartOf && (t.from.withdrawn || !t.to.withdrawn)
}

// relation says the fact as a record. With an end that was withdrawn it is archived as well.
func (t *rorFact) relation() *directory.Relation {
	r := &directory.Relation{From: t.from.actor.ID, Type: t.kind, To: t.to.actor.ID}
	directory.Normalize(r)
	r.ID = ContentID(r)
	if t.from.withdrawn || t.to.withdrawn {
		r.Status = directory.Archived
	}
	return r
}

// facts returns each fact once, in the order in which the file says them first. A child is a parent seen from the other
// end, a predecessor likewise a successor, and related organisations are so both ways.
func (f *rorFile) facts() []rorFact {
	var facts []rorFact
	known := make(map[rorPair]bool)
	for _, line := range f.lines {
		for _, r := range line.relationships {
			other, ok := f.other(line, r)
			if !ok {
				continue
			}
			fact := rorFact{from: line, to: other, line: line.number}
			switch r.Type {
			case "parent":
				fact.kind = directory.RelationPartOf
			case "child":
				fact.kind, fact.from, fact.to = directory.RelationPartOf, other, line
			case "predecessor":
				fact.kind = directory.RelationSuccessorOf
			case "successor":
				fact.kind, fact.from, fact.to = directory.RelationSuccessorOf, other, line
			default:
				fact.kind = directory.RelationRelatedTo
				if other.actor.ID < line.actor.ID {
					fact.from, fact.to = other, line
				}
			}
			if pair := (rorPair{fact.kind, fact.from.actor.ID, fact.to.actor.ID}); !known[pair] {
				known[pair] = true
				facts = append(facts, fact)
			}
		}
	}
	return facts
}

// other finds the other end of a relationship. It tells what is left out: one to the organisation itself, and one to
// an organisation that is not in the file.
func (f *rorFile) other(line *rorLine, r rorRelationship) (*rorLine, bool) {
	id := rorID(r.ID)
	code := fault.CodeUnknownBody
	if id == line.actor.ID {
		code = fault.CodeSelfLink
	} else if other, ok := f.byID[id]; ok {
		return other, true
	}
	f.notes = append(f.notes, &CellError{f.at(line.number, "/relationships"), code, fault.Args{"type": r.Type, "id": r.ID}})
	return nil, false
}

// withoutCycles leaves out the facts by which organisations would be above themselves, and tells them.
func (f *rorFile) withoutCycles(facts []rorFact) []rorFact {
	above := make(map[*rorLine][]*rorLine)
	for i := range facts {
		if facts[i].kind == directory.RelationPartOf {
			above[facts[i].from] = append(above[facts[i].from], facts[i].to)
		}
	}
	knot := knots(f.lines, above)
	return slices.DeleteFunc(facts, func(t rorFact) bool {
		inside := t.kind == directory.RelationPartOf && knot[t.from] == knot[t.to]
		if inside {
			f.notes = append(f.notes, &CellError{f.at(t.line, "/relationships"), fault.CodeCycleLeftOut, fault.Args{
				"from": t.from.actor.ID, "to": t.to.actor.ID,
			}})
		}
		return inside
	})
}

// knots numbers the strongly connected components of a graph (Tarjan): two nodes have the same number when a way leads
// from each to the other. It keeps its own stack, as a way up may be long.
func knots(nodes []*rorLine, next map[*rorLine][]*rorLine) map[*rorLine]int {
	k := &knotter{next: next, index: make(map[*rorLine]int), low: make(map[*rorLine]int), knot: make(map[*rorLine]int)}
	for _, n := range nodes {
		if k.index[n] == 0 {
			k.visit(n)
		}
	}
	return k.knot
}

// knotter is Tarjan's algorithm under way. Numbers begin with 1; a node without one was not visited.
type knotter struct {
	next       map[*rorLine][]*rorLine
	index, low map[*rorLine]int
	knot       map[*rorLine]int
	open       []*rorLine // visited, not yet in a knot
}

// step is a node on the way, and which of its next ones comes now.
type step struct {
	node *rorLine
	i    int
}

func (k *knotter) visit(root *rorLine) {
	way := []step{k.enter(root)}
	for len(way) > 0 {
		top := &way[len(way)-1]
		n := top.node
		if top.i < len(k.next[n]) {
			to := k.next[n][top.i]
			top.i++
			switch {
			case k.index[to] == 0:
				way = append(way, k.enter(to))
			case k.knot[to] == 0:
				k.low[n] = min(k.low[n], k.index[to])
			}
			continue
		}
		way = way[:len(way)-1]
		if k.low[n] == k.index[n] {
			k.close(n)
		}
		if len(way) > 0 {
			above := way[len(way)-1].node
			k.low[above] = min(k.low[above], k.low[n])
		}
	}
}

func (k *knotter) enter(n *rorLine) step {
	k.index[n] = len(k.index) + 1
	k.low[n] = k.index[n]
	k.open = append(k.open, n)
	return step{node: n}
}

// close makes a knot of a node and what was visited after it.
func (k *knotter) close(n *rorLine) {
	for {
		last := k.open[len(k.open)-1]
		k.open = k.open[:len(k.open)-1]
		k.knot[last] = k.index[n]
		if last == n {
			return
		}
	}
}
