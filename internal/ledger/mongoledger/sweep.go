package mongoledger

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/ledger"
)

// orphanAge is how old a part must be before it may be swept.
const orphanAge = 24 * time.Hour

// sweepAtOnce is how many parts are looked at together.
const sweepAtOnce = 1_000

// Sweep deletes the parts of big commits that came to nothing: older than a day, and of a position that another commit
// has taken. While a position is free, a writer may still be asking again for the commit whose parts they are. It
// returns how many it deleted.
func (l *Ledger) Sweep(ctx context.Context, now time.Time) (int, error) {
	ctx, cancel := l.until(ctx)
	defer cancel()
	cursor, err := l.collection(partsName).Find(ctx, bson.D{{Key: "at", Value: bson.D{{Key: "$lt", Value: now.Add(-orphanAge)}}}},
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return 0, l.failed(ctx, "looking for orphaned parts", err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
	var (
		owner   = make(map[uint64]ledger.ID16)
		orphans []partID
		swept   int
	)
	for cursor.Next(ctx) {
		var doc struct {
			ID partID `bson:"_id"`
		}
		if err := cursor.Decode(&doc); err != nil {
			return swept, damaged("a part cannot be read", err)
		}
		orphan, err := l.orphaned(ctx, owner, doc.ID)
		if err != nil {
			return swept, err
		}
		if orphan {
			orphans = append(orphans, doc.ID)
		}
		if len(orphans) == sweepAtOnce {
			n, err := l.drop(ctx, orphans)
			if swept += n; err != nil {
				return swept, err
			}
			orphans = orphans[:0]
		}
	}
	if err := cursor.Err(); err != nil {
		return swept, l.failed(ctx, "looking for orphaned parts", err)
	}
	n, err := l.drop(ctx, orphans)
	return swept + n, err
}

// orphaned tells whether another commit has the position that a part was for. Owner remembers the tokens of the
// commits looked up so far.
func (l *Ledger) orphaned(ctx context.Context, owner map[uint64]ledger.ID16, id partID) (bool, error) {
	token, ok := owner[id.Seq]
	if !ok {
		link, err := l.link(ctx, id.Seq)
		if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
			return false, l.failed(ctx, "looking for a part's commit", err)
		}
		token = link.Token
		owner[id.Seq] = token
	}
	return token != ledger.ID16{} && token != id.Token, nil
}

func (l *Ledger) drop(ctx context.Context, parts []partID) (int, error) {
	if len(parts) == 0 {
		return 0, nil
	}
	result, err := l.collection(partsName).DeleteMany(ctx, among(parts))
	if err != nil {
		return 0, l.failed(ctx, "sweeping orphaned parts", err)
	}
	return int(result.DeletedCount), nil
}

// sweepAtOpen sweeps once, beside whatever else is going on.
func (l *Ledger) sweepAtOpen(ctx context.Context) {
	switch n, err := l.Sweep(ctx, l.opts.Now()); {
	case err != nil && ctx.Err() == nil:
		l.opts.Log.WarnContext(ctx, "orphaned parts were not swept", slog.Any("err", err))
	case n > 0:
		l.opts.Log.InfoContext(ctx, "orphaned parts were swept", slog.Int("parts", n))
	}
}
