package boltledger

import (
	"bytes"
	"context"

	"go.etcd.io/bbolt"

	"dalil/internal/ledger"
)

// noteErasure makes an erasure known by its key in log. Most files never hold one, and so have no such bucket.
func noteErasure(tx *bbolt.Tx, key []byte, ch *ledger.Change) error {
	if ch.Op != ledger.Erase {
		return nil
	}
	erasures, err := tx.CreateBucketIfNotExists([]byte(erasuresBucket))
	if err != nil {
		return err //nolint:wrapcheck // put says what was done
	}
	return erasures.Put(key, nil) //nolint:wrapcheck // as above
}

// Erasures streams the versions that erase commits name, oldest erasure first.
func (l *Ledger) Erasures(ctx context.Context, yield func(ledger.RefVersion) error) error {
	l.mu.Lock()
	upTo := l.readable.Seq
	l.mu.Unlock()
	for from := []byte{0}; from != nil; {
		var versions []ledger.RefVersion
		err := l.view(func(tx *bbolt.Tx) error {
			var err error
			versions, from, err = erasures(tx, from, upTo)
			return err
		})
		if err != nil {
			return err
		}
		for _, v := range versions {
			if err := l.going(ctx); err != nil {
				return err
			}
			if err := yield(v); err != nil {
				return ended(err)
			}
		}
	}
	return l.going(ctx)
}

// erasures reads what the next erasures from a key on name, and returns the key to go on from; nil at the end.
func erasures(tx *bbolt.Tx, from []byte, upTo uint64) (named []ledger.RefVersion, next []byte, err error) {
	bucket := tx.Bucket([]byte(erasuresBucket))
	if bucket == nil {
		return nil, nil, nil
	}
	log, cursor := tx.Bucket([]byte(logBucket)), bucket.Cursor()
	for key, _ := cursor.Seek(from); key != nil; key, _ = cursor.Next() {
		if len(key) != logKeySize {
			return nil, nil, damaged("an entry of its erasures cannot be read")
		}
		if seqOf(key) > upTo {
			return named, nil, nil
		}
		if len(named) >= pieceCount {
			return named, bytes.Clone(key), nil
		}
		ch, err := changeAt(log, place{seq: seqOf(key), index: indexOf(key)})
		if err != nil {
			return nil, nil, err
		}
		for _, v := range ch.Erased {
			named = append(named, ledger.RefVersion{Ref: ch.Ref, Version: v})
		}
	}
	return named, nil, nil
}
