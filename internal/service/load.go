package service

import (
	"context"
	"fmt"
	"time"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// receiptLife is how long the outcome of an idempotent request is kept.
const receiptLife = 24 * time.Hour

// loading is a state that is being read from a ledger.
type loading struct {
	tail

	ledger ledger.Ledger
	head   *readmodel.Snapshot // the result
	newer  error               // set when a commit of a newer format stands after the head
	at     time.Time           // of the last commit
	newest uint64              // position of the newest record of the checkpoint
	erased []ledger.RefVersion // what erase commits name
}

// load reads the checkpoint, completes it to the head of the log, and adds the receipts that are still good.
func load(ctx context.Context, l ledger.Ledger) (*loading, error) {
	in := &loading{tail: tail{edit: readmodel.Empty().Edit()}, ledger: l}
	steps := []struct {
		doing string
		do    func(context.Context) error
	}{
		{"reading the checkpoint", in.checkpoint},
		{"reading the erasures", in.erasures},
		{"reading the commits after the checkpoint", in.replay},
		{"reading the receipts", in.receipts},
	}
	for _, step := range steps {
		err := step.do(ctx)
		if fault.Is(err, fault.CodeNewerFormat) {
			in.newer = err // what could be read is served, as by a node that meets the commit while it runs
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", step.doing, err)
		}
	}
	in.head = in.edit.Snapshot()
	return in, nil
}

// checkpoint reads the current records, and the time of the commit that they are complete up to.
func (in *loading) checkpoint(ctx context.Context) error {
	position, err := in.ledger.Load(ctx, func(r ledger.Record) error {
		in.newest = max(in.newest, r.Seq)
		return in.edit.Load(r)
	})
	if err != nil {
		return err //nolint:wrapcheck // load says what was done
	}
	if position.Seq > 0 {
		in.at, err = ledger.At(ctx, in.ledger, position.Seq)
	}
	in.last = position
	if broken := in.edit.Loaded(position, in.at); broken != nil {
		return broken //nolint:wrapcheck // as above
	}
	return err
}

// replay completes the checkpoint. Some of its records may be newer than the whole, so the log is read until none is
// newer than the result.
func (in *loading) replay(ctx context.Context) error {
	for {
		err := in.ledger.Commits(ctx, in.last.Seq, func(c *ledger.Commit) error {
			if err := in.apply(c); err != nil {
				return err
			}
			in.at, in.commits = c.At, nil
			in.erased = append(in.erased, erasedBy(c)...)
			return nil
		})
		switch {
		case err != nil:
			return err //nolint:wrapcheck // load says what was done
		case in.last.Seq >= in.newest:
			return nil
		}
		rest(ctx, firstPause)
		if err := ctx.Err(); err != nil {
			return err //nolint:wrapcheck // as above
		}
	}
}

func (in *loading) receipts(ctx context.Context) error {
	//nolint:wrapcheck // load says what was done
	return in.ledger.Receipts(ctx, in.at.Add(-receiptLife), func(r ledger.Receipt) error {
		in.edit.Receipt(r)
		return nil
	})
}

// erasures reads which versions the erasures up to the checkpoint name, though their ids may live again: the texts are
// dropped again at every start.
func (in *loading) erasures(ctx context.Context) error {
	//nolint:wrapcheck // load says what was done
	return in.ledger.Erasures(ctx, func(v ledger.RefVersion) error {
		in.erased = append(in.erased, v)
		return nil
	})
}
