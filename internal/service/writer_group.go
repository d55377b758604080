package service

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// group is the proposals that share one append, and the commits that came of them.
type group struct {
	base    *readmodel.Snapshot // the state that it stands on, which is the head when it is appended
	begun   time.Time           // when its first proposal was taken
	at      time.Time           // of its commits
	edit    *readmodel.Edit     // base with the commits applied; never shown before they are durable
	last    ledger.Position
	members []*proposal
	commits []*ledger.Commit
	bytes   int
}

func newGroup(base *readmodel.Snapshot, now time.Time) *group {
	at := now.UTC().Truncate(time.Millisecond)
	if last := base.At(); at.Before(last) {
		at = last
	}
	return &group{base: base, begun: now, at: at, edit: base.Edit(), last: base.Position()}
}

// full tells whether the group takes no more proposals.
func (g *group) full() bool { return len(g.members) >= maxGroup || g.bytes >= maxGroupBytes }

// judge runs a proposal on the head as the group's commits so far leave it.
func (g *group) judge(p *proposal) {
	p.reset()
	g.members = append(g.members, p)
	p.basis = g.last.Seq
	draft, err := p.run(g.edit.View())
	if err != nil || len(draft.Changes) == 0 {
		p.answer.err = err
		if errors.Is(err, errPanicked) {
			g.mend()
		}
		return
	}
	c, err := compose(draft, g.last, g.at, p)
	if err != nil {
		p.answer.err = err
		return
	}
	if err := guarded("applying a commit", func() error { return g.edit.Apply(c) }); err != nil {
		p.answer.err = err
		g.mend()
		return
	}
	p.answer.committed.Commit, p.basis = c, c.Seq
	g.commits, g.last = append(g.commits, c), c.Position()
	for i := range c.Changes {
		g.bytes += len(c.Changes[i].JSON)
	}
}

// mend makes the group's state anew from its commits, when a failure may have left it half changed.
func (g *group) mend() {
	g.edit = g.base.Edit()
	for _, c := range g.commits {
		if err := g.edit.Apply(c); err != nil {
			panic(fmt.Sprintf("commit %d, once applied, is now refused: %v", c.Seq, err))
		}
	}
}

// prefix returns the state after the first n commits.
func (g *group) prefix(n int) *readmodel.Snapshot {
	g.commits = g.commits[:n]
	g.mend()
	return g.edit.Snapshot()
}

// answer replies to the members whose answer rests on the head or on what it has left behind, and returns the others
// in their order.
func (g *group) answer(head *readmodel.Snapshot) []*proposal {
	var left []*proposal
	durable := head.Position().Seq
	for _, p := range g.members {
		if p.basis <= durable {
			p.reply(head)
		} else {
			left = append(left, p)
		}
	}
	return left
}

// run calls the proposal; a panic becomes its error.
func (p *proposal) run(view *readmodel.Snapshot) (draft ledger.Draft, err error) {
	err = guarded("judging a proposal", func() error {
		draft, err = p.propose(view)
		return err
	})
	return draft, err
}

// reset forgets a round that came to nothing: the records of the draft get back the stamps they had.
func (p *proposal) reset() {
	for _, u := range slices.Backward(p.undo) {
		u.head.Created, u.head.Updated = u.created, u.updated
	}
	p.undo, p.answer, p.basis = p.undo[:0], answer{}, 0
}

// errPanicked is wrapped by the error that a panic is turned into.
var errPanicked = errors.New("a defect: panic")

// guarded calls f; a panic becomes its error, with the place, for the log.
func guarded(doing string, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%s: %w: %v\n%s", doing, errPanicked, v, debug.Stack())
		}
	}()
	return f()
}
