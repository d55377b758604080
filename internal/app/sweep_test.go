package app_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dalil/internal/app"
	"dalil/internal/ledger"
)

// dusty is a store that only notes when it is swept.
type dusty struct {
	ledger.Ledger

	mu    sync.Mutex
	swept []time.Time
	fails error
	hangs bool // a sweep lasts until its context ends
	ended bool
}

func (d *dusty) Sweep(ctx context.Context, now time.Time) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.swept = append(d.swept, now)
	if d.hangs {
		<-ctx.Done()
		d.ended = true
		return 0, ctx.Err()
	}
	return 1, d.fails
}

// times returns when it was swept.
func (d *dusty) times() []time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.swept)
}

func TestAServedStoreIsSweptAboutOnceADayUntilTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		store := &dusty{fails: errors.New("the store is away")}
		var log bytes.Buffer
		stop := app.KeepSwept(t.Context(), store, slog.New(slog.NewTextHandler(&log, nil)))
		time.Sleep(23*time.Hour - time.Second)
		synctest.Wait()
		if len(store.times()) != 0 {
			t.Errorf("swept after %s, though it was swept when it was opened", store.times()[0].Sub(began))
		}
		time.Sleep(9 * 25 * time.Hour)
		synctest.Wait()
		last := began
		for _, at := range store.times() {
			if gap := at.Sub(last); gap < 23*time.Hour || gap > 25*time.Hour {
				t.Errorf("swept %s after the time before", gap)
			}
			last = at
		}
		if n := len(store.times()); n < 9 || n > 10 {
			t.Errorf("swept %d times in ten days", n)
		}
		if store.times()[0].Sub(began)%time.Hour == 0 && store.times()[1].Sub(began)%time.Hour == 0 {
			t.Error("every node sweeps at the same moment")
		}
		if !strings.Contains(log.String(), "the store is away") {
			t.Errorf("the log does not say what failed: %s", &log)
		}
		done := len(store.times())
		stop()
		time.Sleep(72 * time.Hour)
		synctest.Wait()
		if len(store.times()) != done {
			t.Error("swept after the end")
		}
	})
}

func TestTheEndWaitsForASweepThatIsUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &dusty{hangs: true}
		stop := app.KeepSwept(t.Context(), store, slog.New(slog.DiscardHandler))
		time.Sleep(26 * time.Hour)
		stop()
		if len(store.times()) != 1 || !store.ended {
			t.Errorf("swept %d times, ended: %t", len(store.times()), store.ended)
		}
	})
}

func TestAStoreWithNothingToSweepIsLeftAlone(t *testing.T) {
	t.Parallel()
	app.KeepSwept(t.Context(), struct{ ledger.Ledger }{}, slog.New(slog.DiscardHandler))()
}
