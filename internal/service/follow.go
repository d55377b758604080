package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// errUnusable says that the store holds a commit which cannot be applied: the process can serve nothing beyond it.
var errUnusable = errors.New("the store holds a commit that cannot be applied")

// errGap says that a commit is missing before the one that came.
var errGap = errors.New("a commit is missing before this one")

// tail is a state to which commits are applied that another process appended. Nobody sees it before it is published.
type tail struct {
	last    ledger.Position
	edit    *readmodel.Edit
	commits []*ledger.Commit
}

// apply takes one commit. What is known already is passed over.
func (t *tail) apply(c *ledger.Commit) error {
	switch {
	case c.Seq <= t.last.Seq:
		return nil
	case c.Seq > t.last.Seq+1:
		return errGap
	case c.Format > ledger.Format:
		return ledger.NewerFormat(c.Seq, c.Format)
	case c.Prev != t.last.Hash:
		return fault.Wrap(fault.Unavailable, fault.CodeStoreReplaced, fmt.Errorf("commit %d follows another one", c.Seq))
	}
	if err := t.edit.Apply(c); err != nil {
		return fmt.Errorf("%w: commit %d: %w", errUnusable, c.Seq, err)
	}
	t.last = c.Position()
	t.commits = append(t.commits, c)
	return nil
}

// tail returns the head as a state to which commits can be applied.
func (w *writer) tail() *tail {
	head := w.head.get()
	return &tail{last: head.Position(), edit: head.Edit()}
}

// advance publishes what was applied, and judges the error that ended it: a newer format ends writing, a gap is read
// anew at the next chance. Only what the process must end for is returned.
func (w *writer) advance(t *tail, err error) error {
	if len(t.commits) > 0 && !errors.Is(err, errUnusable) {
		w.publish(t.edit.Snapshot(), t.commits)
		w.polite = courtesyTurns
	}
	if fault.Is(err, fault.CodeNewerFormat) {
		w.block(err)
		return nil
	}
	return err
}

// absorb takes the commits that Follow has delivered, first (if any) and those that wait.
func (w *writer) absorb(ctx context.Context, first *ledger.Commit) error {
	var t *tail
	for c := first; ; {
		if c != nil && c.Seq > w.head.seq() {
			if t == nil {
				t = w.tail()
			}
			if err := t.apply(c); errors.Is(err, errGap) {
				return w.bridge(ctx, t)
			} else if err != nil {
				return w.advance(t, err)
			}
		}
		select {
		case c = <-w.followed:
			continue
		default:
		}
		if t == nil {
			return nil
		}
		return w.advance(t, nil)
	}
}

// bridge publishes what came before a gap and reads what is missing.
func (w *writer) bridge(ctx context.Context, t *tail) error {
	if err := w.advance(t, nil); err != nil {
		return err
	}
	if err := w.catchUp(ctx); isFatal(err) {
		return err
	}
	return nil
}

// catchUp reads the commits after the head and publishes them.
func (w *writer) catchUp(ctx context.Context) error {
	t := w.tail()
	return w.advance(t, w.ledger.Commits(ctx, t.last.Seq, t.apply))
}

// follow delivers the commits of other nodes to the writer until ctx ends.
func (s *Service) follow(ctx context.Context) {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		started := s.now()
		err := s.ledger.Follow(ctx, s.Head().Position(), func(c *ledger.Commit) error { return s.deliver(ctx, c) })
		switch {
		case ctx.Err() != nil:
			return
		case isFatal(err):
			s.state.fail(err)
			return
		case fault.Is(err, fault.CodeNewerFormat):
			s.writer.block(err)
			return
		case err == nil:
			err = errors.New("following ended early")
		}
		s.state.away.Store(&err)
		s.observer.failed(TaskFollow)
		s.log.WarnContext(ctx, "the store cannot be followed; trying again", slog.Any("error", err))
		if s.now().Sub(started) > longestPause {
			pause = firstPause
		}
		rest(ctx, pause)
		if s.answers(ctx) == nil {
			s.state.away.Store(nil)
		}
	}
}

// deliver hands a commit to the writer, unless it is known: most are this process's own.
func (s *Service) deliver(ctx context.Context, c *ledger.Commit) error {
	switch at := s.Head().Position(); {
	case c.Seq == at.Seq && c.Hash != at.Hash:
		return fault.New(fault.Unavailable, fault.CodeStoreReplaced, nil)
	case c.Seq <= at.Seq:
		return nil
	}
	select {
	case s.writer.followed <- c:
		return nil
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // it only ends the stream
	}
}
