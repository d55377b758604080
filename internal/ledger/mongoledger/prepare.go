package mongoledger

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// layoutDoc is the document of meta that makes a database ours.
type layoutDoc struct {
	Version int `bson:"version"`
}

// prepare makes sure that the server answers, that the database is ours or empty, and that it has what it needs.
func (l *Ledger) prepare(ctx context.Context) error {
	if err := l.ping(ctx); err != nil {
		return err
	}
	names, err := l.db.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return l.failed(ctx, "listing collections", err)
	}
	if err := l.checkOurs(ctx, names); err != nil {
		return err
	}
	for _, c := range collections() {
		if !slices.Contains(names, c.name) {
			if err := l.create(ctx, c); err != nil {
				return err
			}
		}
		if err := l.index(ctx, c); err != nil {
			return err
		}
	}
	// The layout comes last: a database without it is looked at closely the next time.
	if err := l.firstMeta(ctx, projectionID, noProgress()); err != nil {
		return err
	}
	return l.firstMeta(ctx, layoutID, bson.D{{Key: "version", Value: layoutVersion}})
}

func (l *Ledger) ping(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, reachTimeout)
	defer cancel()
	if err := l.client.Ping(limited, nil); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("connecting: %w", context.Cause(ctx))
		}
		return fault.Wrap(fault.Unavailable, fault.CodeStoreUnreachable, err)
	}
	return nil
}

// checkOurs refuses a database that somebody else uses, or a later Dalil.
func (l *Ledger) checkOurs(ctx context.Context, names []string) error {
	var layout layoutDoc
	err := l.collection(metaName).FindOne(ctx, bson.D{{Key: "_id", Value: layoutID}}).Decode(&layout)
	switch {
	case err == nil && layout.Version > layoutVersion:
		return fault.Wrap(fault.Unavailable, fault.CodeNewerFormat, fmt.Errorf("the database has layout %d", layout.Version))
	case err == nil:
		return nil
	case !errors.Is(err, mongo.ErrNoDocuments):
		return l.failed(ctx, "reading the layout", err)
	}
	// New, or begun, or put together from a backup of the commits alone.
	for _, name := range names {
		mark := markOf(name)
		if mark == "" {
			continue
		}
		first, err := l.collection(name).FindOne(ctx, bson.D{}).Raw()
		if errors.Is(err, mongo.ErrNoDocuments) {
			continue
		}
		if err != nil {
			return l.failed(ctx, "looking whose database this is", err)
		}
		if first.Lookup(mark).IsZero() {
			return fault.New(fault.Invalid, fault.CodeStoreNotOurs, fault.Args{"path": l.db.Name()})
		}
	}
	return nil
}

// markOf names the member by which a document of one of our collections is known; "" for other collections.
func markOf(name string) string {
	switch {
	case name == commitsName:
		return "hash"
	case name == partsName:
		return "changes"
	case name == revisionsName:
		return "digest"
	case slices.Contains(directory.AllKinds(), directory.Kind(name)):
		return "_dalil"
	default:
		return ""
	}
}

// create makes a collection, with its schema where the server takes one.
func (l *Ledger) create(ctx context.Context, c collection) error {
	opts := options.CreateCollection()
	if c.schema != nil {
		opts.SetValidator(bson.D{{Key: "$jsonSchema", Value: c.schema}}).SetValidationAction("warn")
	}
	err := l.db.CreateCollection(ctx, c.name, opts)
	if err == nil || hasCode(err, codeNamespaceExists) {
		return nil
	}
	if _, answered := errors.AsType[mongo.CommandError](err); answered && c.schema != nil {
		l.opts.Log.InfoContext(ctx, "the server takes no schema", slog.String("collection", c.name), slog.Any("err", err))
		return l.create(ctx, collection{name: c.name})
	}
	return l.failed(ctx, "creating "+c.name, err)
}

// index makes a collection's indexes. Without one, answers are the same and slower.
func (l *Ledger) index(ctx context.Context, c collection) error {
	if len(c.indexes) == 0 {
		return nil
	}
	_, err := l.collection(c.name).Indexes().CreateMany(ctx, c.indexes)
	if _, answered := errors.AsType[mongo.CommandError](err); answered {
		l.opts.Log.WarnContext(ctx, "the server refused an index", slog.String("collection", c.name), slog.Any("err", err))
		return nil
	}
	if err != nil {
		return l.failed(ctx, "indexing "+c.name, err)
	}
	return nil
}

// firstMeta puts a document into meta unless it is there.
func (l *Ledger) firstMeta(ctx context.Context, id string, members bson.D) error {
	_, err := l.collection(metaName).UpdateOne(ctx, bson.D{{Key: "_id", Value: id}},
		bson.D{{Key: "$setOnInsert", Value: members}}, options.UpdateOne().SetUpsert(true))
	if err != nil && !mongo.IsDuplicateKeyError(err) {
		return l.failed(ctx, "writing "+id, err)
	}
	return nil
}

// barrier waits until a majority has a write made now. What was acknowledged before is in sight afterwards, and what
// was seen before is durable.
func (l *Ledger) barrier(ctx context.Context) error {
	_, err := l.collection(metaName).UpdateOne(ctx, bson.D{{Key: "_id", Value: barrierID}},
		bson.D{{Key: "$inc", Value: bson.D{{Key: "passed", Value: int64(1)}}}}, options.UpdateOne().SetUpsert(true))
	if err != nil {
		return l.failed(ctx, "waiting for a majority", err)
	}
	return nil
}
