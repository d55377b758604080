package mongoledger

import (
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// commitDoc is a commit in the collection commits. Its changes are here, or in parts of which the digests are here.
type commitDoc struct {
	Seq     uint64        `bson:"_id"`
	Format  int           `bson:"format"`
	At      time.Time     `bson:"at"`
	Author  authorDoc     `bson:"author"`
	Reason  reasonDoc     `bson:"reason"`
	Token   ledger.ID16   `bson:"token"`
	Ledger  *ledger.ID16  `bson:"ledger,omitempty"`
	Request *requestDoc   `bson:"request,omitempty"`
	Changes []changeDoc   `bson:"changes,omitempty"`
	Parts   []partRef     `bson:"parts,omitempty"`
	Prev    ledger.Digest `bson:"prev"`
	Hash    ledger.Digest `bson:"hash"`
}

type authorDoc struct {
	ID     string        `bson:"id"`
	Via    string        `bson:"via"`
	Salt   ledger.ID16   `bson:"salt"`
	Digest ledger.Digest `bson:"digest"`
}

type reasonDoc struct {
	Text   string        `bson:"text"`
	Salt   ledger.ID16   `bson:"salt"`
	Digest ledger.Digest `bson:"digest"`
}

type requestDoc struct {
	Digest      ledger.Digest `bson:"digest"`
	Fingerprint ledger.Digest `bson:"fingerprint"`
	Status      int           `bson:"status"`
	Results     []resultDoc   `bson:"results,omitempty"`
}

type resultDoc struct {
	Status  int            `bson:"status"`
	Kind    directory.Kind `bson:"kind"`
	ID      string         `bson:"id"`
	Version uint64         `bson:"version"`
}

// changeDoc is one change. Once erased it has neither JSON nor salt.
type changeDoc struct {
	Op      ledger.Op      `bson:"op"`
	Kind    directory.Kind `bson:"kind"`
	ID      string         `bson:"id"`
	Version uint64         `bson:"version"`
	Erased  []uint64       `bson:"erased,omitempty"`
	Digest  ledger.Digest  `bson:"digest"`
	Salt    *ledger.ID16   `bson:"salt,omitempty"`
	JSON    string         `bson:"json,omitempty"`
}

// partRef says what a part of a big commit holds.
type partRef struct {
	Changes int           `bson:"changes"`
	Digest  ledger.Digest `bson:"digest"`
}

// decodeCommit reads a document of commits; the changes of a big one are still missing, as parts says.
func decodeCommit(raw bson.Raw) (c *ledger.Commit, parts []partRef, err error) {
	seq, format := numberAt(raw, "_id"), numberAt(raw, "format")
	if format > ledger.Format {
		return nil, nil, ledger.NewerFormat(uint64(max(seq, 0)), int(format))
	}
	var doc commitDoc
	if err := bson.Unmarshal(raw, &doc); err != nil {
		return nil, nil, damaged(fmt.Sprintf("commit %d cannot be read", seq), err)
	}
	c = &ledger.Commit{
		Format: doc.Format, Seq: doc.Seq, At: doc.At.UTC(), Token: doc.Token, Request: doc.Request.decode(),
		Author: ledger.Author{ID: doc.Author.ID, Via: doc.Author.Via}, AuthorSeal: ledger.Seal{Salt: doc.Author.Salt, Digest: doc.Author.Digest},
		Reason: doc.Reason.Text, ReasonSeal: ledger.Seal{Salt: doc.Reason.Salt, Digest: doc.Reason.Digest},
		Changes: decodeChanges(nil, doc.Changes), Prev: doc.Prev, Hash: doc.Hash,
	}
	if doc.Ledger != nil {
		c.Ledger = *doc.Ledger
	}
	return c, doc.Parts, nil
}

// decodeChanges appends what the documents say.
func decodeChanges(changes []ledger.Change, docs []changeDoc) []ledger.Change {
	for i := range docs {
		d := &docs[i]
		changes = append(changes, ledger.Change{
			Op: d.Op, Ref: directory.Ref{Kind: d.Kind, ID: d.ID}, Version: d.Version, Erased: d.Erased,
			JSON: text(d.JSON), Seal: sealOf(d.Salt, d.Digest),
		})
	}
	return changes
}

func (r *requestDoc) decode() *ledger.Request {
	if r == nil {
		return nil
	}
	request := &ledger.Request{Digest: r.Digest, Fingerprint: r.Fingerprint, Status: r.Status}
	for _, res := range r.Results {
		request.Results = append(request.Results, ledger.Result{
			Status: res.Status, Ref: directory.Ref{Kind: res.Kind, ID: res.ID}, Version: res.Version,
		})
	}
	return request
}

// text returns stored JSON as the ledger holds it: nil when there is none, because it was erased.
func text(stored string) []byte {
	if stored == "" {
		return nil
	}
	return []byte(stored)
}

func sealOf(salt *ledger.ID16, digest ledger.Digest) ledger.Seal {
	if salt == nil {
		return ledger.Seal{Digest: digest}
	}
	return ledger.Seal{Salt: *salt, Digest: digest}
}

// numberAt returns an integer member of a document, whichever of BSON's number types it has; 0 when it has none.
func numberAt(raw bson.Raw, name ...string) int64 {
	n, _ := raw.Lookup(name...).AsInt64OK()
	return n
}

// checkKinds refuses commits of kinds that cannot have a collection of their own.
func checkKinds(commits []*ledger.Commit) error {
	var last directory.Kind // mostly the same again
	for _, c := range commits {
		for i := range c.Changes {
			kind := c.Changes[i].Ref.Kind
			if kind != last && !mayHold(kind) {
				return fault.Wrap(fault.Internal, fault.CodeInternal, fmt.Errorf("no collection can be named %q", kind))
			}
			last = kind
		}
	}
	return nil
}
