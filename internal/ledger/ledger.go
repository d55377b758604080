// Package ledger has one duty: to say what a ledger is. It holds the Commit and its Changes, the hash chain that ties
// them, the thin Ledger port that a store must serve, and the verification that works on any of them.
//
// A ledger only has to append after a position, or say that somebody else did; every rule of the domain stands above.
package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// The limits of one commit, the same for every store, so that a copy always fits.
const (
	MaxChanges     = 1_000_000 // changes of one commit
	InlineChanges  = 1_000     // above this many changes, or InlineBytes of JSON, a commit is big: stored in parts
	InlineBytes    = 4 << 20
	MaxReasonRunes = 500
)

var (
	// ErrMoved says that the log already holds another commit at the position: read it, and propose again.
	ErrMoved = errors.New("ledger: the log has gone on")
	// ErrUnclear says that the store gave no clear answer: the commits may be durable or not, now or later.
	// Appending the same commits at the same position again is the only way to know.
	ErrUnclear = errors.New("ledger: no clear answer from the store")
	// ErrFatal says that this process can no longer tell what its store holds and must end.
	ErrFatal = errors.New("ledger: the store failed for good")
	// ErrClosed says that the ledger was closed by this process. A store returns it within a fault of kind Unavailable.
	ErrClosed = errors.New("ledger: closed")
	// Stop ends a stream early, without an error, when a yield function returns it.
	Stop = errors.New("ledger: stop") //nolint:errname,staticcheck // a signal, like fs.SkipAll
)

// Ledger is the port: an append-only log of commits, and what is read from it.
// A function given to a stream returns Stop to end it early; any other error ends it and is returned as it is.
// What a stream yields may be kept by the receiver.
type Ledger interface {
	// Append makes the commits, already sealed, durable right after position after. It returns how many are durable
	// (a prefix; all of them when the error is nil), and ErrMoved when another commit has taken a position,
	// ErrUnclear when the store gave no clear answer. Appending commits that are already there, known by their
	// tokens, counts them as durable: it may be repeated until the answer is clear.
	// CheckAppend says what every store refuses. A position beyond the end of the log is refused as well, with ErrMoved
	// or a fault with code store_replaced. A full disk is a fault with code store_full, and nothing was written.
	Append(ctx context.Context, after Position, commits []*Commit) (int, error)
	// Commits streams, in order, the durable commits after a position up to the head at the time of the call.
	Commits(ctx context.Context, after uint64, yield func(*Commit) error) error
	// Follow streams the durable commits after a position as they come, whichever process appended them, until ctx
	// ends. A commit at after.Seq that is missing or has another hash is a fault with code store_replaced.
	// It returns the context's error when ctx ended it.
	Follow(ctx context.Context, after Position, yield func(*Commit) error) error
	// Load streams a checkpoint of the current records, archived ones included, in no particular order, and returns
	// the position from which Commits completes it. A record may be newer than that position; replay then skips
	// what is older than the record.
	Load(ctx context.Context, yield func(Record) error) (Position, error)
	// History streams the versions of one record up to a position, newest first.
	History(ctx context.Context, ref directory.Ref, upTo uint64, yield func(Revision) error) error
	// Receipts streams the idempotency receipts of the commits not older than since, in any order.
	Receipts(ctx context.Context, since time.Time, yield func(Receipt) error) error
	// Erasures streams the versions that erase commits name, whatever was written since: those of every commit up to the
	// position that a Load before it has returned, and maybe of later ones, in any order.
	Erasures(ctx context.Context, yield func(RefVersion) error) error
	// Redact drops the text of versions that an erase commit names, here and wherever this store copied it.
	// It may be repeated; a version that is not there or already blank is passed over.
	Redact(ctx context.Context, versions []RefVersion) error
	// Close ends every stream and releases the store.
	Close() error
}

// Exclusive is what a store says that no other process can append to while it is open.
type Exclusive interface{ Exclusive() bool }

// Historian is what a store may offer beside the port: all histories in one go, which is faster than one by one.
type Historian interface {
	// Histories streams every version of every record up to a position, in no particular order.
	Histories(ctx context.Context, upTo uint64, yield func(directory.Ref, Revision) error) error
}

// Headed is what a store may offer beside the port: where its log ends, without reading it.
type Headed interface {
	// Last returns the position of the last durable commit; the zero Position when there is none.
	Last(ctx context.Context) (Position, error)
}

// Dated is what a store may offer beside the port: when a commit was made, without reading what it changed.
type Dated interface {
	// At returns the time of the commit with a number. One that is not there is a fault with code store_damaged, one of a
	// newer format a NewerFormat.
	At(ctx context.Context, seq uint64) (time.Time, error)
}

// Sized is what a store may offer beside the port: how large it is, where that is one number.
type Sized interface {
	// Bytes returns the size of the store's file.
	Bytes() (int64, error)
}

// Record is a current record as a checkpoint holds it.
type Record struct {
	Ref     directory.Ref
	Seq     uint64 // position of the commit that wrote this version
	Version uint64
	Op      Op
	JSON    []byte // canonical JSON; nil when erased
}

// Revision is one version of a record, with what its commit says.
type Revision struct {
	Seq     uint64
	At      time.Time
	Author  Author
	Reason  string
	Op      Op
	Version uint64
	JSON    []byte // canonical JSON; nil when erased
}

// Receipt is a committed request that carried an idempotency key.
type Receipt struct {
	Seq     uint64
	At      time.Time
	Request Request
}

// RefVersion names one version of one record.
type RefVersion struct {
	Ref     directory.Ref
	Version uint64
}

// Genesis reads the first commit, which carries the ledger's own id. It returns nil when the ledger is empty.
func Genesis(ctx context.Context, l Ledger) (*Commit, error) {
	var first *Commit
	err := l.Commits(ctx, 0, func(c *Commit) error {
		first = c
		return Stop
	})
	return first, err
}

// Last returns the position of the last durable commit, which a store that is Headed knows, and any other is read for.
func Last(ctx context.Context, l Ledger) (Position, error) {
	if h, ok := l.(Headed); ok {
		return h.Last(ctx) //nolint:wrapcheck // the store's own words
	}
	var last Position
	err := l.Commits(ctx, 0, func(c *Commit) error {
		last = c.Position()
		return nil
	})
	return last, err
}

// At returns the time of the commit with a number, which a store that is Dated knows, and any other is read for.
func At(ctx context.Context, l Ledger, seq uint64) (time.Time, error) {
	if d, ok := l.(Dated); ok {
		return d.At(ctx, seq) //nolint:wrapcheck // the store's own words
	}
	var found *Commit
	err := l.Commits(ctx, seq-1, func(c *Commit) error {
		found = c
		return Stop
	})
	switch {
	case err != nil:
		return time.Time{}, err
	case found == nil || found.Seq != seq:
		return time.Time{}, Missing(seq)
	case found.Format > Format:
		return time.Time{}, NewerFormat(found.Seq, found.Format)
	default:
		return found.At, nil
	}
}

// Missing is the fault of a log that lacks a commit.
func Missing(seq uint64) error {
	return fault.New(fault.Unavailable, fault.CodeStoreDamaged, fault.Args{"what": fmt.Sprintf("commit %d is missing", seq)})
}
