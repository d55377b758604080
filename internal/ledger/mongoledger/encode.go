package mongoledger

import (
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"dalil/internal/ledger"
)

// index is the name of an array's element.
func index(i int) string { return strconv.Itoa(i) }

// encodeCommit returns the document of a commit; see commitDoc.
func encodeCommit(c *ledger.Commit) bson.Raw {
	big := c.Big()
	size := 640
	if !big {
		size += changesSize(c.Changes)
	}
	d := newDocument(size)
	d.number("_id", c.Seq)
	d.small("format", c.Format)
	d.time("at", c.At)
	d.object("author")
	d.text("id", c.Author.ID)
	d.text("via", c.Author.Via)
	d.seal(&c.AuthorSeal)
	d.end()
	d.object("reason")
	d.text("text", c.Reason)
	d.seal(&c.ReasonSeal)
	d.end()
	d.binary("token", c.Token[:])
	if c.Ledger != (ledger.ID16{}) {
		d.binary("ledger", c.Ledger[:])
	}
	d.request(c.Request)
	switch {
	case big:
		d.parts(c.Changes)
	case len(c.Changes) > 0:
		d.changes(c.Changes)
	}
	d.binary("prev", c.Prev[:])
	d.binary("hash", c.Hash[:])
	return d.done()
}

// request writes what a commit answers, if anything; see requestDoc.
func (d *document) request(r *ledger.Request) {
	if r == nil {
		return
	}
	d.object("request")
	d.binary("digest", r.Digest[:])
	d.binary("fingerprint", r.Fingerprint[:])
	d.small("status", r.Status)
	if len(r.Results) > 0 {
		d.array("results")
		for i, result := range r.Results {
			d.object(index(i))
			d.small("status", result.Status)
			d.text("kind", string(result.Ref.Kind))
			d.text("id", result.Ref.ID)
			d.number("version", result.Version)
			d.end()
		}
		d.end()
	}
	d.end()
}

// parts writes what the parts of a big commit hold; see partRef.
func (d *document) parts(changes []ledger.Change) {
	d.array("parts")
	for i, part := range ledger.Parts(changes) {
		digest := ledger.ChangesDigest(part)
		d.object(index(i))
		d.small("changes", len(part))
		d.binary("digest", digest[:])
		d.end()
	}
	d.end()
}

// changesSize is about how many bytes changes take.
func changesSize(changes []ledger.Change) int {
	size := 0
	for i := range changes {
		size += 192 + len(changes[i].JSON)
	}
	return size
}

// changes writes what a commit or a part of one does; see changeDoc.
func (d *document) changes(changes []ledger.Change) {
	d.array("changes")
	for i := range changes {
		ch := &changes[i]
		d.object(index(i))
		d.text("op", string(ch.Op))
		d.text("kind", string(ch.Ref.Kind))
		d.text("id", ch.Ref.ID)
		d.number("version", ch.Version)
		d.erased(ch.Erased)
		d.binary("digest", ch.Seal.Digest[:])
		d.binary("salt", ch.Seal.Salt[:])
		d.json(ch.JSON)
		d.end()
	}
	d.end()
}

// encodePart returns the document of a part of a big commit; see partDoc.
func encodePart(id partID, at time.Time, changes []ledger.Change) bson.Raw {
	d := newDocument(128 + changesSize(changes))
	d.object("_id")
	d.number("seq", id.Seq)
	d.binary("token", id.Token[:])
	d.small("part", id.Part)
	d.end()
	d.time("at", at)
	d.changes(changes)
	return d.done()
}

// erased writes the versions that an erasure names, if any.
func (d *document) erased(versions []uint64) {
	if len(versions) == 0 {
		return
	}
	d.array("erased")
	for i, v := range versions {
		d.number(index(i), v)
	}
	d.end()
}

// json writes the text of a record, if there is one.
func (d *document) json(text []byte) {
	if len(text) > 0 {
		d.name(bson.TypeString, "json")
		d.length(len(text) + 1)
		d.bytes = append(append(d.bytes, text...), 0)
	}
}

// digest writes what tells whether the text of a change is as it was committed, and the text; an erased one has neither
// text nor salt.
func (d *document) digest(ch *ledger.Change) {
	d.binary("digest", ch.Seal.Digest[:])
	if ch.JSON != nil {
		d.binary("salt", ch.Seal.Salt[:])
	}
	d.json(ch.JSON)
}
