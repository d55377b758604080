package service_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"dalil/internal/ledger"
)

// appender is an Append.
type appender func(ctx context.Context, after ledger.Position, commits []*ledger.Commit) (int, error)

// troubledLedger stands between the writer and a ledger that works, and does to its appends what a test wants.
type troubledLedger struct {
	ledger.Ledger
	trouble func(ctx context.Context, after ledger.Position, commits []*ledger.Commit, next appender) (int, error)
}

func (l *troubledLedger) Append(ctx context.Context, after ledger.Position, commits []*ledger.Commit) (int, error) {
	if l.trouble == nil {
		return l.Ledger.Append(ctx, after, commits)
	}
	return l.trouble(ctx, after, commits, l.Ledger.Append)
}

// chaos is a trouble that fails, delays and answers late, at random.
type chaos struct {
	mu   sync.Mutex
	rand *rand.Rand
	held []func() // requests that reach the store after their deadline
}

func newChaos(seed uint64) *chaos { return &chaos{rand: rand.New(rand.NewPCG(seed, 1))} }

func (c *chaos) roll(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rand.IntN(n)
}

// release lets a held request reach the store, now and then.
func (c *chaos) release() {
	c.mu.Lock()
	var late func()
	if len(c.held) > 0 && c.rand.IntN(3) == 0 {
		late, c.held = c.held[0], c.held[1:]
	}
	c.mu.Unlock()
	if late != nil {
		late()
	}
}

func (c *chaos) trouble(ctx context.Context, after ledger.Position, commits []*ledger.Commit, next appender) (int, error) {
	c.release()
	switch c.roll(10) {
	case 0: // lost on the way
		return 0, ledger.ErrUnclear
	case 1: // written, and the answer lost
		_, _ = next(ctx, after, commits)
		return 0, ledger.ErrUnclear
	case 2: // held, and delivered after the deadline
		c.mu.Lock()
		c.held = append(c.held, func() { _, _ = next(context.WithoutCancel(ctx), after, commits) })
		c.mu.Unlock()
		return 0, ledger.ErrUnclear
	case 3: // the first part only, and the answer lost
		_, _ = next(ctx, after, commits[:1+c.roll(len(commits))])
		return 0, ledger.ErrUnclear
	case 4: // a slow store
		time.Sleep(time.Duration(c.roll(2000)) * time.Microsecond)
		return next(ctx, after, commits)
	case 5: // written, and a slow answer
		defer time.Sleep(time.Duration(c.roll(2000)) * time.Microsecond)
		return next(ctx, after, commits)
	default:
		return next(ctx, after, commits)
	}
}
