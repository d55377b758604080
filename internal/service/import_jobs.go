package service

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"dalil/internal/access"
	"dalil/internal/fault"
	"dalil/internal/interchange"
)

// The bounds of import jobs.
const (
	MaxImportBytes = 1 << 30 // of the files of one upload
	MaxImportFiles = 50
	maxImportJobs  = 4   // being uploaded, waiting and running; one runs at a time
	keptImportJobs = 100 // that have ended
	importRetry    = 10 * time.Second

	MaxJobEntries  = 100_000 // of each list of a job; the rest is counted
	ImportPage     = 1_000   // of each list of a job, told at a time
	keptJobEntries = 400_000 // of all lists of the jobs that have ended; older ones keep a page of each
)

// JobState says how far an import job has come.
type JobState string

// The states. A job ends as done, refused or failed.
const (
	JobWaiting JobState = "waiting"
	JobRunning JobState = "running"
	JobDone    JobState = "done"
	JobRefused JobState = "refused" // rows have faults, and nothing was written
	JobFailed  JobState = "failed"  // Problem says why
)

// StageRead is the stage of a job in which its files are read; the others are those of an import.
const StageRead ImportStage = "read"

// ImportJob is an import of uploaded files, as it stands.
type ImportJob struct {
	ID             string
	State          JobState
	Stage          ImportStage
	Done, Total    int // of the stage
	Began, Ended   time.Time
	DryRun         bool
	KeepGoing      bool
	Report         ImportReport // without its faults, which are below by their places; complete when the job has ended
	Faults         []JobEntry   // the first ones
	FaultCount     int          // all of them
	Notes          []JobEntry   // what was left out of the files on purpose
	NoteCount      int          //
	DuplicateCount int          // of which Report.Duplicates are the first
	ChangeCount    int          // of which Report.Changes are the first
	Problem        error        // why a job has failed
}

// JobEntry is something that is told of a place of a file.
type JobEntry struct {
	Place interchange.Place
	Code  fault.Code
	Args  fault.Args
}

// ImportJobs runs the imports of uploaded files, one at a time, and remembers for a while what came of them. Only who
// has started a job, and admins, see it. Jobs are of this process: after a restart they are not known any more.
type ImportJobs struct {
	service *Service
	parent  string // folder in which the uploads are kept; "" for the system's

	ctx    context.Context //nolint:containedctx // ends the jobs when the process stops
	cancel context.CancelFunc
	tasks  sync.WaitGroup
	turn   chan struct{} // has a token while no job runs

	kept   int // how many entries the lists of all jobs that have ended may have
	mu     sync.Mutex
	active int
	jobs   []*job // oldest first
	closed bool
}

// job is a job with who may see it.
type job struct {
	owner string
	ImportJob
}

// NewImportJobs returns the jobs of a service. The files are kept in a new folder below parent ("" for the system's
// folder of temporary files) until their job has ended.
func NewImportJobs(s *Service, parent string) *ImportJobs {
	j := &ImportJobs{service: s, parent: parent, turn: make(chan struct{}, 1), kept: keptJobEntries}
	j.ctx, j.cancel = context.WithCancel(context.Background())
	j.turn <- struct{}{}
	return j
}

// Close ends the jobs: what is not yet handed to the store is not written. It waits until ctx ends.
func (j *ImportJobs) Close(ctx context.Context) error {
	j.mu.Lock()
	j.closed = true
	j.mu.Unlock()
	j.cancel()
	ended := make(chan struct{})
	go func() {
		j.tasks.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("ending the import jobs: %w", ctx.Err())
	}
}

// Job returns a job as it stands; not found for a caller that is neither who started it nor an admin.
func (j *ImportJobs) Job(c access.Caller, id string) (ImportJob, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, one := range j.jobs {
		if one.ID == id && c.SignedIn() && (one.owner == c.ID || c.May(access.Admin) == nil) {
			return one.ImportJob, nil
		}
	}
	return ImportJob{}, fault.New(fault.NotFound, fault.CodeNotFound, nil)
}

