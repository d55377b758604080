package service

import (
	"runtime"
	"slices"
	"sync"
	"time"

	"dalil/internal/readmodel"
	"dalil/internal/telemetry"
)

// proposal is one Propose on its way through the writer.
type proposal struct {
	propose Propose
	cause   telemetry.Cause // what it is part of, in traces
	since   time.Time       // when it began to wait
	left    <-chan struct{} // closed when the caller's context ends
	done    chan answer     // has room for the one answer, so that the writer never waits for a caller

	taken  bool      // it was judged before
	stage  stage     // guarded by the queue
	rounds int       // how often another node was first
	undo   []stamped // what the writer set in the records of the last round
	answer answer    // of the round under way; final once the head that it rests on is durable
	basis  uint64    // the position that the answer rests on
}

// stage is how far a proposal is on its way.
type stage uint8

const (
	unsent    stage = iota // it waits, or was judged ahead: nothing of it can be in the ledger
	sent                   // its group is about to be appended, or was
	withdrawn              // its caller has left in time, and was told so
)

// answer is what commit returns.
type answer struct {
	committed Committed
	err       error
}

// gone tells whether the caller's context has ended.
func (p *proposal) gone() bool {
	select {
	case <-p.left:
		return true
	default:
		return false
	}
}

// reply gives the caller its answer.
func (p *proposal) reply(head *readmodel.Snapshot) {
	p.answer.committed.Head = head
	p.answer.committed.Seq = p.basis
	p.done <- p.answer
}

// refuse gives the caller an error of the writer itself.
func (p *proposal) refuse(head *readmodel.Snapshot, err error) {
	p.answer = answer{err: err}
	p.basis = head.Position().Seq
	p.reply(head)
}

// queue holds the proposals that wait, oldest first.
type queue struct {
	mu      sync.Mutex
	waiting []*proposal
	closed  bool
	ready   chan struct{} // has a token when something was pushed, or the queue was closed
}

func newQueue() *queue { return &queue{ready: make(chan struct{}, 1)} }

// push appends a proposal; false when the queue is closed.
func (q *queue) push(p *proposal) bool {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return false
	}
	q.waiting = append(q.waiting, p)
	q.mu.Unlock()
	q.wake()
	return true
}

func (q *queue) wake() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// pop takes the oldest proposal, nil when none waits. One whose caller has left is told that it was not written.
func (q *queue) pop(head *readmodel.Snapshot) *proposal {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting) > 0 {
		p := q.waiting[0]
		q.waiting[0] = nil
		q.waiting = q.waiting[1:]
		if !p.gone() {
			return p
		}
		p.refuse(head, notWritten(nil)) // under the lock: see withdraw
	}
	return nil
}

// withdraw takes a proposal out again; false when it may have been written, or was answered already.
func (q *queue) withdraw(p *proposal) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if p.stage != unsent {
		return false
	}
	p.stage = withdrawn
	if i := slices.Index(q.waiting, p); i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
	}
	return true
}

// claim says that proposals are about to be written, and can no longer be withdrawn; false when one was, and then none
// is claimed.
func (q *queue) claim(proposals []*proposal) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if slices.ContainsFunc(proposals, func(p *proposal) bool { return p.stage == withdrawn }) {
		return false
	}
	for _, p := range proposals {
		p.stage = sent
	}
	return true
}

// release makes proposals of which nothing was written ones that can be withdrawn again.
func (q *queue) release(proposals []*proposal) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, p := range proposals {
		if p.stage == sent {
			p.stage = unsent
		}
	}
}

func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// gather lets callers that are just being answered come back first, so that they share one append with those that
// wait already. It costs no time when the processors have nothing else to do.
func (q *queue) gather() {
	for before := 0; ; {
		n := q.len()
		if n <= before {
			return
		}
		before = n
		runtime.Gosched()
	}
}

// close lets nobody in any more.
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.wake()
}

// drained tells whether the queue is closed and empty.
func (q *queue) drained() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed && len(q.waiting) == 0
}
