package mongoledger

import (
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"dalil/internal/ledger"
)

// Documents are what a commit makes, for a driver that writes the same without a ledger.
type Documents struct {
	Parts     []any // of a big one
	Commit    any
	Records   []bson.Raw
	Revisions []any
}

// DocumentsOf returns what a commit makes.
func DocumentsOf(c *ledger.Commit) Documents {
	d := Documents{Commit: encodeCommit(c), Revisions: encodeRevisions(nil, c)}
	if c.Big() {
		parts := ledger.Parts(c.Changes)
		for i, id := range partIDs(c, len(parts)) {
			d.Parts = append(d.Parts, encodePart(id, c.At, parts[i]))
		}
	}
	for i := range c.Changes {
		d.Records = append(d.Records, encodeRecord(c.Seq, &c.Changes[i]))
	}
	return d
}

// CollectionOf returns a collection with the concerns that a ledger has on it.
func (l *Ledger) CollectionOf(name string) *mongo.Collection { return l.collection(name) }
