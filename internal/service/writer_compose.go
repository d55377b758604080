package service

import (
	"fmt"
	"time"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// stamped remembers the stamps that a record had before the writer set them.
type stamped struct {
	head             *directory.Envelope
	created, updated *directory.Stamp
}

// changeError is the refusal of one change of a draft: a batch finds by Index which of its items is meant.
type changeError struct {
	Index int
	Err   error
}

// Error tells the refusal.
func (f *changeError) Error() string { return f.Err.Error() }

// Unwrap returns the refusal.
func (f *changeError) Unwrap() error { return f.Err }

// compose makes a sealed commit of a draft: it stamps the records, encodes them once, and ties them to prev.
func compose(d ledger.Draft, prev ledger.Position, at time.Time, p *proposal) (*ledger.Commit, error) {
	if len(d.Changes) > ledger.MaxChanges {
		return nil, fault.New(fault.TooLarge, fault.CodeCommitTooLarge, fault.Args{"max": ledger.MaxChanges})
	}
	c := &ledger.Commit{
		At: at, Author: d.Author, Reason: d.Reason, Token: ledger.NewID16(), Ledger: d.Ledger, Request: d.Request,
		Changes: make([]ledger.Change, len(d.Changes)),
	}
	stamp := &directory.Stamp{At: directory.At(at), By: d.Author.ID, Seq: prev.Seq + 1}
	for i := range d.Changes {
		if err := composeChange(&c.Changes[i], &d.Changes[i], stamp, p); err != nil {
			return nil, &changeError{i, err}
		}
	}
	c.Seal(prev)
	return c, nil
}

func composeChange(c *ledger.Change, d *ledger.DraftChange, stamp *directory.Stamp, p *proposal) error {
	head := d.Record.Head()
	p.undo = append(p.undo, stamped{head, head.Created, head.Updated})
	mark(head, stamp)
	ref := directory.Ref{Kind: d.Record.RecordKind(), ID: head.ID}
	if d.Op == "" || ref.ID == "" {
		return fmt.Errorf("a proposal to %q %s", d.Op, ref)
	}
	text, err := directory.Encode(d.Record)
	if err != nil {
		return fmt.Errorf("encoding %s: %w", ref, err)
	}
	if len(text) > directory.MaxRecordBytes {
		return fault.AtPointer("", fault.CodeRecordTooLarge, fault.Args{"max": fault.Size(directory.MaxRecordBytes)})
	}
	*c = ledger.Change{
		Op: d.Op, Ref: ref, Version: head.Version, JSON: text, Erased: d.Erased, Decoded: d.Record,
	}
	return nil
}

// mark says on a record when, by whom and where it was written; and created, when it has not been.
func mark(head *directory.Envelope, stamp *directory.Stamp) {
	head.Updated = stamp
	if head.Created == nil {
		head.Created = stamp
	}
}
