package mongoledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// partsAtOnce is how many parts go into one message: with at most 4 MB of JSON each, they stay below its limit of 48 MB.
const partsAtOnce = 4

// partID names a part. The token stands in it, so that parts of commits that came to nothing are never taken for those
// of the commit that has the position.
type partID struct {
	Seq   uint64      `bson:"seq"`
	Token ledger.ID16 `bson:"token"`
	Part  int         `bson:"part"`
}

// partDoc is a part of a big commit's changes.
type partDoc struct {
	ID      partID      `bson:"_id"`
	At      time.Time   `bson:"at"`
	Changes []changeDoc `bson:"changes"`
}

func partIDs(c *ledger.Commit, n int) []partID {
	ids := make([]partID, n)
	for i := range ids {
		ids[i] = partID{c.Seq, c.Token, i}
	}
	return ids
}

// writeParts makes the parts of the big ones among the commits durable. They are nothing until the commit that lists
// them is there, so whatever goes wrong, nothing was written.
func (l *Ledger) writeParts(ctx context.Context, commits []*ledger.Commit) error {
	for _, c := range commits {
		if !c.Big() {
			continue
		}
		parts := ledger.Parts(c.Changes)
		ids := partIDs(c, len(parts))
		for i := 0; i < len(parts); i += partsAtOnce {
			end := min(i+partsAtOnce, len(parts))
			if err := l.insertParts(ctx, c.At, ids[i:end], parts[i:end]); err != nil {
				return err
			}
		}
	}
	return nil
}

// insertParts writes parts; those of an earlier try may be there already.
func (l *Ledger) insertParts(ctx context.Context, at time.Time, ids []partID, parts [][]ledger.Change) error {
	docs := make([]any, len(parts))
	for i, part := range parts {
		docs[i] = encodePart(ids[i], at, part)
	}
	_, err := l.collection(partsName).InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	if err == nil {
		return nil
	}
	if hasCode(err, codeOutOfDiskSpace) {
		return fault.Wrap(fault.Unavailable, fault.CodeStoreFull, err)
	}
	if !onlyDuplicates(err) {
		return l.failed(ctx, "writing parts", err)
	}
	// A duplicate is there, but a majority may not have it yet: the commit must not exist before its parts.
	if err := l.barrier(ctx); err != nil {
		return err
	}
	n, err := l.collection(partsName).CountDocuments(ctx, among(ids))
	if err != nil {
		return l.failed(ctx, "counting parts", err)
	}
	if int(n) != len(ids) {
		return l.failed(ctx, "writing parts", errors.New("a majority does not hold them yet"))
	}
	return nil
}

// readParts completes a big commit with its changes.
func (l *Ledger) readParts(ctx context.Context, c *ledger.Commit, parts []partRef) error {
	total := 0
	for _, p := range parts {
		total += p.Changes
	}
	c.Changes = make([]ledger.Change, 0, min(max(total, 0), ledger.MaxChanges))
	ids := partIDs(c, len(parts))
	for i := 0; i < len(parts); i += partsAtOnce {
		end := min(i+partsAtOnce, len(parts))
		docs, err := l.findParts(ctx, ids[i:end])
		if err != nil {
			return err
		}
		for j := i; j < end; j++ {
			doc, ok := docs[j]
			if !ok {
				return damaged(fmt.Sprintf("part %d of commit %d is missing", j, c.Seq), nil)
			}
			start := len(c.Changes)
			c.Changes = decodeChanges(c.Changes, doc.Changes)
			if ledger.ChangesDigest(c.Changes[start:]) != parts[j].Digest {
				return damaged(fmt.Sprintf("part %d of commit %d differs from its digest", j, c.Seq), nil)
			}
		}
	}
	return nil
}

// findParts reads parts of one commit by their names.
func (l *Ledger) findParts(ctx context.Context, ids []partID) (map[int]*partDoc, error) {
	cursor, err := l.collection(partsName).Find(ctx, among(ids))
	if err != nil {
		return nil, l.failed(ctx, "reading parts", err)
	}
	var docs []*partDoc
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, l.failed(ctx, "reading parts", err)
	}
	byPart := make(map[int]*partDoc, len(docs))
	for _, doc := range docs {
		byPart[doc.ID.Part] = doc
	}
	return byPart, nil
}

// onlyDuplicates tells whether nothing else went wrong in an unordered write than documents that were there before.
func onlyDuplicates(err error) bool {
	bulk, ok := errors.AsType[mongo.BulkWriteException](err)
	if !ok || bulk.WriteConcernError != nil {
		return false
	}
	for _, e := range bulk.WriteErrors {
		if e.Code != codeDuplicateKey {
			return false
		}
	}
	return true
}
