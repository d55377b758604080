package service

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

// The bounds of the earlier states that are kept, and of those that wait to be made.
const (
	keptPasts     = 4
	waitingPasts  = 16
	pastPatience  = 10 * time.Second // of a request
	pastRetry     = 2 * time.Second
	pastReaders   = 8 // that read versions from the store at once
	pastBatchSize = 64
)

// pasts keeps the earlier states that were asked for last. Each shares with the head all that was not written since.
// They are made one after the other, however many ask.
type pasts struct {
	wanted chan *journey

	mu       sync.Mutex
	kept     []*kept // the one used last at the end
	underway map[uint64]*journey
}

// kept is an earlier state. What may be seen of it is brought up to date whenever it is asked for at a newer head.
type kept struct {
	seq   uint64
	at    time.Time
	until time.Time // of the commit after it

	mu    sync.Mutex
	state *readmodel.Snapshot
}

// journey is an earlier state in the making.
type journey struct {
	seq  uint64
	done chan struct{}
	err  error // once done

	waiting int    // how many requests await it
	cancel  func() // ends it, once it is under way
}

// errAbandoned ends a journey that nobody awaits any more.
var errAbandoned = errors.New("service: nobody waits for this earlier state any more")

func newPasts() *pasts {
	return &pasts{wanted: make(chan *journey, waitingPasts), underway: make(map[uint64]*journey)}
}

// find returns a state that is kept.
func (p *pasts) find(seq uint64) *kept {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.kept, func(k *kept) bool { return k.seq == seq })
	if i < 0 {
		return nil
	}
	k := p.kept[i]
	p.kept = append(slices.Delete(p.kept, i, i+1), k)
	return k
}

// during returns the position of a state that is kept and that was the newest at a time.
func (p *pasts) during(at time.Time) (uint64, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, k := range p.kept {
		if !at.Before(k.at) && at.Before(k.until) {
			return k.seq, true
		}
	}
	return 0, false
}

// nearest returns the earliest of the states kept that come after a position; nil when there is none.
func (p *pasts) nearest(seq uint64) *kept {
	p.mu.Lock()
	defer p.mu.Unlock()
	var found *kept
	for _, k := range p.kept {
		if k.seq > seq && (found == nil || k.seq < found.seq) {
			found = k
		}
	}
	return found
}

// keep adds a state; the one that was not used for longest gives way.
func (p *pasts) keep(k *kept) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept = append(slices.DeleteFunc(p.kept, func(old *kept) bool { return old.seq == k.seq }), k)
	if over := len(p.kept) - keptPasts; over > 0 {
		p.kept = slices.Delete(p.kept, 0, over)
	}
}

// drop lets go of a state.
func (p *pasts) drop(k *kept) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept = slices.DeleteFunc(p.kept, func(old *kept) bool { return old == k })
}

// forget lets go of all of them, so that no text that was erased stays in memory with them. What is being made meanwhile
// is brought up to date before it is told; see travel.
func (p *pasts) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept = nil
}

// want asks for a state to be made, unless it is being made; nil says that too many wait.
func (p *pasts) want(seq uint64) *journey {
	p.mu.Lock()
	defer p.mu.Unlock()
	if j, ok := p.underway[seq]; ok {
		j.waiting++
		return j
	}
	j := &journey{seq: seq, done: make(chan struct{}), waiting: 1}
	select {
	case p.wanted <- j:
		p.underway[seq] = j
		return j
	default:
		return nil
	}
}

// leave says that a request awaits a journey no longer. What nobody awaits is not made: others wait behind it.
func (p *pasts) leave(j *journey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if j.waiting--; j.waiting == 0 && j.cancel != nil {
		j.cancel()
	}
}

// begin sets out on a journey, unless nobody awaits it.
func (p *pasts) begin(ctx context.Context, j *journey) (context.Context, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if j.waiting == 0 {
		return nil, errAbandoned
	}
	ctx, j.cancel = context.WithCancel(ctx)
	return ctx, nil
}

// end tells those who wait.
func (p *pasts) end(j *journey, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.underway, j.seq)
	if j.cancel != nil {
		j.cancel()
	}
	j.err = err
	close(j.done)
}

// pastAt returns an earlier state as it may be seen at a head or a newer one, made when none is kept.
func (s *Service) pastAt(ctx context.Context, head *readmodel.Snapshot, seq uint64) (*readmodel.Snapshot, error) {
	timer := time.NewTimer(pastPatience)
	defer timer.Stop()
	for {
		if newer := s.Head(); newer.Position().Seq > head.Position().Seq { // what was erased while it waited is not told
			head = newer
		}
		if k := s.pasts.find(seq); k != nil {
			state, err := s.upToDate(ctx, k, head)
			if state != nil || err != nil {
				return state, err
			}
		}
		j := s.pasts.want(seq)
		if j == nil {
			return nil, pastNotReady(seq)
		}
		select {
		case <-j.done:
			if j.err != nil && !errors.Is(j.err, errAbandoned) { // who came while it was being given up asks again
				return nil, j.err
			}
		case <-ctx.Done():
			s.pasts.leave(j)
			return nil, fault.Wrap(fault.Timeout, fault.CodeTimeout, ctx.Err())
		case <-timer.C:
			s.pasts.leave(j)
			return nil, pastNotReady(seq)
		}
	}
}

func pastNotReady(seq uint64) error {
	later := fault.New(fault.Unavailable, fault.CodePastNotReady, fault.Args{"seq": seq})
	later.RetryAfter = pastRetry
	return later
}

// keepPasts makes the states that are wanted.
func (s *Service) keepPasts(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case j := <-s.pasts.wanted:
			s.pasts.end(j, s.travel(ctx, j))
		}
	}
}

// keepPast keeps a state that was made. What was hidden or erased while it was made is hidden and erased in it, too: it is
// kept first, so that an erasure either finds it there, or has moved the head before it is brought up to date here.
func (s *Service) keepPast(ctx context.Context, k *kept) error {
	s.pasts.keep(k)
	_, err := s.upToDate(ctx, k, s.Head())
	if err != nil {
		s.pasts.drop(k)
	}
	return err
}

// travel makes one of them.
func (s *Service) travel(ctx context.Context, j *journey) error {
	within, err := s.pasts.begin(ctx, j)
	if err != nil {
		return err
	}
	k, err := s.makePast(within, j.seq)
	if err == nil {
		err = s.keepPast(within, k)
	}
	switch {
	case err == nil:
		return nil
	case within.Err() != nil && ctx.Err() == nil:
		return errAbandoned
	default:
		s.log.WarnContext(ctx, "an earlier state could not be made", slog.Uint64("seq", j.seq), slog.Any("error", err))
		return err
	}
}
