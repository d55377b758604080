package service

import (
	"context"
	"errors"
	"time"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// rehearse runs an intent on a head without writing, and makes the commit that would be; nil when nothing changes.
func (s *Service) rehearse(head *readmodel.Snapshot, w Write, want intent) (written, *ledger.Commit, error) {
	p := newPlan(head, w)
	if err := p.run(want); err != nil {
		return written{}, nil, err
	}
	done := written{seq: head.Position().Seq}
	draft := p.draft()
	if len(draft.Changes) == 0 {
		p.settle(nil)
		done.items = p.items
		return done, nil, nil
	}
	c, err := compose(draft, head.Position(), later(s.now(), head.At()), new(proposal))
	if refused, ok := errors.AsType[*changeError](err); ok {
		return written{}, nil, placed(refused.Err, p.changed(refused.Index).prefix)
	}
	if err != nil {
		return written{}, nil, err
	}
	p.settle(c)
	done.items = p.items
	return done, c, nil
}

func later(a, b time.Time) time.Time {
	if a = a.UTC().Truncate(time.Millisecond); b.After(a) {
		return b
	}
	return a
}

// rehearsal is what the directory would be like after the items of a batch so far.
type rehearsal struct {
	service *Service
	write   Write
	edit    *readmodel.Edit
	lives   map[directory.Ref][]byte // the last live texts of what the rehearsal itself archived
}

// rehearseEach says what would become of items that are written one by one: each is judged on what the ones before it
// would leave.
func (s *Service) rehearseEach(ctx context.Context, w Write, items []BatchItem) ([]ItemResult, error) {
	head := s.Head()
	r := &rehearsal{service: s, write: w, edit: head.Edit(), lives: make(map[directory.Ref][]byte)}
	results := make([]ItemResult, len(items))
	for i, item := range items {
		if ctx.Err() != nil {
			return nil, fault.Wrap(fault.Timeout, fault.CodeTimeout, ctx.Err())
		}
		out, err := r.item(ctx, item, i)
		if err != nil {
			out = Outcome{}
		}
		out.Seq = head.Position().Seq
		results[i] = ItemResult{Outcome: out, Problem: atItem(err, i)}
	}
	return results, nil
}

// item rehearses one item, and leaves what it would have made to the next.
func (r *rehearsal) item(ctx context.Context, item BatchItem, i int) (Outcome, error) {
	view := r.edit.View()
	restore := func(ref directory.Ref, match Condition, prefix string) (intent, error) {
		if text, ok := r.lives[ref]; ok {
			return restoration(ref, formerly{text: text, any: true}, match, prefix), nil
		}
		return r.service.restoring(ctx, r.write, ref, match, prefix)
	}
	want, err := itemIntent(addressed(view, r.write, item), itemPrefix(i), restore)
	if err != nil {
		return Outcome{}, err
	}
	done, c, err := r.service.rehearse(view, r.write, want)
	if err != nil {
		return Outcome{}, err
	}
	if one := &done.items[0]; one.op == ledger.Archive && one.before != nil {
		r.lives[one.ref] = one.before.JSON()
	}
	if c != nil {
		if err := r.edit.Apply(c); err != nil {
			return Outcome{}, err
		}
	}
	return done.outcome(0, true), nil
}
