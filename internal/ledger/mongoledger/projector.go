package mongoledger

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

const (
	queueBytes  = 64 << 20 // of JSON that waits for the projection; what is beyond is read from the store again
	batchSize   = 256      // commits projected together
	raiseBehind = 1_024    // commits projected before the fact is written down, while more are waiting

	// gatherTime is how long less than a batch waits for more: nothing depends on the projection, and every message
	// less leaves the server to the commits.
	gatherTime = 25 * time.Millisecond
)

// span is a run of commits' numbers, both ends included.
type span struct{ from, to uint64 }

// projector projects, in the background, what this node appends, and completes what other nodes left.
type projector struct {
	l       *Ledger
	wake    chan struct{}
	flushes chan chan error
	done    chan struct{} // closed when run has ended
	quit    chan struct{} // closed to make run end

	mu    sync.Mutex
	queue []*ledger.Commit
	bytes int
	seen  uint64 // the greatest number of a commit known to be there
	over  bool   // the store was replaced: nothing of ours belongs into it

	// Of run alone.
	spans  []span // projected by this node, not yet written down
	raised uint64 // the number written down in meta, as last seen
	still  uint64 // what it was at the last tick
	idle   bool   // nothing is left to be done
	warned string // the error told last
}

func newProjector(l *Ledger) *projector {
	return &projector{
		l: l, wake: make(chan struct{}, 1), flushes: make(chan chan error), done: make(chan struct{}), quit: make(chan struct{}),
	}
}

// add hands over commits that this node has appended.
func (p *projector) add(commits []*ledger.Commit) {
	p.mu.Lock()
	for _, c := range commits {
		if p.over {
			break
		}
		size := 0
		for i := range c.Changes {
			size += len(c.Changes[i].JSON)
		}
		if len(p.queue) == 0 || p.bytes+size <= queueBytes {
			p.queue = append(p.queue, c)
			p.bytes += size
		}
		p.seen = max(p.seen, c.Seq)
	}
	p.mu.Unlock()
	p.ring()
}

// halt ends the projection for good: the store was replaced, and what this node has does not belong into it.
func (p *projector) halt() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over, p.queue = true, nil
}

// halted tells whether the projection has ended for good.
func (p *projector) halted() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.over
}

// note says that a commit is there, whoever appended it.
func (p *projector) note(seq uint64) {
	p.mu.Lock()
	news := seq > p.seen
	p.seen = max(p.seen, seq)
	p.mu.Unlock()
	if news {
		p.ring()
	}
}

func (p *projector) ring() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// run works until quit is closed; what is queued then is still projected.
func (p *projector) run(ctx context.Context) {
	defer close(p.done)
	p.start(ctx)
	tick := time.NewTicker(p.l.opts.Patience / 2)
	defer tick.Stop()
	var gathered <-chan time.Time // while less than a batch waits for more
	for idle := false; ; idle = p.idle {
		var ticks <-chan time.Time
		if !p.idle {
			ticks = tick.C
		}
		if idle && !p.idle { // from now on, not since the tick that nobody waited for
			tick.Reset(p.l.opts.Patience / 2)
			p.still = p.raised
		}
		select {
		case <-p.quit:
			_ = p.work(ctx) // it warns
			return
		case <-p.wake:
			if gathered == nil {
				gathered = time.After(gatherTime)
			}
			if p.waiting() >= batchSize {
				_ = p.work(ctx) // it warns, and the next tick tries again
			}
		case <-gathered:
			gathered = nil
			_ = p.work(ctx)
		case answer := <-p.flushes:
			answer <- p.work(ctx)
		case <-ticks:
			p.lookAround(ctx)
		}
	}
}

// start learns what is there and how far its projection is.
func (p *projector) start(ctx context.Context) {
	raised, err := p.l.projected(ctx)
	if err != nil {
		return // the first tick looks again
	}
	p.raised = raised
	last, err := p.l.lastSeq(ctx)
	if err != nil {
		return
	}
	p.mu.Lock()
	p.seen = max(p.seen, last)
	p.mu.Unlock()
}

// waiting returns how many commits are queued.
func (p *projector) waiting() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.queue)
}

