package service

import (
	"context"
	"slices"
	"time"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// KeySpec is what a new API key may do.
type KeySpec struct {
	Name      string               `json:"name"`
	Scope     string               `json:"scope"`     // read, write or admin
	Clearance directory.Visibility `json:"clearance"` // partners or ministry
	Expires   *directory.Time      `json:"expires,omitempty"`
}

// Key is an API key as an administrator sees it: never its secret, nor the hash of it.
type Key struct {
	ID        string               `json:"id"`
	Name      string               `json:"name"`
	Scope     string               `json:"scope"`
	Clearance directory.Visibility `json:"clearance"`
	Created   *directory.Stamp     `json:"created,omitempty"`
	Expires   *directory.Time      `json:"expires,omitempty"`
	LastUsed  *directory.Time      `json:"last_used,omitempty"` // to the hour
}

// Identify returns the caller whose secret was shown. No secret is Anonymous; a wrong, expired or revoked one is a
// fault. It is always judged on the head: what was revoked stays revoked, whatever time is asked about.
func (s *Service) Identify(secret string) (access.Caller, error) {
	denied := fault.New(fault.Unauthenticated, fault.CodeUnauthenticated, nil)
	if !access.ValidSecret(secret) {
		return access.Caller{}, denied
	}
	entry, ok := s.Head().KeyByHash(access.HashSecret(secret))
	if !ok {
		return access.Caller{}, denied
	}
	key, ok := entry.Record().(*directory.APIKey)
	if !ok {
		return access.Caller{}, denied
	}
	caller, err := access.CallerOf(key, s.now())
	if err == nil {
		s.uses.note(caller.ID, s.now())
	}
	return caller, err
}

// Keys returns the live keys by id, for an administrator.
func (s *Service) Keys(c access.Caller) ([]Key, error) {
	if err := c.May(access.Admin); err != nil {
		return nil, err
	}
	keys := []Key{}
	for _, entry := range s.Head().Keys() {
		if key, ok := entry.Record().(*directory.APIKey); ok {
			keys = append(keys, s.keyView(key))
		}
	}
	slices.SortFunc(keys, func(a, b Key) int { return compareText(a.ID, b.ID) })
	return keys, nil
}

func (s *Service) keyView(key *directory.APIKey) Key {
	return Key{
		ID: key.ID, Name: key.Name, Scope: key.Scope, Clearance: key.Clearance, Created: key.Created,
		Expires: key.Expires, LastUsed: s.uses.last(key.ID),
	}
}

// CreateKey makes a key and returns its secret, which is shown this once.
func (s *Service) CreateKey(ctx context.Context, w Write, spec KeySpec) (Key, string, error) {
	if err := w.Caller.May(access.Admin); err != nil {
		return Key{}, "", err
	}
	secret := access.NewSecret()
	key := &directory.APIKey{
		Name: spec.Name, Scope: spec.Scope, Clearance: spec.Clearance, Expires: spec.Expires,
		Hash: access.HashSecret(secret),
	}
	key.ID, key.Visibility = randomID("keys"), directory.Ministry
	directory.Normalize(key)
	if err := directory.Validate(key); err != nil {
		return Key{}, "", err
	}
	if key.Expires != nil && !key.Expires.After(s.now()) {
		return Key{}, "", fault.AtPointer("/expires", fault.CodeInPast, nil)
	}
	if key.Clearance.Level() > w.Caller.Clearance.Level() {
		return Key{}, "", fault.New(fault.Forbidden, fault.CodeForbidden, nil)
	}
	out, err := s.single(ctx, w, func(p *plan) error { return p.change(ledger.Put, nil, key, "") })
	switch {
	case err != nil:
		return Key{}, "", err
	case out.Replayed:
		// The secret was shown once, to the request that made the key; it is kept nowhere.
		return Key{}, "", fault.AtHeader(fault.Conflict, "Idempotency-Key", fault.CodeSecretShownOnce, fault.Args{"id": out.Ref.ID})
	default:
		return s.keyView(key), secret, nil
	}
}

// RevokeKey archives a key: it lets nobody in from then on. It returns what the key was. The last admin key that sees all
// and does not expire cannot be revoked, nor one that sees more than the caller's.
func (s *Service) RevokeKey(ctx context.Context, w Write, id string) (Key, error) {
	if err := w.Caller.May(access.Admin); err != nil {
		return Key{}, err
	}
	ref := directory.Ref{Kind: directory.APIKeys, ID: id}
	var was Key
	_, err := s.single(ctx, w, func(p *plan) error {
		before, ok := p.head.Find(ref)
		if !ok || before.Archived() {
			return fault.New(fault.NotFound, fault.CodeNotFound, nil)
		}
		held, ok := before.Record().(*directory.APIKey)
		if !ok || held.Clearance.Level() > w.Caller.Clearance.Level() {
			return fault.New(fault.Forbidden, fault.CodeForbidden, nil)
		}
		was = s.keyView(held)
		if lastAdmin(p.head, id, s.now()) {
			return fault.New(fault.Conflict, fault.CodeLastAdminKey, nil)
		}
		key, err := directory.Decode(directory.APIKeys, before.JSON())
		if err != nil {
			return err
		}
		key.Head().Status = directory.Archived
		return p.change(ledger.Archive, before, key, "")
	})
	return was, err
}

// lastAdmin tells whether without a key nobody would administer; or nobody who sees all, without an end.
func lastAdmin(head *readmodel.Snapshot, id string, now time.Time) bool {
	var admin, lasting, others, othersLasting bool
	for _, entry := range head.Keys() {
		key, ok := entry.Record().(*directory.APIKey)
		if !ok || key.Scope != string(access.Admin) {
			continue
		}
		if _, err := access.CallerOf(key, now); err != nil {
			continue
		}
		lasts := key.Expires == nil && key.Clearance == directory.Ministry
		if key.ID == id {
			admin, lasting = true, lasts
			continue
		}
		others, othersLasting = true, othersLasting || lasts
	}
	return admin && !others || lasting && !othersLasting
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}
