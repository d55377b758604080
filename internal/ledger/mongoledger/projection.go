package mongoledger

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

const (
	writesAtOnce = 500 // documents of the projection in one message, so that no message takes long
	upsertTries  = 5   // of an upsert that finds a duplicate key
)

// A pending is the newest change of a record among the commits that are being projected.
type pending struct {
	seq    uint64
	change *ledger.Change
}

// project writes what follows from commits into the kinds and the revisions. It may be done again, by any node, in any
// order.
func (l *Ledger) project(ctx context.Context, commits []*ledger.Commit) error {
	newest := make(map[directory.Ref]pending)
	var kinds []directory.Kind
	var revisions []any
	for _, c := range commits {
		revisions = encodeRevisions(revisions, c)
		for i := range c.Changes {
			ch := &c.Changes[i]
			if !slices.Contains(kinds, ch.Ref.Kind) {
				kinds = append(kinds, ch.Ref.Kind)
			}
			if p, ok := newest[ch.Ref]; !ok || p.change.Version < ch.Version {
				newest[ch.Ref] = pending{c.Seq, ch}
			}
		}
	}
	byKind := make(map[directory.Kind][]pending, len(kinds))
	for ref, p := range newest {
		byKind[ref.Kind] = append(byKind[ref.Kind], p)
	}
	for _, of := range byKind { // a start reads them as they were written, and is quicker when neighbours come together
		slices.SortFunc(of, func(a, b pending) int { return cmp.Compare(a.change.Ref.ID, b.change.Ref.ID) })
	}
	var (
		writing sync.WaitGroup
		failed  error // of the revisions
	)
	writing.Go(func() { failed = l.insertRevisions(ctx, revisions) })
	var errs []error
	for _, kind := range kinds {
		for records := range slices.Chunk(byKind[kind], writesAtOnce) {
			errs = append(errs, l.writeRecords(ctx, kind, records))
		}
	}
	writing.Wait()
	return errors.Join(append(errs, failed)...)
}

// insertRevisions writes revisions; one that is there is right, and may be blank by now.
func (l *Ledger) insertRevisions(ctx context.Context, docs []any) error {
	for some := range slices.Chunk(docs, writesAtOnce) {
		_, err := l.collection(revisionsName).InsertMany(ctx, some, options.InsertMany().SetOrdered(false))
		if err != nil && !onlyDuplicates(err) {
			return l.failed(ctx, "writing revisions", err)
		}
	}
	return nil
}

// writeRecords writes the documents of records of one kind, each unless a newer one is there. First versions are
// inserted, which is cheaper; what is there already, and all others, are upserted.
func (l *Ledger) writeRecords(ctx context.Context, kind directory.Kind, records []pending) error {
	var first, later []pending
	for _, p := range records {
		if p.change.Version == 1 {
			first = append(first, p)
		} else {
			later = append(later, p)
		}
	}
	documents := l.collection(string(kind))
	if len(first) > 0 {
		docs := make([]any, len(first))
		for i, p := range first {
			docs[i] = encodeRecord(p.seq, p.change)
		}
		_, err := documents.InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
		there, err := duplicates(first, err)
		if err != nil {
			return l.failed(ctx, "writing "+string(kind), err)
		}
		later = append(later, there...)
	}
	for try := 1; len(later) > 0; try++ {
		_, err := documents.BulkWrite(ctx, upserts(later), options.BulkWrite().SetOrdered(false))
		there, failed := duplicates(later, err)
		if failed != nil || try == upsertTries && len(there) > 0 {
			return l.failed(ctx, "writing "+string(kind), err)
		}
		later = there // made by two nodes at once; it is there now
	}
	return nil
}

