package service

import (
	"context"
	"sync"
	"time"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
	"dalil/internal/webhook"
)

// hooks is what this node knows of its webhooks beside the records.
type hooks struct {
	key     string
	deliver func(context.Context, webhook.Message) error
	allowed func(address string) bool

	mu    sync.Mutex
	board map[string]*hookState
}

// hookState is how far a webhook has got, and how it goes.
type hookState struct {
	at       readmodel.Place // told up to here
	failures int             // in a row
	since    time.Time       // of the first of them
	last     string          // what went wrong; "" when nothing did
	tried    time.Time
}

func newHooks(opts Options) *hooks {
	return &hooks{key: opts.HookKey, deliver: opts.Deliver, allowed: opts.MayDeliver, board: make(map[string]*hookState)}
}

func (h *hooks) may(address string) bool { return h.allowed == nil || h.allowed(address) }

// state returns what is known of a webhook; at its beginning, when nothing is.
func (h *hooks) state(id string, from uint64) hookState {
	h.mu.Lock()
	defer h.mu.Unlock()
	if known, ok := h.board[id]; ok {
		return *known
	}
	return hookState{at: readmodel.Place{Seq: from}}
}

// note keeps what is known now.
func (h *hooks) note(id string, now hookState) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.board[id] = &now
}

// forget drops what is known of a webhook that is told nothing any more.
func (h *hooks) forget(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.board, id)
}

// show adds what is known to a view.
func (h *hooks) show(view *Hook) {
	known := h.state(view.ID, view.Seq)
	view.Failures, view.LastError = known.failures, known.last
	view.Seq = known.at.Seq
	if known.at.Ref.ID != "" {
		view.Seq--
	}
	if !known.tried.IsZero() {
		at := directory.At(known.tried)
		view.LastAttempt = &at
	}
}
