package service

import (
	"context"
	"fmt"
	"sort"
	"time"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// KnownAt returns the directory as it was known at a position, as far as it may be seen at a head. A position that is not
// reached yet is waited for where other nodes write, for at most two seconds; one beyond that, and 0, is a fault of the
// parameter known_at. The first answer about a position may take a few seconds: a request that waits too long is told to
// come again.
func (s *Service) KnownAt(ctx context.Context, head *readmodel.Snapshot, seq uint64) (*readmodel.Snapshot, error) {
	if seq > head.Position().Seq && !s.writer.alone {
		if later, err := s.AtLeast(ctx, seq); err == nil {
			head = later
		}
	}
	if seq == 0 || seq > head.Position().Seq {
		return nil, s.BadKnownAt(ctx, head)
	}
	if seq == head.Position().Seq {
		return head, nil
	}
	return s.pastAt(ctx, head, seq)
}

// PositionAt returns the position of the last commit that is not after a time. A time before the first commit, or that
// is still to come, is a fault of the parameter known_at.
func (s *Service) PositionAt(ctx context.Context, head *readmodel.Snapshot, at time.Time) (uint64, error) {
	switch {
	case at.After(s.now()):
		return 0, s.BadKnownAt(ctx, head)
	case !at.Before(head.At()):
		return head.Position().Seq, nil
	}
	if seq, ok := s.pasts.during(at); ok {
		return seq, nil
	}
	var failed error
	after := sort.Search(int(head.Position().Seq), func(n int) bool { //nolint:gosec // no log is as long
		if failed != nil {
			return true
		}
		c, err := s.commitAt(ctx, uint64(n)+1) //nolint:gosec // from 0
		failed = err
		return err != nil || c.At.After(at)
	})
	switch {
	case failed != nil:
		return 0, failed
	case after == 0:
		return 0, s.BadKnownAt(ctx, head)
	default:
		return uint64(after), nil //nolint:gosec // the number of commits not after it
	}
}

// BadKnownAt refuses a value of known_at, and says from when to when the directory is known.
func (s *Service) BadKnownAt(ctx context.Context, head *readmodel.Snapshot) error {
	first, err := s.commitAt(ctx, 1)
	if err != nil {
		return err
	}
	return fault.AtParameter("known_at", fault.CodeBadKnownAt, fault.Args{
		"have": head.Position().Seq, "from": first.At.Format(time.RFC3339Nano),
	})
}

// commitAt reads one commit, which is there.
func (s *Service) commitAt(ctx context.Context, seq uint64) (*ledger.Commit, error) {
	var found *ledger.Commit
	err := s.ledger.Commits(ctx, seq-1, func(c *ledger.Commit) error {
		found = c
		return ledger.Stop
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading commit %d: %w", seq, err)
	case found == nil || found.Seq != seq:
		return nil, fault.New(fault.Unavailable, fault.CodeStoreDamaged, fault.Args{"what": fmt.Sprintf("commit %d is missing", seq)})
	default:
		return found, nil
	}
}
