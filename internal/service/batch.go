package service

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

// MaxBatchItems is how many writes one batch may hold.
const MaxBatchItems = 1000

// BatchItem is one write of a batch.
type BatchItem struct {
	Op      string         `json:"op"` // create, put, replace, patch, archive or restore
	Kind    directory.Kind `json:"kind"`
	ID      string         `json:"id,omitempty"`
	IfMatch string         `json:"if_match,omitempty"` // the ETag's text without its quotes
	Record  jsontext.Value `json:"record,omitempty"`
}

// ItemResult is the outcome of one item: Problem is set when it was refused.
type ItemResult struct {
	Outcome

	Problem error
}

// Batch writes many records. Atomic, it is one commit or none, its references judged at the end; otherwise each item
// is a commit of its own, in order, and a refused one does not stop the others.
func (s *Service) Batch(ctx context.Context, w Write, items []BatchItem, atomic bool) ([]ItemResult, error) {
	if err := w.admit(); err != nil {
		return nil, err
	}
	w = w.withKin()
	switch {
	case len(items) == 0:
		return nil, fault.AtPointer("/items", fault.CodeTooFew, fault.Args{"min": 1})
	case len(items) > MaxBatchItems:
		return nil, fault.AtPointer("/items", fault.CodeTooMany, fault.Args{"max": MaxBatchItems})
	case atomic:
		return s.batchWhole(ctx, w, items)
	case w.DryRun:
		return s.rehearseEach(ctx, w, items)
	default:
		return s.batchEach(ctx, w, items)
	}
}

// batchWhole writes every item in one commit.
func (s *Service) batchWhole(ctx context.Context, w Write, items []BatchItem) ([]ItemResult, error) {
	for range restoreTries {
		done, err := s.batchOnce(ctx, w, items)
		if replay, ok := errors.AsType[*replay](err); ok {
			return s.replayedBatch(ctx, w.Caller, replay)
		}
		if errors.Is(err, errOtherVersion) {
			continue
		}
		if err != nil {
			return nil, err
		}
		results := make([]ItemResult, len(items))
		for i := range items {
			results[i].Outcome = done.outcome(i, w.DryRun)
		}
		return results, nil
	}
	return nil, fault.New(fault.Unavailable, fault.CodeContention, nil)
}

// batchOnce runs an atomic batch on the histories as they are now.
func (s *Service) batchOnce(ctx context.Context, w Write, items []BatchItem) (written, error) {
	wants := make([]intent, len(items))
	restore := func(ref directory.Ref, match Condition, prefix string) (intent, error) {
		want, err := s.restoring(ctx, w, ref, match, prefix)
		if err == nil {
			return want, nil
		}
		return func(p *plan) error { // an item before it may explain it better
			if twice := p.twice(ref, prefix); twice != nil {
				return twice
			}
			return err
		}, nil
	}
	for i, item := range items {
		want, err := itemIntent(addressed(s.Head(), w, item), itemPrefix(i), restore)
		if err != nil {
			return written{}, atItem(err, i)
		}
		wants[i] = want
	}
	return s.write(ctx, w, func(p *plan) error {
		for i, want := range wants {
			if err := want(p); err != nil {
				return atItem(err, i)
			}
		}
		return nil
	})
}

// batchEach writes every item in a commit of its own. When its time ends, what was written is told all the same.
func (s *Service) batchEach(ctx context.Context, w Write, items []BatchItem) ([]ItemResult, error) {
	free, err := s.running.enter(w)
	if err != nil {
		return nil, err
	}
	defer free()
	if err := keyReused(s.Head(), w); err != nil {
		return nil, err
	}
	results := make([]ItemResult, len(items))
	for i, item := range items {
		one := w
		if w.Request != nil {
			request := *w.Request
			request.Item = strconv.Itoa(i)
			one.Request = &request
		}
		results[i].Outcome, results[i].Problem = s.batchItem(ctx, one, item, i)
		if fault.Is(results[i].Problem, fault.CodeOutcomeUnknown) || ctx.Err() != nil {
			s.endEarly(ctx, results, i)
			break
		}
	}
	return results, nil
}

// endEarly says of the items after the last one that was begun that nothing was done.
func (s *Service) endEarly(ctx context.Context, results []ItemResult, last int) {
	untouched := notWritten(nil)
	if ctx.Err() != nil {
		untouched = notWritten(ctx.Err())
	}
	if problem := results[last].Problem; errors.Is(problem, ctx.Err()) && fault.KindOf(problem) == fault.Internal {
		results[last].Problem = untouched
	}
	seq := s.Head().Position().Seq
	for i := last + 1; i < len(results); i++ {
		results[i] = ItemResult{Outcome: Outcome{Seq: seq}, Problem: untouched}
	}
}

func (s *Service) batchItem(ctx context.Context, w Write, item BatchItem, i int) (Outcome, error) {
	restore := func(ref directory.Ref, match Condition, prefix string) (intent, error) {
		return s.restoring(ctx, w, ref, match, prefix)
	}
	for range restoreTries {
		want, err := itemIntent(addressed(s.Head(), w, item), itemPrefix(i), restore)
		if err == nil {
			var out Outcome
			if out, err = s.single(ctx, w, want); err == nil {
				return out, nil
			}
		}
		if replay, ok := errors.AsType[*replay](err); ok {
			return s.replayed(ctx, w.Caller, replay.receipt)
		}
		if !errors.Is(err, errOtherVersion) {
			return Outcome{Seq: s.Head().Position().Seq}, atItem(err, i)
		}
	}
	return Outcome{}, fault.New(fault.Unavailable, fault.CodeContention, nil)
}

