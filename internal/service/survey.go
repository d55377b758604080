package service

import (
	"context"
	"log/slog"
	"time"

	"dalil/internal/ledger"
)

// The survey of a store that other nodes write, too.
const (
	surveyGap  = 15 * time.Second // between two
	surveyTime = 5 * time.Second  // for one
)

// survey asks a store that can tell how far it is, now and then, for those who watch over it.
func (s *Service) survey(ctx context.Context) {
	store, ok := s.ledger.(ledger.Reporter)
	if !ok {
		return
	}
	ticker := time.NewTicker(surveyGap)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		s.surveyOnce(ctx, store)
	}
}

func (s *Service) surveyOnce(ctx context.Context, store ledger.Reporter) {
	ctx, cancel := context.WithTimeout(ctx, surveyTime)
	defer cancel()
	reach, err := store.Reach(ctx)
	if err != nil {
		s.observer.failed(TaskSurvey)
		s.log.DebugContext(ctx, "the store did not tell how far it is", slog.Any("error", err))
		return
	}
	s.surveyed.Store(&reach)
}

// Lag is how many commits this node's head lies behind what the store was last seen to hold, and how many commits the
// projection into the collections for people lay behind the last one. Both are 0 on a store that no other process can
// append to, and before the first look.
func (s *Service) Lag() (head, projection uint64) {
	seen := s.surveyed.Load()
	if seen == nil {
		return 0, 0
	}
	at := s.Head().Position().Seq
	return seen.Last - min(seen.Last, at), seen.Last - min(seen.Last, seen.Projected)
}

// ClockBehind is how far this node's clock lies before the time of the last commit; 0 when it does not.
func (s *Service) ClockBehind() time.Duration { return max(0, s.Head().At().Sub(s.now())) }
