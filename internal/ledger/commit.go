package ledger

import (
	"time"

	"dalil/internal/directory"
)

// Format is the format of the commits that this program writes, and the newest that it reads.
const Format = 1

// Op says what a change did to its record.
type Op string

// The operations.
const (
	Put     Op = "put"     // created or replaced
	Archive Op = "archive" // taken out of use; the version holds the record as it was
	Restore Op = "restore" // back in use
	Merge   Op = "merge"   // archived in favour of another record, named in merged_into
	Erase   Op = "erase"   // the text of the versions it names is dropped
)

// ID16 is 16 random bytes: a commit's token, a salt, a ledger's id.
type ID16 [16]byte

// Digest is a SHA-256 sum.
type Digest [32]byte

// Position is a place in the log: a commit's number and its hash. The zero Position is before the first commit.
type Position struct {
	Seq  uint64
	Hash Digest
}

// Author says who wrote a commit, and the way it came in.
type Author struct {
	ID  string // account or key
	Via string // api, cli, start
}

// Commit is one entry of the log: an ordered set of changes with author and reason.
type Commit struct {
	Format  int       // of this commit; older ones are read through pure upcasters, never rewritten
	Seq     uint64    // 1, 2, 3 … without gaps
	At      time.Time // UTC, milliseconds, never before the previous commit's
	Author  Author
	Reason  string
	Token   ID16     // random, made by the writer for this commit
	Ledger  ID16     // the ledger's id; in the first commit only
	Request *Request // the idempotent request that it answers, if any
	Changes []Change

	AuthorSeal, ReasonSeal Seal
	Prev, Hash             Digest // SHA-256 chain over the digests and the rest
}

// Change is what a commit does to one record.
type Change struct {
	Op      Op
	Ref     directory.Ref
	Version uint64
	JSON    []byte   // canonical JSON of the record after the change; nil once erased
	Erased  []uint64 // of Erase: the versions whose text is dropped
	Seal    Seal     // of JSON

	// Decoded is the record of JSON where the writer has it at hand; stores neither keep nor return it.
	Decoded directory.Record
}

// Seal is a salted digest of a text: it proves the text while it is there, and tells nothing once text and salt are
// dropped.
type Seal struct {
	Salt   ID16
	Digest Digest
}

// Request is a write that carried an idempotency key, and its outcome.
type Request struct {
	Digest      Digest // of caller, method, path and key
	Fingerprint Digest // of the parameters and the body
	Status      int    // HTTP status of the answer
	Results     []Result
}

// Result is the outcome of one item of a request.
type Result struct {
	Status  int
	Ref     directory.Ref
	Version uint64
}

// Position returns the commit's own position.
func (c *Commit) Position() Position { return Position{c.Seq, c.Hash} }

// Big tells whether the commit's changes are stored in parts.
func (c *Commit) Big() bool {
	if len(c.Changes) > InlineChanges {
		return true
	}
	size := 0
	for i := range c.Changes {
		size += len(c.Changes[i].JSON)
	}
	return size > InlineBytes
}

// Parts cuts changes into consecutive runs of at most InlineChanges changes and InlineBytes of JSON (a longer single
// change makes a part by itself).
func Parts(changes []Change) [][]Change {
	var parts [][]Change
	start, size := 0, 0
	for i := range changes {
		n := len(changes[i].JSON)
		if i > start && (i-start == InlineChanges || size+n > InlineBytes) {
			parts = append(parts, changes[start:i])
			start, size = i, 0
		}
		size += n
	}
	if start < len(changes) {
		parts = append(parts, changes[start:])
	}
	return parts
}
