package service

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// run writes until the queue is closed and empty, or ctx ends, or the store fails for good.
func (w *writer) run(ctx context.Context) {
	defer close(w.done)
	if err := guarded("writing", func() error { return w.loop(ctx) }); err != nil {
		w.state.fail(err)
	}
	w.queue.close()
	for _, p := range w.carried {
		p.refuse(w.head.get(), notWritten(nil))
	}
}

func (w *writer) loop(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := w.absorb(ctx, nil); err != nil {
			return err
		}
		if len(w.carried) > 0 || w.queue.len() > 0 {
			if err := w.write(ctx); err != nil {
				return err
			}
			continue
		}
		if w.queue.drained() {
			return nil
		}
		select {
		case <-ctx.Done():
		case <-w.queue.ready:
		case c := <-w.followed:
			if err := w.absorb(ctx, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// write makes a group of the proposals that wait and brings it to an end, and those that are judged meanwhile. Its error
// is one to end for.
func (w *writer) write(ctx context.Context) error {
	head, now := w.head.get(), w.now()
	refusal := w.state.refusal()
	if refusal == nil {
		refusal = clockFault(now, head)
	}
	if refusal != nil {
		if p := w.take(); p != nil { // one, which was there before the clock was read
			p.refuse(head, refusal)
			w.observer.refused(1, refusal)
		}
		return nil
	}
	if w.crowd > 1 {
		w.queue.gather()
	}
	g := newGroup(head, now)
	for p := w.takeForGood(); p != nil; {
		w.judge(g, p)
		if p = nil; !g.full() {
			p = w.takeForGood()
		}
	}
	for g = w.begin(g); g != nil; {
		next, err := w.settle(ctx, g)
		if err != nil {
			return err
		}
		g = w.goOn(ctx, next)
	}
	w.answer()
	return nil
}

// answer replies to the callers of the group that was published last, unless that is done.
func (w *writer) answer() {
	if g := w.unanswered; g != nil {
		w.unanswered = nil
		g.answer(w.head.get())
	}
}

// judge runs a proposal as a member of a group.
func (w *writer) judge(g *group, p *proposal) {
	if !p.taken {
		p.taken = true
		w.observer.waited(g.begun.Sub(p.since))
	}
	g.judge(p)
}

// begin returns a group that is to be appended; nil when nothing of it is, and its members have their answers.
func (w *writer) begin(g *group) *group {
	w.crowd = len(g.members)
	switch {
	case !w.queue.claim(g.members):
		w.putBack(g)
		return nil
	case len(g.commits) == 0:
		g.answer(w.head.get())
		return nil
	default:
		return g
	}
}

// take returns the next proposal whose caller is still there.
func (w *writer) take() *proposal {
	for len(w.carried) > 0 {
		p := w.carried[0]
		w.carried = w.carried[1:]
		if !p.gone() {
			return p
		}
		p.refuse(w.head.get(), notWritten(nil))
	}
	return w.queue.pop(w.head.get())
}

// takeForGood takes a proposal that can no longer be withdrawn, so that the group goes on whoever leaves meanwhile: where
// many leave, another group would have to be judged again and again.
func (w *writer) takeForGood() *proposal {
	for p := w.take(); p != nil; p = w.take() {
		if w.queue.claim([]*proposal{p}) {
			return p
		}
	}
	return nil
}

// settle appends the group, publishes what became durable of it, and answers its callers. It returns the group that was
// judged meanwhile, if one was and still stands on the head.
func (w *writer) settle(ctx context.Context, g *group) (*group, error) {
	next, durable, err := w.appendBeside(ctx, g)
	if err == nil {
		w.publish(g.edit.Snapshot(), g.commits)
		if w.unanswered = g; !w.alone || !next.mayGo(len(g.members)+w.queue.len()) {
			w.answer()
		}
		return next, w.giveWay(ctx)
	}
	w.putBack(next)
	if durable > 0 {
		w.publish(g.prefix(durable), g.commits)
	}
	left := g.answer(w.head.get())
	switch {
	case errors.Is(err, ledger.ErrMoved):
		return nil, w.moved(ctx, left)
	case isFatal(err):
		w.refuseAll(left, fault.Wrap(fault.Unavailable, fault.CodeOutcomeUnknown, err))
		return nil, err
	case isUnclear(err):
		w.refuseAll(left, fault.Wrap(fault.Unavailable, fault.CodeOutcomeUnknown, err))
		return nil, nil
	case fault.Is(err, fault.CodeNewerFormat):
		w.block(err)
	case fault.Is(err, fault.CodeStoreUnreachable), fault.Is(err, fault.CodeUnavailable):
		err = notWritten(err) // a clear answer, so that nothing was
	}
	w.refuseAll(left, err)
	return nil, nil
}

// moved reads what another node appended, and puts back the proposals that are to run again.
func (w *writer) moved(ctx context.Context, left []*proposal) error {
	w.observer.moved(len(left))
	before := w.head.seq()
	if err := w.catchUp(ctx); err != nil {
		if isFatal(err) {
			w.refuseAll(left, fault.Wrap(fault.Unavailable, fault.CodeUnavailable, err))
			return err
		}
		w.refuseAll(left, notWritten(err))
		return nil
	}
	rounds := 0
	var again []*proposal
	for _, p := range left {
		if p.rounds++; p.rounds < maxRounds {
			again = append(again, p)
			rounds = max(rounds, p.rounds)
			continue
		}
		contended := fault.New(fault.Unavailable, fault.CodeContention, nil)
		contended.RetryAfter = contentionGap
		w.observer.refused(1, contended)
		p.refuse(w.head.get(), contended)
	}
	w.queue.release(again)
	w.carried = append(again, w.carried...)
	if w.head.seq() == before { // moved, and yet nothing to read: it will come in a moment
		rest(ctx, upTo(min(time.Duration(rounds)*time.Millisecond, maxCourtesy)))
	}
	return nil
}

// publish makes a durable state the head.
func (w *writer) publish(head *readmodel.Snapshot, commits []*ledger.Commit) {
	w.head.publish(head)
	for _, c := range commits {
		if erased := erasedBy(c); len(erased) > 0 {
			w.pasts.forget()
			w.redactor.add(erased)
		}
	}
}

// block ends writing: the store holds commits that this program does not know how to read.
func (w *writer) block(err error) {
	w.state.block(err)
	w.log.Error("writing has stopped", slog.Any("error", err))
}

func (w *writer) refuseAll(proposals []*proposal, err error) {
	w.observer.refused(len(proposals), err)
	for _, p := range proposals {
		p.refuse(w.head.get(), err)
	}
}
