package mongoledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/ledger"
)

// sighting is a position that was seen in the store, and the epoch of connections in which it was.
type sighting struct {
	ledger.Position
	epoch uint64
}

// linkDoc is what ties a commit into the chain.
type linkDoc struct {
	Seq   uint64        `bson:"_id"`
	Token ledger.ID16   `bson:"token"`
	Prev  ledger.Digest `bson:"prev"`
	Hash  ledger.Digest `bson:"hash"`
}

// linkMembers makes the server answer with linkDocs.
var linkMembers = bson.D{{Key: "token", Value: 1}, {Key: "prev", Value: 1}, {Key: "hash", Value: 1}}

// see remembers the last position that this node has appended or told.
func (l *Ledger) see(at ledger.Position) {
	for {
		seen := l.seen.Load()
		if seen != nil && seen.Seq >= at.Seq || l.seen.CompareAndSwap(seen, &at) {
			return
		}
	}
}

// checkStands makes sure that the store holds the commit at a position; where it holds another or none, it was replaced
// or restored under us.
func (l *Ledger) checkStands(ctx context.Context, at ledger.Position) error {
	if at.Seq == 0 {
		return nil
	}
	there, err := l.stands(ctx, at)
	if err != nil || there {
		return err
	}
	// A new primary may not know yet how much a majority has; after the barrier it does.
	if err := l.barrier(ctx); err != nil {
		return err
	}
	there, err = l.stands(ctx, at)
	if err != nil || there {
		return err
	}
	return replaced(fmt.Sprintf("commit %d is gone", at.Seq))
}

// stands tells whether a majority holds the commit at a position. Another one there is a fault at once: what a majority
// holds stays.
func (l *Ledger) stands(ctx context.Context, at ledger.Position) (bool, error) {
	link, err := l.link(ctx, at.Seq)
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
		return false, nil
	case err != nil:
		return false, l.failed(ctx, "reading the own head", err)
	case link.Hash != at.Hash:
		return false, replaced(fmt.Sprintf("commit %d is another", at.Seq))
	default:
		return true, nil
	}
}

func (l *Ledger) link(ctx context.Context, seq uint64) (linkDoc, error) {
	var link linkDoc
	err := l.collection(commitsName).FindOne(ctx, bson.D{{Key: "_id", Value: seq}},
		options.FindOne().SetProjection(linkMembers)).Decode(&link)
	return link, err //nolint:wrapcheck // the caller says what it was looking for
}

// Last returns the position of the last commit; see ledger.Headed.
func (l *Ledger) Last(ctx context.Context) (ledger.Position, error) {
	ctx, cancel := l.until(ctx)
	defer cancel()
	last, err := l.lastLink(ctx)
	return ledger.Position{Seq: last.Seq, Hash: last.Hash}, err
}

// lastSeq returns the number of the last commit; 0 when there is none.
func (l *Ledger) lastSeq(ctx context.Context) (uint64, error) {
	last, err := l.lastLink(ctx)
	return last.Seq, err
}

func (l *Ledger) lastLink(ctx context.Context) (linkDoc, error) {
	var last linkDoc
	err := l.collection(commitsName).FindOne(ctx, bson.D{}, options.FindOne().
		SetSort(bson.D{{Key: "_id", Value: -1}}).SetProjection(linkMembers)).Decode(&last)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return linkDoc{}, l.failed(ctx, "reading the head", err)
	}
	return last, nil
}

// At returns when a commit was made; see ledger.Dated.
func (l *Ledger) At(ctx context.Context, seq uint64) (time.Time, error) {
	ctx, cancel := l.until(ctx)
	defer cancel()
	var head struct {
		At time.Time `bson:"at"`
	}
	found := l.collection(commitsName).FindOne(ctx, bson.D{{Key: "_id", Value: seq}},
		options.FindOne().SetProjection(bson.D{{Key: "format", Value: 1}, {Key: "at", Value: 1}}))
	raw, err := found.Raw()
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
		return time.Time{}, ledger.Missing(seq)
	case err != nil:
		return time.Time{}, l.failed(ctx, "reading when a commit was made", err)
	case numberAt(raw, "format") > ledger.Format:
		return time.Time{}, ledger.NewerFormat(seq, int(numberAt(raw, "format")))
	case bson.Unmarshal(raw, &head) != nil:
		return time.Time{}, damaged(fmt.Sprintf("commit %d cannot be read", seq), nil)
	default:
		return head.At.UTC(), nil
	}
}
