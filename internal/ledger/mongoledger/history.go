package mongoledger

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// History streams the versions of a record, newest first; see ledger.Ledger. Those that are not projected yet come from
// the commits.
func (l *Ledger) History(ctx context.Context, ref directory.Ref, upTo uint64, yield func(ledger.Revision) error) error {
	ctx, cancel := l.until(ctx)
	defer cancel()
	err := l.history(ctx, ref, upTo, yield)
	if errors.Is(err, ledger.Stop) {
		return nil
	}
	return err
}

func (l *Ledger) history(ctx context.Context, ref directory.Ref, upTo uint64, yield func(ledger.Revision) error) error {
	recent, err := l.unprojected(ctx, ref, upTo)
	if err != nil {
		return err
	}
	before := ^uint64(0) // the version told last
	for _, r := range slices.Backward(recent) {
		if err := tell(ctx, yield, r); err != nil {
			return err
		}
		before = r.Version
	}
	cursor, err := l.collection(revisionsName).Find(ctx, revisionsOf(ref), options.Find().SetSort(newestFirst))
	if err != nil {
		return l.failed(ctx, "reading the history", err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
	for cursor.Next(ctx) {
		if uint64(numberAt(cursor.Current, "seq")) > upTo { //nolint:gosec // never below zero
			continue // left to us rather than to the index, which has only kind, id and version
		}
		_, r, err := l.revision(ctx, cursor.Current)
		if err != nil {
			return err
		}
		if r.Version >= before {
			continue // projected meanwhile
		}
		if err := tell(ctx, yield, r); err != nil {
			return err
		}
	}
	if err := cursor.Err(); err != nil {
		return l.failed(ctx, "reading the history", err)
	}
	return nil
}

// unprojected returns the versions of a record, oldest first, in the commits up to a position that are not known to be
// projected. That number only rises, so the one last seen will do where it is high enough.
func (l *Ledger) unprojected(ctx context.Context, ref directory.Ref, upTo uint64) ([]ledger.Revision, error) {
	if l.known.Load() >= upTo {
		return nil, nil
	}
	after, err := l.projected(ctx)
	if err != nil {
		return nil, err
	}
	var recent []ledger.Revision
	err = l.commits(ctx, after, func(c *ledger.Commit) error {
		if c.Seq > upTo {
			return ledger.Stop
		}
		for i := range c.Changes {
			if c.Changes[i].Ref == ref {
				recent = append(recent, revisionOf(c, &c.Changes[i]))
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, ledger.Stop) {
		return nil, err
	}
	return recent, nil
}

func revisionOf(c *ledger.Commit, ch *ledger.Change) ledger.Revision {
	return ledger.Revision{
		Seq: c.Seq, At: c.At, Author: c.Author, Reason: c.Reason, Op: ch.Op, Version: ch.Version, JSON: ch.JSON,
	}
}

// revision reads one document of revisions. Where somebody changed its text, the commit says what is right.
func (l *Ledger) revision(ctx context.Context, raw bson.Raw) (directory.Ref, ledger.Revision, error) {
	var doc revisionDoc
	if err := bson.Unmarshal(raw, &doc); err != nil {
		return directory.Ref{}, ledger.Revision{}, damaged(fmt.Sprintf("the revision %s cannot be read", raw.Lookup("_id")), err)
	}
	ref := directory.Ref{Kind: doc.Kind, ID: doc.Record}
	if sound(doc.Salt, doc.Digest, doc.JSON) {
		return ref, doc.decode(), nil
	}
	l.opts.Log.WarnContext(ctx, "a revision was changed in the database; its commit says what is right",
		slog.String("record", ref.String()), slog.Uint64("seq", doc.Seq))
	c, ch, err := l.original(ctx, ref, doc.Seq, doc.Version)
	if err != nil {
		return ref, ledger.Revision{}, err
	}
	return ref, revisionOf(c, ch), nil
}
