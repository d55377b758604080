package mongoledger

import (
	"context"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// kindsAtOnce is how many kinds are read at the same time: a server may gather all of one before it answers.
const kindsAtOnce = 2

// loadKinds tells of the records of every kind, in no particular order.
func (l *Ledger) loadKinds(ctx context.Context, tell func(ledger.Record) error) error {
	session := mongo.SessionFromContext(ctx)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	kinds := make(chan directory.Kind, len(directory.AllKinds()))
	for _, kind := range directory.AllKinds() {
		kinds <- kind
	}
	close(kinds)
	var (
		reading sync.WaitGroup
		telling sync.Mutex
	)
	inTurn := func(record ledger.Record) error {
		telling.Lock()
		defer telling.Unlock()
		if ctx.Err() != nil { // the other reader has ended it, and this one has thousands at hand
			return context.Cause(ctx)
		}
		return tell(record)
	}
	for range kindsAtOnce {
		reading.Go(func() {
			if err := l.loadSome(ctx, session, kinds, inTurn); err != nil {
				cancel(err)
			}
		})
	}
	reading.Wait()
	return context.Cause(ctx) //nolint:wrapcheck // what ended it, nil when nothing did
}

// loadSome tells of the records of kinds, until none is left. A session is for one goroutine, so it begins its own, which
// shows no less than the one given has shown.
func (l *Ledger) loadSome(
	ctx context.Context, after *mongo.Session, kinds <-chan directory.Kind, tell func(ledger.Record) error,
) error {
	ctx, end, err := l.causal(ctx)
	if err != nil {
		return err
	}
	defer end()
	session := mongo.SessionFromContext(ctx)
	for _, advance := range []func() error{
		func() error { return session.AdvanceClusterTime(after.ClusterTime()) },
		func() error { return session.AdvanceOperationTime(after.OperationTime()) },
	} {
		if err := advance(); err != nil {
			return l.failed(ctx, "starting to read", err)
		}
	}
	for kind := range kinds {
		if err := l.loadKind(ctx, kind, tell); err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) loadKind(ctx context.Context, kind directory.Kind, tell func(ledger.Record) error) error {
	cursor, err := l.collection(string(kind)).Find(ctx, bson.D{},
		options.Find().SetProjection(bson.D{{Key: "_dalil", Value: 1}}).SetBatchSize(readAtOnce))
	if err != nil {
		return l.failed(ctx, "loading "+string(kind), err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
	// For every document the driver would set a timer, though most are at hand: not where there is a deadline.
	atHand, cancel := context.WithTimeout(ctx, l.opts.Timeout)
	defer cancel()
	next := func() bool {
		if cursor.RemainingBatchLength() > 0 {
			return cursor.Next(atHand)
		}
		return cursor.Next(ctx)
	}
	for next() {
		record, ok, err := l.loadRecord(ctx, kind, cursor.Current)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err := tell(record); err != nil {
			return err
		}
	}
	if err := cursor.Err(); err != nil {
		return l.failed(ctx, "loading "+string(kind), err)
	}
	return nil
}
