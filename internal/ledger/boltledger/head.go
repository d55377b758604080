package boltledger

import (
	"context"
	"time"

	"go.etcd.io/bbolt"

	"dalil/internal/ledger"
)

// end returns the position of the last commit in the file.
func end(tx *bbolt.Tx) (ledger.Position, error) {
	log := tx.Bucket([]byte(logBucket))
	if log == nil || tx.Bucket([]byte(revisionsBucket)) == nil || tx.Bucket([]byte(keyUsesBucket)) == nil {
		return ledger.Position{}, damaged("a bucket is missing")
	}
	key, _ := log.Cursor().Last()
	if key == nil {
		return ledger.Position{}, nil
	}
	if len(key) != logKeySize {
		return ledger.Position{}, damaged("the end of its log cannot be read")
	}
	return positionAt(log, seqOf(key))
}

// positionAt returns the position of the commit with a number; the zero Position when there is none.
func positionAt(log *bbolt.Bucket, seq uint64) (ledger.Position, error) {
	head, err := headAt(log, seq)
	if head == nil || err != nil {
		return ledger.Position{}, err
	}
	return positionOf(seq, head), nil
}

// headAt returns the bytes of a commit's head, in the file; nil when there is no such commit.
func headAt(log *bbolt.Bucket, seq uint64) ([]byte, error) {
	key := logKey(seq, 0)
	head := log.Get(key[:])
	if head != nil && len(head) < prevOffset {
		return nil, damagedAt(seq, "its head is short")
	}
	return head, nil
}

// At returns when a commit was made; see ledger.Dated.
func (l *Ledger) At(_ context.Context, seq uint64) (at time.Time, err error) {
	err = l.view(func(tx *bbolt.Tx) error {
		head, err := headAt(tx.Bucket([]byte(logBucket)), seq)
		if err != nil {
			return err
		}
		if head == nil {
			return ledger.Missing(seq)
		}
		c, err := decodeHead(seq, head)
		if err == nil {
			at = c.At
		}
		return err
	})
	return at, err
}
