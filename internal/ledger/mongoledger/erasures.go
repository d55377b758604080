package mongoledger

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// erasing is the condition that a revision is an erasure.
func erasing() bson.D { return bson.D{{Key: "op", Value: ledger.Erase}} }

// Erasures streams the versions that erase commits name; see ledger.Ledger. What Load tells of is projected, so the
// revisions know the erasures up to there.
func (l *Ledger) Erasures(ctx context.Context, yield func(ledger.RefVersion) error) error {
	ctx, cancel := l.until(ctx)
	defer cancel()
	cursor, err := l.collection(revisionsName).Find(ctx, erasing(),
		options.Find().SetProjection(bson.D{{Key: "kind", Value: 1}, {Key: "id", Value: 1}, {Key: "erased", Value: 1}}))
	if err != nil {
		return l.failed(ctx, "reading erasures", err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
	for cursor.Next(ctx) {
		var doc revisionDoc
		if err := cursor.Decode(&doc); err != nil {
			return damaged("an erasure cannot be read", err)
		}
		for _, v := range doc.Erased {
			err := tell(ctx, yield, ledger.RefVersion{Ref: directory.Ref{Kind: doc.Kind, ID: doc.Record}, Version: v})
			if errors.Is(err, ledger.Stop) {
				return nil
			}
			if err != nil {
				return err
			}
		}
	}
	if err := cursor.Err(); err != nil {
		return l.failed(ctx, "reading erasures", err)
	}
	return nil
}
