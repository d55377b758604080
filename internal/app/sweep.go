package app

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"dalil/internal/ledger"
	"dalil/internal/ledger/mongoledger"
)

// How often a served store is swept: about once a day, and at another time of the day by every node.
const (
	sweepEvery  = 24 * time.Hour
	sweepSpread = time.Hour // earlier or later
)

// sweeper is a store that leaves something to be swept.
type sweeper interface {
	// Sweep drops what came to nothing long before a moment, and tells how much that was.
	Sweep(ctx context.Context, now time.Time) (int, error)
}

var _ sweeper = (*mongoledger.Ledger)(nil)

// keepSwept sweeps a store that leaves something to be swept, until stop is called, which waits for its end. A store
// sweeps by itself when it is opened, so the first time is a day later.
func keepSwept(ctx context.Context, store ledger.Ledger, log *slog.Logger) (stop func()) {
	s, ok := store.(sweeper)
	if !ok {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { sweepDaily(ctx, s, log) })
	return func() {
		cancel()
		running.Wait()
	}
}

// sweepDaily sweeps about once a day until ctx ends. What fails is tried again the next day.
func sweepDaily(ctx context.Context, s sweeper, log *slog.Logger) {
	for {
		pause := time.NewTimer(sweepEvery - sweepSpread + rand.N(2*sweepSpread)) //nolint:gosec // only spreads the load
		select {
		case <-ctx.Done():
			pause.Stop()
			return
		case <-pause.C:
		}
		switch n, err := s.Sweep(ctx, time.Now()); {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.WarnContext(ctx, "the store was not swept; trying again in a day", slog.Any("error", err))
		case n > 0:
			log.InfoContext(ctx, "orphaned parts were swept", slog.Int("parts", n))
		}
	}
}
