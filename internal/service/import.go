package service

import (
	"context"
	"errors"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// ImportReport says what an import did, or in a dry run would do.
type ImportReport struct {
	Created, Changed, Unchanged int
	Seq                         uint64
}

// ImportError is a refusal of one record of an import, by its place in the list.
type ImportError struct {
	Index int
	Err   error
}

// Error tells the refusal.
func (f *ImportError) Error() string { return f.Err.Error() }

// Unwrap returns the refusal.
func (f *ImportError) Unwrap() error { return f.Err }

// Import puts every record as given, created or replaced, in one commit, or none of them. Records may name each other
// in any order; each has its id.
func (s *Service) Import(ctx context.Context, w Write, records []directory.Record) (ImportReport, error) {
	if err := w.admit(); err != nil {
		return ImportReport{}, err
	}
	w.AllowDuplicate = true
	done, err := s.write(ctx, w, importing(records))
	if err != nil {
		return ImportReport{}, err
	}
	report := ImportReport{Seq: done.seq}
	for i := range done.items {
		switch item := &done.items[i]; {
		case item.unchanged:
			report.Unchanged++
		case item.created:
			report.Created++
		default:
			report.Changed++
		}
	}
	return report, nil
}

// importing wants every record as given.
func importing(records []directory.Record) intent {
	return func(p *plan) error {
		var faults []error
		for i, r := range records {
			if err := p.put(r, itemPrefix(i)); err != nil {
				faults = append(faults, &ImportError{i, err})
			}
		}
		return errors.Join(faults...)
	}
}

// put adds a record that is created or takes the place of the live one.
func (p *plan) put(r directory.Record, prefix string) error {
	directory.Normalize(r)
	if err := directory.Validate(r); err != nil {
		return err
	}
	if r.Head().ID == "" {
		return fault.AtPointer("/id", fault.CodeRequired, nil)
	}
	before, live := p.live(directory.Ref{Kind: r.RecordKind(), ID: r.Head().ID})
	if !live {
		return p.create(r, prefix)
	}
	return p.replace(before, r, prefix)
}
