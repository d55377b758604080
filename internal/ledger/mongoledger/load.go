package mongoledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// Load streams the current records from the projection; see ledger.Ledger. How far the projection has come is read
// first and is the position that it returns: what was written since may be in the stream or not.
func (l *Ledger) Load(ctx context.Context, yield func(ledger.Record) error) (ledger.Position, error) {
	ctx, cancel := l.until(ctx)
	defer cancel()
	ctx, end, err := l.causal(ctx)
	if err != nil {
		return ledger.Position{}, err
	}
	defer end()
	at, err := l.checkpoint(ctx)
	if err != nil {
		return ledger.Position{}, err
	}
	l.see(at)
	err = ahead(ctx, l.loadKinds, func(record ledger.Record) error { return tell(ctx, yield, record) })
	if err != nil && !errors.Is(err, ledger.Stop) {
		return ledger.Position{}, err
	}
	return at, nil
}

// causal begins a session, so that even after an election no read shows less than the one before.
func (l *Ledger) causal(ctx context.Context) (context.Context, func(), error) {
	session, err := l.client.StartSession(options.Session().SetCausalConsistency(true))
	if err != nil {
		return nil, nil, l.failed(ctx, "starting to read", err)
	}
	return mongo.NewSessionContext(ctx, session), func() { session.EndSession(context.WithoutCancel(ctx)) }, nil
}

// checkpoint returns the position up to which every commit is projected.
func (l *Ledger) checkpoint(ctx context.Context) (ledger.Position, error) {
	seq, err := l.projected(ctx)
	if err != nil || seq == 0 {
		return ledger.Position{}, err
	}
	link, err := l.link(ctx, seq)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return ledger.Position{}, damaged(fmt.Sprintf("commit %d is projected, but missing", seq), nil)
	}
	if err != nil {
		return ledger.Position{}, l.failed(ctx, "reading the checkpoint", err)
	}
	return ledger.Position{Seq: seq, Hash: link.Hash}, nil
}

// loadRecord reads one document of a kind. Where somebody changed it, the commit says what is right.
func (l *Ledger) loadRecord(ctx context.Context, kind directory.Kind, raw bson.Raw) (ledger.Record, bool, error) {
	if record, ok := readRecord(kind, raw); ok {
		return record, true, nil
	}
	id, _ := raw.Lookup("_id").StringValueOK()
	ref := directory.Ref{Kind: kind, ID: id}
	last, err := l.lastRevision(ctx, ref)
	if err != nil {
		return ledger.Record{}, false, err
	}
	if last == nil {
		l.opts.Log.WarnContext(ctx, "a document is no record of ours", slog.String("record", ref.String()))
		return ledger.Record{}, false, nil
	}
	l.opts.Log.WarnContext(ctx, "a record was changed in the database; its commit says what is right",
		slog.String("record", ref.String()), slog.Uint64("seq", last.Seq))
	_, ch, err := l.original(ctx, ref, last.Seq, last.Version)
	if err != nil {
		return ledger.Record{}, false, err
	}
	return ledger.Record{Ref: ref, Seq: last.Seq, Version: ch.Version, Op: ch.Op, JSON: ch.JSON}, true, nil
}

// readRecord reads what Dalil itself has written into a document of a kind. It tells whether that is whole and as it was
// committed. The members are looked up one by one: a start reads all documents, and decoding them into a struct takes
// several times as long.
func readRecord(kind directory.Kind, raw bson.Raw) (ledger.Record, bool) {
	id, named := raw.Lookup("_id").StringValueOK()
	dalil, ok := raw.Lookup("_dalil").DocumentOK()
	if !named || !ok {
		return ledger.Record{}, false
	}
	seq, version := numberAt(dalil, "seq"), numberAt(dalil, "version")
	op, _ := dalil.Lookup("op").StringValueOK()
	json := bytesAt(dalil, "json")
	_, digest, _ := dalil.Lookup("digest").BinaryOK()
	_, salt, _ := dalil.Lookup("salt").BinaryOK()
	var seal ledger.Seal
	copy(seal.Digest[:], digest)
	copy(seal.Salt[:], salt)
	if seq <= 0 || version <= 0 || len(digest) != len(seal.Digest) || json != nil && !seal.Fits(json) {
		return ledger.Record{}, false
	}
	return ledger.Record{
		Ref: directory.Ref{Kind: kind, ID: id}, Seq: uint64(seq), Version: uint64(version), Op: ledger.Op(op), JSON: bytes.Clone(json),
	}, true
}

// bytesAt returns the bytes of a string in a document, in place; nil where it is none, or empty.
func bytesAt(doc bson.Raw, name string) []byte {
	value := doc.Lookup(name)
	const around = 5 // its length before it, a zero behind
	if value.Type != bson.TypeString || len(value.Value) <= around {
		return nil
	}
	return value.Value[around-1 : len(value.Value)-1]
}

// original returns a version of a record as its commit holds it, and the commit.
func (l *Ledger) original(ctx context.Context, ref directory.Ref, seq, version uint64) (*ledger.Commit, *ledger.Change, error) {
	var commit *ledger.Commit
	_, _, err := l.window(ctx, seq-1, 1, func(c *ledger.Commit) error {
		commit = c
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	if commit != nil {
		for i := range commit.Changes {
			if ch := &commit.Changes[i]; ch.Ref == ref && ch.Version == version {
				return commit, ch, nil
			}
		}
	}
	return nil, nil, damaged(fmt.Sprintf("commit %d lacks %s version %d", seq, ref, version), nil)
}
