package boltledger

import (
	"context"
	"fmt"

	"go.etcd.io/bbolt"

	"dalil/internal/ledger"
)

// Redact drops texts and their salts, and then writes the file anew without its free pages, where they would still
// stand. When only the first half was reached, the next call does the second, whatever it names.
func (l *Ledger) Redact(ctx context.Context, versions []ledger.RefVersion) error {
	if err := l.enter(ctx); err != nil {
		return err
	}
	defer l.leave()
	l.forget()
	blanks, pending, err := l.blanks(versions)
	if err != nil {
		return err
	}
	if len(blanks) > 0 {
		if err := l.commit(func(tx *bbolt.Tx) error { return putBlanks(tx, blanks) }); err != nil {
			return err
		}
		pending = true
	}
	if !pending {
		return nil
	}
	return l.compact(ctx)
}

// blank is what shall stand in the place of a change.
type blank struct {
	at    [logKeySize]byte
	value []byte
}

// blanks finds the versions whose text is still there. It also tells whether dropped texts may stand in free pages.
// The caller holds writing.
func (l *Ledger) blanks(versions []ledger.RefVersion) (found []blank, pending bool, err error) {
	err = l.view(func(tx *bbolt.Tx) error {
		log := tx.Bucket([]byte(logBucket))
		pending = tx.Bucket([]byte(metaBucket)).Get([]byte(erasedKey)) != nil
		for _, v := range versions {
			at, ok := l.find(tx, v)
			if !ok {
				continue
			}
			key := at.key()
			if value := blanked(log.Get(key[:])); value != nil {
				found = append(found, blank{key, value})
			}
		}
		return nil
	})
	return found, pending, err
}

// find returns where a version stands. The caller holds writing, so the tail does not change.
func (l *Ledger) find(tx *bbolt.Tx, v ledger.RefVersion) (place, bool) {
	if !fits(v.Ref) {
		return place{}, false
	}
	for _, at := range l.tail.places(v.Ref) {
		if at.version == v.Version {
			return at, true
		}
	}
	key := appendRevision(nil, v.Ref, v.Version)
	at, err := placeOf(key, tx.Bucket([]byte(revisionsBucket)).Get(key))
	return at, err == nil
}

func putBlanks(tx *bbolt.Tx, blanks []blank) error {
	log := tx.Bucket([]byte(logBucket))
	for i := range blanks {
		if err := log.Put(blanks[i].at[:], blanks[i].value); err != nil {
			return fmt.Errorf("dropping a text of commit %d: %w", seqOf(blanks[i].at[:]), err)
		}
	}
	if err := tx.Bucket([]byte(metaBucket)).Put([]byte(erasedKey), []byte{1}); err != nil {
		return fmt.Errorf("noting that texts were dropped: %w", err)
	}
	return nil
}
