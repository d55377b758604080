package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
	"dalil/internal/webhook"
)

// How webhooks are told.
const (
	hookItems        = 100             // items of one message
	firstHookPause   = 5 * time.Second // before the second attempt; doubled from then on
	longestHookPause = time.Hour
	hookPatience     = 72 * time.Hour // of failing without a break, after which a webhook is disabled
)

// runHooks tells each webhook what happens, one message after the other, until ctx ends.
func (s *Service) runHooks(ctx context.Context) {
	if s.hooks.deliver == nil {
		return
	}
	running := make(map[string]context.CancelFunc)
	var tasks sync.WaitGroup
	defer tasks.Wait()
	for {
		moved := s.Moved()
		wanted := make(map[string]bool)
		for _, entry := range s.Head().Webhooks() {
			hook, ok := entry.Record().(*directory.Webhook)
			if !ok || hook.Disabled != "" {
				continue
			}
			wanted[hook.ID] = true
			if running[hook.ID] == nil {
				own, cancel := context.WithCancel(ctx)
				running[hook.ID] = cancel
				tasks.Go(func() { s.runHook(own, hook) })
			}
		}
		for id, cancel := range running { // in any order: each stands for itself
			if !wanted[id] {
				cancel()
				delete(running, id)
			}
		}
		select {
		case <-moved:
		case <-ctx.Done():
			for _, cancel := range running {
				cancel()
			}
			return
		}
	}
}

// runHook tells one webhook.
func (s *Service) runHook(ctx context.Context, hook *directory.Webhook) {
	state := s.hooks.state(hook.ID, hook.Created.Seq)
	caller := access.Anonymous()
	if hook.Clearance != directory.Public {
		caller = access.Caller{ID: hook.ID, Clearance: hook.Clearance}
	}
	defer func() { // so that a start begins where this one ended
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeGrace)
		defer cancel()
		if state.at.Ref.ID == "" {
			s.keepMark(last, hook.ID, state.at.Seq)
		}
	}()
	for ctx.Err() == nil {
		moved := s.Moved()
		s.catchMark(ctx, hook.ID, &state)
		head := s.Head()
		page, err := s.Changes(ctx, head, caller, readmodel.Portion{From: state.at, Limit: hookItems})
		if err != nil {
			s.log.WarnContext(ctx, "the changes for a webhook could not be read", slog.String("webhook", hook.ID), slog.Any("error", err))
			rest(ctx, longestPause)
			continue
		}
		if !s.tellPage(ctx, hook, &state, &page) {
			return
		}
		if page.More {
			continue
		}
		select {
		case <-moved:
		case <-ctx.Done():
		}
	}
}

// tellPage sends the messages of a page, each until it arrives; not when the webhook is disabled, or ctx ended.
func (s *Service) tellPage(ctx context.Context, hook *directory.Webhook, state *hookState, page *Changes) bool {
	for rest := page.Items; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Seq == rest[0].Seq {
			n++
		}
		if !s.tellCommit(ctx, hook, state, rest[:n]) {
			return false
		}
		rest = rest[n:]
	}
	if state.at == page.Next {
		return true
	}
	state.at = page.Next
	s.hooks.note(hook.ID, *state)
	if page.Next.Ref.ID == "" && len(page.Items) > 0 {
		s.keepMark(ctx, hook.ID, page.Next.Seq)
	}
	return true
}

// tellCommit sends what one commit, or a part of a big one, did, until it arrives.
func (s *Service) tellCommit(ctx context.Context, hook *directory.Webhook, state *hookState, items []Change) bool {
	message := webhook.Message{URL: hook.URL, ID: messageID(hook.ID, items[len(items)-1].Place()), Body: hookBody(hook, items)}
	next := items[len(items)-1].Place()
	if message.Body == nil { // nothing that it asked for
		state.at = next
		return true
	}
	for {
		err := s.attemptHook(ctx, hook, &message)
		if ctx.Err() != nil {
			return false
		}
		s.observer.told(deliveryOf(err))
		state.tried = s.now()
		if err == nil {
			state.at, state.failures, state.last = next, 0, ""
			s.hooks.note(hook.ID, *state)
			return true
		}
		if state.failures == 0 {
			state.since = state.tried
		}
		state.failures++
		state.last = err.Error()
		s.hooks.note(hook.ID, *state)
		if gone(err) || state.tried.Sub(state.since) > hookPatience {
			s.disableHook(ctx, hook.ID, state.last)
			return false
		}
		rest(ctx, hookPause(state.failures))
	}
}

