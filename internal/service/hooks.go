package service

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/webhook"
)

// HookSpec is what a new webhook is to be told, and where.
type HookSpec struct {
	URL         string               `json:"url"`
	Kinds       []string             `json:"kinds,omitempty"`     // all without
	Ops         []string             `json:"ops,omitempty"`       // all without
	Clearance   directory.Visibility `json:"clearance,omitempty"` // public without
	Description string               `json:"description,omitempty"`
}

// Hook is a webhook as an administrator sees it: never its secret.
type Hook struct {
	ID          string               `json:"id"`
	URL         string               `json:"url"`
	Kinds       []string             `json:"kinds,omitempty"`
	Ops         []string             `json:"ops,omitempty"`
	Clearance   directory.Visibility `json:"clearance"`
	Description string               `json:"description,omitempty"`
	Created     *directory.Stamp     `json:"created,omitempty"`
	Disabled    string               `json:"disabled,omitempty"` // why nothing is told any more

	Seq         uint64          `json:"seq"`                    // up to which everything was told
	Failures    int             `json:"failures,omitempty"`     // in a row, of this node
	LastError   string          `json:"last_error,omitempty"`   // of this node
	LastAttempt *directory.Time `json:"last_attempt,omitempty"` // of this node
}

// Hooks returns the live webhooks by id, for an administrator.
func (s *Service) Hooks(c access.Caller) ([]Hook, error) {
	if err := c.May(access.Admin); err != nil {
		return nil, err
	}
	hooks := []Hook{}
	for _, entry := range s.Head().Webhooks() {
		if hook, ok := entry.Record().(*directory.Webhook); ok {
			hooks = append(hooks, s.hookView(hook))
		}
	}
	return hooks, nil
}

// Hook returns one webhook, for an administrator.
func (s *Service) Hook(c access.Caller, id string) (Hook, error) {
	hook, err := s.hookOf(c, id)
	if err != nil {
		return Hook{}, err
	}
	return s.hookView(hook), nil
}

func (s *Service) hookOf(c access.Caller, id string) (*directory.Webhook, error) {
	if err := c.May(access.Admin); err != nil {
		return nil, err
	}
	entry, ok := s.Head().Find(directory.Ref{Kind: directory.Webhooks, ID: id})
	if ok && !entry.Archived() {
		if hook, ok := entry.Record().(*directory.Webhook); ok {
			return hook, nil
		}
	}
	return nil, fault.New(fault.NotFound, fault.CodeNotFound, nil)
}

func (s *Service) hookView(h *directory.Webhook) Hook {
	view := Hook{
		ID: h.ID, URL: h.URL, Kinds: h.Kinds, Ops: h.Ops, Clearance: h.Clearance, Description: h.Description,
		Created: h.Created, Disabled: h.Disabled,
	}
	if h.Created != nil {
		view.Seq = h.Created.Seq
	}
	s.hooks.show(&view)
	return view
}

// CreateHook makes a webhook and returns its secret, which is shown this once. It is told what happens from then on.
func (s *Service) CreateHook(ctx context.Context, w Write, spec HookSpec) (Hook, string, error) {
	if err := w.Caller.May(access.Admin); err != nil {
		return Hook{}, "", err
	}
	var salt [32]byte
	_, _ = rand.Read(salt[:]) // which never fails
	hook := &directory.Webhook{
		URL: spec.URL, Kinds: spec.Kinds, Ops: spec.Ops, Clearance: spec.Clearance, Description: spec.Description,
		Salt: hex.EncodeToString(salt[:]),
	}
	if hook.Clearance == "" {
		hook.Clearance = directory.Public
	}
	hook.ID, hook.Visibility = randomID(directory.Webhooks), directory.Ministry
	directory.Normalize(hook)
	if err := directory.Validate(hook); err != nil {
		return Hook{}, "", err
	}
	if !s.hooks.may(hook.URL) {
		return Hook{}, "", fault.AtPointer("/url", fault.CodeHookAddress, nil)
	}
	if hook.Clearance.Level() > w.Caller.Clearance.Level() {
		return Hook{}, "", fault.New(fault.Forbidden, fault.CodeForbidden, nil)
	}
	secret, err := s.hookSecret(hook)
	if err != nil {
		return Hook{}, "", err
	}
	out, err := s.single(ctx, w, func(p *plan) error { return p.change(ledger.Put, nil, hook, "") })
	switch {
	case err != nil:
		return Hook{}, "", err
	case out.Replayed:
		return Hook{}, "", fault.AtHeader(fault.Conflict, "Idempotency-Key", fault.CodeSecretShownOnce, fault.Args{"id": out.Ref.ID})
	default:
		return s.hookView(hook), webhook.Tell(secret), nil
	}
}

// DeleteHook archives a webhook: it is told nothing from then on.
func (s *Service) DeleteHook(ctx context.Context, w Write, id string) error {
	if err := w.Caller.May(access.Admin); err != nil {
		return err
	}
	return s.changeHook(ctx, w, ledger.Archive, id, func(h *directory.Webhook) { h.Status = directory.Archived })
}

// changeHook writes a live webhook anew.
func (s *Service) changeHook(ctx context.Context, w Write, op ledger.Op, id string, change func(*directory.Webhook)) error {
	ref := directory.Ref{Kind: directory.Webhooks, ID: id}
	_, err := s.single(ctx, w, func(p *plan) error {
		before, ok := p.head.Find(ref)
		if !ok || before.Archived() {
			return fault.New(fault.NotFound, fault.CodeNotFound, nil)
		}
		record, err := directory.Decode(directory.Webhooks, before.JSON())
		if err != nil {
			return err
		}
		if hook, ok := record.(*directory.Webhook); ok {
			change(hook)
		}
		return p.change(op, before, record, "")
	})
	return err
}

// hookSecret makes the secret of a webhook: from a key that no store holds, when there is one, else from the ledger's
// own id. The salt makes it another one for each webhook.
func (s *Service) hookSecret(h *directory.Webhook) ([]byte, error) {
	key := []byte(s.hooks.key)
	if len(key) == 0 {
		id, err := s.LedgerID()
		if err != nil {
			return nil, err
		}
		key = id[:]
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("dalil webhook " + h.ID + " " + h.Salt))
	return mac.Sum(nil), nil
}
