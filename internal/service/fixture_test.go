package service_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
	"dalil/internal/service"
)

// bootstrapKey is the admin key of every service of the tests.
const bootstrapKey = "a-key-for-the-tests-only"

// openService opens a service on a ledger, and closes it at the end of the test.
func openService(tb testing.TB, l ledger.Ledger, change ...func(*service.Options)) *service.Service {
	tb.Helper()
	s, err := tryOpen(tb, l, change...)
	if err != nil {
		tb.Fatalf("opening the service: %v", err)
	}
	return s
}

func tryOpen(tb testing.TB, l ledger.Ledger, change ...func(*service.Options)) (*service.Service, error) {
	tb.Helper()
	opts := service.Options{Log: slog.New(slog.DiscardHandler), Now: time.Now, BootstrapKey: bootstrapKey}
	for _, c := range change {
		c(&opts)
	}
	s, err := service.Open(tb.Context(), l, opts)
	if err != nil {
		return nil, err
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(withoutCancel(tb), 30*time.Second)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			tb.Errorf("closing the service: %v", err)
		}
	})
	return s, nil
}

// withoutCancel is the test's context for what is done at its end.
func withoutCancel(tb testing.TB) context.Context {
	tb.Helper()
	return context.WithoutCancel(tb.Context())
}

// author is who writes in the tests.
func author() ledger.Author { return ledger.Author{ID: "tester", Via: "api"} }

func sourceRef(id string) directory.Ref { return directory.Ref{Kind: directory.Sources, ID: id} }

func newSource(id, title string, version uint64) *directory.Source {
	return &directory.Source{
		Envelope: directory.Envelope{
			ID: id, Version: version, Status: directory.Published, Visibility: directory.Public,
		},
		Title: title, Kind: "report",
	}
}

// putSource proposes to write a source, as its next version if it exists.
func putSource(id, title string) service.Propose {
	return func(head *readmodel.Snapshot) (ledger.Draft, error) {
		record := newSource(id, title, 1)
		if entry, ok := head.Find(sourceRef(id)); ok {
			was := entry.Record().Head()
			record.Version, record.Created = was.Version+1, was.Created
		}
		return putDraft(record), nil
	}
}

// newID proposes to create a source, and refuses when its id is taken.
func newID(id string) service.Propose {
	return func(head *readmodel.Snapshot) (ledger.Draft, error) {
		if _, ok := head.Find(sourceRef(id)); ok {
			return ledger.Draft{}, fault.New(fault.Conflict, fault.CodeIDTaken, fault.Args{"id": id})
		}
		return putDraft(newSource(id, "Title of "+id, 1)), nil
	}
}

func putDraft(records ...directory.Record) ledger.Draft {
	d := ledger.Draft{Author: author(), Reason: "test"}
	for _, r := range records {
		d.Changes = append(d.Changes, ledger.DraftChange{Op: ledger.Put, Record: r})
	}
	return d
}

// mustCommit runs a proposal that is to succeed.
func mustCommit(tb testing.TB, s *service.Service, p service.Propose) service.Committed {
	tb.Helper()
	done, err := s.Commit(tb.Context(), p)
	if err != nil {
		tb.Fatalf("committing: %v", err)
	}
	return done
}

// titleOf returns the title of a source at a head; "" when there is none.
func titleOf(head *readmodel.Snapshot, id string) string {
	if entry, ok := head.Find(sourceRef(id)); ok {
		if source, ok := entry.Record().(*directory.Source); ok {
			return source.Title
		}
	}
	return ""
}

// wantFault checks the kind and the code of an error.
func wantFault(tb testing.TB, err error, kind fault.Kind, code fault.Code) {
	tb.Helper()
	if fault.KindOf(err) != kind || !fault.Is(err, code) {
		tb.Errorf("got error %v (kind %d, code %s), want kind %d, code %s", err, fault.KindOf(err), fault.CodeOf(err), kind, code)
	}
}

// checkChain reads a ledger from its first commit and returns its commits; a broken chain ends the test.
func checkChain(tb testing.TB, l ledger.Ledger) []*ledger.Commit {
	tb.Helper()
	var all []*ledger.Commit
	var last ledger.Position
	err := l.Commits(withoutCancel(tb), 0, func(c *ledger.Commit) error {
		if err := c.Check(last); err != nil {
			return fmt.Errorf("commit %d: %w", c.Seq, err)
		}
		if n := len(all); n > 0 && c.At.Before(all[n-1].At) {
			return fmt.Errorf("commit %d lies before the one before it in time", c.Seq)
		}
		last = c.Position()
		all = append(all, c)
		return nil
	})
	if err != nil {
		tb.Fatalf("reading the chain: %v", err)
	}
	return all
}

// outcome is what a caller was told.
type outcome struct {
	done service.Committed
	err  error
}

// propose runs a proposal in a goroutine of its own.
func propose(ctx context.Context, s *service.Service, p service.Propose) <-chan outcome {
	told := make(chan outcome, 1)
	go func() {
		done, err := s.Commit(ctx, p)
		told <- outcome{done, err}
	}()
	return told
}

// errUnclassified is a failure of a store that no adapter has classified.
var errUnclassified = errors.New("a failure that nobody expected")
