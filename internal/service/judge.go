package service

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// judge holds the plan against the rules that need other records (model.md, Integrity): first what is wrong with the
// bodies, then what clashes with the directory.
func (p *plan) judge() error {
	var fields []fault.Field
	for i := range p.items {
		if item := &p.items[i]; item.live() && !item.unchanged {
			fields = append(fields, p.dangling(item)...)
			fields = append(fields, p.cycle(item)...)
		}
	}
	if err := fault.OfFields(fault.Invalid, fault.CodeInvalid, fields); err != nil {
		return err
	}
	p.index()
	for i := range p.items {
		if err := p.clash(&p.items[i]); err != nil {
			return err
		}
	}
	return nil
}

// live tells whether the record is in use after the plan.
func (item *planned) live() bool { return item.op != ledger.Archive && item.op != ledger.Merge }

// clash judges one item against the rest of the directory.
func (p *plan) clash(item *planned) error {
	switch {
	case item.unchanged:
		return nil
	case !item.live():
		return p.stillReferred(item)
	}
	switch r := item.after.(type) {
	case *directory.Actor:
		return cmp.Or(p.identifierTaken(item, r), p.nearName(item, r))
	case *directory.Function:
		return p.notationTaken(item, r)
	case *directory.Role:
		return p.equalRole(item, r)
	default:
		return nil
	}
}

// dangling finds references to what is not there, or not there for this caller.
func (p *plan) dangling(item *planned) []fault.Field {
	var fields []fault.Field
	for _, reference := range item.after.References() {
		if !p.mayName(reference.To) {
			fields = append(fields, fault.Field{
				Pointer: item.prefix + reference.Pointer, Code: fault.CodeDanglingReference,
				Args: fault.Args{"ref": reference.To},
			})
		}
	}
	return fields
}

// cycle finds a record that would be above itself.
func (p *plan) cycle(item *planned) []fault.Field {
	seen := map[string]bool{item.ref.ID: true}
	for parent := parentOf(item.after); parent != ""; {
		if seen[parent] {
			if parent != item.ref.ID {
				return nil // a cycle further up is reported where it is closed
			}
			return []fault.Field{{Pointer: item.prefix + "/parent", Code: fault.CodeParentCycle}}
		}
		seen[parent] = true
		above := p.find(directory.Ref{Kind: item.ref.Kind, ID: parent})
		if above == nil {
			return nil // reported as dangling
		}
		parent = parentOf(above)
	}
	return nil
}

// parentOf returns the parent of a record of the kinds that have one.
func parentOf(r directory.Record) string {
	switch r := r.(type) {
	case *directory.Actor:
		return r.Parent
	case *directory.Initiative:
		return r.Parent
	case *directory.Function:
		return r.Parent
	default:
		return ""
	}
}

// maxNamed is how many records a refusal names; it counts the rest.
const maxNamed = 20

// stillReferred refuses to archive what live records outside the plan name.
func (p *plan) stillReferred(item *planned) error {
	var left []directory.Ref
	for _, from := range p.head.Referrers(item.ref) {
		if p.refersAfter(from, item.ref) {
			left = append(left, from)
		}
	}
	if len(left) == 0 {
		return nil
	}
	return &fault.Error{
		Kind: fault.Conflict, Code: fault.CodeStillReferred, Args: fault.Args{"count": len(left)},
		Fields:  prefixed(item, fault.CodeStillReferred, fault.Args{"count": len(left)}),
		Members: map[string]any{"referrers": p.named(left), "count": len(left)},
	}
}

// refersAfter tells whether a record that names ref today still does after the plan.
func (p *plan) refersAfter(from, ref directory.Ref) bool {
	i, ours := p.byRef[from]
	if !ours {
		return true
	}
	return p.items[i].live() && slices.ContainsFunc(p.items[i].after.References(), func(r directory.Reference) bool {
		return r.To == ref
	})
}

// Named is a record that an answer points to.
type Named struct {
	Kind  directory.Kind `json:"kind"`
	ID    string         `json:"id"`
	Label string         `json:"label,omitempty"`
}

