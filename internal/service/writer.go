package service

import (
	"context"
	"log/slog"
	"time"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
	"dalil/internal/telemetry"
)

// Propose looks at the head and says what to change, or why not. It may be called again on a newer head: it gives the
// writer records of its own, never one of the head's. The head is valid only until it returns.
type Propose func(head *readmodel.Snapshot) (ledger.Draft, error)

// Committed is what became of a proposal.
type Committed struct {
	Head   *readmodel.Snapshot // a durable head that holds the outcome
	Seq    uint64              // position of the commit; of the head that the proposal was judged on when it made none
	Commit *ledger.Commit      // nil when nothing changed
}

// The bounds of the writer.
const (
	maxGroup      = 1_000       // commits in one append
	maxGroupBytes = 8 << 20     // canonical JSON in one append; a longer single commit goes by itself
	maxRounds     = 100         // how often a proposal is run again because another node was first
	contentionGap = time.Second // when to try again after that
)

// writer is the one goroutine of a process that appends to the ledger and moves the head.
type writer struct {
	ledger   ledger.Ledger
	head     *head
	state    *state
	redactor *redactor
	pasts    *pasts // earlier states, which may hold texts that are erased
	now      func() time.Time
	log      *slog.Logger
	observer Observer
	tracer   *telemetry.Tracer

	queue    *queue
	followed chan *ledger.Commit // what other nodes appended, and what this one did
	done     chan struct{}       // closed when run has returned

	unanswered *group        // it is published, and its callers are told when the next group is on its way
	carried    []*proposal   // taken, and moved by another node's commit: they go first
	crowd      int           // proposals in the last group
	turns      int           // groups since other nodes were let in
	polite     int           // for how many groups they are let in after each
	alone      bool          // there are no other nodes
	latency    time.Duration // of an append, on the average of the last ones
}

func newWriter(s *Service, observer Observer) *writer {
	exclusive, ok := s.ledger.(ledger.Exclusive)
	return &writer{
		ledger: s.ledger, head: &s.head, state: s.state, redactor: s.redactor, pasts: s.pasts, now: s.now, log: s.log,
		observer: observer, tracer: s.tracer, alone: ok && exclusive.Exclusive(),
		queue: newQueue(), followed: make(chan *ledger.Commit, 64), done: make(chan struct{}),
	}
}

// commit runs a proposal through the writer. What it returns beside an error says which head the refusal rests on.
func (s *Service) commit(ctx context.Context, propose Propose) (Committed, error) {
	ctx, span := s.tracer.Start(ctx, "commit")
	done, err := s.submit(ctx, propose, span.Cause())
	span.Position(done.Seq)
	endSpan(span, err)
	return done, err
}

// submit hands a proposal to the writer and waits for its answer.
func (s *Service) submit(ctx context.Context, propose Propose, cause telemetry.Cause) (Committed, error) {
	var fell <-chan struct{}
	if !s.writer.alone { // a store of this process alone does not fall silent, and no caller has to listen for it
		fell = s.state.silent.fell()
	}
	p := &proposal{propose: propose, cause: cause, since: s.now(), left: ctx.Done(), done: make(chan answer, 1)}
	switch {
	case ctx.Err() != nil:
		return s.unwritten(notWritten(ctx.Err()))
	case s.state.silent.why() != nil:
		return s.unwritten(s.silentFault())
	case !s.writer.queue.push(p):
		return s.unwritten(s.closedFault())
	}
	for {
		select {
		case a := <-p.done:
			return a.committed, a.err
		case <-s.writer.done:
			return s.ended(p)
		case <-fell:
			if s.writer.queue.withdraw(p) {
				return s.unwritten(s.silentFault())
			}
			fell = nil // it is on its way, and the store is asked until it says what became of it
		case <-ctx.Done():
			return s.overdue(ctx, p)
		}
	}
}

// overdue answers a caller whose time is over.
func (s *Service) overdue(ctx context.Context, p *proposal) (Committed, error) {
	if s.writer.queue.withdraw(p) {
		return s.unwritten(notWritten(ctx.Err()))
	}
	select {
	case a := <-p.done:
		return a.committed, a.err
	default:
		return s.unwritten(fault.Wrap(fault.Unavailable, fault.CodeOutcomeUnknown, ctx.Err()))
	}
}

// unwritten returns an error of the writer's own, which rests on the head that everybody sees.
func (s *Service) unwritten(err error) (Committed, error) {
	head := s.Head()
	return Committed{Head: head, Seq: head.Position().Seq}, err
}

// silentFault refuses what would wait for a store that is known not to answer. The probe says when it does.
func (s *Service) silentFault() error {
	err := s.closedFault()
	if s.state.mayWrite() {
		err = notWritten(s.state.silent.why())
	}
	s.observer.refused(1, err)
	return err
}

// ended answers a caller after the writer's end: with the writer's answer if it gave one.
func (s *Service) ended(p *proposal) (Committed, error) {
	select {
	case a := <-p.done:
		return a.committed, a.err
	default:
	}
	err := s.closedFault()
	if !s.writer.queue.withdraw(p) { // it was taken, and the writer has died over it
		err = fault.Wrap(fault.Unavailable, fault.CodeOutcomeUnknown, err)
	}
	return s.unwritten(err)
}

// closedFault says why no proposal is taken any more.
func (s *Service) closedFault() error {
	if err := s.state.refusal(); err != nil {
		return err
	}
	return fault.New(fault.Unavailable, fault.CodeNotReady, nil)
}
