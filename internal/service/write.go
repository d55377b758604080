package service

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"unicode/utf8"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// Write is what every write takes beside its body.
type Write struct {
	Caller         access.Caller
	Reason         string // at most ledger.MaxReasonRunes
	DryRun         bool   // run every check, write nothing
	AllowDuplicate bool   // a create may be close to what the directory holds
	IfMatch        Condition
	Request        *Idempotency // nil without an idempotency key
}

// Condition is an If-Match: the versions of which one must be the current one.
type Condition struct {
	Given    bool
	Any      bool // "*": any live version
	Versions []uint64
}

// meets judges the condition; required refuses its absence.
func (c Condition) meets(version uint64, required bool) error {
	switch {
	case !c.Given && required:
		return fault.New(fault.NoCondition, fault.CodeConditionRequired, nil)
	case !c.Given, c.Any, slices.Contains(c.Versions, version):
		return nil
	default:
		return fault.New(fault.Stale, fault.CodeStale, fault.Args{"version": version})
	}
}

// Outcome is the answer to a write.
type Outcome struct {
	Status   int // 201 when a record was created, else 200
	Ref      directory.Ref
	Version  uint64
	JSON     []byte // canonical JSON of the record as it is, or in a dry run would be
	Changed  bool
	Replayed bool   // the answer of an earlier request with the same idempotency key
	Seq      uint64 // the position at which the answer is true
}

// admit judges what can be judged before the head is looked at.
func (w Write) admit() error {
	if err := w.Caller.May(access.Write); err != nil {
		return err
	}
	if utf8.RuneCountInString(w.Reason) > ledger.MaxReasonRunes {
		return fault.AtParameter("reason", fault.CodeReasonTooLong, fault.Args{"max": ledger.MaxReasonRunes})
	}
	return nil
}

func (w Write) author() ledger.Author { return ledger.Author{ID: w.Caller.ID, Via: w.Caller.Via} }

// intent adds what a write wants to a plan, judging the head that the plan stands on.
type intent func(p *plan) error

// written is the outcome of a plan: its items, and the position and the bytes they ended with.
type written struct {
	items []planned
	seq   uint64
}

// write runs an intent through the writer, or on the head alone in a dry run. A request seen before gives a replay.
func (s *Service) write(ctx context.Context, w Write, want intent) (written, error) {
	if w.DryRun {
		done, _, err := s.rehearse(s.Head(), w, want)
		return done, err
	}
	free, err := s.running.enter(w)
	if err != nil {
		return written{}, err
	}
	defer free()
	var last *plan
	done, err := s.commit(ctx, func(head *readmodel.Snapshot) (ledger.Draft, error) {
		last = newPlan(head, w)
		if err := replayOf(head, w); err != nil {
			return ledger.Draft{}, err
		}
		if err := last.run(want); err != nil {
			return ledger.Draft{}, err
		}
		return last.draft(), nil
	})
	if refused, ok := errors.AsType[*changeError](err); ok {
		return written{}, placed(refused.Err, last.changed(refused.Index).prefix)
	}
	if err != nil {
		return written{}, err
	}
	last.settle(done.Commit)
	return written{items: last.items, seq: done.Seq}, nil
}

// outcome says what became of one item of a write.
func (done written) outcome(i int, dry bool) Outcome {
	item := done.items[i]
	out := Outcome{
		Status: 200, Ref: item.ref, Version: item.after.Head().Version, JSON: item.json,
		Changed: !item.unchanged && !dry, Seq: done.seq,
	}
	if item.created && !dry {
		out.Status = 201
	}
	return out
}

// single runs a write of one record. It answers a replayed request with its first outcome.
func (s *Service) single(ctx context.Context, w Write, want intent) (Outcome, error) {
	if err := w.admit(); err != nil {
		return Outcome{}, err
	}
	done, err := s.write(ctx, w, want)
	if replay, ok := errors.AsType[*replay](err); ok {
		return s.replayed(ctx, w.Caller, replay.receipt)
	}
	if err != nil {
		return Outcome{}, err
	}
	return done.outcome(0, w.DryRun), nil
}

// sameBytes tells whether a record would be what it was: the same JSON once what Dalil stamps is left as it was.
func sameBytes(before *readmodel.Entry, after directory.Record) (bool, error) {
	e := after.Head()
	was := before.Record().Head()
	version, updated := e.Version, e.Updated
	e.Version, e.Updated = was.Version, was.Updated
	json, err := directory.Encode(after)
	e.Version, e.Updated = version, updated
	return bytes.Equal(json, before.JSON()), err
}
