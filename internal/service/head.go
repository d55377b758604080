package service

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

// head is the published state. The writer alone publishes; anybody reads, without a lock.
type head struct {
	current atomic.Pointer[readmodel.Snapshot]

	mu    sync.Mutex
	moved chan struct{} // closed at the next publication; nil while nobody waits
}

func (h *head) get() *readmodel.Snapshot { return h.current.Load() }

func (h *head) seq() uint64 { return h.get().Position().Seq }

func (h *head) publish(s *readmodel.Snapshot) {
	h.current.Store(s)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.moved != nil {
		close(h.moved)
		h.moved = nil
	}
}

// next returns a channel that is closed at the next publication.
func (h *head) next() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.moved == nil {
		h.moved = make(chan struct{})
	}
	return h.moved
}

func (h *head) atLeast(ctx context.Context, seq uint64) (*readmodel.Snapshot, error) {
	if s := h.get(); s.Position().Seq >= seq {
		return s, nil
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		next := h.next() // before the look, so that no publication falls between the two
		s := h.get()
		if s.Position().Seq >= seq {
			return s, nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return nil, fault.Wrap(fault.Timeout, fault.CodeTimeout, ctx.Err())
		case <-timer.C:
			late := fault.New(fault.Unavailable, fault.CodePositionNotReached, fault.Args{"want": seq, "have": s.Position().Seq})
			late.RetryAfter = time.Second
			return nil, late
		}
	}
}
