package service

import (
	"context"
	"io"
	"time"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/ledger/backupfile"
)

// MayBackUp tells whether a caller may take a backup: an administrator who may see everything.
func MayBackUp(c access.Caller) error {
	if err := c.May(access.Admin); err != nil {
		return err //nolint:wrapcheck // access's own words
	}
	if c.Clearance != directory.Ministry {
		return fault.New(fault.Forbidden, fault.CodeForbidden, nil)
	}
	return nil
}

// Backup writes every commit up to a position, which must be this service's own, as a file of backupfile. It reads
// beside the writer, which never waits for it.
func (s *Service) Backup(ctx context.Context, c access.Caller, upTo ledger.Position, to io.Writer) error {
	if err := MayBackUp(c); err != nil {
		return err
	}
	from, ok := s.ledger.(backupfile.Store)
	if !ok {
		return fault.New(fault.Internal, fault.CodeInternal, nil)
	}
	_, err := backupfile.Write(ctx, to, from, backupfile.Options{Head: upTo, Made: s.now().UTC().Truncate(time.Millisecond)})
	return err //nolint:wrapcheck // it says what it was doing
}
