package service

import (
	"context"
	"fmt"
	"time"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// Today is the calendar day where the directory is kept.
func (s *Service) Today() directory.Day { return directory.DayOf(s.now().In(s.location)) }

// origin is what the first commit says of a ledger. It never changes, and is kept so that nobody who reads has to ask the
// store for it.
type origin struct {
	id ledger.ID16
	at time.Time
}

// learnOrigin reads the first commit, unless there is none yet.
func (s *Service) learnOrigin(ctx context.Context) error {
	if s.origin.Load() != nil || s.Head().Position().Seq == 0 {
		return nil
	}
	first, err := ledger.Genesis(ctx, s.ledger)
	if err != nil {
		return fmt.Errorf("reading the first commit: %w", err)
	}
	if first == nil {
		return ledger.Missing(1)
	}
	s.origin.Store(&origin{first.Ledger, first.At})
	return nil
}

// LedgerID returns the id that the first commit gave the ledger: the same on every node. It is a fault with code not_ready
// while there is no first commit, which happens only on a node that may not write it.
func (s *Service) LedgerID() (ledger.ID16, error) {
	known := s.origin.Load()
	if known == nil {
		return ledger.ID16{}, fault.New(fault.Unavailable, fault.CodeNotReady, nil)
	}
	return known.id, nil
}
