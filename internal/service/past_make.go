package service

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// since is what the commits after a position did.
type since struct {
	at, next *ledger.Commit             // at the position, and after it
	written  map[directory.Ref]bool     // true: there was something before
	erased   map[directory.Ref][]uint64 // versions
}

// makePast goes back from the head, or from a state that is kept and lies nearer, by putting the version that each
// record had then in the place of what was written since.
func (s *Service) makePast(ctx context.Context, seq uint64) (*kept, error) {
	head := s.Head()
	from := head
	if near := s.pasts.nearest(seq); near != nil {
		state, err := s.upToDate(ctx, near, head)
		if err != nil {
			return nil, err
		}
		if state != nil {
			from = state
		}
	}
	if seen, _, ok := from.Past(); ok && seen > head.Position().Seq {
		head = s.Head() // somebody was faster: the head is at least what they stood at
	}
	did, err := s.readSince(ctx, seq, from.Position().Seq, head.Position().Seq)
	if err != nil {
		return nil, err
	}
	way, err := from.Rewind(head)
	if err != nil {
		return nil, fmt.Errorf("going back to %d: %w", seq, err)
	}
	if err := s.takeVersions(ctx, way, did, seq); err != nil {
		return nil, fmt.Errorf("going back to %d: %w", seq, err)
	}
	k := &kept{seq: seq, at: did.at.At, state: way.Snapshot(did.at.Position(), did.at.At)}
	if did.next != nil {
		k.until = did.next.At
	}
	return k, nil
}

// readSince reads the commits from a position on: what was written up to one of them, what was erased up to another.
func (s *Service) readSince(ctx context.Context, seq, written, erased uint64) (*since, error) {
	did := &since{written: make(map[directory.Ref]bool), erased: make(map[directory.Ref][]uint64)}
	err := s.ledger.Commits(ctx, seq-1, func(c *ledger.Commit) error {
		switch {
		case c.Seq > erased:
			return ledger.Stop
		case c.Seq == seq:
			did.at = c
			return nil
		case c.Seq == seq+1:
			did.next = c
		}
		did.add(c, c.Seq <= written)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the commits after %d: %w", seq, err)
	}
	if did.at == nil {
		return nil, fmt.Errorf("commit %d is missing", seq)
	}
	return did, nil
}

func (d *since) add(c *ledger.Commit, written bool) {
	for i := range c.Changes {
		ch := &c.Changes[i]
		if !slices.Contains(directory.Kinds(), ch.Ref.Kind) {
			continue
		}
		if len(ch.Erased) > 0 {
			d.erased[ch.Ref] = append(d.erased[ch.Ref], ch.Erased...)
		}
		if _, known := d.written[ch.Ref]; written && !known {
			d.written[ch.Ref] = ch.Version > 1
		}
	}
}

// takeVersions hands over the version that each record had. The store is asked for several at once.
func (s *Service) takeVersions(ctx context.Context, way *readmodel.Rewind, did *since, seq uint64) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	refs := make(chan directory.Ref)
	found := make(chan ledger.Record, pastBatchSize)
	var readers sync.WaitGroup
	var once sync.Once
	var failed error
	for range pastReaders {
		readers.Go(func() {
			for ref := range refs {
				record, err := s.versionAt(ctx, ref, seq)
				if err != nil {
					once.Do(func() { failed = err })
					cancel()
					return
				}
				found <- record
			}
		})
	}
	go func() {
		defer close(refs)
		for ref, before := range did.written {
			if !before {
				continue
			}
			select {
			case refs <- ref:
			case <-ctx.Done():
				return
			}
		}
	}()
	go func() {
		readers.Wait()
		close(found)
	}()
	var taking error
	take := func(record ledger.Record) {
		if slices.Contains(did.erased[record.Ref], record.Version) {
			record.JSON = nil
		}
		if err := way.Take(record); err != nil && taking == nil {
			taking = err
			cancel()
		}
	}
	for record := range found {
		take(record)
	}
	for ref, before := range did.written {
		if !before {
			take(ledger.Record{Ref: ref})
		}
	}
	switch {
	case taking != nil:
		return taking
	case failed != nil:
		return failed
	default:
		return ctx.Err() //nolint:wrapcheck // the caller says what was done
	}
}

// versionAt reads the version that a record had at a position; version 0 when there was no such record.
func (s *Service) versionAt(ctx context.Context, ref directory.Ref, seq uint64) (ledger.Record, error) {
	record := ledger.Record{Ref: ref}
	err := s.versions(ctx, ref, seq, func(r ledger.Revision) error {
		record.Seq, record.Version, record.Op, record.JSON = r.Seq, r.Version, r.Op, r.JSON
		return ledger.Stop
	})
	return record, err
}

// upToDate returns a state that is kept as it may be seen at a head, or at a newer one; nil when that cannot be told any
// more, and the state is to be made anew.
func (s *Service) upToDate(ctx context.Context, k *kept, head *readmodel.Snapshot) (*readmodel.Snapshot, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	seen, _, _ := k.state.Past()
	if seen >= head.Position().Seq {
		return k.state, nil
	}
	way, err := k.state.Rewind(head)
	if err != nil {
		s.pasts.drop(k)
		return nil, nil //nolint:nilnil // it is made anew, which tells whether something is wrong
	}
	if len(way.Erased()) > 0 {
		did, err := s.readSince(ctx, seen, seen, head.Position().Seq)
		if err != nil {
			return nil, err
		}
		for _, ref := range way.Erased() {
			if entry, ok := k.state.Find(ref); ok && slices.Contains(did.erased[ref], entry.Version()) {
				if err := way.Take(ledger.Record{Ref: ref, Seq: entry.Seq, Version: entry.Version()}); err != nil {
					return nil, fmt.Errorf("erasing %s: %w", ref, err)
				}
			}
		}
	}
	k.state = way.Snapshot(k.state.Position(), k.state.At())
	return k.state, nil
}
