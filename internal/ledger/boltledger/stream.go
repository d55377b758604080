package boltledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// The most that a stream reads in one transaction: commits or records, and bytes of the file.
const (
	pieceCount = 256
	pieceBytes = 1 << 20
)

// Commits streams the commits after a position up to the head.
func (l *Ledger) Commits(ctx context.Context, after uint64, yield func(*ledger.Commit) error) error {
	return ended(l.stream(ctx, after, l.Head().Seq, yield))
}

// Follow streams the commits after a position as they come. All come from this process, which owns the file.
func (l *Ledger) Follow(ctx context.Context, after ledger.Position, yield func(*ledger.Commit) error) error {
	if err := l.checkHolds(after); err != nil {
		return err
	}
	watch := time.NewTicker(l.opts.Watch)
	defer watch.Stop()
	for seq := after.Seq; ; {
		head, newest, moved := l.now()
		if err := l.goOn(ctx, seq, head.Seq, newest, yield); err != nil {
			return ended(err)
		}
		seq = max(seq, head.Seq)
		select {
		case <-ctx.Done():
			return ctx.Err() //nolint:wrapcheck // as the port says
		case <-l.done:
			return closed()
		case <-moved:
		case <-watch.C:
			if err := l.checkPlace(); err != nil {
				return err
			}
		}
	}
}

// goOn yields the commits after a number up to another: the newest if nothing else is missing, else from the file.
func (l *Ledger) goOn(
	ctx context.Context, after, upTo uint64, newest []*ledger.Commit, yield func(*ledger.Commit) error,
) error {
	if len(newest) == 0 || newest[0].Seq != after+1 {
		return l.stream(ctx, after, upTo, yield)
	}
	for _, c := range newest {
		if err := l.going(ctx); err != nil {
			return err
		}
		if err := yield(c); err != nil {
			return err
		}
	}
	return nil
}

// checkHolds sees that the log holds a position, and that the file is the one at the path.
func (l *Ledger) checkHolds(at ledger.Position) error {
	if err := l.checkPlace(); err != nil {
		return err
	}
	return l.view(func(tx *bbolt.Tx) error {
		held, err := positionAt(tx.Bucket([]byte(logBucket)), at.Seq)
		if err == nil && held != at {
			err = about(fault.CodeStoreReplaced, l.path, fmt.Errorf("commit %d is missing or another one", at.Seq))
		}
		return err
	})
}

// stream yields the commits after a number up to another, piece by piece.
func (l *Ledger) stream(ctx context.Context, after, upTo uint64, yield func(*ledger.Commit) error) error {
	size := 0
	defer func() {
		if size >= pieceBytes {
			l.letGo()
		}
	}()
	for most := 1; after < upTo; most = min(8*most, pieceCount) { // who wants the first alone pays for it alone
		commits, n, err := l.piece(after, upTo, most)
		size += n
		for _, c := range commits {
			if err := l.going(ctx); err != nil {
				return err
			}
			if err := yield(c); err != nil {
				return err
			}
			after = c.Seq
		}
		if err != nil {
			return err
		}
	}
	return l.going(ctx)
}

// going tells whether a stream may go on.
func (l *Ledger) going(ctx context.Context) error {
	select {
	case <-l.done:
		return closed()
	default:
		return ctx.Err() //nolint:wrapcheck // the caller's own
	}
}

// ended makes an early end that was asked for a good one.
func ended(err error) error {
	if errors.Is(err, ledger.Stop) {
		return nil
	}
	return err
}

// piece reads at least one of the commits after a number, which must be there, and no more than a stream may hold.
// Nor more than most. What was read before an error is returned with it, and how many bytes it takes in the file.
func (l *Ledger) piece(after, upTo uint64, most int) (commits []*ledger.Commit, size int, err error) {
	err = l.view(func(tx *bbolt.Tx) error {
		cursor := tx.Bucket([]byte(logBucket)).Cursor()
		start := logKey(after+1, 0)
		key, value := cursor.Seek(start[:])
		for after < upTo && len(commits) < most && size < pieceBytes {
			after++
			c, n, err := readCommit(cursor, after, key, value)
			if err != nil {
				return err
			}
			commits = append(commits, c)
			size += n
			key, value = cursor.Next()
		}
		return nil
	})
	return commits, size, err
}

// readCommit reads the commit with a number from its head, at which the cursor stands, to its last change. It returns
// its size in the file, too.
func readCommit(cursor *bbolt.Cursor, seq uint64, key, value []byte) (*ledger.Commit, int, error) {
	if !isKey(key, seq, 0) {
		return nil, 0, damagedAt(seq, "it is missing")
	}
	c, err := decodeHead(seq, value)
	if err != nil {
		return nil, 0, err
	}
	size, count := len(value), countOf(value)
	if count > ledger.MaxChanges {
		return nil, 0, damagedAt(seq, "its head cannot be read")
	}
	if count > 0 {
		c.Changes = make([]ledger.Change, count)
	}
	for i := range count {
		key, value := cursor.Next()
		if !isKey(key, seq, i+1) {
			return nil, 0, damagedAt(seq, fmt.Sprintf("change %d of %d is missing", i+1, count))
		}
		if err := decodeChange(seq, value, &c.Changes[i]); err != nil {
			return nil, 0, err
		}
		size += len(value)
	}
	return c, size, nil
}

func isKey(key []byte, seq uint64, index uint32) bool {
	return len(key) == logKeySize && seqOf(key) == seq && indexOf(key) == index
}
