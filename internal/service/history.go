package service

import (
	"context"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// Version is one version of a record, as a caller may see it.
type Version struct {
	ledger.Revision

	Changes []byte // JSON Patch (RFC 6902) from the version before that the caller may see
}

// Span is a part of a history: the versions before one (0: from the newest on), at most Limit of them.
type Span struct {
	Before uint64
	Limit  int
}

// History returns the versions of a record that lie in a span, newest first, and whether there are more. A version that
// the caller may not see, then or now, is left out, and so is one that is newer than the head that the answer is stated
// at.
func (s *Service) History(
	ctx context.Context, head *readmodel.Snapshot, c access.Caller, ref directory.Ref, span Span,
) ([]Version, bool, error) {
	visible, err := s.revisions(ctx, head, c, ref, Span{span.Before, span.Limit + 1})
	if err != nil {
		return nil, false, err
	}
	var versions []Version
	for i, r := range visible {
		if len(versions) == span.Limit {
			return versions, true, nil
		}
		var older []byte
		if i+1 < len(visible) {
			older = visible[i+1].JSON
		}
		changes, err := directory.Difference(older, r.JSON)
		if err != nil {
			return nil, false, err
		}
		versions = append(versions, Version{r, changes})
	}
	return versions, false, nil
}

// VersionOf returns one version of a record that the caller may see at a head.
func (s *Service) VersionOf(
	ctx context.Context, head *readmodel.Snapshot, c access.Caller, ref directory.Ref, version uint64,
) (Version, error) {
	visible, err := s.revisions(ctx, head, c, ref, Span{version + 1, 1})
	if err != nil {
		return Version{}, err
	}
	for _, r := range visible {
		if r.Version == version && r.JSON != nil {
			return Version{Revision: r}, nil
		}
	}
	return Version{}, fault.New(fault.NotFound, fault.CodeNotFound, nil)
}

// Departure says when, by whom and why a record that the caller may see, and that is archived at a head, was archived;
// the Op of what it returns is another one when the caller may not see the version that says so.
func (s *Service) Departure(
	ctx context.Context, head *readmodel.Snapshot, c access.Caller, ref directory.Ref,
) (ledger.Revision, error) {
	visible, err := s.revisions(ctx, head, c, ref, Span{Limit: 1})
	if err != nil {
		return ledger.Revision{}, err
	}
	if len(visible) == 0 {
		return ledger.Revision{}, fault.New(fault.NotFound, fault.CodeNotFound, nil)
	}
	return visible[0], nil
}

// revisions reads the versions of a record in a span, up to a head, that the caller may see, newest first.
func (s *Service) revisions(
	ctx context.Context, head *readmodel.Snapshot, c access.Caller, ref directory.Ref, span Span,
) ([]ledger.Revision, error) {
	if _, ok := head.Lookup(ref, c.Clearance); !ok {
		return nil, fault.New(fault.NotFound, fault.CodeNotFound, nil)
	}
	eye := newPastEye(s, head, c.Clearance)
	var visible []ledger.Revision
	err := s.versions(ctx, ref, head.Position().Seq, func(r ledger.Revision) error {
		if span.Before != 0 && r.Version >= span.Before {
			return nil
		}
		ok, err := eye.sees(ctx, ref.Kind, r)
		if !ok || err != nil {
			return err
		}
		if r.JSON, err = openText(c, ref.Kind, r.JSON); err != nil {
			return err
		}
		if visible = append(visible, r); len(visible) == span.Limit {
			return ledger.Stop
		}
		return nil
	})
	return visible, err
}

// openText returns a past text as a caller may see it: the public is not told who wrote.
func openText(c access.Caller, kind directory.Kind, text []byte) ([]byte, error) {
	if c.SignedIn() || text == nil {
		return text, nil
	}
	r, err := directory.Decode(kind, text)
	if err != nil {
		return nil, err
	}
	e := r.Head()
	for _, stamp := range []*directory.Stamp{e.Created, e.Updated} {
		if stamp != nil {
			stamp.By = ""
		}
	}
	if e.Attested != nil {
		e.Attested.By = ""
	}
	return directory.Encode(r)
}

// pastEye judges what a clearance may see of past versions: the narrowest of what the version itself asked for, and of
// every record that it names, then and now.
type pastEye struct {
	service   *Service
	head      *readmodel.Snapshot
	clearance directory.Visibility
	then      map[directory.Ref]moment // what was read last of each record: a walk goes back in time
}

// moment is what a record asked for and named between two positions, both included.
type moment struct {
	from, to uint64
	seen     directory.Visibility
	names    []directory.Reference
}

func newPastEye(s *Service, head *readmodel.Snapshot, clearance directory.Visibility) *pastEye {
	return &pastEye{service: s, head: head, clearance: clearance, then: make(map[directory.Ref]moment)}
}

func (eye *pastEye) sees(ctx context.Context, kind directory.Kind, r ledger.Revision) (bool, error) {
	if eye.clearance.Level() >= directory.Ministry.Level() || r.JSON == nil {
		return true, nil // nothing is narrower than ministry; an erased version has nothing to show
	}
	record, err := directory.Decode(kind, r.JSON)
	if err != nil {
		return false, err
	}
	m := moment{seen: record.Head().Seen(), names: record.References()}
	return eye.allows(ctx, m, r.Seq, make(map[directory.Ref]bool))
}

// allows follows what a record of a past position names, each record once: as it is now, and as it was then.
func (eye *pastEye) allows(ctx context.Context, m moment, seq uint64, met map[directory.Ref]bool) (bool, error) {
	if m.seen.Level() > eye.clearance.Level() {
		return false, nil
	}
	for _, reference := range m.names {
		if met[reference.To] {
			continue
		}
		met[reference.To] = true
		if _, ok := eye.head.Lookup(reference.To, eye.clearance); !ok {
			return false, nil
		}
		then, err := eye.at(ctx, reference.To, seq)
		if err != nil {
			return false, err
		}
		if ok, err := eye.allows(ctx, then, seq, met); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// at returns what a record asked for and named at a position; nothing when it was not there or its text is erased.
func (eye *pastEye) at(ctx context.Context, ref directory.Ref, seq uint64) (moment, error) {
	if m, ok := eye.then[ref]; ok && m.from <= seq && seq <= m.to {
		return m, nil
	}
	m := moment{to: seq}
	err := eye.service.versions(ctx, ref, seq, func(r ledger.Revision) error {
		if m.from = r.Seq; r.JSON == nil {
			return ledger.Stop
		}
		record, err := directory.Decode(ref.Kind, r.JSON)
		if err != nil {
			return err
		}
		m.seen, m.names = record.Head().Seen(), record.References()
		return ledger.Stop
	})
	if err == nil {
		eye.then[ref] = m
	}
	return m, err
}
