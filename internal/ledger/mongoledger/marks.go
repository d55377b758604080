package mongoledger

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// marksName is the collection of the positions that ledger.Marks keeps; it is made when it is first written to.
const marksName = "marks"

// markDoc is a position.
type markDoc struct {
	ID  string `bson:"_id"`
	Seq int64  `bson:"seq"`
}

// Mark keeps a position; see ledger.Marks.
func (l *Ledger) Mark(ctx context.Context, name string, seq uint64) error {
	mark := func() error {
		_, err := l.collection(marksName).UpdateOne(ctx, bson.D{{Key: "_id", Value: name}},
			bson.D{{Key: "$max", Value: bson.D{{Key: "seq", Value: int64(seq)}}}}, //nolint:gosec // no log is as long
			options.UpdateOne().SetUpsert(true))
		return err //nolint:wrapcheck // said below
	}
	err := mark()
	if mongo.IsDuplicateKeyError(err) { // another has made the document at the same moment: now there is one to raise
		err = mark()
	}
	if err != nil {
		return l.failed(ctx, "marking a position", err)
	}
	return nil
}

// Marked returns the positions known; see ledger.Marks.
func (l *Ledger) Marked(ctx context.Context) (map[string]uint64, error) {
	cursor, err := l.collection(marksName).Find(ctx, bson.D{})
	if err != nil {
		return nil, l.failed(ctx, "reading the marks", err)
	}
	var docs []markDoc
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, l.failed(ctx, "reading the marks", err)
	}
	known := make(map[string]uint64, len(docs))
	for _, doc := range docs {
		known[doc.ID] = uint64(doc.Seq) //nolint:gosec // as written
	}
	return known, nil
}
