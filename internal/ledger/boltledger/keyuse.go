package boltledger

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.etcd.io/bbolt"
)

// NoteKeyUses keeps the hours in one transaction, each unless a later one is known.
func (l *Ledger) NoteKeyUses(ctx context.Context, hours map[string]time.Time) error {
	if len(hours) == 0 {
		return nil
	}
	if err := l.enter(ctx); err != nil {
		return err
	}
	defer l.leave()
	return l.commit(func(tx *bbolt.Tx) error {
		uses := tx.Bucket([]byte(keyUsesBucket))
		for _, id := range slices.Sorted(maps.Keys(hours)) {
			if at := hours[id]; at.After(hourOf(uses.Get([]byte(id)))) {
				value := binary.BigEndian.AppendUint64(nil, uint64(at.UnixMilli()))
				if err := uses.Put([]byte(id), value); err != nil {
					return fmt.Errorf("noting a use of key %s: %w", id, err)
				}
			}
		}
		return nil
	})
}

// KeyUses returns the hours known.
func (l *Ledger) KeyUses(context.Context) (map[string]time.Time, error) {
	hours := make(map[string]time.Time)
	err := l.view(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(keyUsesBucket)).ForEach(func(id, value []byte) error {
			hours[string(id)] = hourOf(value)
			return nil
		})
	})
	return hours, err
}

// hourOf reads an hour; the zero time when there is none.
func hourOf(value []byte) time.Time {
	if len(value) != versionSize {
		return time.Time{}
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(value))).UTC() //nolint:gosec // as written
}