// named returns the first records that the caller may see.
func (p *plan) named(refs []directory.Ref) []Named {
	list := []Named{}
	for _, ref := range refs {
		if entry, ok := p.head.Lookup(ref, p.write.Caller.Clearance); ok && len(list) < maxNamed {
			list = append(list, Named{ref.Kind, ref.ID, labelOf(entry.Record())})
		}
	}
	return list
}

// labelOf is the name of a record for a reader, in the first language of the fallback.
func labelOf(r directory.Record) string {
	switch r := r.(type) {
	case *directory.Actor:
		return r.Name.In("fr")
	case *directory.Initiative:
		return r.Name.In("fr")
	case *directory.Function:
		return r.Label.In("fr")
	case *directory.Source:
		return r.Title
	default:
		return ""
	}
}

// identifierTaken refuses an identifier that another active actor has.
func (p *plan) identifierTaken(item *planned, a *directory.Actor) error {
	if a.State != "active" {
		return nil
	}
	for n, id := range a.Identifiers {
		key := directory.IdentifierKey(id)
		holder, taken := p.identifierHolder(key, item.ref)
		if !taken {
			continue
		}
		pointer := item.prefix + "/identifiers/" + strconv.Itoa(n)
		return &fault.Error{
			Kind: fault.Conflict, Code: fault.CodeIdentifierTaken,
			Fields:  []fault.Field{{Pointer: pointer, Code: fault.CodeIdentifierTaken}},
			Members: p.candidates([]directory.Ref{holder}),
		}
	}
	return nil
}

// identifierHolder returns the active actor, other than self, that has an identifier after the plan.
func (p *plan) identifierHolder(key string, self directory.Ref) (directory.Ref, bool) {
	if holder, ok := p.head.IdentifierHolder(key); ok && holder != self {
		if _, ours := p.byRef[holder]; !ours {
			return holder, true
		}
	}
	return other(p.identifiers[key], self)
}

// candidates names the records that a write clashes with, and counts those that the caller may not see.
func (p *plan) candidates(refs []directory.Ref) map[string]any {
	list := []Named{}
	hidden := 0
	for _, ref := range refs {
		entry, ok := p.head.Lookup(ref, p.write.Caller.Clearance)
		i, ours := p.byRef[ref]
		switch {
		case ours:
			list = append(list, Named{ref.Kind, ref.ID, labelOf(p.items[i].after)})
		case !ok:
			hidden++
		case len(list) < maxNamed:
			list = append(list, Named{ref.Kind, ref.ID, labelOf(entry.Record())})
		}
	}
	members := map[string]any{"candidates": list}
	if hidden > 0 {
		members["hidden"] = hidden
	}
	return members
}

// nearName refuses to create an actor whose name is close to another's, unless duplicates are allowed.
func (p *plan) nearName(item *planned, a *directory.Actor) error {
	if p.write.AllowDuplicate {
		return nil
	}
	var near []directory.Ref
	if item.created {
		near = p.head.NearNames(a)
		for _, i := range p.names.Near(a) {
			near = append(near, p.items[i].ref)
		}
	}
	p.names.Add(p.byRef[item.ref], a)
	return p.duplicate(item, fault.CodeNearName, near)
}

// equalRole refuses to create a role that another says already, unless duplicates are allowed.
func (p *plan) equalRole(item *planned, r *directory.Role) error {
	if p.write.AllowDuplicate {
		return nil
	}
	var equal []directory.Ref
	if item.created {
		equal = append(p.head.EqualRoles(r), p.equalOwn(r)...)
	}
	if p.roles == nil {
		p.roles = make(map[string][]*directory.Role)
	}
	p.roles[r.Actor] = append(p.roles[r.Actor], r)
	return p.duplicate(item, fault.CodeDuplicateRole, equal)
}

// equalOwn returns the roles of the plan, judged before this one, that say the same.
func (p *plan) equalOwn(r *directory.Role) []directory.Ref {
	var equal []directory.Ref
	for _, other := range p.roles[r.Actor] {
		if readmodel.SameRole(r, other) && p.effective(r).Meets(p.effective(other)) {
			equal = append(equal, directory.Ref{Kind: directory.Roles, ID: other.ID})
		}
	}
	return equal
}

