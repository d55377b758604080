package boltledger

import (
	"bytes"
	"context"

	"go.etcd.io/bbolt"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// History streams the versions of one record up to a position, newest first: those in the tail, then those that
// revisions tells of.
func (l *Ledger) History(ctx context.Context, ref directory.Ref, upTo uint64, yield func(ledger.Revision) error) error {
	if !fits(ref) {
		return nil // no such record
	}
	l.mu.Lock()
	walk := history{tail: l.tail.places(ref), prefix: appendRef(nil, ref), upTo: min(upTo, l.readable.Seq)}
	l.mu.Unlock()
	walk.next = walk.prefix
	if n := len(walk.tail); n > 0 { // what is in the tail now may be in revisions by the time they are read
		walk.next = appendRevision(nil, ref, walk.tail[n-1].version-1)
	}
	for walk.next != nil {
		var revisions []ledger.Revision
		err := l.view(func(tx *bbolt.Tx) error {
			var err error
			revisions, err = walk.piece(tx)
			return err
		})
		if err != nil {
			return err
		}
		for i := range revisions {
			if err := l.going(ctx); err != nil {
				return err
			}
			if err := yield(revisions[i]); err != nil {
				return ended(err)
			}
		}
	}
	return l.going(ctx)
}

// history is a walk over the versions of a record.
type history struct {
	tail   []place // still to come
	prefix []byte  // of the record's keys in revisions
	next   []byte  // where to go on in revisions, after the tail; nil at the end
	upTo   uint64
}

// piece reads the next versions.
func (h *history) piece(tx *bbolt.Tx) ([]ledger.Revision, error) {
	log := tx.Bucket([]byte(logBucket))
	var revisions []ledger.Revision
	size := 0
	add := func(at place) error {
		r, _, err := revisionAt(log, at)
		revisions = append(revisions, r)
		size += len(r.JSON)
		return err
	}
	full := func() bool { return len(revisions) == pieceCount || size >= pieceBytes }
	for ; len(h.tail) > 0 && !full(); h.tail = h.tail[1:] {
		if at := h.tail[0]; at.seq <= h.upTo {
			if err := add(at); err != nil {
				return nil, err
			}
		}
	}
	if len(h.tail) > 0 {
		return revisions, nil
	}
	cursor := tx.Bucket([]byte(revisionsBucket)).Cursor()
	for key, value := cursor.Seek(h.next); len(key) == len(h.prefix)+versionSize && bytes.HasPrefix(key, h.prefix); key, value = cursor.Next() {
		if full() {
			h.next = bytes.Clone(key)
			return revisions, nil
		}
		at, err := placeOf(key, value)
		if err == nil && at.seq <= h.upTo {
			err = add(at)
		}
		if err != nil {
			return nil, err
		}
	}
	h.next = nil
	return revisions, nil
}

// revisionAt reads the change at a place and what its commit says, and the record that it is about.
func revisionAt(log *bbolt.Bucket, at place) (ledger.Revision, directory.Ref, error) {
	ch, err := changeAt(log, at)
	if err != nil {
		return ledger.Revision{}, ch.Ref, err
	}
	head, err := headAt(log, at.seq)
	if err != nil {
		return ledger.Revision{}, ch.Ref, err
	}
	c, err := decodeHead(at.seq, head)
	if err != nil {
		return ledger.Revision{}, ch.Ref, err
	}
	return ledger.Revision{
		Seq: at.seq, At: c.At, Author: c.Author, Reason: c.Reason, Op: ch.Op, Version: ch.Version, JSON: ch.JSON,
	}, ch.Ref, nil
}
