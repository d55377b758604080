package service

import (
	"context"
	"slices"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/interchange"
)

// good returns how many rows may be taken: they stand first.
func (im *importing) good() int { return len(im.items) - len(im.opts.Refused) }

// told is a fault of a row, as far as it is not told twice.
type told struct {
	row     int
	pointer string
	code    fault.Code
}

// tellRest adds what else is wrong with the rows that were refused before they could be held against the directory:
// they are judged among all rows, as if each were to be taken.
func (j *judgement) tellRest(ctx context.Context) error {
	if len(j.refused) == 0 {
		return nil
	}
	all := &judgement{im: j.im, head: j.head, at: j.at, whole: true, refused: make(map[int]bool), absent: j.absent}
	if err := all.build(ctx); err != nil {
		return err
	}
	if err := all.weigh(ctx); err != nil {
		return err
	}
	all.weighUnplanned(j.refused)
	known, cells := make(map[told]bool, len(j.faults)), j.im.toldCells()
	for _, f := range j.faults {
		known[told{f.Item, f.Pointer, f.Code}] = true
	}
	for _, f := range all.faults {
		key := told{f.Item, f.Pointer, f.Code}
		if !j.refused[f.Item] || known[key] || f.Item >= j.im.good() && (unsure(f) || cells[j.im.items[f.Item].Place(f.Pointer)]) {
			continue
		}
		known[key] = true
		j.faults = append(j.faults, f)
	}
	return nil
}

// unsure tells whether a fault of a row with a wrong cell may go away with that: it says what the row is about.
func unsure(f ImportFault) bool {
	return f.Code == fault.CodeSeveralMatches || f.Code == fault.CodeRowTwice && f.Pointer == ""
}

// toldCells are the places of which reading the files has told.
func (im *importing) toldCells() map[interchange.Place]bool {
	cells := make(map[interchange.Place]bool, len(im.opts.Unread))
	for _, f := range im.opts.Unread {
		cells[f.Place] = true
	}
	return cells
}

// weighUnplanned judges the references of the refused rows for which no record was found.
func (j *judgement) weighUnplanned(refused map[int]bool) {
	planned := make(map[int]bool, len(j.rows))
	for _, row := range j.rows {
		planned[row] = true
	}
	for row := range refused {
		if it := &j.im.items[row]; !planned[row] && !it.Bare() && it.Record.Head().Status != directory.Archived {
			j.weighReferences(row, j.loose(it.Record))
		}
	}
}

// loose is the item of a record that stands in no plan, with the ids of the functions that it names.
func (j *judgement) loose(r directory.Record) *planned {
	r = shallow(r)
	switch r := r.(type) {
	case *directory.Role:
		r.Function = j.plan.functionID(r.Function)
	case *directory.Function:
		r.Parent = j.plan.functionID(r.Parent)
	}
	return &planned{after: r}
}

// headedRows counts the rows that are refused only because the header above them is wrong.
func (j *judgement) headedRows() int {
	told := make(map[interchange.Place]bool)
	for _, f := range j.im.opts.Unread {
		told[interchange.Place{File: f.Place.File, Sheet: f.Place.Sheet, Row: f.Place.Row}] = true
	}
	own := make(map[int]bool)
	for _, f := range j.faults {
		own[f.Item] = true
	}
	count := 0
	for row := j.im.good(); row < len(j.im.items); row++ {
		if at := j.im.items[row].Place(""); at.Row > 0 && !own[row] && !told[at] {
			count++
		}
	}
	return count
}

// refusedRows counts the rows that are refused, whoever found it, and the files of which no row could be read.
func (j *judgement) refusedRows() int {
	places := make(map[interchange.Place]bool)
	count := 0
	for row := range j.refused {
		if at := j.im.items[row].Place(""); at == (interchange.Place{}) {
			count++ // of no file
		} else {
			places[at] = true
		}
	}
	for _, f := range j.im.opts.Unread {
		places[interchange.Place{File: f.Place.File, Sheet: f.Place.Sheet, Row: f.Place.Row}] = true
	}
	for at := range places { // a table of which nothing was read is told at its header, or at no row
		if at.Row == 0 && slices.ContainsFunc(j.im.opts.Unread, func(f *interchange.CellError) bool {
			return f.Place.File == at.File && f.Place.Sheet == at.Sheet && f.Place.Row > 0
		}) {
			delete(places, at)
		}
	}
	return count + len(places)
}
