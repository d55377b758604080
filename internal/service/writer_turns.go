package service

import (
	"context"
	"math/rand/v2"
	"time"
)

// The pauses that let other nodes in.
const (
	selfishTurns  = 32 // groups in a row without letting other nodes in
	courtesyTurns = 8  // groups after which they are let in each time, once one of their commits was seen
	maxCourtesy   = 50 * time.Millisecond
	shortestSleep = time.Millisecond // what a shorter sleep takes as well
)

// giveWay pauses after a group, that other nodes get their turn. Without it the node that was first would be first
// again, for ever, as the others have to read before they can append. It does so while it sees that others write, and
// now and then to find out: one that always loses is not seen.
func (w *writer) giveWay(ctx context.Context) error {
	if w.alone {
		return nil
	}
	pause := w.latency
	switch w.turns++; {
	case w.polite > 0:
		w.polite--
		pause += upTo(w.latency)
	case w.turns < selfishTurns:
		return nil
	case pause < shortestSleep && w.crowd == 1:
		return nil // a single caller of a fast store leaves gaps enough, and would pay most
	}
	w.turns = 0
	timer := time.NewTimer(min(pause, maxCourtesy))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
			return nil
		case c := <-w.followed:
			if err := w.absorb(ctx, c); err != nil {
				return err
			}
		}
	}
}

// rest waits, unless ctx ends.
func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// upTo returns a random duration, so that nodes do not keep step.
func upTo(d time.Duration) time.Duration {
	return rand.N(d + 1) //nolint:gosec // nothing depends on its being hard to guess
}
