package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// The pauses before the same commits are appended again, and the time for one attempt.
const (
	firstPause   = 10 * time.Millisecond
	longestPause = 5 * time.Second
	attemptTime  = 15 * time.Second
	attemptBytes = 256 << 10 // a group gets one second more for each of these
	oddAttempts  = 10        // after so many errors in a row that no store should give, the process ends
)

// append brings a group to the ledger. While the store gives no clear answer it appends the same commits at the same
// position again; it returns an unclear error only when ctx has ended.
func (w *writer) append(ctx context.Context, g *group) (int, error) {
	odd := 0
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		started := w.now()
		durable, err := w.attempt(ctx, g)
		if !isUnclear(err) {
			w.state.unclear.Store(nil)
			w.state.heard(durable, err)
			took := max(0, w.now().Sub(started))
			w.latency += (min(took, maxCourtesy) - w.latency) / 8
			if durable > 0 {
				w.observer.appended(durable, took)
			}
			return durable, err
		}
		if ctx.Err() != nil {
			return 0, err
		}
		if odd = countOdd(odd, err); odd == oddAttempts {
			return 0, fmt.Errorf("%w: %w", ledger.ErrFatal, err)
		}
		w.state.unclear.Store(&err)
		w.observer.unclear()
		w.log.WarnContext(ctx, "the store has not said what became of a write; asking again",
			slog.Uint64("after", g.base.Position().Seq), slog.Int("commits", len(g.commits)), slog.Any("error", err))
		rest(ctx, pause)
	}
}

// countOdd counts the unclear answers in a row which are neither called so by the store nor the end of an attempt's
// time: a defect, that asking again may never end.
func countOdd(before int, err error) int {
	switch {
	case errors.Is(err, ledger.ErrUnclear), fault.Is(err, fault.CodeOutcomeUnknown),
		errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return 0
	default:
		return before + 1
	}
}

func (w *writer) attempt(ctx context.Context, g *group) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTime+time.Duration(g.bytes/attemptBytes)*time.Second)
	defer cancel()
	ctx, span := w.follows(ctx, g)
	durable, err := w.ledger.Append(ctx, g.base.Position(), g.commits)
	endSpan(span, err)
	return durable, err
}

// isUnclear tells whether an error leaves open what became of the commits. An error that nobody classified does.
func isUnclear(err error) bool {
	switch {
	case err == nil, errors.Is(err, ledger.ErrMoved), isFatal(err):
		return false
	case errors.Is(err, ledger.ErrUnclear), fault.Is(err, fault.CodeOutcomeUnknown):
		return true
	default:
		return fault.KindOf(err) == fault.Internal
	}
}

// isFatal tells whether the process must end for an error.
func isFatal(err error) bool {
	return errors.Is(err, ledger.ErrFatal) || fault.Is(err, fault.CodeStoreReplaced) || errors.Is(err, errUnusable) ||
		errors.Is(err, errPanicked)
}

// retryGap is when to try again after nothing was written.
const retryGap = time.Second

// notWritten says that nothing was written, because of err if there is one.
func notWritten(err error) error {
	f := fault.Wrap(fault.Unavailable, fault.CodeNotWritten, err)
	f.RetryAfter = retryGap
	return f
}
