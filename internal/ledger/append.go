package ledger

import (
	"fmt"

	"dalil/internal/fault"
)

// CheckAppend tells whether commits may be appended after a position at all, whatever a store holds: they must be
// sealed and follow one another from that position on, and keep the limits. Every store asks it before anything else,
// so that what one store takes, the others take too. It does not compute hashes again.
func CheckAppend(after Position, commits []*Commit) error {
	for _, c := range commits {
		switch {
		case len(c.Changes) > MaxChanges:
			return fault.New(fault.TooLarge, fault.CodeCommitTooLarge, fault.Args{"max": MaxChanges})
		case c.Format > Format:
			return NewerFormat(c.Seq, c.Format)
		case c.Seq != after.Seq+1 || c.Prev != after.Hash:
			return fmt.Errorf("commit %d does not follow position %d", c.Seq, after.Seq)
		case c.Hash == Digest{}:
			return fmt.Errorf("commit %d is not sealed", c.Seq)
		}
		after = c.Position()
	}
	return nil
}
