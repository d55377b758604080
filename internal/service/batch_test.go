package service_test

import (
	"context"
	"testing"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/service"
)

func TestABatchWhoseTimeEndsTellsWhatWasWritten(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	told := make(chan struct{})
	l := &troubledLedger{Ledger: newMemoryLedger()}
	s := openService(t, l)
	appends := 0
	l.trouble = func(ctx context.Context, after ledger.Position, commits []*ledger.Commit, next appender) (int, error) {
		if appends++; appends == 2 {
			cancel()
			<-told
		}
		return next(ctx, after, commits)
	}
	var items []service.BatchItem
	for _, id := range []string{"a", "b", "c"} {
		record := []byte(`{"id":"` + id + `","title":"T","kind":"report"}`)
		items = append(items, service.BatchItem{Op: "create", Kind: directory.Sources, Record: record})
	}
	caller := access.Caller{ID: "tester", Scope: access.Write, Clearance: directory.Ministry, Via: "api"}
	results, err := s.Batch(ctx, service.Write{Caller: caller}, items, false)
	close(told)
	if err != nil || len(results) != 3 {
		t.Fatalf("%d results, %v", len(results), err)
	}
	if results[0].Problem != nil || results[0].Version != 1 {
		t.Errorf("the first item: %+v", results[0])
	}
	wantFault(t, results[1].Problem, fault.Unavailable, fault.CodeOutcomeUnknown)
	wantFault(t, results[2].Problem, fault.Unavailable, fault.CodeNotWritten)
}