// work projects what is queued by now. What comes meanwhile rings, and gathers again.
func (p *projector) work(ctx context.Context) error {
	for left := p.waiting(); left > 0; {
		some := p.take(min(left, batchSize))
		left -= len(some)
		if len(some) == 0 { // halted
			break
		}
		if err := p.l.project(ctx, some); err != nil {
			p.idle = false
			p.warn(ctx, err)
			return err
		}
		p.remember(some)
		if p.unwritten() >= raiseBehind {
			if err := p.writeDown(ctx); err != nil {
				return err
			}
		}
	}
	return p.writeDown(ctx)
}

// take takes at most n commits from the queue.
func (p *projector) take(n int) []*ledger.Commit {
	p.mu.Lock()
	defer p.mu.Unlock()
	n = min(len(p.queue), n)
	some := p.queue[:n:n]
	if p.queue = p.queue[n:]; len(p.queue) == 0 {
		p.queue = nil // lets go of what stands before
	}
	for _, c := range some {
		for i := range c.Changes {
			p.bytes -= len(c.Changes[i].JSON)
		}
	}
	return some
}

// remember notes which commits are projected.
func (p *projector) remember(commits []*ledger.Commit) {
	for _, c := range commits {
		if n := len(p.spans); n > 0 && p.spans[n-1].to+1 == c.Seq {
			p.spans[n-1].to = c.Seq
		} else {
			p.spans = append(p.spans, span{c.Seq, c.Seq})
		}
	}
}

func (p *projector) unwritten() uint64 {
	n := uint64(0)
	for _, s := range p.spans {
		n += s.to - s.from + 1
	}
	return n
}

// writeDown writes down how far the projection is, as far as what other nodes did allows.
func (p *projector) writeDown(ctx context.Context) error {
	for len(p.spans) > 0 && !p.halted() {
		heard, err := p.l.raise(ctx, p.spans[0])
		if err != nil {
			p.idle = false
			p.warn(ctx, err)
			return err
		}
		if !heard {
			break
		}
		p.raised = max(p.raised, p.spans[0].to)
		p.spans = p.spans[1:]
	}
	p.rest()
	return nil
}

// rest finds out whether anything is left to be done.
func (p *projector) rest() {
	p.mu.Lock()
	p.idle = p.over || p.raised >= p.seen && len(p.spans) == 0
	p.mu.Unlock()
}

// lookAround sees whether the projection goes on, here or elsewhere, and completes it where it stands still.
func (p *projector) lookAround(ctx context.Context) {
	if p.halted() {
		p.idle = true
		return
	}
	_ = p.writeDown(ctx) // it warns
	raised, err := p.l.projected(ctx)
	if err != nil {
		return // the next tick looks again
	}
	p.raised = raised
	if p.rest(); !p.idle && p.raised == p.still {
		if err := p.l.complete(ctx); err != nil {
			p.warn(ctx, err)
			return
		}
		p.spans, p.warned = nil, ""
		if p.raised, err = p.l.projected(ctx); err == nil {
			p.rest()
		}
	}
	p.still = p.raised
}

// warn tells of an error, once as long as it stays the same. Commits of a newer format are for newer nodes to project.
func (p *projector) warn(ctx context.Context, err error) {
	if fault.Is(err, fault.CodeNewerFormat) {
		p.halt()
	}
	if ctx.Err() == nil && err.Error() != p.warned {
		p.warned = err.Error()
		p.l.opts.Log.WarnContext(ctx, "the projection is behind", slog.Any("err", err))
	}
}

// flush waits until what is queued is projected and written down.
func (p *projector) flush(ctx context.Context) error {
	answer := make(chan error, 1)
	select {
	case p.flushes <- answer:
	case <-p.done:
		return errClosed
	case <-ctx.Done():
		return fmt.Errorf("waiting for the projection: %w", context.Cause(ctx))
	}
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return fmt.Errorf("waiting for the projection: %w", context.Cause(ctx))
	}
}

// finish ends run, and waits for it at most a while.
func (p *projector) finish(within time.Duration) {
	close(p.quit)
	select {
	case <-p.done:
	case <-time.After(within):
	}
}
