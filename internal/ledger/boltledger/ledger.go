package boltledger

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// Options are what Open needs beside the path. The zero Options are right for a server, but for its log.
type Options struct {
	Log      *slog.Logger  // nil logs nothing
	Existing bool          // refuse to make a new store where there is none
	MaxBytes int64         // the file may not grow beyond this many bytes; 0 is no limit but the disk's
	Watch    time.Duration // how often Follow looks whether the file was replaced; 0 is every second

	tailLimit int // for tests; 0 is tailLimit
}

// Ledger is a ledger in one file. It serves the port ledger.Ledger.
type Ledger struct {
	path  string
	log   *slog.Logger
	opts  Options
	done  chan struct{} // closed by Close
	close sync.Once

	writing chan struct{} // held by who writes: Append, Redact, Compact, one at a time
	failed  error         // set once the file's state is no longer known; guarded by writing
	newer   error         // set when the log ends in a commit of a newer format

	swap sync.RWMutex // held for writing while the file is exchanged or closed
	db   *bbolt.DB    // nil once closed
	file os.FileInfo  // of the open file

	mu       sync.Mutex
	head     ledger.Position  // of the last durable commit
	readable ledger.Position  // before the first commit of a newer format; most of the time the head
	tail     *tail            // set and added to by who holds writing
	moved    chan struct{}    // closed and made anew when head rises
	newest   []*ledger.Commit // the group appended last, unless it is long: who follows need not read it
}

var (
	_ ledger.Ledger    = (*Ledger)(nil)
	_ ledger.Dated     = (*Ledger)(nil)
	_ ledger.Headed    = (*Ledger)(nil)
	_ ledger.Historian = (*Ledger)(nil)
	_ ledger.KeyUses   = (*Ledger)(nil)
	_ ledger.Sized     = (*Ledger)(nil)
)

// Head returns the position of the last durable commit.
func (l *Ledger) Head() ledger.Position {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.head
}

// Bytes returns the size of the file; see ledger.Sized.
func (l *Ledger) Bytes() (int64, error) {
	info, err := os.Stat(l.path)
	if err != nil {
		return 0, fmt.Errorf("looking at %s: %w", l.path, err)
	}
	return info.Size(), nil
}

// Last returns the same as Head; see ledger.Headed.
func (l *Ledger) Last(context.Context) (ledger.Position, error) { return l.Head(), nil }

// now returns the head, the commits that made it so as far as they are at hand, and a channel that is closed when it
// rises.
func (l *Ledger) now() (head ledger.Position, newest []*ledger.Commit, moved <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.head, l.newest, l.moved
}

// Exclusive is true: the file is locked, so that nobody else appends to it.
func (*Ledger) Exclusive() bool { return true }

// rise takes in commits that have become durable and wakes who follows. The revisions may tell of all of them now.
func (l *Ledger) rise(added []*ledger.Commit, told bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if told {
		l.tail.reset()
	} else {
		l.tail.learn(added)
	}
	l.head = added[len(added)-1].Position()
	l.readable = l.head
	if l.newest = added; changesIn(added) > pieceCount {
		l.newest = nil
	}
	close(l.moved)
	l.moved = make(chan struct{})
}

// forget makes who follows read from the file, where texts may be blank by now.
func (l *Ledger) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.newest = nil
}

func changesIn(commits []*ledger.Commit) (n int) {
	for _, c := range commits {
		n += len(c.Changes)
	}
	return n
}

// view runs fn in a read transaction. What fn takes out of it must be copied.
func (l *Ledger) view(fn func(*bbolt.Tx) error) error {
	l.swap.RLock()
	defer l.swap.RUnlock()
	if l.db == nil {
		return closed()
	}
	return guarded(func() error { return l.db.View(fn) })
}

// enter waits until nobody else writes. An error says that nothing was written.
func (l *Ledger) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fault.Wrap(fault.Timeout, fault.CodeTimeout, err)
	}
	select {
	case l.writing <- struct{}{}:
	case <-l.done:
		return closed()
	case <-ctx.Done():
		return fault.Wrap(fault.Timeout, fault.CodeTimeout, ctx.Err())
	}
	err := l.mayWrite()
	if err != nil {
		l.leave()
	}
	return err
}

// mayWrite tells what stands against writing. The caller holds writing.
func (l *Ledger) mayWrite() error {
	switch {
	case l.db == nil: // closed while we waited
		return closed()
	case l.failed != nil:
		return l.failed
	case l.newer != nil:
		return l.newer
	default:
		return l.checkPlace()
	}
}

func (l *Ledger) leave() { <-l.writing }

// checkPlace sees that the file which this process has open is still the one at the path: what is written to a file
// that was replaced or removed would be lost.
func (l *Ledger) checkPlace() error {
	l.swap.RLock()
	defer l.swap.RUnlock()
	there, err := os.Stat(l.path)
	if err == nil && os.SameFile(there, l.file) {
		return nil
	}
	if err == nil {
		err = errors.New("another file stands at the path")
	}
	return about(fault.CodeStoreReplaced, l.path, err)
}

// Close ends every stream and releases the file. It waits for what is being written.
func (l *Ledger) Close() error {
	var err error
	l.close.Do(func() {
		close(l.done)
		l.writing <- struct{}{}
		defer l.leave()
		l.swap.Lock()
		defer l.swap.Unlock()
		db := l.db
		l.db = nil
		if errors.As(l.failed, new(panicked)) {
			return // bbolt may hold its locks for ever; the end of the process releases the file
		}
		err = guarded(db.Close)
	})
	return err
}