// replayedBatch answers a retry of an atomic batch with its first outcome.
func (s *Service) replayedBatch(ctx context.Context, c access.Caller, r *replay) ([]ItemResult, error) {
	results := make([]ItemResult, len(r.receipt.Request.Results))
	for i, kept := range r.receipt.Request.Results {
		text, err := s.textOf(ctx, c, kept.Ref, kept.Version)
		if err != nil && !fault.Is(err, fault.CodeCannotAnswerRetry) {
			return nil, err
		}
		results[i].Outcome = Outcome{
			Status: kept.Status, Ref: kept.Ref, Version: kept.Version, JSON: text, Changed: true, Replayed: true,
			Seq: r.receipt.Seq,
		}
	}
	return results, nil
}

// addressed puts the id of a function that the caller may name in place of its notation, in an item's address.
func addressed(head *readmodel.Snapshot, w Write, item BatchItem) BatchItem {
	if item.Kind == directory.Functions && item.Op != "create" {
		item.ID = newPlan(head, w).functionID(item.ID)
	}
	return item
}

// restorer makes the intent that brings an archived record back.
type restorer func(ref directory.Ref, match Condition, prefix string) (intent, error)

// itemIntent says what one item wants.
func itemIntent(item BatchItem, at string, restore restorer) (intent, error) {
	if _, ok := directory.KindNamed(string(item.Kind)); !ok {
		return nil, fault.AtPointer(at+"/kind", fault.CodeUnknownValue, fault.Args{
			"value": string(item.Kind), "expected": kindNames(),
		})
	}
	match, err := conditionOf(item.IfMatch)
	if err != nil {
		return nil, fault.AtPointer(at+"/if_match", fault.CodeBadHeader, fault.Args{"expected": `3, 3;gzip, *`})
	}
	ref := directory.Ref{Kind: item.Kind, ID: item.ID}
	if err := itemShape(item, at); err != nil {
		return nil, err
	}
	switch item.Op {
	case "create":
		return creation(item.Kind, item.ID, item.Record, at+itemRecord), nil
	case "put":
		return putting(ref, item.Record, match, at+itemRecord), nil
	case "replace":
		return replacement(ref, item.Record, match, true, at+itemRecord), nil
	case "patch":
		return patching(ref, item.Record, match, at+itemRecord), nil
	case "archive":
		return archiving(ref, match, at), nil
	default:
		return restore(ref, match, at)
	}
}

// itemShape judges which members an item's operation takes.
func itemShape(item BatchItem, at string) error {
	withRecord := map[string]bool{
		"create": true, "put": true, "replace": true, "patch": true, "archive": false, "restore": false,
	}
	needsRecord, known := withRecord[item.Op]
	switch {
	case !known:
		return fault.AtPointer(at+"/op", fault.CodeUnknownOperation, fault.Args{"value": item.Op})
	case needsRecord && item.Record == nil:
		return fault.AtPointer(at+itemRecord, fault.CodeRequired, nil)
	case !needsRecord && item.Record != nil:
		return fault.AtPointer(at+itemRecord, fault.CodeNotAllowedHere, nil)
	case item.ID == "" && item.Op != "create" && item.Op != "put":
		return fault.AtPointer(at+"/id", fault.CodeRequired, nil)
	case item.Kind == directory.Functions && needsLive(item.Op):
		return nil // a notation that nobody knows is not found
	case item.ID != "" && !directory.ValidID(item.ID):
		return fault.AtPointer(at+"/id", fault.CodeBadID, nil)
	default:
		return nil
	}
}

// needsLive tells whether an operation is on a record that is there.
func needsLive(op string) bool { return op != "create" && op != "put" }

// putting wants a record to be as given: created when it is not live, else replaced.
func putting(ref directory.Ref, body []byte, match Condition, prefix string) intent {
	create := creation(ref.Kind, ref.ID, body, prefix)
	return func(p *plan) error {
		id := ref.ID
		if id == "" {
			r, err := decoded(ref, new(directory.Envelope), body, prefix)
			if err != nil {
				return err
			}
			id = r.Head().ID
		}
		before, live := p.live(directory.Ref{Kind: ref.Kind, ID: id})
		if !live {
			if match.Given {
				return fault.New(fault.Stale, fault.CodeStale, fault.Args{"version": 0})
			}
			return create(p)
		}
		if err := match.meets(before.Version(), false); err != nil {
			return err
		}
		return replacement(before.Ref(), body, match, false, prefix)(p)
	}
}

// live returns the live record of that name that the caller may see.
func (p *plan) live(ref directory.Ref) (*readmodel.Entry, bool) {
	entry, ok := p.head.Lookup(ref, p.write.Caller.Clearance)
	return entry, ok && !entry.Archived()
}

// conditionOf reads an if_match: the text of an ETag without its quotes, or *.
func conditionOf(text string) (Condition, error) {
	switch text {
	case "":
		return Condition{}, nil
	case "*":
		return Condition{Given: true, Any: true}, nil
	}
	number, _, _ := strings.Cut(text, ";")
	version, err := strconv.ParseUint(number, 10, 64)
	return Condition{Given: true, Versions: []uint64{version}}, err
}

// atItem gives a fault that names no place the place of its item.
func atItem(err error, i int) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || len(f.Fields) > 0 {
		return err
	}
	moved := *f
	pointer := itemPrefix(i)
	if f.Kind == fault.NoCondition || f.Kind == fault.Stale {
		pointer += "/if_match"
	}
	moved.Fields = []fault.Field{{Pointer: pointer, Code: f.Code, Args: f.Args}}
	return &moved
}

func kindNames() string {
	names := make([]string, 0, len(directory.Kinds()))
	for _, k := range directory.Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}
