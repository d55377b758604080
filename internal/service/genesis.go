package service

import (
	"context"
	"errors"
	"fmt"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// bootstrapID is the id of the first admin key: it shows in the history of what is written with it.
const bootstrapID = "bootstrap"

// begin makes the first commits of an empty ledger. Another node may be doing the same: each proposal looks whether
// it is still needed.
func (s *Service) begin(ctx context.Context, opts Options) error {
	if !s.state.mayWrite() {
		return nil // the node serves reads, and says why it is not ready
	}
	if s.Head().Position().Seq == 0 {
		if err := s.genesis(ctx, opts); err != nil {
			return fmt.Errorf("writing the first commit: %w", err)
		}
	}
	if opts.Sample != nil && !s.Head().EverHeld() {
		if err := s.sample(ctx, opts.Sample); err != nil {
			return fmt.Errorf("writing the sample: %w", err)
		}
	}
	return nil
}

// genesis gives the ledger its id and its first admin key, in one commit.
func (s *Service) genesis(ctx context.Context, opts Options) error {
	secret := opts.BootstrapKey
	switch {
	case secret == "":
		secret = access.NewSecret()
	case !access.ValidSecret(secret):
		return errors.New("the bootstrap key is to have 20 to 200 letters, digits, '-' and '_'")
	}
	id := ledger.NewID16()
	done, err := s.commit(ctx, func(head *readmodel.Snapshot) (ledger.Draft, error) {
		if head.Position().Seq > 0 {
			return ledger.Draft{}, nil
		}
		return ledger.Draft{
			Author: starter(), Reason: "genesis", Ledger: id,
			Changes: []ledger.DraftChange{{Op: ledger.Put, Record: bootstrapKey(secret)}},
		}, nil
	})
	if err == nil && done.Commit != nil && opts.BootstrapKey == "" && opts.Announce != nil {
		opts.Announce(secret)
	}
	return err
}

func bootstrapKey(secret string) *directory.APIKey {
	return &directory.APIKey{
		Envelope: directory.Envelope{
			ID: bootstrapID, Version: 1, Status: directory.Published, Visibility: directory.Ministry,
		},
		Name: "Bootstrap key", Scope: string(access.Admin), Clearance: directory.Ministry,
		Hash: access.HashSecret(secret),
	}
}

// sample writes the records to begin with, all in one commit, judged like those of any write.
func (s *Service) sample(ctx context.Context, read func() ([]directory.Record, error)) error {
	records, err := read()
	if err != nil {
		return err
	}
	by := starter()
	w := Write{
		Caller: access.Caller{ID: by.ID, Via: by.Via, Scope: access.Admin, Clearance: directory.Ministry},
		Reason: "sample", AllowDuplicate: true,
	}
	_, err = s.write(ctx, w, func(p *plan) error {
		if p.head.EverHeld() {
			return nil // another node was first
		}
		for _, r := range records {
			name := directory.Ref{Kind: r.RecordKind(), ID: r.Head().ID}.String()
			if err := p.first(r, "/"+name); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	})
	return err
}

// first adds a record of the sample, which comes with its id.
func (p *plan) first(r directory.Record, prefix string) error {
	if r.Head().ID == "" {
		return fault.AtPointer("/id", fault.CodeRequired, nil)
	}
	directory.Normalize(r)
	if err := directory.Validate(r); err != nil {
		return err
	}
	return p.create(r, prefix, prefix+"/id")
}

// starter is the author of what a node writes when it starts.
func starter() ledger.Author { return ledger.Author{ID: "start", Via: "start"} }
