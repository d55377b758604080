package service

import (
	"context"
	"log/slog"
	"time"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// The probe of a store that can go away. A store that stands still breaks no stream and refuses nothing: only a question
// with a deadline tells.
const (
	probeGap  = 5 * time.Second // between two while the store answers
	probeSoon = time.Second     // between two while it does not, or owes the answer to a write
	probeTime = 5 * time.Second // for an answer
)

// probe asks the store now and then whether it answers, until ctx ends. A store of this process alone is not asked: it
// cannot go away.
func (s *Service) probe(ctx context.Context) {
	if s.writer.alone {
		return
	}
	ticker := time.NewTicker(probeSoon)
	defer ticker.Stop()
	for quiet := time.Duration(0); ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if quiet += probeSoon; quiet >= probeGap || s.state.silent.why() != nil || s.state.unclear.Load() != nil {
			s.probeOnce(ctx)
			quiet = 0
		}
	}
}

// probeOnce asks the store once, and notes what became of it.
func (s *Service) probeOnce(ctx context.Context) {
	err := s.answers(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		if s.state.silent.begin(err) {
			s.log.WarnContext(ctx, "the store does not answer; nothing can be written until it does", slog.Any("error", err))
		}
	default:
		if s.state.silent.end() {
			s.log.InfoContext(ctx, "the store answers again")
		}
	}
}

// answers asks the store for what follows the head, and returns why it did not answer.
func (s *Service) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	err := s.ledger.Commits(ctx, s.Head().Position().Seq, func(*ledger.Commit) error { return ledger.Stop })
	if fault.Is(err, fault.CodeNewerFormat) {
		return nil // it answers, though not with what this program can read
	}
	return err //nolint:wrapcheck // the store's own words
}
