package service

import (
	"context"

	"github.com/go-json-experiment/json"
	"github.com/wI2L/jsondiff"

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

// History returns the versions of a record, newest first, that lie before a version (0: all), at most limit of them,
// and whether there are more. A version that the caller may not see, then or now, is left out.
func (s *Service) History(ctx context.Context, c access.Caller, ref directory.Ref, before uint64, limit int) ([]Version, bool, error) {
	visible, err := s.revisions(ctx, c, ref)
	if err != nil {
		return nil, false, err
	}
	var versions []Version
	for i, r := range visible {
		if before != 0 && r.Version >= before {
			continue
		}
		if len(versions) == limit {
			return versions, true, nil
		}
		var older []byte
		if i+1 < len(visible) {
			older = visible[i+1].JSON
		}
		changes, err := difference(older, r.JSON)
		if err != nil {
			return nil, false, err
		}
		versions = append(versions, Version{r, changes})
	}
	return versions, false, nil
}

// VersionOf returns one version of a record that the caller may see.
func (s *Service) VersionOf(ctx context.Context, c access.Caller, ref directory.Ref, version uint64) (Version, error) {
	visible, err := s.revisions(ctx, c, ref)
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

// Departure says when, by whom and why a record that the caller may see was archived.
func (s *Service) Departure(ctx context.Context, c access.Caller, ref directory.Ref) (ledger.Revision, error) {
	visible, err := s.revisions(ctx, c, ref)
	if err != nil {
		return ledger.Revision{}, err
	}
	if len(visible) == 0 {
		return ledger.Revision{}, fault.New(fault.NotFound, fault.CodeNotFound, nil)
	}
	return visible[0], nil
}

// revisions reads the versions of a record that the caller may see, newest first.
func (s *Service) revisions(ctx context.Context, c access.Caller, ref directory.Ref) ([]ledger.Revision, error) {
	head := s.Head()
	if _, ok := head.Lookup(ref, c.Clearance); !ok {
		return nil, fault.New(fault.NotFound, fault.CodeNotFound, nil)
	}
	eye := &pastEye{service: s, head: head, clearance: c.Clearance}
	var visible []ledger.Revision
	err := s.ledger.History(ctx, ref, head.Position().Seq, func(r ledger.Revision) error {
		ok, err := eye.sees(ctx, ref.Kind, r)
		if !ok || err != nil {
			return err
		}
		if r.JSON, err = openText(c, ref.Kind, r.JSON); err != nil {
			return err
		}
		visible = append(visible, r)
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
}

func (eye *pastEye) sees(ctx context.Context, kind directory.Kind, r ledger.Revision) (bool, error) {
	if eye.clearance.Level() >= directory.Ministry.Level() || r.JSON == nil {
		return true, nil // nothing is narrower than ministry; an erased version has nothing to show
	}
	return eye.asked(ctx, kind, r.JSON, r.Seq, make(map[directory.Ref]bool))
}

// asked follows what a text of a past position names, each record once.
func (eye *pastEye) asked(ctx context.Context, kind directory.Kind, text []byte, seq uint64, met map[directory.Ref]bool) (bool, error) {
	record, err := directory.Decode(kind, text)
	if err != nil {
		return false, err
	}
	if record.Head().Seen().Level() > eye.clearance.Level() {
		return false, nil
	}
	for _, reference := range record.References() {
		if met[reference.To] {
			continue
		}
		met[reference.To] = true
		if ok, err := eye.named(ctx, reference.To, seq, met); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// named judges a record that a past version names: as it is now, and as it was then.
func (eye *pastEye) named(ctx context.Context, ref directory.Ref, seq uint64, met map[directory.Ref]bool) (bool, error) {
	if _, ok := eye.head.Lookup(ref, eye.clearance); !ok {
		return false, nil
	}
	ok := true
	err := eye.service.ledger.History(ctx, ref, seq, func(then ledger.Revision) error {
		if then.JSON != nil {
			var err error
			if ok, err = eye.asked(ctx, ref.Kind, then.JSON, seq, met); err != nil {
				return err
			}
		}
		return ledger.Stop
	})
	return ok, err
}

// bookkeeping holds what every version changes and nobody looks for in a difference.
var bookkeeping = []string{"/version", "/updated"}

// difference returns the JSON Patch from one text to the next; an erased or absent text counts as empty.
func difference(from, to []byte) ([]byte, error) {
	if to == nil {
		return []byte("[]"), nil
	}
	if from == nil {
		from = []byte("{}")
	}
	patch, err := jsondiff.CompareJSON(from, to, jsondiff.Ignores(bookkeeping...))
	if err != nil {
		return nil, err
	}
	if len(patch) == 0 {
		return []byte("[]"), nil
	}
	return json.Marshal(patch)
}