// upserts returns the writes that put each document where there is none, or an older one. The condition stands in the
// update, not in the filter: found by _id alone, a document is found by every server's index, and a duplicate key never
// has to be guessed the meaning of.
func upserts(records []pending) []mongo.WriteModel {
	models := make([]mongo.WriteModel, len(records))
	for i, p := range records {
		older := bson.D{{Key: "$lt", Value: bson.A{"$_dalil.seq", p.seq}}} // a member that is not there is less than any
		models[i] = mongo.NewUpdateOneModel().SetUpsert(true).
			SetFilter(bson.D{{Key: "_id", Value: p.change.Ref.ID}}).
			SetUpdate(replaceIf(older, encodeRecord(p.seq, p.change)))
	}
	return models
}

// replaceIf returns the update that puts a document in the place of one for which a condition holds.
func replaceIf(condition bson.D, doc any) mongo.Pipeline {
	return mongo.Pipeline{{{Key: "$replaceWith", Value: bson.D{{
		Key: "$cond", Value: bson.A{condition, bson.D{{Key: "$literal", Value: doc}}, "$$ROOT"},
	}}}}}
}

// duplicates returns the records whose write found a document there; any other error is returned.
func duplicates(records []pending, err error) ([]pending, error) {
	if err == nil {
		return nil, nil
	}
	if !onlyDuplicates(err) {
		return nil, err
	}
	var there []pending
	bulk, _ := errors.AsType[mongo.BulkWriteException](err)
	for _, e := range bulk.WriteErrors {
		there = append(there, records[e.Index])
	}
	return there, nil
}

// progress is the document of meta that says how far the projection has come.
type progress struct {
	Projected uint64 `bson:"projected"`
}

// noProgress is what the document holds at first.
func noProgress() bson.D { return bson.D{{Key: "projected", Value: int64(0)}} }

// projected returns the number up to which every commit is wholly projected.
func (l *Ledger) projected(ctx context.Context) (uint64, error) {
	var p progress
	err := l.collection(metaName).FindOne(ctx, bson.D{{Key: "_id", Value: projectionID}}).Decode(&p)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return 0, l.failed(ctx, "reading how far the projection is", err)
	}
	l.know(p.Projected)
	return p.Projected, nil
}

// raise says that the commits from one number to another are projected. It is heard only if all before them are, and
// tells whether it was.
func (l *Ledger) raise(ctx context.Context, s span) (bool, error) {
	result, err := l.collection(metaName).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: projectionID}, {Key: "projected", Value: bson.D{{Key: "$gte", Value: s.from - 1}}}},
		bson.D{{Key: "$max", Value: bson.D{{Key: "projected", Value: s.to}}}})
	if err != nil {
		return false, l.failed(ctx, "telling how far the projection is", err)
	}
	if result.MatchedCount == 0 {
		return false, nil
	}
	l.know(s.to)
	return true, nil
}

// know keeps the greatest number that meta was seen to hold.
func (l *Ledger) know(projected uint64) {
	for {
		known := l.known.Load()
		if known >= projected || l.known.CompareAndSwap(known, projected) {
			return
		}
	}
}

// Complete projects every commit that is there and not projected yet, whichever node appended it.
func (l *Ledger) Complete(ctx context.Context) error {
	ctx, cancel := l.until(ctx)
	defer cancel()
	if err := l.projector.flush(ctx); err != nil {
		return err
	}
	return l.complete(ctx)
}

// complete projects from the commits, some at a time, until none is left.
func (l *Ledger) complete(ctx context.Context) error {
	for {
		after, err := l.projected(ctx)
		if err != nil {
			return err
		}
		var (
			some []*ledger.Commit
			size int
		)
		err = l.commits(ctx, after, func(c *ledger.Commit) error {
			some = append(some, c)
			if size += len(c.Changes); size >= writesAtOnce {
				return ledger.Stop
			}
			return nil
		})
		if err != nil && !errors.Is(err, ledger.Stop) {
			return err
		}
		if len(some) == 0 {
			return nil
		}
		if err := l.project(ctx, some); err != nil {
			return err
		}
		heard, err := l.raise(ctx, span{after + 1, some[len(some)-1].Seq})
		if err != nil {
			return err
		}
		if !heard { // the number never falls, so its document is gone: begin anew
			if err := l.firstMeta(ctx, projectionID, noProgress()); err != nil {
				return err
			}
		}
	}
}
