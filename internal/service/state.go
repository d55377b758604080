package service

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// state is what stands in the way of writing, or of being ready.
type state struct {
	fatal chan error // what the process must end for, once
	once  sync.Once

	failed  atomic.Pointer[error] // the same, for whoever asks later
	blocked atomic.Pointer[error] // no more writing: a commit of a newer format
	unclear atomic.Pointer[error] // the store has not answered the group under way
	away    atomic.Pointer[error] // the store could not be followed
	silent  *silence              // the store did not answer when it was asked last
}

func newState() *state { return &state{fatal: make(chan error, 1), silent: newSilence()} }

// fail says that the process must end. Only the first reason counts.
func (s *state) fail(err error) {
	s.once.Do(func() {
		s.failed.Store(&err)
		s.fatal <- err
	})
}

// block ends writing, while reads go on.
func (s *state) block(err error) { s.blocked.CompareAndSwap(nil, &err) }

// refusal says why nothing can be written, if so.
func (s *state) refusal() error {
	if err := s.failed.Load(); err != nil {
		return asUnavailable(*err)
	}
	if err := s.blocked.Load(); err != nil {
		return asUnavailable(*err)
	}
	return nil
}

// mayWrite tells whether nothing stands in the way of writing for good.
func (s *state) mayWrite() bool { return s.refusal() == nil }

// heard notes what a clear answer to an append says of the store: that it is there, or cannot be reached.
func (s *state) heard(durable int, err error) {
	switch {
	case fault.Is(err, fault.CodeStoreUnreachable):
		s.silent.begin(err)
	case durable > 0, errors.Is(err, ledger.ErrMoved):
		s.silent.end()
	}
}

// trouble says why this node is not ready, if so.
func (s *state) trouble() error {
	if err := s.refusal(); err != nil {
		return err
	}
	for _, p := range []*atomic.Pointer[error]{&s.unclear, &s.away} {
		if err := p.Load(); err != nil {
			return fault.Wrap(fault.Unavailable, fault.CodeUnavailable, *err)
		}
	}
	if err := s.silent.why(); err != nil {
		return fault.Wrap(fault.Unavailable, fault.CodeUnavailable, err)
	}
	return nil
}

// asUnavailable makes a fault of the kind Unavailable of err, under its own code if it has one.
func asUnavailable(err error) error {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return fault.Wrap(fault.Unavailable, fault.CodeUnavailable, err)
	}
	same := *e
	same.Kind = fault.Unavailable
	return &same
}

// maxClockLag is how far a node's clock may lie before the last commit's time.
const maxClockLag = 2 * time.Second

// clockFault tells whether the clock lies too far before the last commit's time.
func clockFault(now time.Time, head *readmodel.Snapshot) error {
	if head.At().Sub(now) > maxClockLag {
		return fault.New(fault.Unavailable, fault.CodeClock, nil)
	}
	return nil
}