// effective is the effective period of a role beside the records of the plan.
func (p *plan) effective(r *directory.Role) directory.Period {
	initiative, _ := p.find(directory.Ref{Kind: directory.Initiatives, ID: r.Initiative}).(*directory.Initiative)
	actor, _ := p.find(directory.Ref{Kind: directory.Actors, ID: r.Actor}).(*directory.Actor)
	return r.EffectivePeriod(initiative, actor)
}

func (p *plan) duplicate(item *planned, code fault.Code, refs []directory.Ref) error {
	refs = slices.DeleteFunc(refs, func(ref directory.Ref) bool {
		i, ours := p.byRef[ref]
		return ours && !p.items[i].live()
	})
	slices.SortFunc(refs, compareRefs)
	if refs = slices.Compact(refs); len(refs) == 0 {
		return nil
	}
	return &fault.Error{
		Kind: fault.Conflict, Code: code, Fields: prefixed(item, code, nil), Members: p.candidates(refs),
	}
}

// prefixed places a fault at an item of a batch; a fault of a single write needs no place.
func prefixed(item *planned, code fault.Code, args fault.Args) []fault.Field {
	if item.prefix == "" {
		return nil
	}
	return []fault.Field{{Pointer: item.prefix, Code: code, Args: args}}
}

// notationTaken refuses a notation by which another function is known, in any case, and a new id that is one.
func (p *plan) notationTaken(item *planned, f *directory.Function) error {
	member := "/notation"
	holder, taken := p.notationHolder(f.Notation, item.ref)
	if !taken {
		member = "/id"
		holder, taken = p.idAsNotation(item)
	}
	if !taken {
		return nil
	}
	args := fault.Args{"id": holder.ID}
	if !p.mayName(holder) {
		args["id"] = "—"
	}
	return &fault.Error{
		Kind: fault.Conflict, Code: fault.CodeNotationTaken, Args: args,
		Fields: []fault.Field{{Pointer: item.prefix + member, Code: fault.CodeNotationTaken, Args: args}},
	}
}

// idAsNotation returns the function that has the id of another as its notation.
func (p *plan) idAsNotation(item *planned) (directory.Ref, bool) {
	if holder, taken := other(p.notations[item.ref.ID], item.ref); taken {
		return holder, true
	}
	if !item.created && item.op != ledger.Restore {
		return directory.Ref{}, false // it was there first
	}
	holder, taken := p.head.NotationHolder(item.ref.ID)
	_, ours := p.byRef[holder]
	return holder, taken && !ours && holder != item.ref
}

func (p *plan) notationHolder(notation string, self directory.Ref) (directory.Ref, bool) {
	if holder, taken := other(p.notations[strings.ToLower(notation)], self); taken {
		return holder, true
	}
	if id, ok := p.head.FunctionNamed(notation); ok && id != self.ID {
		ref := directory.Ref{Kind: directory.Functions, ID: id}
		if _, ours := p.byRef[ref]; !ours {
			return ref, true
		}
	}
	return directory.Ref{}, false
}

func compareRefs(a, b directory.Ref) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

// other returns the first record of a list that is not self.
func other(refs []directory.Ref, self directory.Ref) (directory.Ref, bool) {
	for _, ref := range refs {
		if ref != self {
			return ref, true
		}
	}
	return directory.Ref{}, false
}

// index gathers what the plan's own records must have alone: identifiers and notations.
func (p *plan) index() {
	p.identifiers = make(map[string][]directory.Ref)
	p.notations = make(map[string][]directory.Ref)
	for i := range p.items {
		item := &p.items[i]
		if !item.live() {
			continue
		}
		switch r := item.after.(type) {
		case *directory.Actor:
			for _, id := range r.Identifiers {
				if key := directory.IdentifierKey(id); r.State == "active" {
					p.identifiers[key] = append(p.identifiers[key], item.ref)
				}
			}
		case *directory.Function:
			key := strings.ToLower(r.Notation)
			p.notations[key] = append(p.notations[key], item.ref)
		}
	}
}
