package service

import (
	"context"
	"fmt"
	"time"
)

// longestAhead is how long ago a group may have begun that was judged ahead: its commits bear that time.
const longestAhead = time.Second

// appendBeside appends a group. When many call, it does so beside the judging of the next group, which it returns: the
// next one stands on what the first leaves, is shown to nobody, and is appended only when the first is durable.
func (w *writer) appendBeside(ctx context.Context, g *group) (next *group, durable int, err error) {
	if w.crowd == 1 { // a single caller waits for its answer before it calls again
		w.answer()
		durable, err = w.append(ctx, g)
		return nil, durable, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		err = guarded("appending", func() (err error) {
			durable, err = w.append(ctx, g)
			return err
		})
	}()
	w.answer()
	failed := guarded("judging ahead", func() error {
		next = w.ahead(g, ended)
		return nil
	})
	<-ended // whatever happens: the store may be closed when the writer has ended
	if failed != nil {
		return nil, durable, fmt.Errorf("%w (beside an append with the error %v)", failed, err) //nolint:errorlint // not to be found
	}
	return next, durable, err
}

// ahead judges what waits and what comes until the group before has ended; nil when nothing may be written just now.
func (w *writer) ahead(before *group, ended <-chan struct{}) *group {
	base, now := before.edit.Snapshot(), w.now()
	if w.state.refusal() != nil || clockFault(now, base) != nil {
		return nil
	}
	w.queue.gather()
	g := newGroup(base, now)
	for !g.full() {
		select {
		case <-ended:
			return g
		default:
		}
		if p := w.take(); p != nil {
			w.judge(g, p)
			continue
		}
		select {
		case <-ended:
			return g
		case <-w.queue.ready:
		}
	}
	return g
}

// goOn returns a group that was judged ahead, to be appended now that the one before is durable; nil when there is none,
// or when it is too old or does not stand on the head: then its members are judged again.
func (w *writer) goOn(ctx context.Context, g *group) *group {
	if g == nil {
		return nil
	}
	late := w.now().Sub(g.begun) > longestAhead
	if late || ctx.Err() != nil || w.head.get() != g.base || w.state.refusal() != nil {
		w.putBack(g)
		return nil
	}
	if w.unanswered == nil {
		w.queue.gather()
	}
	for len(g.members) < w.queue.len() && !g.full() { // half of them all: while they are appended, the others are judged
		p := w.take()
		if p == nil {
			break
		}
		w.judge(g, p)
	}
	return w.begin(g)
}

// mayGo tells whether a group that was judged ahead is a fair part of all that is on its way, so that the store need not
// wait for the others to be judged: a small group would leave the store idle while the many are judged after it.
func (g *group) mayGo(others int) bool {
	return g != nil && len(g.commits) > 0 && 2*len(g.members) >= others
}

// putBack lets the members of a group that is not appended be judged again, before those that came later.
func (w *writer) putBack(g *group) {
	if g != nil {
		w.carried = append(g.members, w.carried...)
	}
}
