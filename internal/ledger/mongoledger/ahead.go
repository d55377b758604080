package mongoledger

import (
	"context"
	"sync"
)

// How far reading goes ahead of who is told: so many things a run, so many runs.
const (
	aheadRun  = 256
	aheadRuns = 8
)

// ahead reads in the background what is told here, so that the server, the reading and who is told work at the same
// time. It returns what ended either of them, once both have ended.
func ahead[T any](ctx context.Context, read func(context.Context, func(T) error) error, tell func(T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	runs := make(chan []T, aheadRuns)
	var (
		reading sync.WaitGroup
		failed  error // of the reading
	)
	reading.Go(func() {
		defer close(runs)
		var run []T
		hand := func() error {
			select {
			case runs <- run:
				run = nil
				return nil
			case <-ctx.Done():
				return context.Cause(ctx) //nolint:wrapcheck // the caller's own, or that of who is told
			}
		}
		failed = read(ctx, func(what T) error {
			if run = append(run, what); len(run) < aheadRun {
				return nil
			}
			return hand()
		})
		if failed == nil && len(run) > 0 {
			failed = hand()
		}
	})
	var ended error
	for run := range runs {
		for i := 0; i < len(run) && ended == nil; i++ {
			if ended = tell(run[i]); ended != nil {
				cancel(ended)
			}
		}
	}
	reading.Wait()
	cancel(nil)
	if ended != nil {
		return ended
	}
	return failed
}
