package service

import (
	"context"
	"log/slog"
	"sync"

	"dalil/internal/ledger"
)

// redactor drops the texts that erase commits name, at every node, however often it takes.
type redactor struct {
	ledger   ledger.Ledger
	log      *slog.Logger
	observer *Observer

	mu      sync.Mutex
	pending []ledger.RefVersion
	ready   chan struct{}
}

func newRedactor(l ledger.Ledger, log *slog.Logger, observer *Observer) *redactor {
	return &redactor{ledger: l, log: log, observer: observer, ready: make(chan struct{}, 1)}
}

// add asks for versions to be dropped.
func (r *redactor) add(versions []ledger.RefVersion) {
	if len(versions) == 0 {
		return
	}
	r.mu.Lock()
	r.pending = append(r.pending, versions...)
	r.mu.Unlock()
	select {
	case r.ready <- struct{}{}:
	default:
	}
}

func (r *redactor) run(ctx context.Context) {
	for pause := firstPause; ; {
		select {
		case <-ctx.Done():
			return
		case <-r.ready:
		}
		r.mu.Lock()
		versions := r.pending
		r.pending = nil
		r.mu.Unlock()
		err := r.ledger.Redact(ctx, versions)
		if err == nil {
			pause = firstPause
			continue
		}
		r.observer.failed(TaskRedact)
		r.log.WarnContext(ctx, "erased texts are not dropped yet; trying again", slog.Any("error", err))
		rest(ctx, pause)
		pause = min(2*pause, longestPause)
		r.add(versions)
	}
}

// erasedBy lists the versions whose text a commit drops.
func erasedBy(c *ledger.Commit) []ledger.RefVersion {
	var versions []ledger.RefVersion
	for i := range c.Changes {
		ch := &c.Changes[i]
		for _, v := range ch.Erased {
			versions = append(versions, ledger.RefVersion{Ref: ch.Ref, Version: v})
		}
	}
	return versions
}
