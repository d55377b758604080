package boltledger

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"go.etcd.io/bbolt"
)

// compactBytes is about how much a compaction writes in one transaction.
const compactBytes = 32 << 20

// Compact writes the file anew without free pages: it becomes as small as can be, and nothing that was dropped stands
// in it any more. Reading goes on meanwhile, writing waits. The new file takes the old one's place in one step.
func (l *Ledger) Compact(ctx context.Context) error {
	if err := l.enter(ctx); err != nil {
		return err
	}
	defer l.leave()
	return l.compact(ctx)
}

func (l *Ledger) compact(ctx context.Context) error {
	name := l.path + leftover
	if err := os.RemoveAll(name); err != nil {
		return fmt.Errorf("compacting: %w", err)
	}
	db, file, err := openFile(name, l.opts)
	if err != nil {
		return fmt.Errorf("compacting: %w", err)
	}
	if err := l.rewrite(ctx, db); err != nil {
		_ = guarded(db.Close) // the error at hand says more
		_ = os.Remove(name)   // as above
		if isFull(err) {
			return full(err)
		}
		return fmt.Errorf("compacting: %w", err)
	}
	return l.exchange(name, db, file)
}

// rewrite copies everything into a new file and makes it durable.
func (l *Ledger) rewrite(ctx context.Context, db *bbolt.DB) error {
	return guarded(func() error {
		if err := bbolt.Compact(db, l.db, compactBytes); err != nil {
			return err //nolint:wrapcheck // the caller says what it was doing
		}
		if err := ctx.Err(); err != nil {
			return err //nolint:wrapcheck // as above
		}
		err := db.Update(func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte(metaBucket)).Delete([]byte(erasedKey))
		})
		if err != nil {
			return err //nolint:wrapcheck // as above
		}
		return db.Sync() //nolint:wrapcheck // as above
	})
}

// exchange puts the new file, which this process has open and locked, in the place of the old one.
func (l *Ledger) exchange(name string, db *bbolt.DB, file os.FileInfo) error {
	l.swap.Lock()
	defer l.swap.Unlock()
	if err := os.Rename(name, l.path); err != nil {
		_ = guarded(db.Close) // the error at hand says more
		return fmt.Errorf("compacting: %w", err)
	}
	old := l.db
	l.db, l.file = db, file
	if err := guarded(old.Close); err != nil {
		l.log.Warn("the old file cannot be closed", slog.Any("error", err))
	}
	if err := syncFolder(l.path); err != nil {
		return fmt.Errorf("compacting: %w", err)
	}
	return nil
}
