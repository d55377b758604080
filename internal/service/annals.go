package service

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// annals hold what happened before the journal of the head begins. It is made from the commits when it is first asked
// for: most who follow the changes never fall back behind a start.
type annals struct {
	wanted chan struct{} // of one element

	mu     sync.Mutex
	made   *readmodel.Journal
	failed error
	done   chan struct{} // closed when the making under way has ended; nil when there is none
}

func newAnnals() *annals { return &annals{wanted: make(chan struct{}, 1)} }

// before returns what happened before the journal of a head begins, when a place lies there; nil when none does.
func (a *annals) before(ctx context.Context, head *readmodel.Snapshot, seq uint64) (*readmodel.Journal, error) {
	start := head.JournalStart()
	if seq >= start {
		return nil, nil //nolint:nilnil // said above
	}
	made, done := a.want()
	if made != nil {
		return made, nil
	}
	timer := time.NewTimer(annalsPatience)
	defer timer.Stop()
	select {
	case <-done:
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.made == nil {
			return nil, a.failed
		}
		return a.made, nil
	case <-ctx.Done():
		return nil, fault.Wrap(fault.Timeout, fault.CodeTimeout, ctx.Err())
	case <-timer.C:
		later := fault.New(fault.Unavailable, fault.CodeChangesNotReady, fault.Args{"start": start})
		later.RetryAfter = annalsPatience
		return nil, later
	}
}

// want returns what was made, else what is closed when it is.
func (a *annals) want() (*readmodel.Journal, <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.made == nil && a.done == nil {
		a.done = make(chan struct{})
		a.wanted <- struct{}{}
	}
	return a.made, a.done
}

// end tells those who wait.
func (a *annals) end(made *readmodel.Journal, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.made, a.failed = made, err
	close(a.done)
	a.done = nil
}

// keepAnnals makes the annals when they are wanted.
func (s *Service) keepAnnals(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.annals.wanted:
			made, err := s.readAnnals(ctx)
			if err != nil {
				s.log.WarnContext(ctx, "the changes before the start could not be read", slog.Any("error", err))
			}
			s.annals.end(made, err)
		}
	}
}

// readAnnals applies the commits up to the start of the journal to a state that is thrown away.
func (s *Service) readAnnals(ctx context.Context) (*readmodel.Journal, error) {
	head := s.Head()
	start := head.JournalStart()
	rebuild := readmodel.NewRebuild()
	err := s.ledger.Commits(ctx, 0, func(c *ledger.Commit) error {
		if c.Seq > start {
			return ledger.Stop
		}
		return rebuild.Apply(c)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the commits up to %d: %w", start, err)
	}
	return rebuild.Journal(head)
}