// reserve takes a place among the jobs under way.
func (j *ImportJobs) reserve() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return fault.New(fault.Unavailable, fault.CodeImportInterrupted, nil)
	}
	if j.active >= maxImportJobs {
		busy := fault.New(fault.Unavailable, fault.CodeImportBusy, fault.Args{"max": maxImportJobs})
		busy.RetryAfter = importRetry
		return busy
	}
	j.active++
	return nil
}

func (j *ImportJobs) release() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.active--
}

// change changes a job under the lock.
func (j *ImportJobs) change(one *job, f func(*ImportJob)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f(&one.ImportJob)
}

// launch begins a job on the files of an upload.
func (j *ImportJobs) launch(u *Upload, opts ImportOptions) (ImportJob, error) {
	one := &job{owner: u.write.Caller.ID}
	one.ID, one.State, one.Began = "import-"+strings.ToLower(rand.Text()), JobWaiting, j.service.now().UTC()
	one.DryRun, one.KeepGoing = u.write.DryRun, opts.KeepGoing
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return ImportJob{}, fault.New(fault.Unavailable, fault.CodeImportInterrupted, nil)
	}
	j.jobs = append(j.jobs, one)
	j.forget()
	j.tasks.Go(func() {
		defer u.Discard()
		problem := j.run(one, u, opts)
		j.change(one, func(job *ImportJob) {
			job.end(problem, j.service.now().UTC())
			j.shorten()
		})
	})
	return one.ImportJob, nil
}

// forget drops the oldest of the jobs that have ended.
func (j *ImportJobs) forget() {
	ended := 0
	for _, one := range j.jobs {
		if !one.Ended.IsZero() {
			ended++
		}
	}
	j.jobs = slices.DeleteFunc(j.jobs, func(one *job) bool {
		drop := ended > keptImportJobs && !one.Ended.IsZero()
		if drop {
			ended--
		}
		return drop
	})
}

// shorten leaves the jobs that ended first a page of each list, where all have more than is kept.
func (j *ImportJobs) shorten() {
	entries := 0
	for _, one := range slices.Backward(j.jobs) {
		if one.Ended.IsZero() {
			continue
		}
		if entries += one.entries(); entries > j.kept {
			one.cut(ImportPage)
		}
	}
}

// run waits for its turn, reads the files and imports them.
func (j *ImportJobs) run(one *job, u *Upload, opts ImportOptions) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: %v", errPanicked, v)
		}
		if j.ctx.Err() != nil && err != nil && !fault.Is(err, fault.CodeOutcomeUnknown) {
			err = fault.Wrap(fault.Unavailable, fault.CodeImportInterrupted, err)
		}
	}()
	select {
	case <-j.turn:
	case <-j.ctx.Done():
		return j.ctx.Err() //nolint:wrapcheck // said above
	}
	defer func() { j.turn <- struct{}{} }()
	j.change(one, func(job *ImportJob) { job.State, job.Stage, job.Total = JobRunning, StageRead, len(u.inputs) })
	items, faults, err := interchange.Read(j.ctx, u.inputs, interchange.ReadOptions{
		Note:    func(left *interchange.CellError) { j.change(one, func(job *ImportJob) { job.note(left) }) },
		Refused: func(row interchange.Item) { opts.Refused = append(opts.Refused, row) },
	})
	if err != nil {
		return err //nolint:wrapcheck // the reader says which file
	}
	j.change(one, func(job *ImportJob) { job.wrong(faults) })
	opts.Unread = faults
	opts.Progress = func(stage ImportStage, done, total int) {
		j.change(one, func(job *ImportJob) { job.Stage, job.Done, job.Total = stage, done, total })
	}
	report, err := j.service.Import(j.ctx, u.write, items, opts)
	j.change(one, func(job *ImportJob) { job.report(report, faults) })
	return err
}
