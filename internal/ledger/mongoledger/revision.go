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
			if !big {
				part = inCommit
			}
			docs = append(docs, encodeRevision(c, &run[i], part, i))
		}
	}
	return docs
}

// inCommit stands for the part of a change that is in its commit.
const inCommit = -1

// encodeRevision returns the revision that one change makes; see revisionDoc.
func encodeRevision(c *ledger.Commit, ch *ledger.Change, part, change int) bson.Raw {
	d := newDocument(320 + 2*len(ch.Ref.ID) + len(c.Reason) + len(ch.JSON))
	d.text("_id", revisionID(ch.Ref, ch.Version))
	d.text("kind", string(ch.Ref.Kind))
	d.text("id", ch.Ref.ID)
	d.number("version", ch.Version)
	d.number("seq", c.Seq)
	if part != inCommit {
		d.small("part", part)
	}
	d.small("change", change)
	d.time("at", c.At)
	d.object("author")
	d.text("id", c.Author.ID)
	d.text("via", c.Author.Via)
	d.end()
	d.text("reason", c.Reason)
	d.text("op", string(ch.Op))
	d.erased(ch.Erased)
	d.digest(ch)
	return d.done()
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
