package readmodel

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// settle brings everything that follows from the records just put up to date.
func (e *Edit) settle() {
	if len(e.changes) == 0 {
		return
	}
	e.renameActors()
	e.rewrite()
	for i := len(e.changes) - 2; i >= 0; i-- { // of several changes of one record, which stand together, the last is seen
		if e.changes[i].node() == e.changes[i+1].node() {
			e.changes[i].record = e.changes[i+1].record
		}
	}
	roles := roaring.New()
	moved := make([]node, 0, len(e.changes))
	for _, c := range e.changes {
		e.touch(c.table, c.ord)
		if e.index(c, roles) {
			moved = append(moved, node{c.table, c.ord})
		}
	}
	put := e.rolesPut()
	roles.Iterate(func(ord uint32) bool {
		e.derive(ord, put[ord])
		return true
	})
	e.settleLevels(moved)
	for _, c := range e.changes {
		e.house(c.table, c.ord)
	}
}

// house moves a record to where its state and its effective visibility want it.
func (e *Edit) house(k kindIndex, ord uint32) {
	t := e.table(k)
	entry := t.entries.at(ord)
	to := home{in: homeLive, level: t.levels.at(ord)}
	switch {
	case entry == nil || entry.Erased():
		to = home{}
	case entry.Archived():
		to.in = homeArchived
	}
	t.settle(e.owner, ord, to)
}

// index brings the fields and dates of a record up to date and adds the roles that follow from it. It tells whether
// the effective visibility may have changed: by the record's own, or by what it names.
func (e *Edit) index(c change, roles *roaring.Bitmap) (moved bool) {
	t := e.table(c.table)
	entry := t.entries.at(c.ord)
	e.roleFollowers(c, entry, roles)
	if entry.Erased() {
		if c.before != nil && !c.before.Erased() {
			for f := range t.fields {
				t.fields[f].drop(e.owner, c.ord)
			}
		}
		return true
	}
	fresh := c.before == nil || c.before.Erased()
	in := e.indexer(c.table, c.ord, fresh)
	in.envelope(entry, c.record.Head())
	in.record(c.record)
	return fresh || in.named || c.before.level() != entry.level()
}

// roleFollowers adds the roles whose group, country, frameworks or period follow from a record that changed: a role
// itself, and those that name an actor, an initiative or a function of which such a member changed.
func (e *Edit) roleFollowers(c change, entry *Entry, roles *roaring.Bitmap) {
	switch c.table {
	case inRoles:
		roles.Add(c.ord)
	case inActors:
		if c.before == nil || actorTraits(c.before) != actorTraits(entry) {
			e.tables[inRoles].fields[roleActor].set(c.ord + 1).joinTo(roles)
		}
	case inInitiatives:
		if c.before == nil || initiativeTraits(c.before) != initiativeTraits(entry) ||
			!slices.Equal(frameworksOf(c.before), frameworksOf(entry)) {
			e.tables[inRoles].fields[roleInitiative].set(c.ord + 1).joinTo(roles)
		}
	case inFunctions:
		if c.before == nil || !slices.Equal(frameworksOf(c.before), frameworksOf(entry)) {
			e.tables[inRoles].fields[roleFunction].set(c.ord + 1).joinTo(roles)
		}
	default: // roles take nothing from the others
	}
}

// actorTraits are what roles take from their actor.
func actorTraits(e *Entry) (traits struct {
	group, country string
	dissolved      directory.Date
},
) {
	if a, ok := e.Record().(*directory.Actor); ok {
		traits.group, traits.country, traits.dissolved = a.Group, a.Country, a.Dissolved
	}
	return traits
}

// initiativeTraits are what roles take from their initiative, beside its frameworks.
func initiativeTraits(e *Entry) (traits struct{ start, end directory.Date }) {
	if i, ok := e.Record().(*directory.Initiative); ok {
		traits.start, traits.end = i.Start, i.End
	}
	return traits
}

func frameworksOf(e *Entry) []directory.FrameworkCode {
	switch r := e.Record().(type) {
	case *directory.Function:
		return r.Frameworks
	case *directory.Initiative:
		return r.Frameworks
	default:
		return nil
	}
}

// rolesPut returns the roles just put, decoded.
func (e *Edit) rolesPut() map[uint32]*directory.Role {
	var put map[uint32]*directory.Role
	for _, c := range e.changes {
		if role, ok := c.record.(*directory.Role); ok {
			if put == nil {
				put = make(map[uint32]*directory.Role)
			}
			put[c.ord] = role
		}
	}
	return put
}

// derive brings up to date what a role takes from the records that it names. It is decoded when it is not at hand.
func (e *Edit) derive(ord uint32, role *directory.Role) {
	t := e.table(inRoles)
	entry := t.entries.at(ord)
	if entry.Erased() {
		return
	}
	if role == nil {
		var ok bool
		if role, ok = entry.Record().(*directory.Role); !ok {
			return
		}
	}
	e.touch(inRoles, ord)
	assign(&t.periods, e.owner, ord, e.effective(role))
	in := e.indexer(inRoles, ord, t.homes.at(ord).in == homeless)
	in.derived(role)
}
