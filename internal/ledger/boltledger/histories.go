package boltledger

import (
	"bytes"
	"context"
	"slices"

	"go.etcd.io/bbolt"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// Histories streams every version of every record up to a position: those that revisions tells of, by its keys, then
// those of the tail.
func (l *Ledger) Histories(ctx context.Context, upTo uint64, yield func(directory.Ref, ledger.Revision) error) error {
	walk := l.histories(upTo)
	defer l.letGo()
	for more := true; more; {
		var versions []version
		err := l.view(func(tx *bbolt.Tx) error {
			var err error
			versions, more, err = walk.piece(tx)
			return err
		})
		if err != nil {
			return err
		}
		for _, v := range versions {
			if err := l.going(ctx); err != nil {
				return err
			}
			if err := yield(v.ref, v.revision); err != nil {
				return ended(err)
			}
		}
	}
	return l.going(ctx)
}

// version is a version of a record, with what its commit says.
type version struct {
	ref      directory.Ref
	revision ledger.Revision
}

// histories is a walk over all versions.
type histories struct {
	upTo uint64
	told uint64       // what comes later is in the tail as it was, though revisions may tell of it by now
	next []byte       // where to go on in revisions; nil at their end
	tail []tailChange // to come after them
}

func (l *Ledger) histories(upTo uint64) *histories {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := &histories{upTo: min(upTo, l.readable.Seq), next: []byte{}, tail: slices.Clone(l.tail.changes)}
	h.told = h.upTo
	if len(h.tail) > 0 {
		h.told = min(h.told, h.tail[0].seq-1)
	}
	return h
}

// piece reads the next versions, and tells whether there are more.
func (h *histories) piece(tx *bbolt.Tx) ([]version, bool, error) {
	log, cursor := tx.Bucket([]byte(logBucket)), tx.Bucket([]byte(revisionsBucket)).Cursor()
	var (
		versions []version
		size     int
		add      = func(at place) error {
			r, ref, err := revisionAt(log, at)
			versions = append(versions, version{ref, r})
			size += len(r.JSON)
			return err
		}
		full = func() bool { return len(versions) == pieceCount || size >= pieceBytes }
	)
	if h.next != nil {
		key, value := cursor.Seek(h.next)
		for ; key != nil && !full(); key, value = cursor.Next() {
			at, err := placeOf(key, value)
			if err == nil && at.seq <= h.told {
				err = add(at)
			}
			if err != nil {
				return nil, false, err
			}
		}
		h.next = bytes.Clone(key)
	}
	for ; h.next == nil && len(h.tail) > 0 && !full(); h.tail = h.tail[1:] {
		if at := h.tail[0].place; at.seq <= h.upTo {
			if err := add(at); err != nil {
				return nil, false, err
			}
		}
	}
	return versions, h.next != nil || len(h.tail) > 0, nil
}
