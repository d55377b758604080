package mongoledger

import (
	"context"
	"errors"
	"log/slog"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// What the store offers beside the port, and what the contract suite asks only of stores that offer it.
var (
	_ ledger.Dated     = (*Ledger)(nil)
	_ ledger.Historian = (*Ledger)(nil)
)

// readAtOnce is how many documents a message brings of a collection that is read as a whole.
const readAtOnce = 5_000

// A version is one version of a record, with what its commit says.
type version struct {
	ref      directory.Ref
	revision ledger.Revision
}

// Histories streams every version of every record up to a position; see ledger.Historian. How far the projection has
// come is read first: up to there the revisions are complete, and from there on the commits tell.
func (l *Ledger) Histories(ctx context.Context, upTo uint64, yield func(directory.Ref, ledger.Revision) error) error {
	ctx, cancel := l.until(ctx)
	defer cancel()
	ctx, end, err := l.causal(ctx)
	if err != nil {
		return err
	}
	defer end()
	projected, err := l.projected(ctx)
	if err != nil {
		return err
	}
	told := func(v version) error { return yield(v.ref, v.revision) }
	err = l.projectedVersions(ctx, min(projected, upTo), told)
	if err == nil && projected < upTo {
		err = l.committedVersions(ctx, projected, upTo, told)
	}
	if errors.Is(err, ledger.Stop) {
		return nil
	}
	return err
}

// projectedVersions streams the revisions of the commits up to a number.
func (l *Ledger) projectedVersions(ctx context.Context, upTo uint64, yield func(version) error) error {
	if upTo == 0 {
		return nil
	}
	cursor, err := l.collection(revisionsName).Find(ctx, bson.D{}, options.Find().SetBatchSize(readAtOnce))
	if err != nil {
		return l.failed(ctx, "reading the histories", err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
	for cursor.Next(ctx) {
		if uint64(numberAt(cursor.Current, "seq")) > upTo { //nolint:gosec // never below zero
			continue
		}
		if _, ok := cursor.Current.Lookup("kind").StringValueOK(); !ok {
			l.opts.Log.WarnContext(ctx, "a document is no revision of ours", slog.String("id", cursor.Current.Lookup("_id").String()))
			continue
		}
		ref, r, err := l.revision(ctx, cursor.Current)
		if err != nil {
			return err
		}
		if err := tell(ctx, yield, version{ref, r}); err != nil {
			return err
		}
	}
	if err := cursor.Err(); err != nil {
		return l.failed(ctx, "reading the histories", err)
	}
	return nil
}

// committedVersions streams what the commits after a number write, up to another.
func (l *Ledger) committedVersions(ctx context.Context, after, upTo uint64, yield func(version) error) error {
	return l.commits(ctx, after, func(c *ledger.Commit) error {
		if c.Seq > upTo {
			return ledger.Stop
		}
		for i := range c.Changes {
			ch := &c.Changes[i]
			if err := tell(ctx, yield, version{ch.Ref, revisionOf(c, ch)}); err != nil {
				return err
			}
		}
		return nil
	})
}
