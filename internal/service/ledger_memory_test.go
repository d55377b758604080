package service_test

import (
	"context"
	"slices"
	"sync"
	"time"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// memoryLedger is a ledger in memory, for tests that need fake time, or two services on one store without a server.
// It keeps the contract of the port: compare-and-append, known tokens count as durable, Follow to all.
type memoryLedger struct {
	mu       sync.Mutex
	commits  []*ledger.Commit
	grown    chan struct{} // closed and renewed at every append
	redacted []ledger.RefVersion
	appends  int // calls that made something durable
}

func newMemoryLedger() *memoryLedger { return &memoryLedger{grown: make(chan struct{})} }

func (m *memoryLedger) Append(ctx context.Context, after ledger.Position, commits []*ledger.Commit) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if after.Seq > uint64(len(m.commits)) || m.position(after.Seq) != after {
		return 0, fault.New(fault.Unavailable, fault.CodeStoreReplaced, nil)
	}
	for i, c := range commits {
		at := after.Seq + uint64(i)
		switch {
		case at == uint64(len(m.commits)):
			kept := *c
			kept.Changes = slices.Clone(c.Changes)
			for j := range kept.Changes {
				kept.Changes[j].Decoded = nil
			}
			m.commits = append(m.commits, &kept)
			m.appends++
		case m.commits[at].Token != c.Token:
			m.tell()
			return i, ledger.ErrMoved
		}
	}
	m.tell()
	return len(commits), nil
}

func (m *memoryLedger) tell() {
	close(m.grown)
	m.grown = make(chan struct{})
}

func (m *memoryLedger) position(seq uint64) ledger.Position {
	if seq == 0 {
		return ledger.Position{}
	}
	return m.commits[seq-1].Position()
}

// after returns the commits after a position and the channel that tells of more.
func (m *memoryLedger) after(seq uint64) ([]*ledger.Commit, <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if seq >= uint64(len(m.commits)) {
		return nil, m.grown
	}
	return slices.Clone(m.commits[seq:]), m.grown
}

func (m *memoryLedger) Commits(ctx context.Context, after uint64, yield func(*ledger.Commit) error) error {
	commits, _ := m.after(after)
	for _, c := range commits {
		if err := yield(c); err != nil {
			return stopped(err)
		}
	}
	return ctx.Err()
}

func (m *memoryLedger) Follow(ctx context.Context, after ledger.Position, yield func(*ledger.Commit) error) error {
	m.mu.Lock()
	known := after.Seq <= uint64(len(m.commits)) && m.position(after.Seq) == after
	m.mu.Unlock()
	if !known {
		return fault.New(fault.Unavailable, fault.CodeStoreReplaced, nil)
	}
	for seq := after.Seq; ; {
		commits, grown := m.after(seq)
		for _, c := range commits {
			if err := yield(c); err != nil {
				return stopped(err)
			}
			seq = c.Seq
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (m *memoryLedger) Load(_ context.Context, yield func(ledger.Record) error) (ledger.Position, error) {
	commits, _ := m.after(0)
	seen := make(map[directory.Ref]bool)
	for _, c := range slices.Backward(commits) {
		for _, ch := range slices.Backward(c.Changes) {
			if seen[ch.Ref] {
				continue
			}
			seen[ch.Ref] = true
			if err := yield(ledger.Record{Ref: ch.Ref, Seq: c.Seq, Version: ch.Version, Op: ch.Op, JSON: ch.JSON}); err != nil {
				return ledger.Position{}, stopped(err)
			}
		}
	}
	if len(commits) == 0 {
		return ledger.Position{}, nil
	}
	return commits[len(commits)-1].Position(), nil
}

func (m *memoryLedger) History(_ context.Context, ref directory.Ref, upTo uint64, yield func(ledger.Revision) error) error {
	commits, _ := m.after(0)
	for _, c := range slices.Backward(commits) {
		for _, ch := range c.Changes {
			if ch.Ref != ref || c.Seq > upTo {
				continue
			}
			r := ledger.Revision{Seq: c.Seq, At: c.At, Author: c.Author, Reason: c.Reason, Op: ch.Op, Version: ch.Version, JSON: ch.JSON}
			if err := yield(r); err != nil {
				return stopped(err)
			}
		}
	}
	return nil
}

func (m *memoryLedger) Receipts(_ context.Context, since time.Time, yield func(ledger.Receipt) error) error {
	commits, _ := m.after(0)
	for _, c := range commits {
		if c.Request == nil || c.At.Before(since) {
			continue
		}
		if err := yield(ledger.Receipt{Seq: c.Seq, At: c.At, Request: *c.Request}); err != nil {
			return stopped(err)
		}
	}
	return nil
}

func (m *memoryLedger) Erasures(_ context.Context, yield func(ledger.RefVersion) error) error {
	commits, _ := m.after(0)
	for _, c := range commits {
		for _, ch := range c.Changes {
			for _, v := range ch.Erased {
				if err := yield(ledger.RefVersion{Ref: ch.Ref, Version: v}); err != nil {
					return stopped(err)
				}
			}
		}
	}
	return nil
}

func (m *memoryLedger) Redact(_ context.Context, versions []ledger.RefVersion) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.redacted = append(m.redacted, versions...)
	m.tell()
	return nil
}

func (*memoryLedger) Close() error { return nil }

func stopped(err error) error {
	if err == ledger.Stop { //nolint:errorlint // the signal itself is meant
		return nil
	}
	return err
}
