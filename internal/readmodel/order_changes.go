package readmodel

// advance brings it up to date for the next snapshot, unless units moved or too much changed. Most changes (a text, a
// tag, a source) change nothing that an order holds.
func (o *actorOrder) advance(last, s *Snapshot, t *touches) (*actorOrder, bool) {
	if o.heads != nil && unitsMoved(last, s, t) {
		return nil, false
	}
	next, ours := o, false
	add := func(actor uint32) {
		if !ours {
			next, ours = o.fork(), true
		}
		if o.heads != nil {
			actor = o.heads.of(actor)
		}
		next.changed.Add(actor)
		if next.since != nil {
			next.since.Add(actor)
		}
	}
	for n := range t.nodes { // in any order: each record stands for itself
		was, is := last.tables[n.table], s.tables[n.table]
		switch {
		case n.table == inActors && !sameActor(was, is, n.ord):
			add(n.ord)
		case n.table == inRoles && !sameRole(was, is, n.ord):
			for _, of := range []*table{was, is} {
				if code := of.fields[roleActor].one.at(n.ord); code != none {
					add(code - 1)
				}
			}
		default: // roles that follow from others are touched themselves
		}
	}
	return next.renewed(s)
}

// fork returns a copy whose sets may be changed.
func (o *actorOrder) fork() *actorOrder {
	next := *o
	next.changed = o.changed.Clone()
	if o.since != nil {
		next.since = o.since.Clone()
	}
	return &next
}

// sameActor tells whether an actor has the values that orders hold of actors: those of members with at most one value.
func sameActor(was, is *table, ord uint32) bool {
	for i := range is.fields {
		if !is.fields[i].multi && was.fields[i].one.at(ord) != is.fields[i].one.at(ord) {
			return false
		}
	}
	return true
}

// sameRole tells whether a role is live for the same callers, at the same time, with the same values.
func sameRole(was, is *table, ord uint32) bool {
	if was.homes.at(ord) != is.homes.at(ord) || was.periods.at(ord) != is.periods.at(ord) || was.amounts.at(ord) != is.amounts.at(ord) {
		return false
	}
	for i := range is.fields {
		if was.fields[i].one.at(ord) != is.fields[i].one.at(ord) {
			return false
		}
	}
	return true
}
