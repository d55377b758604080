package boltledger

import (
	"context"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// Append makes the commits durable in one transaction: all of them or, when the answer is an error, only those that
// had been there before.
func (l *Ledger) Append(ctx context.Context, after ledger.Position, commits []*ledger.Commit) (int, error) {
	if err := ledger.CheckAppend(after, commits); err != nil {
		return 0, err //nolint:wrapcheck // the port's own words
	}
	if len(commits) == 0 {
		return 0, nil
	}
	batch, err := encode(commits)
	if err != nil {
		return 0, err
	}
	if err := l.enter(ctx); err != nil {
		return 0, err
	}
	defer l.leave()

	known := 0
	if head := l.Head(); head != after {
		known, err = l.known(after, commits)
		if err != nil || known == len(commits) {
			return known, err
		}
	}
	return l.add(batch, known)
}

// add makes durable what is not known of a group, and the revisions with it when the tail is full.
func (l *Ledger) add(b *batch, known int) (int, error) {
	added := b.commits[known:]
	full := l.tailFull(b.count)
	err := l.commit(func(tx *bbolt.Tx) error {
		if err := b.put(tx, known); err != nil || !full {
			return err
		}
		return l.tail.put(tx, added)
	})
	if err != nil {
		return known, err
	}
	b.release()
	l.rise(added, full)
	return len(b.commits), nil
}

// known counts how many of the commits stand right after a position already. It returns ErrMoved when another one
// stands where the next would, or at the position itself.
func (l *Ledger) known(after ledger.Position, commits []*ledger.Commit) (int, error) {
	if head := l.Head(); after.Seq > head.Seq {
		return 0, about(fault.CodeStoreReplaced, l.path, fmt.Errorf("position %d is beyond the end at %d", after.Seq, head.Seq))
	}
	n := 0
	err := l.view(func(tx *bbolt.Tx) error {
		log := tx.Bucket([]byte(logBucket))
		if at, err := positionAt(log, after.Seq); err != nil {
			return err
		} else if at != after {
			return ledger.ErrMoved
		}
		for _, c := range commits {
			head, err := headAt(log, c.Seq)
			switch {
			case err != nil:
				return err
			case head == nil:
				return nil
			case tokenOf(head) != c.Token:
				return ledger.ErrMoved
			}
			n++
		}
		return nil
	})
	return n, err
}

// commit runs fn in a write transaction. The caller holds writing. When the transaction fails for want of room and the
// file is seen to stand as before, the fault says that nothing was written; when fn itself fails, nothing was; any
// other failure is for good.
func (l *Ledger) commit(fn func(*bbolt.Tx) error) error {
	var before int
	began := false
	err := guarded(func() error {
		tx, err := l.db.Begin(true)
		if err != nil {
			return fmt.Errorf("beginning a transaction: %w", err)
		}
		before, began = tx.ID(), true
		defer tx.Rollback() //nolint:errcheck // for a panic or an error that says more; a committed one is closed
		if err := fn(tx); err != nil {
			return unwritten{err}
		}
		return tx.Commit() //nolint:wrapcheck // judged below
	})
	if err == nil {
		return nil
	}
	if mine, ok := errors.AsType[unwritten](err); ok {
		return mine.err
	}
	if (isFull(err) || errors.Is(err, berrors.ErrMaxSizeReached)) && began && l.unchanged(before) {
		return full(err)
	}
	l.failed = fmt.Errorf("%w: %w", ledger.ErrFatal, err)
	return l.failed
}

// unwritten is an error from before a transaction was committed.
type unwritten struct{ err error }

func (u unwritten) Error() string { return u.err.Error() }

// unchanged tells whether the file's state is the one before a transaction.
func (l *Ledger) unchanged(failed int) bool {
	var now int
	err := l.view(func(tx *bbolt.Tx) error {
		now = tx.ID()
		return nil
	})
	return err == nil && now == failed-1
}
