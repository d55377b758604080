package service_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/service"
)

// upload begins a job on one file.
func upload(tb testing.TB, jobs *service.ImportJobs, w service.Write, text string, opts service.ImportOptions) service.ImportJob {
	tb.Helper()
	u, err := jobs.Begin(w)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() {
		if tb.Failed() {
			u.Discard()
		}
	}()
	if err := u.Add("../../rows.ndjson", strings.NewReader(text)); err != nil {
		tb.Fatal(err)
	}
	job, err := u.Start(opts)
	if err != nil {
		tb.Fatal(err)
	}
	return job
}

func closeJobs(tb testing.TB, jobs *service.ImportJobs) {
	tb.Helper()
	if err := jobs.Close(withoutCancel(tb)); err != nil {
		tb.Error(err)
	}
}

func leftIn(tb testing.TB, folder string) int {
	tb.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		tb.Fatal(err)
	}
	return len(entries)
}

func TestAnImportJobIsSeenByWhoStartedItAndByAdmins(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := openService(t, newMemoryLedger())
		jobs := service.NewImportJobs(s, folder)
		defer closeJobs(t, jobs)
		w := write("import")
		w.Caller.ID = "clerk"
		job := upload(t, jobs, w, actorRow(`"id":"a","name":{"en":"A"}`)+"\n"+actorRow(`"id":"b","name":{"en":"B"}`)+"\n", service.ImportOptions{})
		synctest.Wait()
		got, err := jobs.Job(w.Caller, job.ID)
		if err != nil || got.State != service.JobDone || got.Report.Created != 2 || got.Problem != nil || got.Ended.IsZero() {
			t.Errorf("%+v, %v", got, err)
		}
		for _, c := range []struct {
			caller access.Caller
			sees   bool
		}{
			{access.Caller{ID: "other", Scope: access.Write}, false},
			{access.Anonymous(), false},
			{access.Caller{ID: "chief", Scope: access.Admin}, true},
		} {
			if _, err := jobs.Job(c.caller, job.ID); (err == nil) != c.sees {
				t.Errorf("%s: %v", c.caller.ID, err)
			}
		}
		if n := leftIn(t, folder); n != 0 {
			t.Errorf("%d folders are left", n)
		}
	})
}

func TestARefusedJobTellsTheFaultsByTheirPlaces(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := openService(t, newMemoryLedger())
		jobs := service.NewImportJobs(s, folder)
		defer closeJobs(t, jobs)
		w := write("import")
		job := upload(t, jobs, w, actorRow(`"id":"a","name":{"en":"A"}`)+"\n"+actorRow(`"id":"b","name":{"en":"B"},"parent":"none-such"`)+"\n", service.ImportOptions{})
		broken := upload(t, jobs, w, "{\n", service.ImportOptions{})
		synctest.Wait()
		got, _ := jobs.Job(w.Caller, job.ID)
		if got.State != service.JobRefused || got.FaultCount != 1 || got.Faults[0].Place.String() != "../../rows.ndjson:2 (/record/parent)" ||
			got.Faults[0].Code != fault.CodeDanglingReference || got.Report.Refused != 1 {
			t.Errorf("%+v", got)
		}
		got, _ = jobs.Job(w.Caller, broken.ID)
		if got.State != service.JobRefused || got.FaultCount != 1 || got.Faults[0].Place.Row != 1 {
			t.Errorf("%+v", got)
		}
		if n := s.Head().Count(directory.Actors, directory.Ministry); n != 0 {
			t.Errorf("%d actors were written", n)
		}
	})
}

func TestJobsAreBoundedAndEndWithTheProcess(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		held, reached, release := heldLedger(newMemoryLedger())
		s := openService(t, held)
		jobs := service.NewImportJobs(s, folder)
		w := write("import")
		first := upload(t, jobs, w, actorRow(`"id":"a","name":{"en":"A"}`), service.ImportOptions{})
		<-reached
		waiting := upload(t, jobs, w, actorRow(`"id":"b","name":{"en":"B"}`), service.ImportOptions{})
		for range 2 {
			if _, err := jobs.Begin(w); err != nil {
				t.Fatal(err)
			}
		}
		_, err := jobs.Begin(w)
		wantFault(t, err, fault.Unavailable, fault.CodeImportBusy)
		closing := make(chan error, 1)
		go func() { closing <- jobs.Close(context.WithoutCancel(t.Context())) }()
		synctest.Wait()
		release <- struct{}{}
		if err := <-closing; err != nil {
			t.Error(err)
		}
		got, _ := jobs.Job(w.Caller, first.ID)
		if !fault.Is(got.Problem, fault.CodeOutcomeUnknown) { // it was with the store already
			t.Errorf("the first: %+v", got)
		}
		got, _ = jobs.Job(w.Caller, waiting.ID)
		if got.State != service.JobFailed || !fault.Is(got.Problem, fault.CodeImportInterrupted) {
			t.Errorf("the one that waited: %+v", got)
		}
		if _, err := jobs.Begin(w); !fault.Is(err, fault.CodeImportInterrupted) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestOldJobsAreForgotten(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := openService(t, newMemoryLedger())
		jobs := service.NewImportJobs(s, folder)
		defer closeJobs(t, jobs)
		w := write("import")
		var ids []string
		for i := range 105 {
			ids = append(ids, upload(t, jobs, w, actorRow(fmt.Sprintf(`"id":"a%d","name":{"en":"A"}`, i)), service.ImportOptions{}).ID)
			synctest.Wait()
		}
		if _, err := jobs.Job(w.Caller, ids[0]); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the first: %v", err)
		}
		if _, err := jobs.Job(w.Caller, ids[104]); err != nil {
			t.Errorf("the last: %v", err)
		}
	})
}

func TestTheListsOfJobsAreBoundedTogether(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := openService(t, newMemoryLedger())
		jobs := service.NewImportJobs(s, folder)
		defer closeJobs(t, jobs)
		jobs.Keep(4_000)
		w := write("import")
		var ids []string
		for range 4 {
			text := strings.Repeat(`{"kind":"sources","record":{"title":"T","kind":"none"}}`+"\n", 1_500)
			ids = append(ids, upload(t, jobs, w, text, service.ImportOptions{}).ID)
			synctest.Wait()
		}
		for i, want := range []int{service.ImportPage, service.ImportPage, 1_500, 1_500} {
			got, err := jobs.Job(w.Caller, ids[i])
			if err != nil || len(got.Faults) != want || got.FaultCount != 1_500 {
				t.Errorf("job %d keeps %d of %d, want %d (%v)", i, len(got.Faults), got.FaultCount, want, err)
			}
		}
	})
}
