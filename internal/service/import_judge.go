package service

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// judgement is what came of judging the rows of an import on one head.
type judgement struct {
	im      *importing
	head    *readmodel.Snapshot
	at      ledger.Position
	plan    *plan // the rows that are not refused
	rows    []int // for each item of the plan, its row
	faults  []ImportFault
	refused map[int]bool // rows
	absent  absent       // what the refused rows would have made
	whole   bool         // the plan has the refused rows as well: nothing is written by it
}

// judge finds the record of every row and judges them all, together.
func (im *importing) judge(ctx context.Context, head *readmodel.Snapshot) (*judgement, error) {
	j := &judgement{im: im, head: head, at: head.Position(), refused: make(map[int]bool), absent: newAbsent()}
	for row := im.good(); row < len(im.items); row++ {
		j.refused[row] = true
		j.lose(row)
	}
	for {
		before := len(j.refused)
		if err := j.build(ctx); err != nil {
			return nil, err
		}
		if err := j.weigh(ctx); err != nil {
			return nil, err
		}
		if len(j.refused) == before || !im.opts.KeepGoing {
			return j, j.tellRest(ctx)
		}
	}
}

// build makes the plan of the rows that are not refused.
func (j *judgement) build(ctx context.Context) error {
	j.plan, j.rows = newPlan(j.head, j.im.write), nil
	m := newMatching(j)
	for _, rows := range j.im.byKind {
		for i, found := range m.match(rows) {
			if i%stride == 0 && ctx.Err() != nil {
				return fault.Wrap(fault.Timeout, fault.CodeTimeout, ctx.Err())
			}
			if found.id == "" {
				continue
			}
			if err := j.take(rows[i], found, m.alias); err != nil {
				return err
			}
		}
	}
	return j.plan.resolve()
}

// take adds a row to the plan, laid over the record that it is about.
func (j *judgement) take(row int, found target, alias map[directory.Ref]string) error {
	own := j.im.items[row].Record
	before, after := found.entry, own
	if before != nil && (!before.Archived() || own.Head().Status == directory.Archived) {
		after = j.im.items[row].On(before.Record())
	}
	itself := after == own
	if itself {
		after = shallow(own)
	}
	after.Head().ID = found.id
	if len(alias) > 0 {
		renamed(after, func(ref directory.Ref) string {
			id, ok := alias[ref]
			itself = itself && !ok
			return cmp.Or(id, ref.ID)
		})
	}
	op := ledger.Put
	if after.Head().Status == directory.Archived {
		op = ledger.Archive
	}
	item, err := arranged(op, before, after)
	if err != nil {
		return err
	}
	if merged := before != nil && before.MergedInto() != ""; merged {
		if op == ledger.Put {
			j.refuse(row, "/id", fault.CodeMergedID, fault.Args{"id": found.id})
			return nil
		}
		item.unchanged, item.after = true, before.Record()
	}
	if !item.unchanged && !j.sound(row, &item, itself) && !j.whole {
		if item.created {
			j.absent.rows[item.ref] = row
		}
		return nil
	}
	j.rows = append(j.rows, row)
	return j.plan.add(item)
}

// sound judges what a changed record can keep or break by itself, and whether its writer could see it.
func (j *judgement) sound(row int, item *planned, itself bool) bool {
	faults := j.im.alone[row]
	if !itself {
		faults = aloneFaults(item.after)
	}
	for _, field := range faults {
		j.refuse(row, field.Pointer, field.Code, field.Args)
	}
	if j.im.outsize[row] {
		j.refuse(row, "", fault.CodeRecordTooLarge, fault.Args{"max": fault.Size(directory.MaxRecordBytes)})
	}
	if withinClearance(j.im.write.Caller, item.after) != nil {
		j.refuse(row, "", fault.CodeForbidden, nil)
	}
	return !j.refused[row]
}

// refuse says what is wrong with a row. What it would have made is then missing.
func (j *judgement) refuse(row int, pointer string, code fault.Code, args fault.Args) {
	j.faults = append(j.faults, ImportFault{Item: row, Pointer: pointer, Code: code, Args: args})
	j.refused[row] = true
	j.lose(row)
}

// idle tells whether there is nothing to write.
func (j *judgement) idle() bool {
	return !slices.ContainsFunc(j.plan.items, func(item planned) bool { return !item.unchanged })
}

// sorted returns the faults by row, those of a row by place.
func (j *judgement) sorted() []ImportFault {
	faults := slices.Clone(j.faults)
	slices.SortStableFunc(faults, func(a, b ImportFault) int {
		return cmp.Or(cmp.Compare(a.Item, b.Item), strings.Compare(a.Pointer, b.Pointer))
	})
	return faults
}

// weigh holds the plan against the rules that need other records.
func (j *judgement) weigh(ctx context.Context) error {
	claims := j.claims()
	for n := range j.plan.items {
		item := &j.plan.items[n]
		switch {
		case n%stride == 0 && ctx.Err() != nil:
			return fault.Wrap(fault.Timeout, fault.CodeTimeout, ctx.Err())
		case n%stride == 0:
			j.im.progress(StageJudge, n, len(j.plan.items))
		}
		switch {
		case item.unchanged:
		case !item.live():
			j.weighArchived(n, item)
		default:
			j.weighLive(n, item, claims)
		}
	}
	if j.im.opts.KeepGoing && !j.whole {
		j.spread()
	}
	return nil
}

// weighArchived refuses to archive what is still referred to.
func (j *judgement) weighArchived(n int, item *planned) {
	if item.created || item.before.Archived() {
		return
	}
	if refused, ok := errors.AsType[*fault.Error](j.plan.stillReferred(item)); ok {
		j.refuse(j.rows[n], "", refused.Code, refused.Args)
	}
}

// weighLive judges the references of a record, what is above it, and what it must have alone.
func (j *judgement) weighLive(n int, item *planned, claims map[string]int) {
	row := j.rows[n]
	j.weighReferences(row, item)
	if parentOf(item.after) != "" {
		for _, field := range j.plan.cycle(item) {
			j.refuse(row, field.Pointer, field.Code, field.Args)
		}
	}
	for _, claim := range claimsOf(item) {
		holder, outside := j.holder(claim, item)
		if first, ours := claims[claim.key]; ours && first != n {
			holder, outside = j.plan.items[first].ref, true
		}
		if outside {
			j.refuse(row, claim.pointer, claim.code, fault.Args{"id": j.shown(holder)})
		}
	}
}

// shown is the id of a record, unless the caller may not see it.
func (j *judgement) shown(ref directory.Ref) string {
	if !j.plan.mayName(ref) {
		return "—"
	}
	return ref.ID
}
