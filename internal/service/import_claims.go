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

// claims returns which item of the plan has each claim: a record that was there before a new one, then the first.
func (j *judgement) claims() map[string]int {
	first := make(map[string]int)
	for _, created := range []bool{false, true} {
		for n := range j.plan.items {
			item := &j.plan.items[n]
			if item.created != created || !item.live() {
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

// namesOf returns the ids by which other rows may name the record of a row.
func namesOf(r directory.Record) []string {
	names := []string{r.Head().ID}
	if f, ok := r.(*directory.Function); ok {
		names = append(names, strings.ToLower(f.Notation))
	}
	return names
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
	var lost []directory.Ref
	for n, row := range j.rows {
		if j.refused[row] && j.plan.items[n].created {
			lost = append(lost, j.plan.items[n].ref)
		}
	}
	for len(lost) > 0 {
		ref := lost[0]
		lost = lost[1:]
		for _, n := range needed[ref] {
			if row := j.rows[n]; !j.refused[row] {
				j.refuse(row, pointerTo(j.plan.items[n].after, ref), fault.CodeNeedsRefused, fault.Args{"ref": ref})
				if j.plan.items[n].created {
					lost = append(lost, j.plan.items[n].ref)
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
