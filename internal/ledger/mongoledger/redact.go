package mongoledger

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/ledger"
)

// Redact drops the texts of versions from commits, parts, revisions and kinds; see ledger.Ledger. All is projected
// first: a revision tells where its commit holds the text, and once it is there no late writer can bring it back.
func (l *Ledger) Redact(ctx context.Context, versions []ledger.RefVersion) error {
	ctx, cancel := l.until(ctx)
	defer cancel()
	if len(versions) == 0 {
		return nil
	}
	defer l.own.redacted()
	if err := l.complete(ctx); err != nil {
		return err
	}
	for some := range slices.Chunk(versions, writesAtOnce) {
		if err := l.redact(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) redact(ctx context.Context, versions []ledger.RefVersion) error {
	ids := make([]string, len(versions))
	for i, v := range versions {
		ids[i] = revisionID(v.Ref, v.Version)
	}
	cursor, err := l.collection(revisionsName).Find(ctx, among(ids), options.Find().SetProjection(bson.D{{Key: "json", Value: 0}}))
	if err != nil {
		return l.failed(ctx, "looking for what is erased", err)
	}
	var found []*revisionDoc
	if err := cursor.All(ctx, &found); err != nil {
		return l.failed(ctx, "looking for what is erased", err)
	}
	if err := l.redactCommits(ctx, found); err != nil {
		return err
	}
	for _, r := range found {
		if err := l.redactRecord(ctx, r); err != nil {
			return err
		}
	}
	_, err = l.collection(revisionsName).UpdateMany(ctx, among(ids), unset("json", "salt"))
	if err != nil {
		return l.failed(ctx, "erasing revisions", err)
	}
	return nil
}

// redactCommits drops the texts where the commits or their parts hold them.
func (l *Ledger) redactCommits(ctx context.Context, found []*revisionDoc) error {
	var inCommits, inParts []mongo.WriteModel
	tokens := make(map[uint64]ledger.ID16)
	for _, r := range found {
		change := fmt.Sprintf("changes.%d.", r.Change)
		model := mongo.NewUpdateOneModel().SetUpdate(unset(change+"json", change+"salt"))
		is := bson.D{
			{Key: change + "kind", Value: r.Kind}, {Key: change + "id", Value: r.Record}, {Key: change + "version", Value: r.Version},
		}
		if r.Part == nil {
			inCommits = append(inCommits, model.SetFilter(append(is, bson.E{Key: "_id", Value: r.Seq})))
			continue
		}
		if _, ok := tokens[r.Seq]; !ok {
			link, err := l.link(ctx, r.Seq)
			if err != nil {
				return l.failed(ctx, "looking for a commit's parts", err)
			}
			tokens[r.Seq] = link.Token
		}
		id := partID{r.Seq, tokens[r.Seq], *r.Part}
		inParts = append(inParts, model.SetFilter(append(is, bson.E{Key: "_id", Value: id})))
	}
	return errors.Join(l.update(ctx, commitsName, inCommits), l.update(ctx, partsName, inParts))
}

func (l *Ledger) update(ctx context.Context, name string, models []mongo.WriteModel) error {
	if len(models) == 0 {
		return nil
	}
	if _, err := l.collection(name).BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false)); err != nil {
		return l.failed(ctx, "erasing in "+name, err)
	}
	return nil
}

// redactRecord leaves of a record's document only what Dalil must know, if it still shows the erased version.
func (l *Ledger) redactRecord(ctx context.Context, r *revisionDoc) error {
	bare := bson.D{
		{Key: "_id", Value: r.Record},
		{Key: "_dalil", Value: dalilDoc{Seq: r.Seq, Version: r.Version, Op: r.Op, Digest: r.Digest}},
	}
	shown := bson.D{{Key: "$eq", Value: bson.A{"$_dalil.version", r.Version}}}
	_, err := l.collection(string(r.Kind)).UpdateOne(ctx, bson.D{{Key: "_id", Value: r.Record}}, replaceIf(shown, bare))
	if err != nil {
		return l.failed(ctx, "erasing in "+string(r.Kind), err)
	}
	return nil
}

// unset is the update that drops members.
func unset(names ...string) bson.D {
	var members bson.D
	for _, name := range names {
		members = append(members, bson.E{Key: name, Value: ""})
	}
	return bson.D{{Key: "$unset", Value: members}}
}
