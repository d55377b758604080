package mongoledger

import (
	"context"
	"errors"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// revisionDoc is one version of one record, with what its commit says and where the commit holds it.
type revisionDoc struct {
	ID      string         `bson:"_id"`
	Kind    directory.Kind `bson:"kind"`
	Record  string         `bson:"id"`
	Version uint64         `bson:"version"`
	Seq     uint64         `bson:"seq"`
	Part    *int           `bson:"part,omitempty"` // of a big commit
	Change  int            `bson:"change"`         // its index in the commit or the part
	At      time.Time      `bson:"at"`
	Author  writerDoc      `bson:"author"`
	Reason  string         `bson:"reason"`
	Op      ledger.Op      `bson:"op"`
	Erased  []uint64       `bson:"erased,omitempty"` // of an erasure: the versions that it names
	Digest  ledger.Digest  `bson:"digest"`
	Salt    *ledger.ID16   `bson:"salt,omitempty"`
	JSON    string         `bson:"json,omitempty"`
}

type writerDoc struct {
	ID  string `bson:"id"`
	Via string `bson:"via"`
}

// revisionID names a version. Neither a kind nor an id has a slash.
func revisionID(ref directory.Ref, version uint64) string {
	return ref.String() + "/" + strconv.FormatUint(version, 10)
}

// encodeRevisions appends the revisions that a commit makes.
func encodeRevisions(docs []any, c *ledger.Commit) []any {
	runs := [][]ledger.Change{c.Changes}
	big := c.Big()
	if big {
		runs = ledger.Parts(c.Changes)
	}
	for part, run := range runs {
		for i := range run {
			ch := &run[i]
			doc := revisionDoc{
				ID: revisionID(ch.Ref, ch.Version), Kind: ch.Ref.Kind, Record: ch.Ref.ID, Version: ch.Version,
				Seq: c.Seq, Change: i, At: c.At, Author: writerDoc{c.Author.ID, c.Author.Via}, Reason: c.Reason,
				Op: ch.Op, Erased: ch.Erased, Digest: ch.Seal.Digest, JSON: string(ch.JSON),
			}
			if big {
				doc.Part = &part
			}
			if ch.JSON != nil {
				doc.Salt = &ch.Seal.Salt
			}
			docs = append(docs, doc)
		}
	}
	return docs
}

func (d *revisionDoc) decode() ledger.Revision {
	return ledger.Revision{
		Seq: d.Seq, At: d.At.UTC(), Author: ledger.Author{ID: d.Author.ID, Via: d.Author.Via}, Reason: d.Reason,
		Op: d.Op, Version: d.Version, JSON: text(d.JSON),
	}
}

// sound tells whether a projected text fits its digest.
func sound(salt *ledger.ID16, digest ledger.Digest, json string) bool {
	return json == "" || sealOf(salt, digest).Fits([]byte(json))
}

// lastRevision returns the last version of a record that was projected; nil when there is none.
func (l *Ledger) lastRevision(ctx context.Context, ref directory.Ref) (*revisionDoc, error) {
	var doc revisionDoc
	err := l.collection(revisionsName).FindOne(ctx, revisionsOf(ref), options.FindOne().SetSort(newestFirst)).Decode(&doc)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, nil //nolint:nilnil // none is an answer
	}
	if err != nil {
		return nil, l.failed(ctx, "reading the last revision", err)
	}
	return &doc, nil
}

var newestFirst = bson.D{{Key: "version", Value: -1}}

func revisionsOf(ref directory.Ref) bson.D {
	return bson.D{{Key: "kind", Value: ref.Kind}, {Key: "id", Value: ref.ID}}
}
