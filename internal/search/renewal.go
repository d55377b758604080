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

// missed are the documents that changed since a renewal began, the latest first.
type missed struct {
	documents []uint32
	before    *missed
}

// fewMissed is up to how many documents a new index takes in at once, or twice as many as come now: else who brings more
// each time would never see the end of it.
const fewMissed = 64

// and returns what is missing after some more changes.
func (m *missed) and(changes []Change) *missed {
	next := &missed{make([]uint32, len(changes)), m}
	for i := range changes {
		next.documents[i] = changes[i].Document
	}
	return next
}

// all returns the documents that changed, each once.
func (m *missed) all() []uint32 {
	var all []uint32
	for ; m != nil; m = m.before {
		all = append(all, m.documents...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

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
	next.renewal, next.missed = x.renew(build), (*missed)(nil).and(changes)
	return next
}

// during returns an index in which some documents have changed, while a renewal is under way.
func (x *Index) during(changes []Change) *Index {
	select {
	case <-x.renewal.done:
	default:
		next := x.beside(changes)
		next.renewal, next.missed = x.renewal, x.missed.and(changes)
		return next
	}
	made, documents := x.renewal.made, x.missed.all()
	if len(documents) <= max(fewMissed, 2*len(changes)) {
		return made.following(x, documents).With(changes)
	}
	return x.renewing(changes, func() *Index { return made.following(x, documents) })
}
