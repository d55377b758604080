package service

import (
	"context"
	"errors"
	"slices"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/interchange"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// ImportOptions say how an import goes.
type ImportOptions struct {
	// KeepGoing takes the good rows; otherwise one refused row refuses them all.
	KeepGoing bool
	// Unread is what reading the files has found wrong. It refuses like the faults of the report, and is not among them.
	Unread []*interchange.CellError
	// Refused are the rows in which that is, as far as they could be read. They are judged with the others, so that all
	// faults are told at once, and never taken.
	Refused []interchange.Item
	// Progress, when set, is told how far a stage has come, from whichever goroutine is at work.
	Progress func(stage ImportStage, done, total int)
}

// ImportStage names a part of the work of an import.
type ImportStage string

// The stages, in their order.
const (
	StageCheck ImportStage = "check" // each row by itself
	StageJudge ImportStage = "judge" // the rows against the directory
	StageSize  ImportStage = "size"  // each record as it would be kept
	StageNames ImportStage = "names" // new names beside those that are there
	StageWrite ImportStage = "write" // the commit
)

// ImportReport says what an import did, or in a dry run would do. Archived records that are archived in the files as
// well count as created, changed or unchanged like the others.
type ImportReport struct {
	ImportCounts

	ByKind     map[directory.Kind]ImportCounts // of the kinds of which there are rows
	Refused    int                             // rows with a fault, and files and rows that cannot be read
	Headed     int                             // those of them that have no fault but that of the header above them
	Seq        uint64                          // the position at which the report is true
	Duplicates []PossibleDuplicate
	Faults     []ImportFault  // of all rows, by place
	Changes    []ImportChange // in a dry run: what would be created and changed, in the order of the rows
}

// ImportFault is what is wrong with one row.
type ImportFault struct {
	Item    int // the row, by its place in the list of items, which those that were refused before follow
	At      interchange.Place
	Pointer string // JSON Pointer into its record; "" for the whole
	Code    fault.Code
	Args    fault.Args
}

// Told returns all that is wrong with the files, by place: what reading them has found, and the faults of the report.
func (r *ImportReport) Told(unread []*interchange.CellError) []*interchange.CellError {
	all := slices.Grow(slices.Clone(unread), len(r.Faults))
	for _, f := range r.Faults {
		all = append(all, &interchange.CellError{Place: f.At, Code: f.Code, Args: f.Args})
	}
	interchange.SortByPlace(all)
	return all
}

// PossibleDuplicate is a row that makes a new actor with a name close to that of existing ones. It is told and not
// refused: a row says in its column same_as the id of the actor that it is, or the word new.
type PossibleDuplicate struct {
	Item       int
	At         interchange.Place // of its name
	ID         string            // of the new actor
	Candidates []Named
}

// Import takes the rows of files into the directory, all of them in one commit whatever its size. A row with an id
// creates that record or changes it; one without finds its record by what makes it the one it is, or makes a new one.
// Rows may refer to each other in any order. What Dalil alone sets (version, created, …) is passed over, and a row that
// leaves its record as it is changes nothing: without any change there is no commit.
//
// All faults of all rows are in the report, but for those that reading the files has found. A refused row refuses the
// whole import, with a fault import_refused beside the report, unless the rows that are good are to be taken: then a row
// is refused as well when it needs a new record whose row is. Nobody is told that such a record is missing. The possible duplicates do not refuse anything. An import has no idempotency key: importing the same
// again is harmless.
func (s *Service) Import(ctx context.Context, w Write, items []interchange.Item, opts ImportOptions) (ImportReport, error) {
	if err := w.admit(); err != nil {
		return ImportReport{}, err
	}
	w.AllowDuplicate, w.Request = true, nil
	im := newImporting(s, w, slices.Concat(items, opts.Refused), opts)
	if err := im.check(ctx); err != nil {
		return ImportReport{}, err
	}
	return im.run(ctx)
}

// importing is an import under way.
type importing struct {
	service    *Service
	write      Write
	items      []interchange.Item // those that may be taken, then opts.Refused
	opts       ImportOptions
	byKind     [][]int             // the rows of each kind, in the order of directory.Kinds
	alone      [][]fault.Field     // for each row, what is wrong with it by itself
	outsize    map[int]bool        // rows whose records are too large when encoded
	random     map[int]string      // for rows without an id, the id when nothing suggests one
	duplicates []PossibleDuplicate // by the head that everybody saw
}

// run judges the rows on the head, outside the writer, and hands what came of it to the writer. Where the head has
// moved meanwhile they are judged again, in the writer.
func (im *importing) run(ctx context.Context) (ImportReport, error) {
	judged, err := im.rehearse(ctx, im.service.Head())
	if err != nil {
		return ImportReport{}, err
	}
	if im.write.DryRun || im.refuses(judged) || judged.idle() {
		return im.report(judged, judged.at.Seq)
	}
	im.progress(StageWrite, 0, len(judged.plan.items))
	var seen *judgement // what the writer wrote by: its caller may be gone by then
	done, err := im.service.commit(ctx, func(head *readmodel.Snapshot) (ledger.Draft, error) {
		seen = judged
		if head.Position() != judged.at {
			again, err := im.judge(ctx, head)
			if err != nil {
				return ledger.Draft{}, err
			}
			seen = again
		}
		if im.refuses(seen) {
			return ledger.Draft{}, nil
		}
		return seen.plan.draft(), nil
	})
	if refused, ok := errors.AsType[*changeError](err); ok {
		return ImportReport{}, refused.Err
	}
	if err != nil {
		return ImportReport{}, err
	}
	im.progress(StageWrite, len(seen.plan.items), len(seen.plan.items))
	return im.report(seen, done.Seq)
}

// rehearse judges the rows outside the writer, finds those that would be too large, and the possible duplicates.
func (im *importing) rehearse(ctx context.Context, head *readmodel.Snapshot) (*judgement, error) {
	judged, err := im.judge(ctx, head)
	if err != nil {
		return nil, err
	}
	outsize, err := im.measure(ctx, judged)
	if err != nil {
		return nil, err
	}
	if outsize {
		if judged, err = im.judge(ctx, head); err != nil {
			return nil, err
		}
	}
	im.duplicates, err = im.nearBy(ctx, judged, head)
	return judged, err
}

// refuses tells whether nothing is to be written because of the faults.
func (im *importing) refuses(j *judgement) bool {
	return len(j.faults)+len(im.opts.Unread) > 0 && !im.opts.KeepGoing
}

// report tells what came of the rows.
func (im *importing) report(j *judgement, seq uint64) (ImportReport, error) {
	report := ImportReport{Seq: seq, Refused: j.refusedRows(), Duplicates: im.duplicates, Faults: j.sorted()}
	for i := range report.Faults {
		f := &report.Faults[i]
		f.locate(&im.items[f.Item])
	}
	report.Headed = j.headedRows()
	slices.SortStableFunc(report.Faults, func(a, b ImportFault) int { return a.At.Compare(b.At) })
	if im.refuses(j) {
		return report, fault.New(fault.Invalid, fault.CodeImportRefused, fault.Args{"count": report.Refused})
	}
	report.count(j)
	if im.write.DryRun {
		var err error
		if report.Changes, err = j.changes(); err != nil {
			return ImportReport{}, err
		}
	}
	return report, nil
}

// locate finds the cell of a fault in its row. What a new record needs and the row has no cell for is a column missing.
func (f *ImportFault) locate(row *interchange.Item) {
	f.At = row.Place(f.Pointer)
	if f.Code != fault.CodeRequired && f.Code != fault.CodeTooFew {
		return
	}
	if column := row.Absent(f.Pointer); column != "" {
		f.Code, f.Args = fault.CodeMissingColumn, fault.Args{"column": column}
	}
}

func (im *importing) progress(stage ImportStage, done, total int) {
	if im.opts.Progress != nil {
		im.opts.Progress(stage, done, total)
	}
}
