package mongoledger

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/ledger"
)

// Commits are numbered without gaps, so the next ones are asked for by their numbers: a first few, then more and more.
const (
	firstWindow  = 64
	widestWindow = 512
)

// Commits streams the commits after a position up to the head; see ledger.Ledger.
func (l *Ledger) Commits(ctx context.Context, after uint64, yield func(*ledger.Commit) error) error {
	ctx, cancel := l.until(ctx)
	defer cancel()
	err := l.commits(ctx, after, func(c *ledger.Commit) error {
		l.see(c.Position())
		return yield(c)
	})
	if errors.Is(err, ledger.Stop) {
		return nil
	}
	return err
}

// commits streams like Commits, and returns Stop when yield does.
func (l *Ledger) commits(ctx context.Context, after uint64, yield func(*ledger.Commit) error) (err error) {
	var head uint64 // where to end, once it is known
	if after == 0 { // who reads everything wants to hear when something is missing
		if head, err = l.lastSeq(ctx); err != nil || head == 0 {
			return err
		}
	}
	var missed uint64 // a number that was not there at first sight
	for window := uint64(firstWindow); ; window = min(2*window, widestWindow) {
		if head > 0 {
			window = min(window, head-after)
		}
		n, gap, err := l.window(ctx, after, window, yield)
		if err != nil {
			return err
		}
		after += n
		switch {
		case after == head:
			return nil
		case n == window && head == 0: // much to read: up to what is there now
			if head, err = l.lastSeq(ctx); err != nil || head <= after {
				return err
			}
		case n == window:
		case !gap && head == 0:
			return nil
		case missed == after+1:
			return damaged(fmt.Sprintf("commit %d is missing", missed), nil)
		default:
			missed = after + 1
			if err := l.barrier(ctx); err != nil {
				return err
			}
		}
	}
}

// window streams the commits with the n numbers after a position, as far as they are there without a gap. It returns
// how many it told, and whether there are others beyond a gap.
func (l *Ledger) window(ctx context.Context, after, n uint64, yield func(*ledger.Commit) error) (told uint64, gap bool, err error) {
	seqs := make([]uint64, n)
	for i := range seqs {
		seqs[i] = after + 1 + uint64(i)
	}
	cursor, err := l.collection(commitsName).Find(ctx, among(seqs), options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return 0, false, l.failed(ctx, "reading commits", err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
	for cursor.Next(ctx) {
		c, parts, err := decodeCommit(cursor.Current)
		if err != nil {
			return told, false, err
		}
		if c.Seq != seqs[told] {
			return told, true, nil
		}
		if parts != nil {
			if err := l.readParts(ctx, c, parts); err != nil {
				return told, false, err
			}
		}
		if err := tell(ctx, yield, c); err != nil {
			return told, false, err
		}
		told++
	}
	if err := cursor.Err(); err != nil {
		return told, false, l.failed(ctx, "reading commits", err)
	}
	return told, false, nil
}

// tell yields one thing, unless the stream's context has ended: what a cursor has at hand comes without asking it.
func tell[T any](ctx context.Context, yield func(T) error, what T) error {
	if ctx.Err() != nil {
		return context.Cause(ctx) //nolint:wrapcheck // the caller's own, or errClosed
	}
	return yield(what)
}
