package service

import (
	"slices"
	"time"

	"dalil/internal/fault"
	"dalil/internal/interchange"
)

// note takes what was left out of a file.
func (job *ImportJob) note(left *interchange.CellError) {
	if job.NoteCount++; len(job.Notes) < MaxJobEntries {
		job.Notes = append(job.Notes, JobEntry{left.Place, left.Code, left.Args})
	}
}

// wrong takes what is wrong with the files, as far as it is known.
func (job *ImportJob) wrong(faults []*interchange.CellError) {
	job.FaultCount, job.Faults = len(faults), nil
	for _, f := range faults[:min(len(faults), MaxJobEntries)] {
		job.Faults = append(job.Faults, JobEntry{f.Place, f.Code, f.Args})
	}
}

// report takes what came of the import, beside what was wrong with its files before.
func (job *ImportJob) report(r ImportReport, unread []*interchange.CellError) {
	job.wrong(r.Told(unread))
	job.DuplicateCount, job.ChangeCount = len(r.Duplicates), len(r.Changes)
	r.Faults, r.Duplicates, r.Changes = nil, firstOf(r.Duplicates, MaxJobEntries), firstOf(r.Changes, MaxJobEntries)
	job.Report = r
}

// end says how a job has ended.
func (job *ImportJob) end(problem error, at time.Time) {
	job.Ended, job.Problem, job.State = at, problem, JobDone
	switch {
	case fault.Is(problem, fault.CodeImportRefused):
		job.State = JobRefused
	case problem != nil:
		job.State = JobFailed
	}
}

// entries counts what the lists of a job hold.
func (job *ImportJob) entries() int {
	return len(job.Faults) + len(job.Notes) + len(job.Report.Duplicates) + len(job.Report.Changes)
}

// cut leaves at most n entries of each list.
func (job *ImportJob) cut(n int) {
	job.Faults, job.Notes = firstOf(job.Faults, n), firstOf(job.Notes, n)
	job.Report.Duplicates, job.Report.Changes = firstOf(job.Report.Duplicates, n), firstOf(job.Report.Changes, n)
}

// firstOf returns the first entries of a list, and lets go of the others.
func firstOf[E any](list []E, n int) []E {
	if len(list) <= n {
		return list
	}
	return slices.Clone(list[:n])
}
