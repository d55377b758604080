package readmodel_test

import (
	"slices"
	"strings"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// oracle is a slow, obvious model of the directory: the newest version of every record in a plain map, every question
// answered by loops over it. It is written from model.md and api.md alone, to be compared with the engine.
type oracle struct {
	tb       testing.TB
	position ledger.Position
	held     map[directory.Ref]directory.Record
	seqs     map[directory.Ref]uint64
	levels   map[directory.Ref]directory.Visibility // what seen has worked out since the last commit
	sorted   map[directory.Kind][]directory.Ref     // and what refs has
	finds    map[string]map[directory.Ref]found     // and what found has
}

func newOracle(tb testing.TB, commits ...*ledger.Commit) *oracle {
	tb.Helper()
	o := &oracle{tb: tb, held: make(map[directory.Ref]directory.Record), seqs: make(map[directory.Ref]uint64)}
	o.forget()
	for _, c := range commits {
		o.apply(c)
	}
	return o
}

func (o *oracle) apply(c *ledger.Commit) {
	for _, change := range c.Changes {
		if change.Op == ledger.Erase {
			o.held[change.Ref], o.seqs[change.Ref] = blank(change.Ref, change.Version), c.Seq
			continue
		}
		r, err := directory.Decode(change.Ref.Kind, change.JSON)
		if err != nil {
			o.tb.Fatal(err)
		}
		o.held[change.Ref], o.seqs[change.Ref] = r, c.Seq
	}
	o.position = c.Position()
	o.forget()
}

// forget drops what was worked out from an older state.
func (o *oracle) forget() {
	o.levels, o.sorted = make(map[directory.Ref]directory.Visibility), make(map[directory.Kind][]directory.Ref)
	o.finds = make(map[string]map[directory.Ref]found)
}

// refs returns what is held of a kind, by id; of every kind when it is "".
func (o *oracle) refs(kind directory.Kind) []directory.Ref {
	if refs, ok := o.sorted[kind]; ok {
		return refs
	}
	var refs []directory.Ref
	for ref := range o.held {
		if kind == "" || ref.Kind == kind {
			refs = append(refs, ref)
		}
	}
	slices.SortFunc(refs, compareRefs)
	o.sorted[kind] = refs
	return refs
}

func (o *oracle) live(ref directory.Ref) bool {
	r, ok := o.held[ref]
	return ok && r.Head().Status != directory.Archived
}

// seen is the narrowest visibility of a record and of everything it leads to.
func (o *oracle) seen(ref directory.Ref) directory.Visibility {
	if known, ok := o.levels[ref]; ok {
		return known
	}
	narrowest := directory.Public
	reached, waiting := map[directory.Ref]bool{}, []directory.Ref{ref}
	for len(waiting) > 0 {
		next := waiting[0]
		waiting = waiting[1:]
		r, ok := o.held[next]
		if !ok || reached[next] {
			continue
		}
		reached[next] = true
		narrowest = narrowest.Narrower(r.Head().Seen())
		waiting = append(waiting, targets(r)...)
	}
	o.levels[ref] = narrowest
	return narrowest
}

// visible tells whether a caller may see a record, archived or not.
func (o *oracle) visible(ref directory.Ref, clearance directory.Visibility) bool {
	_, ok := o.held[ref]
	return ok && o.seen(ref).Level() <= clearance.Level()
}

func (o *oracle) actor(id string) *directory.Actor {
	a, _ := o.held[directory.Ref{Kind: directory.Actors, ID: id}].(*directory.Actor)
	return a
}

func (o *oracle) initiative(id string) *directory.Initiative {
	i, _ := o.held[directory.Ref{Kind: directory.Initiatives, ID: id}].(*directory.Initiative)
	return i
}

func (o *oracle) function(id string) *directory.Function {
	f, _ := o.held[directory.Ref{Kind: directory.Functions, ID: id}].(*directory.Function)
	return f
}

// within tells whether a record is another one of its kind or somewhere below it.
func (o *oracle) within(kind directory.Kind, id, top string) bool {
	for range len(o.held) + 1 {
		if id == "" {
			return false
		}
		if id == top {
			return true
		}
		r, ok := o.held[directory.Ref{Kind: kind, ID: id}]
		if !ok {
			return false
		}
		id = parentOf(r)
	}
	return false
}

// functionNamed finds a live function by id or notation, in any case.
func (o *oracle) functionNamed(name string) (string, bool) {
	for _, ref := range o.refs(directory.Functions) {
		f := o.function(ref.ID)
		if o.live(ref) && (strings.EqualFold(ref.ID, name) || strings.EqualFold(f.Notation, name)) {
			return ref.ID, true
		}
	}
	return "", false
}

// referrers are the live records that name one.
func (o *oracle) referrers(to directory.Ref) []directory.Ref {
	var refs []directory.Ref
	for _, from := range o.refs("") {
		if o.live(from) && slices.Contains(targets(o.held[from]), to) {
			refs = append(refs, from)
		}
	}
	return refs
}

// identifierHolder is the active live actor that has an identifier.
func (o *oracle) identifierHolder(key string) (directory.Ref, bool) {
	for _, ref := range o.refs(directory.Actors) {
		a := o.actor(ref.ID)
		if o.live(ref) && a.State == "active" && slices.ContainsFunc(a.Identifiers, func(i directory.Identifier) bool {
			return directory.IdentifierKey(i) == key
		}) {
			return ref, true
		}
	}
	return directory.Ref{}, false
}

// equalRoles are the live roles that say the same as one at a time they share.
func (o *oracle) equalRoles(r *directory.Role) []directory.Ref {
	var refs []directory.Ref
	for _, ref := range o.refs(directory.Roles) {
		s, _ := o.held[ref].(*directory.Role)
		if o.live(ref) && ref.ID != r.ID && s.Actor == r.Actor && s.Type == r.Type && s.Function == r.Function &&
			s.Initiative == r.Initiative && slices.Equal(sorted(s.Territories), sorted(r.Territories)) &&
			o.effective(s).Meets(o.effective(r)) {
			refs = append(refs, ref)
		}
	}
	return refs
}

func (o *oracle) effective(r *directory.Role) directory.Period {
	return effectivePeriod(r, o.initiative(r.Initiative), o.actor(r.Actor))
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}
