package boltledger

import (
	"context"
	"sort"
	"time"

	"go.etcd.io/bbolt"

	"dalil/internal/ledger"
)

// receiptPiece is how many commits are looked at in one transaction; most carry no receipt.
const receiptPiece = 4_096

// Receipts streams the receipts of the commits not older than since. Times never go backward in a log, so the first
// such commit is found by halving.
func (l *Ledger) Receipts(ctx context.Context, since time.Time, yield func(ledger.Receipt) error) error {
	head := l.Head().Seq
	from, err := l.firstSince(since, head)
	if err != nil {
		return err
	}
	for from <= head {
		var receipts []ledger.Receipt
		receipts, from, err = l.receipts(from, head)
		if err != nil {
			return err
		}
		for i := range receipts {
			if err := l.going(ctx); err != nil {
				return err
			}
			if err := yield(receipts[i]); err != nil {
				return ended(err)
			}
		}
	}
	return l.going(ctx)
}

// firstSince returns the number of the first commit that is not older than a time; one past the head when all are.
func (l *Ledger) firstSince(since time.Time, head uint64) (uint64, error) {
	var first uint64
	err := l.view(func(tx *bbolt.Tx) error {
		log := tx.Bucket([]byte(logBucket))
		var failed error
		first = 1 + uint64(sort.Search(int(head), func(i int) bool { //nolint:gosec // a log fits its machine
			value, err := headAt(log, uint64(i)+1) //nolint:gosec // as above
			if err == nil && value == nil {
				err = damagedAt(uint64(i)+1, "it is missing") //nolint:gosec // as above
			}
			if err != nil {
				failed = err
				return true
			}
			return !timeOf(value).Before(since)
		}))
		return failed
	})
	return first, err
}

// receipts reads the receipts of the next commits from a number on, and returns the number to go on from.
func (l *Ledger) receipts(from, head uint64) (found []ledger.Receipt, next uint64, err error) {
	next = from
	err = l.view(func(tx *bbolt.Tx) error {
		log := tx.Bucket([]byte(logBucket))
		for ; next <= head && next < from+receiptPiece; next++ {
			value, err := headAt(log, next)
			if err != nil {
				return err
			}
			if formatOf(value) <= ledger.Format && len(value) > flagsOffset && value[flagsOffset]&hasRequest == 0 {
				continue
			}
			c, err := decodeHead(next, value)
			if err != nil {
				return err
			}
			found = append(found, ledger.Receipt{Seq: c.Seq, At: c.At, Request: *c.Request})
		}
		return nil
	})
	return found, next, err
}
