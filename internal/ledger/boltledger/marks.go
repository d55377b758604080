package boltledger

import (
	"context"
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"
)

// marksBucket is made when it is first written to: most files need none.
const marksBucket = "marks"

// Mark keeps a position; see ledger.Marks.
func (l *Ledger) Mark(ctx context.Context, name string, seq uint64) error {
	if err := l.enter(ctx); err != nil {
		return err
	}
	defer l.leave()
	return l.commit(func(tx *bbolt.Tx) error {
		marks, err := tx.CreateBucketIfNotExists([]byte(marksBucket))
		if err != nil {
			return fmt.Errorf("making the bucket of marks: %w", err)
		}
		if known := marks.Get([]byte(name)); len(known) == versionSize && binary.BigEndian.Uint64(known) >= seq {
			return nil
		}
		if err := marks.Put([]byte(name), binary.BigEndian.AppendUint64(nil, seq)); err != nil {
			return fmt.Errorf("marking %s: %w", name, err)
		}
		return nil
	})
}

// Marked returns the positions known; see ledger.Marks.
func (l *Ledger) Marked(context.Context) (map[string]uint64, error) {
	known := make(map[string]uint64)
	err := l.view(func(tx *bbolt.Tx) error {
		marks := tx.Bucket([]byte(marksBucket))
		if marks == nil {
			return nil
		}
		return marks.ForEach(func(name, seq []byte) error {
			if len(seq) == versionSize {
				known[string(name)] = binary.BigEndian.Uint64(seq)
			}
			return nil
		})
	})
	return known, err
}
