package boltledger

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"go.etcd.io/bbolt"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// Load streams every record as it was at the head at the start, which is the position. A commit of a newer format at
// the end of the log is left to Commits, and so is what follows it.
func (l *Ledger) Load(ctx context.Context, yield func(ledger.Record) error) (ledger.Position, error) {
	scan, head := l.checkpoint()
	defer l.letGo()
	for more := true; more; {
		var records []ledger.Record
		err := l.view(func(tx *bbolt.Tx) error {
			var err error
			records, more, err = scan.piece(tx)
			return err
		})
		if err != nil {
			return ledger.Position{}, err
		}
		for _, r := range records {
			if err := l.going(ctx); err != nil {
				return ledger.Position{}, err
			}
			if err := yield(r); err != nil {
				return ledger.Position{}, ended(err)
			}
		}
	}
	return head, l.going(ctx)
}

// checkpoint is a walk over the records as they were at a position: first those that revisions tells of, by its keys,
// then those of the tail.
type checkpoint struct {
	upTo   uint64
	tail   map[directory.Ref]place // as it was at the position
	next   []byte                  // where to go on in revisions; nil at their end
	others []directory.Ref         // of the tail, to come after them
}

// checkpoint begins a walk at the head, and returns the head.
func (l *Ledger) checkpoint() (*checkpoint, ledger.Position) {
	l.mu.Lock()
	head, newest := l.readable, l.tail.newest()
	l.mu.Unlock()
	others := slices.SortedFunc(maps.Keys(newest), func(a, b directory.Ref) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	return &checkpoint{upTo: head.Seq, tail: newest, next: []byte{}, others: others}, head
}

// piece reads the next records, and tells whether there are more.
func (s *checkpoint) piece(tx *bbolt.Tx) ([]ledger.Record, bool, error) {
	log := tx.Bucket([]byte(logBucket))
	p := piece{records: make([]ledger.Record, 0, pieceCount)}
	cursor := tx.Bucket([]byte(revisionsBucket)).Cursor()
	for s.next != nil && !p.full() {
		key, value := cursor.Seek(s.next)
		if key == nil {
			s.next = nil
			break
		}
		at, err := placeOf(key, value)
		if err != nil {
			return nil, false, err
		}
		if at.seq > s.upTo { // may have been told since
			s.next = append(append(s.next[:0], key...), 0) // the version before
			continue
		}
		s.next = pastRef(s.next[:0], key)
		if err := p.add(log, at, s.tail); err != nil {
			return nil, false, err
		}
	}
	for s.next == nil && len(s.others) > 0 && !p.full() {
		if err := p.add(log, s.tail[s.others[0]], nil); err != nil {
			return nil, false, err
		}
		s.others = s.others[1:]
	}
	return p.records, s.next != nil || len(s.others) > 0, nil
}

// piece is what a walk reads in one transaction.
type piece struct {
	records []ledger.Record
	size    int
}

func (p *piece) full() bool { return len(p.records) == pieceCount || p.size >= pieceBytes }

// add reads the record that stands at a place, unless it is one of the others.
func (p *piece) add(log *bbolt.Bucket, at place, others map[directory.Ref]place) error {
	ch, err := changeAt(log, at)
	if err != nil {
		return err
	}
	if _, other := others[ch.Ref]; other {
		return nil
	}
	p.records = append(p.records, ledger.Record{Ref: ch.Ref, Seq: at.seq, Version: ch.Version, Op: ch.Op, JSON: ch.JSON})
	p.size += len(ch.JSON)
	return nil
}

// pastRef appends a key behind the oldest version of the record that a key of revisions is about.
func pastRef(b, key []byte) []byte {
	b = append(b, key[:len(key)-versionSize]...)
	return binary.BigEndian.AppendUint64(b, ^uint64(0)) // version 0, which nobody writes
}

// changeAt reads the change at a place.
func changeAt(log *bbolt.Bucket, at place) (ledger.Change, error) {
	var ch ledger.Change
	key := at.key()
	value := log.Get(key[:])
	if value == nil {
		return ch, damagedAt(at.seq, fmt.Sprintf("change %d is missing", at.index))
	}
	return ch, decodeChange(at.seq, value, &ch)
}
