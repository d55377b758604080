package backupfile

import (
	"encoding/binary"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// content reads a frame, front to back. Of what it returns only the texts of changes refer to the frame. Reading beyond
// the end makes it bad and yields zeros.
type content struct {
	b   []byte
	bad bool
}

func (c *content) take(n int) []byte {
	if n < 0 || n > len(c.b) {
		c.bad, c.b = true, nil
		return nil
	}
	taken := c.b[:n:n]
	c.b = c.b[n:]
	return taken
}

func (c *content) uvarint() uint64 {
	v, n := binary.Uvarint(c.b)
	if n <= 0 {
		c.bad, c.b = true, nil
		return 0
	}
	c.b = c.b[n:]
	return v
}

func (c *content) varint() int64 {
	v, n := binary.Varint(c.b)
	if n <= 0 {
		c.bad, c.b = true, nil
		return 0
	}
	c.b = c.b[n:]
	return v
}

// size reads a length or a count; nothing is longer than what is left.
func (c *content) size() int {
	n := c.uvarint()
	if n > uint64(len(c.b)) {
		c.bad, c.b = true, nil
		return 0
	}
	return int(n) //nolint:gosec // just compared
}

// number reads a number that must fit an int32, such as a format or a status.
func (c *content) number(n int64) int {
	if n < 0 || n > 1<<30 {
		c.bad = true
		return 0
	}
	return int(n)
}

func (c *content) flag() byte {
	b := c.take(1)
	if c.bad {
		return 0
	}
	return b[0]
}

func (c *content) text() string { return string(c.take(c.size())) }

func (c *content) time() time.Time { return time.UnixMilli(c.varint()).UTC() }

func (c *content) id16() (id ledger.ID16) {
	copy(id[:], c.take(len(id)))
	return id
}

func (c *content) digest() (d ledger.Digest) {
	copy(d[:], c.take(len(d)))
	return d
}

func (c *content) seal() ledger.Seal { return ledger.Seal{Salt: c.id16(), Digest: c.digest()} }

func (c *content) position() ledger.Position {
	return ledger.Position{Seq: c.uvarint(), Hash: c.digest()}
}

func (c *content) ref() directory.Ref {
	return directory.Ref{Kind: directory.Kind(c.text()), ID: c.text()}
}

// ended tells whether the frame was read, and no more and no less than it holds.
func (c *content) ended() bool { return !c.bad && len(c.b) == 0 }

func (c *content) header() Header {
	return Header{Ledger: c.id16(), Made: c.time(), Head: c.position()}
}

func (c *content) totals() Totals {
	return Totals{Commits: c.uvarint(), Changes: c.uvarint(), Head: c.position()}
}

// commit reads a commit without its changes, and how many those are.
func (c *content) commit() (commit *ledger.Commit, changes uint64) {
	changes = c.uvarint()
	commit = &ledger.Commit{Format: c.number(int64(min(c.uvarint(), 1<<40))), Seq: c.uvarint(), At: c.time()}
	commit.Token, commit.Prev, commit.Hash = c.id16(), c.digest(), c.digest()
	commit.AuthorSeal, commit.ReasonSeal = c.seal(), c.seal()
	flags := c.flag()
	if flags&hasLedger != 0 {
		commit.Ledger = c.id16()
	}
	commit.Author = ledger.Author{ID: c.text(), Via: c.text()}
	commit.Reason = c.text()
	if flags&hasRequest != 0 {
		commit.Request = c.request()
	}
	if flags&^(hasLedger|hasRequest) != 0 {
		c.bad = true
	}
	return commit, changes
}

func (c *content) request() *ledger.Request {
	r := &ledger.Request{Digest: c.digest(), Fingerprint: c.digest(), Status: c.number(c.varint())}
	for n := c.size(); n > 0 && !c.bad; n-- {
		r.Results = append(r.Results, ledger.Result{Status: c.number(c.varint()), Ref: c.ref(), Version: c.uvarint()})
	}
	return r
}

func (c *content) change() (ch ledger.Change) {
	ch.Op, ch.Ref, ch.Version = ledger.Op(c.text()), c.ref(), c.uvarint()
	for n := c.size(); n > 0 && !c.bad; n-- {
		ch.Erased = append(ch.Erased, c.uvarint())
	}
	ch.Seal.Digest = c.digest()
	switch c.flag() {
	case 0:
	case 1:
		ch.Seal.Salt = c.id16()
		ch.JSON = c.take(c.size())
	default:
		c.bad = true
	}
	return ch
}
