package ledger

import (
	"crypto/rand"
	"errors"
	"fmt"

	"dalil/internal/fault"
)

// NewID16 returns 16 bytes from the system's random source.
func NewID16() ID16 {
	var id ID16
	_, _ = rand.Read(id[:]) // crypto/rand.Read never returns an error
	return id
}

// Fits tells whether the seal is of this text.
func (s Seal) Fits(text []byte) bool {
	w := takeSummer()
	defer w.giveBack()
	return w.seal(s.Salt, text) == s.Digest
}

// salts hands out random salts, read from the system a few at a time: a commit of 60,000 changes needs as many.
type salts struct {
	page [16 * len(ID16{})]byte
	left int // so many bytes of the page, its first ones, have not been handed out
}

func (s *salts) next(wanted int) (salt ID16) {
	if s.left == 0 {
		s.left = min(wanted*len(salt), len(s.page))
		_, _ = rand.Read(s.page[:s.left]) // crypto/rand.Read never returns an error
	}
	s.left -= len(salt)
	return ID16(s.page[s.left:])
}

// Seal completes a commit that follows prev: format, number, salted digests and hash. Everything else is set before.
func (c *Commit) Seal(prev Position) {
	c.Format = Format
	c.Seq = prev.Seq + 1
	c.Prev = prev.Hash
	w := takeSummer()
	defer w.giveBack()
	var random salts
	wanted := len(c.Changes) + 2
	c.AuthorSeal.Salt = random.next(wanted)
	c.AuthorSeal.Digest = w.sealAuthor(c.AuthorSeal.Salt, c.Author)
	c.ReasonSeal.Salt = random.next(wanted - 1)
	c.ReasonSeal.Digest = w.sealReason(c.ReasonSeal.Salt, c.Reason)
	for i := range c.Changes {
		s := &c.Changes[i].Seal
		s.Salt = random.next(len(c.Changes) - i)
		s.Digest = w.seal(s.Salt, c.Changes[i].JSON)
	}
	c.Hash = w.commit(c)
}

// Check tells what is wrong with a commit that should follow prev: its number, its link, its hash, a text that does not
// fit its seal. A blank text (erased) is not judged here, nor is the time, which a Position does not hold: Verify does
// both. A format newer than this program's is a fault with code newer_format.
func (c *Commit) Check(prev Position) error {
	if c.Format > Format {
		return NewerFormat(c.Seq, c.Format)
	}
	w := takeSummer()
	defer w.giveBack()
	switch {
	case c.Seq != prev.Seq+1:
		return fmt.Errorf("number %d follows %d", c.Seq, prev.Seq)
	case c.Prev != prev.Hash:
		return errors.New("the link to the commit before differs")
	case w.commit(c) != c.Hash:
		return errors.New("the hash differs")
	case w.sealAuthor(c.AuthorSeal.Salt, c.Author) != c.AuthorSeal.Digest:
		return errors.New("the author does not fit its digest")
	case w.sealReason(c.ReasonSeal.Salt, c.Reason) != c.ReasonSeal.Digest:
		return errors.New("the reason does not fit its digest")
	}
	for i := range c.Changes {
		ch := &c.Changes[i]
		if ch.JSON != nil && w.seal(ch.Seal.Salt, ch.JSON) != ch.Seal.Digest {
			return fmt.Errorf("the text of %s version %d does not fit its digest", ch.Ref, ch.Version)
		}
	}
	return nil
}

// ChangesDigest is the digest of a run of changes: of a whole commit for its hash, of a part for its name.
func ChangesDigest(changes []Change) Digest {
	w := takeSummer()
	defer w.giveBack()
	return w.changes(changes)
}

// NewerFormat returns the fault that says that the commit with a number has a format which this program cannot read.
func NewerFormat(seq uint64, format int) error {
	return fault.Wrap(fault.Unavailable, fault.CodeNewerFormat,
		fmt.Errorf("commit %d has format %d, this program reads up to %d", seq, format, Format))
}
