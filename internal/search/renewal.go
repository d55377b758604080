package search

import "slices"

// renewal is the building of a new base in the background, so that no change has to wait for it. It makes an index that
// holds the same as the one with which it began. The indexes that come of that one meanwhile remember what they change;
// the first of them that finds it done goes on from the new one, when little is missing there, or else has the new one
// catch up in the background, too: each time takes a fraction of the time before, so there is an end to it.
type renewal struct {
	done chan struct{} // closed when it is made
	made *Index
}

// missed is what changed since a renewal began, the latest first.
type missed struct {
	changes []Change
	before  *missed
}

// fewMissed is up to how many changes a new index takes in at once, or twice as many as come now: else who brings more
// each time would never see the end of it.
const fewMissed = 64

// renew begins a renewal, or returns the one that began with this index: several edits may go on from it.
func (x *Index) renew(build func() *Index) *renewal {
	r := &renewal{done: make(chan struct{})}
	if !x.begun.CompareAndSwap(nil, r) {
		return x.begun.Load()
	}
	go func() {
		defer close(r.done)
		r.made = build()
	}()
	return r
}

// renewing returns an index in which some documents have changed, and begins a renewal.
func (x *Index) renewing(changes []Change, build func() *Index) *Index {
	next := x.beside(changes)
	next.renewal, next.missed = x.renew(build), &missed{changes: changes}
	return next
}

// during returns an index in which some documents have changed, while a renewal is under way.
func (x *Index) during(changes []Change) *Index {
	select {
	case <-x.renewal.done:
	default:
		next := x.beside(changes)
		next.renewal, next.missed = x.renewal, &missed{changes, x.missed}
		return next
	}
	made, pending := x.renewal.made, x.missed.inOrder()
	if len(pending) <= max(fewMissed, 2*len(changes)) {
		return made.With(append(pending, changes...))
	}
	return x.renewing(changes, func() *Index { return made.With(pending) })
}

// inOrder returns all that changed, in the order of time.
func (m *missed) inOrder() []Change {
	var parts [][]Change
	for ; m != nil; m = m.before {
		parts = append(parts, m.changes)
	}
	slices.Reverse(parts)
	return slices.Concat(parts...)
}
