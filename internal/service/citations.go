package service

import (
	"context"
	"errors"
	"time"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// usualCitations is how many citations a directory keeps when Options does not say: they are kept for good, in memory, and
// take at most some 5 kB each.
const usualCitations = 20_000

// Frozen is a question with all that its answer depends on, and the checksum of that answer.
type Frozen struct {
	Path      string
	KnownAt   uint64
	AsOf      string
	Day       directory.Day
	Lang      string
	Clearance directory.Visibility // at most the caller's
	Checksum  string
	Title     string
}

// Cited returns the citation that an earlier request with the same idempotency key made, so that a retry need not ask the
// question again; nil when this node knows of none.
func (s *Service) Cited(w Write) (*directory.Citation, error) {
	head := s.Head()
	err := replayOf(head, w)
	if replay, ok := errors.AsType[*replay](err); ok {
		return CitationAt(head, replay.receipt.Request.Results[0].Ref.ID)
	}
	return nil, err
}

// Cite keeps a frozen question for good. A retry with the same idempotency key answers the first one, and says so.
func (s *Service) Cite(ctx context.Context, w Write, f Frozen) (made *directory.Citation, replayed bool, err error) {
	if err := w.Caller.May(access.Write); err != nil {
		return nil, false, err
	}
	if f.Clearance.Level() > w.Caller.Clearance.Level() {
		return nil, false, fault.New(fault.Forbidden, fault.CodeForbidden, nil)
	}
	citation := &directory.Citation{
		Path: f.Path, KnownAt: int(f.KnownAt), AsOf: f.AsOf, Day: f.Day.Date(), Lang: f.Lang, Clearance: f.Clearance, //nolint:gosec // no log is as long
		Checksum: f.Checksum, Title: f.Title,
	}
	citation.ID, citation.Visibility = randomID(directory.Citations), f.Clearance
	directory.Normalize(citation)
	if err := directory.Validate(citation); err != nil {
		return nil, false, err
	}
	out, err := s.single(ctx, w, func(p *plan) error {
		if p.head.Count(directory.Citations, directory.Ministry) >= s.maxCitations {
			return fault.New(fault.Conflict, fault.CodeTooManyCitations, fault.Args{"max": s.maxCitations})
		}
		return p.change(ledger.Put, nil, citation, "")
	})
	if err != nil {
		return nil, false, err
	}
	if out.Replayed {
		made, err = CitationAt(s.Head(), out.Ref.ID)
		return made, true, err
	}
	return citation, false, nil
}

// CitationAt returns a citation that a head holds. Who may see what of it is for the caller to judge.
func CitationAt(head *readmodel.Snapshot, id string) (*directory.Citation, error) {
	entry, ok := head.Find(directory.Ref{Kind: directory.Citations, ID: id})
	if ok && !entry.Archived() {
		if citation, ok := entry.Record().(*directory.Citation); ok {
			return citation, nil
		}
	}
	return nil, fault.New(fault.NotFound, fault.CodeNotFound, nil)
}

// TimeOf returns the time of the commit at a position that is there.
func (s *Service) TimeOf(ctx context.Context, seq uint64) (time.Time, error) {
	c, err := s.commitAt(ctx, seq)
	if err != nil {
		return time.Time{}, err
	}
	return c.At, nil
}
