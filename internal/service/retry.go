package service

import (
	"context"
	"crypto/sha256"
	"strconv"
	"sync"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// Idempotency names a request so that a retry answers its first outcome.
type Idempotency struct {
	Key          string
	Method, Path string
	Fingerprint  ledger.Digest // of the parameters and the body
	Item         string        // of a batch whose items are written one by one; "" otherwise

	kin []ledger.Digest // of a batch: every digest that a request with this key may be kept under
}

// digest is what the ledger keeps of the key: no key can be read back from it.
func (w Write) digest() ledger.Digest { return w.digestOf(w.Request.Item) }

func (w Write) digestOf(item string) ledger.Digest {
	r := w.Request
	return sha256.Sum256([]byte(w.Caller.ID + "\x00" + r.Method + "\x00" + r.Path + "\x00" + r.Key + "\x00" + item))
}

// withKin makes a batch know where an earlier one with its key may be kept: as a whole, or any of its items.
func (w Write) withKin() Write {
	if w.Request == nil {
		return w
	}
	request := *w.Request
	request.kin = make([]ledger.Digest, 0, MaxBatchItems+1)
	request.kin = append(request.kin, w.digestOf(""))
	for i := range MaxBatchItems {
		request.kin = append(request.kin, w.digestOf(strconv.Itoa(i)))
	}
	w.Request = &request
	return w
}

// keyReused refuses a key that another batch was kept under.
func keyReused(head *readmodel.Snapshot, w Write) error {
	if w.Request == nil {
		return nil
	}
	for _, digest := range w.Request.kin {
		if receipt, ok := head.Receipt(digest); ok && receipt.Request.Fingerprint != w.Request.Fingerprint {
			return fault.AtHeader(fault.Invalid, "Idempotency-Key", fault.CodeKeyReused, nil)
		}
	}
	return nil
}

// replay is not a failure: it carries the kept outcome of an earlier request to the use case.
type replay struct{ receipt ledger.Receipt }

// Error says what it is, for a log that should never see it.
func (*replay) Error() string { return "service: this request was answered before" }

// replayOf returns nil when the request is new, a *replay when it was committed before, or the refusal of a key that
// was used with something else.
func replayOf(head *readmodel.Snapshot, w Write) error {
	if w.Request == nil {
		return nil
	}
	if err := keyReused(head, w); err != nil {
		return err
	}
	receipt, ok := head.Receipt(w.digest())
	switch {
	case !ok:
		return nil
	case receipt.Request.Fingerprint != w.Request.Fingerprint:
		return fault.AtHeader(fault.Invalid, "Idempotency-Key", fault.CodeKeyReused, nil)
	default:
		return &replay{receipt}
	}
}

// request is what the ledger keeps of an idempotent write.
func (p *plan) request() *ledger.Request {
	r := &ledger.Request{Digest: p.write.digest(), Fingerprint: p.write.Request.Fingerprint, Status: 200}
	for i := range p.items {
		item := &p.items[i]
		status := 200
		if item.created {
			status = 201
		}
		if len(p.items) == 1 {
			r.Status = status
		}
		r.Results = append(r.Results, ledger.Result{Status: status, Ref: item.ref, Version: item.after.Head().Version})
	}
	return r
}

// replayed answers a retry of a single write with its first outcome.
func (s *Service) replayed(ctx context.Context, c access.Caller, receipt ledger.Receipt) (Outcome, error) {
	result := receipt.Request.Results[0]
	out := Outcome{
		Status: result.Status, Ref: result.Ref, Version: result.Version, Changed: true, Replayed: true, Seq: receipt.Seq,
	}
	if result.Ref.Kind == directory.APIKeys {
		return out, nil // its text is for nobody
	}
	var err error
	out.JSON, err = s.textOf(ctx, c, result.Ref, result.Version)
	return out, err
}

// textOf returns the canonical JSON of one version of a record that the caller may see, then and now.
func (s *Service) textOf(ctx context.Context, c access.Caller, ref directory.Ref, version uint64) ([]byte, error) {
	head := s.Head()
	entry, ok := head.Lookup(ref, c.Clearance)
	switch {
	case !ok:
		return nil, fault.New(fault.Gone, fault.CodeCannotAnswerRetry, nil)
	case entry.Version() == version:
		return entry.JSON(), nil
	}
	eye := newPastEye(s, head, c.Clearance)
	var text []byte
	err := s.versions(ctx, ref, head.Position().Seq, func(r ledger.Revision) error {
		if r.Version != version {
			return nil
		}
		seen, err := eye.sees(ctx, ref.Kind, r)
		if err != nil {
			return err
		}
		if seen {
			text = r.JSON
		}
		return ledger.Stop
	})
	if err == nil && text == nil {
		err = fault.New(fault.Gone, fault.CodeCannotAnswerRetry, nil)
	}
	return text, err
}

// running holds the idempotent requests of this process that have no outcome yet.
type running struct {
	mu   sync.Mutex
	keys map[ledger.Digest]struct{}
}

func newRunning() *running { return &running{keys: make(map[ledger.Digest]struct{})} }

// enter takes the request's key until free is called; it refuses a key that a request under way holds.
func (r *running) enter(w Write) (free func(), err error) {
	if w.Request == nil {
		return func() {}, nil
	}
	digest := w.digest()
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, held := r.keys[digest]; held {
		return nil, fault.AtHeader(fault.Conflict, "Idempotency-Key", fault.CodeKeyInUse, nil)
	}
	r.keys[digest] = struct{}{}
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.keys, digest)
	}, nil
}
