package service

import (
	"strconv"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// claim is something that one live record alone may have: an identifier, a notation.
type claim struct {
	key     string
	pointer string
	code    fault.Code
}

// claimsOf returns what a record of a plan must have alone.
func claimsOf(item *planned) []claim {
	switch r := item.after.(type) {
	case *directory.Actor:
		if r.State != directory.ActorActive {
			return nil
		}
		list := make([]claim, len(r.Identifiers))
		for i, id := range r.Identifiers {
			list[i] = claim{directory.IdentifierKey(id), "/identifiers/" + strconv.Itoa(i), fault.CodeIdentifierTaken}
		}
		return list
	case *directory.Function:
		return []claim{
			{"\x00" + strings.ToLower(r.Notation), "/notation", fault.CodeNotationTaken},
			{"\x00" + r.ID, "/id", fault.CodeNotationTaken}, // an id is as good as a notation where a function is named
		}
	default:
		return nil
	}
}

// claims returns which item of the plan has each claim: a record that was there before a new one, then the first; one
// of a refused row after all others.
func (j *judgement) claims() map[string]int {
	first := make(map[string]int)
	for _, turn := range []struct{ refused, created bool }{{false, false}, {false, true}, {true, false}, {true, true}} {
		for n := range j.plan.items {
			item := &j.plan.items[n]
			if item.created != turn.created || j.refused[j.rows[n]] != turn.refused || !item.live() {
				continue
			}
			for _, c := range claimsOf(item) {
				if _, had := first[c.key]; !had {
					first[c.key] = n
				}
			}
		}
	}
	return first
}

// holder returns the record of the directory, outside the plan, that has a claim.
func (j *judgement) holder(c claim, item *planned) (directory.Ref, bool) {
	var ref directory.Ref
	var held bool
	if notation, ok := strings.CutPrefix(c.key, "\x00"); ok {
		ref.Kind = directory.Functions
		ref.ID, held = j.head.FunctionNamed(notation)
	} else {
		ref, held = j.head.IdentifierHolder(c.key)
	}
	_, ours := j.plan.byRef[ref]
	return ref, held && !ours && ref != item.ref
}

// spread refuses the rows that need a new record whose row is refused, and those that need them in turn.
func (j *judgement) spread() {
	needed := make(map[directory.Ref][]int) // the items that name a new record of the plan
	for n := range j.plan.items {
		if item := &j.plan.items[n]; item.live() && !item.unchanged {
			for _, reference := range item.after.References() {
				if to, ours := j.plan.byRef[reference.To]; ours && j.plan.items[to].created {
					needed[reference.To] = append(needed[reference.To], n)
				}
			}
		}
	}
	var lost []int // items
	for n, row := range j.rows {
		if j.refused[row] && j.plan.items[n].created {
			lost = append(lost, n)
		}
	}
	for len(lost) > 0 {
		ref, needs := j.plan.items[lost[0]].ref, j.rows[lost[0]]
		lost = lost[1:]
		for _, n := range needed[ref] {
			if row := j.rows[n]; !j.refused[row] {
				code, args := j.needs(ref, needs)
				j.refuse(row, pointerTo(j.plan.items[n].after, ref), code, args)
				if j.plan.items[n].created {
					lost = append(lost, n)
				}
			}
		}
	}
}

// pointerTo returns where a record names another.
func pointerTo(r directory.Record, to directory.Ref) string {
	for _, reference := range r.References() {
		if reference.To == to {
			return reference.Pointer
		}
	}
	return ""
}
