package mongoledger

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/ledger"
)

// receiptDoc is what a receipt needs of a commit.
type receiptDoc struct {
	Seq     uint64      `bson:"_id"`
	At      time.Time   `bson:"at"`
	Request *requestDoc `bson:"request"`
}

// Receipts streams the requests of the commits not older than a time; see ledger.Ledger.
func (l *Ledger) Receipts(ctx context.Context, since time.Time, yield func(ledger.Receipt) error) error {
	ctx, cancel := l.until(ctx)
	defer cancel()
	cursor, err := l.collection(commitsName).Find(ctx,
		bson.D{{Key: "request", Value: exists}, {Key: "at", Value: bson.D{{Key: "$gte", Value: ceil(since)}}}},
		options.Find().SetProjection(bson.D{{Key: "at", Value: 1}, {Key: "request", Value: 1}}))
	if err != nil {
		return l.failed(ctx, "reading receipts", err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
	for cursor.Next(ctx) {
		var doc receiptDoc
		if err := cursor.Decode(&doc); err != nil {
			return damaged("a receipt cannot be read", err)
		}
		err := tell(ctx, yield, ledger.Receipt{Seq: doc.Seq, At: doc.At.UTC(), Request: *doc.Request.decode()})
		if errors.Is(err, ledger.Stop) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	if err := cursor.Err(); err != nil {
		return l.failed(ctx, "reading receipts", err)
	}
	return nil
}

// ceil returns the first millisecond not before a time: the store knows no finer one.
func ceil(t time.Time) time.Time {
	if cut := t.Truncate(time.Millisecond); cut.Before(t) {
		return cut.Add(time.Millisecond)
	}
	return t
}
