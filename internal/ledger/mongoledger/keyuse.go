package mongoledger

import (
	"context"
	"maps"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// keyUseDoc is the hour of a key's last use.
type keyUseDoc struct {
	ID   string    `bson:"_id"`
	Hour time.Time `bson:"hour"`
}

// NoteKeyUses keeps the hours of keys' last uses; see ledger.KeyUses.
func (l *Ledger) NoteKeyUses(ctx context.Context, hours map[string]time.Time) error {
	if len(hours) == 0 {
		return nil
	}
	var models []mongo.WriteModel
	for _, id := range slices.Sorted(maps.Keys(hours)) {
		models = append(models, mongo.NewUpdateOneModel().SetUpsert(true).
			SetFilter(bson.D{{Key: "_id", Value: id}}).
			SetUpdate(bson.D{{Key: "$max", Value: bson.D{{Key: "hour", Value: hours[id]}}}}))
	}
	_, err := l.collection(keyUsesName).BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
	if err != nil && !onlyDuplicates(err) {
		return l.failed(ctx, "noting the uses of keys", err)
	}
	return nil
}

// KeyUses returns the hours of keys' last uses; see ledger.KeyUses.
func (l *Ledger) KeyUses(ctx context.Context) (map[string]time.Time, error) {
	cursor, err := l.collection(keyUsesName).Find(ctx, bson.D{})
	if err != nil {
		return nil, l.failed(ctx, "reading the uses of keys", err)
	}
	var docs []keyUseDoc
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, l.failed(ctx, "reading the uses of keys", err)
	}
	hours := make(map[string]time.Time, len(docs))
	for _, doc := range docs {
		hours[doc.ID] = doc.Hour.UTC()
	}
	return hours, nil
}
