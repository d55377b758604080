package mongoledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// A position that a duplicate key calls taken is read this often before the answer is ErrUnclear, the first time at
// once, then after a pause that doubles.
const (
	takenReads = 5
	takenPause = 10 * time.Millisecond
)

// Append makes the commits durable right after a position; see ledger.Ledger. The first Append after a lost connection
// or an unclear answer looks first whether the store still holds the commit at that position.
func (l *Ledger) Append(ctx context.Context, after ledger.Position, commits []*ledger.Commit) (int, error) {
	if err := errors.Join(ledger.CheckAppend(after, commits), checkKinds(commits)); err != nil {
		return 0, err
	}
	if len(commits) == 0 {
		return 0, nil
	}
	select {
	case l.appending <- struct{}{}:
		defer func() { <-l.appending }()
	case <-ctx.Done():
		return 0, fmt.Errorf("waiting to append: %w", context.Cause(ctx))
	}
	ctx, cancel := l.until(ctx)
	defer cancel()
	epoch := l.epoch.Load()
	n, err := l.append(ctx, after, commits)
	l.own.tried(commits[:n], err != nil)
	if n > 0 {
		l.projector.add(commits[:n])
		l.see(commits[n-1].Position())
	}
	l.verified = sighting{}
	switch {
	case err == nil:
		l.doubt = false
		l.verified = sighting{commits[n-1].Position(), epoch}
	case errors.Is(err, ledger.ErrMoved):
		l.doubt = false
	case fault.Is(err, fault.CodeStoreReplaced):
		l.doubt = false
		l.projector.halt()
	case errors.Is(err, ledger.ErrUnclear):
		l.doubt = true
	case l.doubt:
		// This try wrote nothing, but one before may have, or may do so still.
		err = unclear(err)
	}
	return n, err
}

// append is one try.
func (l *Ledger) append(ctx context.Context, after ledger.Position, commits []*ledger.Commit) (int, error) {
	if after != l.verified.Position || l.epoch.Load() != l.verified.epoch {
		err := l.checkStands(ctx, after)
		if seen := l.seen.Load(); fault.Is(err, fault.CodeStoreReplaced) && (seen == nil || *seen != after) {
			return 0, ledger.ErrMoved // we have never seen that position here: it is the caller's that is not this log's
		}
		if err != nil {
			return 0, err
		}
	}
	if err := l.writeParts(ctx, commits); err != nil {
		return 0, err
	}
	docs := make([]any, len(commits))
	for i, c := range commits {
		docs[i] = encodeCommit(c)
	}
	if ctx.Err() != nil {
		return 0, fmt.Errorf("appending: %w", context.Cause(ctx)) // nothing was sent
	}
	l.own.try(after.Seq + uint64(len(commits)))
	done := 0
	for {
		_, err := l.collection(commitsName).InsertMany(ctx, docs[done:], options.InsertMany().SetOrdered(true))
		n, err := judge(len(docs)-done, err)
		done += n
		if !errors.Is(err, errTaken) {
			return done, err
		}
		n, err = l.whose(ctx, commits[done:])
		if n > 0 && l.barrier(ctx) != nil { // ours are there, but a single server may not have them in its journal yet
			return done, unclear(errTaken)
		}
		done += n
		if err != nil || done == len(commits) {
			return done, err
		}
	}
}

// whose reads what a majority holds at the positions of the commits, of which the first is taken. It returns how many
// of them are there, from the first on, and ErrMoved when another's commit stands where the next one should, ErrUnclear
// when the first position still looks empty.
func (l *Ledger) whose(ctx context.Context, commits []*ledger.Commit) (int, error) {
	pause := takenPause
	for try := 1; ; try++ {
		n, err := l.landed(ctx, commits)
		if n > 0 || err != nil {
			return n, err
		}
		if try == takenReads {
			return 0, unclear(errTaken)
		}
		select {
		case <-time.After(pause):
			pause *= 2
		case <-ctx.Done():
			return 0, unclear(context.Cause(ctx))
		}
	}
}

// landed returns how many of the commits a majority holds, and ErrMoved when the next position is another's.
func (l *Ledger) landed(ctx context.Context, commits []*ledger.Commit) (int, error) {
	seqs := make([]uint64, len(commits))
	for i, c := range commits {
		seqs[i] = c.Seq
	}
	cursor, err := l.collection(commitsName).Find(ctx, among(seqs),
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetProjection(linkMembers))
	if err != nil {
		return 0, unclear(err)
	}
	var links []linkDoc
	if err := cursor.All(ctx, &links); err != nil {
		return 0, unclear(err)
	}
	for i, link := range links {
		switch {
		case link.Seq != commits[i].Seq:
			return i, nil // a gap: what comes after it will be found taken in its turn
		case link.Token != commits[i].Token:
			return i, ledger.ErrMoved
		}
	}
	return len(links), nil
}

// among is the condition that a document's _id is one of those given.
func among[T any](ids []T) bson.D {
	return bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}
}
