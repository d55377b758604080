package service

import (
	"context"
	"fmt"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// Today is the calendar day where the directory is kept.
func (s *Service) Today() directory.Day { return directory.DayOf(s.now().In(s.location)) }

// LedgerID returns the id that the first commit gave the ledger: the same on every node.
func (s *Service) LedgerID(ctx context.Context) (ledger.ID16, error) {
	first, err := ledger.Genesis(ctx, s.ledger)
	if err != nil {
		return ledger.ID16{}, fmt.Errorf("reading the first commit: %w", err)
	}
	if first == nil {
		return ledger.ID16{}, fault.New(fault.Unavailable, fault.CodeNotReady, nil)
	}
	return first.Ledger, nil
}