// gone tells whether a receiver says that it wants to be told nothing any more.
func gone(err error) bool {
	failure, ok := errors.AsType[*webhook.SendError](err)
	return ok && failure.Status == http.StatusGone
}

// hookPause is how long to wait after so many failures: twice as long each time, and never quite the same.
func hookPause(failures int) time.Duration {
	pause := longestHookPause
	if failures < 12 {
		pause = min(pause, firstHookPause<<(failures-1))
	}
	return pause - time.Duration(rand.Int64N(int64(pause)/4)) //nolint:gosec // no secret
}

// attemptHook signs a message and sends it once.
func (s *Service) attemptHook(ctx context.Context, hook *directory.Webhook, m *webhook.Message) error {
	secret, err := s.hookSecret(hook)
	if err != nil {
		return &webhook.SendError{Text: "the secret could not be made"}
	}
	m.Secret, m.At = secret, s.now()
	return s.hooks.deliver(ctx, *m) //nolint:wrapcheck // a text of our own
}

// messageID names a message: the same at each attempt, after a start, and on any node.
func messageID(hook string, end readmodel.Place) string {
	sum := sha256.Sum256([]byte(hook + " " + strconv.FormatUint(end.Seq, 10) + " " + end.Ref.String()))
	return "msg_" + hex.EncodeToString(sum[:16])
}

// hookBody is what a message says; nil when the webhook asked for none of it.
func hookBody(hook *directory.Webhook, items []Change) []byte {
	var body []byte
	for i := range items {
		item := &items[i]
		if len(hook.Kinds) > 0 && !slices.Contains(hook.Kinds, string(item.Ref.Kind)) ||
			len(hook.Ops) > 0 && !slices.Contains(hook.Ops, string(item.Op)) {
			continue
		}
		if body == nil {
			body = append(body, `{"type":"changes","timestamp":"`...)
			body = item.At.AppendFormat(body, changeTime)
			body = append(body, `","data":{"items":[`...)
		} else {
			body = append(body, ',')
		}
		body = item.AppendJSON(body)
	}
	if body == nil {
		return nil
	}
	return append(body, `]}}`...)
}

// disableHook says on a webhook's record why it is told nothing any more.
func (s *Service) disableHook(ctx context.Context, id, why string) {
	w := Write{Caller: access.Caller{ID: id, Scope: access.Admin, Clearance: directory.Ministry, Via: "webhook"}, Reason: why}
	if err := s.changeHook(ctx, w, ledger.Put, id, func(h *directory.Webhook) { h.Disabled = why }); err != nil {
		s.log.WarnContext(ctx, "a webhook could not be disabled", slog.String("webhook", id), slog.Any("error", err))
	}
}

// catchMark goes on where another node, or this one before its start, has got to.
func (s *Service) catchMark(ctx context.Context, id string, state *hookState) {
	marks, ok := s.ledger.(ledger.Marks)
	if !ok {
		return
	}
	known, err := marks.Marked(ctx)
	if err == nil && known[id] > state.at.Seq && known[id] <= s.Head().Position().Seq {
		state.at = readmodel.Place{Seq: known[id]}
		s.hooks.note(id, *state)
	}
}

func (s *Service) keepMark(ctx context.Context, id string, seq uint64) {
	marks, ok := s.ledger.(ledger.Marks)
	if !ok {
		return
	}
	if err := marks.Mark(ctx, id, seq); err != nil {
		s.log.WarnContext(ctx, "how far a webhook was told could not be kept", slog.String("webhook", id), slog.Any("error", err))
	}
}

// Ping sends a webhook a message of no news, and says why it did not arrive. One that was disabled is told the changes
// again from where it was, once a ping arrives.
func (s *Service) Ping(ctx context.Context, w Write, id string) (failed string, err error) {
	hook, err := s.hookOf(w.Caller, id)
	if err != nil || w.DryRun {
		return "", err
	}
	if s.hooks.deliver == nil {
		return "this server sends no messages", nil
	}
	at := s.now()
	body := append(at.AppendFormat([]byte(`{"type":"ping","timestamp":"`), changeTime), `","data":{}}`...)
	m := webhook.Message{URL: hook.URL, ID: messageID(hook.ID, readmodel.Place{Seq: uint64(at.UnixNano())}), Body: body}
	if failure := s.attemptHook(ctx, hook, &m); failure != nil {
		return failure.Error(), nil //nolint:nilerr // that it failed is what was asked
	}
	if hook.Disabled == "" {
		return "", nil
	}
	s.hooks.forget(id)
	return "", s.changeHook(ctx, w, ledger.Put, id, func(h *directory.Webhook) { h.Disabled = "" })
}
