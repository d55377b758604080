package httpapi_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/httpapi"
	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/service"
)

// awayLedger is a ledger whose store can go away: then whatever is asked of it waits as long as its caller does.
type awayLedger struct {
	ledger.Ledger
	gone atomic.Bool
}

// wait returns at once while the store is there.
func (l *awayLedger) wait(ctx context.Context) error {
	if !l.gone.Load() {
		return nil
	}
	<-ctx.Done()
	return fmt.Errorf("the store is away: %w", ctx.Err())
}

func (l *awayLedger) Append(ctx context.Context, after ledger.Position, commits []*ledger.Commit) (int, error) {
	if err := l.wait(ctx); err != nil {
		return 0, fmt.Errorf("%w: %w", ledger.ErrUnclear, err)
	}
	return l.Ledger.Append(ctx, after, commits)
}

func (l *awayLedger) Commits(ctx context.Context, after uint64, yield func(*ledger.Commit) error) error {
	if err := l.wait(ctx); err != nil {
		return err
	}
	return l.Ledger.Commits(ctx, after, yield)
}

func (l *awayLedger) History(ctx context.Context, ref directory.Ref, upTo uint64, yield func(ledger.Revision) error) error {
	if err := l.wait(ctx); err != nil {
		return err
	}
	return l.Ledger.History(ctx, ref, upTo, yield)
}

func (l *awayLedger) Load(ctx context.Context, yield func(ledger.Record) error) (ledger.Position, error) {
	if err := l.wait(ctx); err != nil {
		return ledger.Position{}, err
	}
	return l.Ledger.Load(ctx, yield)
}

// startAway makes a server with the records of country on a store that can go away. It was opened on them, and has
// answered nothing yet.
func startAway(t *testing.T, settings ...setting) (*server, *awayLedger) {
	t.Helper()
	store, err := boltledger.Open(filepath.Join(t.TempDir(), "dalil.db"), boltledger.Options{})
	if err != nil {
		t.Fatalf("opening the store: %v", err)
	}
	t.Cleanup(func() { _ = store.Close() })
	first := serveOn(t, store)
	first.create("actors", actor("one", "Un", ""))
	first.create("actors", actor("two", "Deux", ""))
	first.create("functions", `{"notation":"POL","label":{"fr":"Politique"}}`)
	first.create("roles", `{"id":"r1","actor":"one","type":"lead","function":"pol"}`)
	if err := first.svc.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	away := &awayLedger{Ledger: store}
	s := startOn(t, away, settings...)
	t.Cleanup(func() { away.gone.Store(false) })
	return s, away
}

// shortly bounds a request, so that one which waits for the store is refused and does not hang.
func shortly(o *httpapi.Options, _ *service.Options) { o.Deadline = 2 * time.Second }

func TestReadsAreAnsweredFromMemoryWhileTheStoreIsAway(t *testing.T) {
	t.Parallel()
	s, away := startAway(t, shortly)
	away.gone.Store(true)
	var page struct {
		Next string `json:"next_cursor"`
	}
	s.get("/actors?limit=1").expect(200).decode(&page)
	if page.Next == "" {
		t.Fatal("the first page has no next_cursor")
	}
	if got := s.get("/actors?limit=1&cursor=" + page.Next).expect(200).Body.String(); !strings.Contains(got, `"total":2`) {
		t.Errorf("the second page is %s", got)
	}
	for _, target := range []string{
		"/actors/one", "/actors/one/profile", "/roles?facets=type", "/actors?format=csv", "/vocabularies", "/suggest?q=un",
		"/matrix?rows=actor&cols=function", "/gaps", "/balance?by=function", "/overlaps", "/raci?by=function", "/timeline",
		"/compare?from=2020-01-01&to=2021-01-01", "/changes?after=5",
	} {
		s.get(target).expect(200)
	}
	s.get("/stats").as(adminKey).expect(200)
}
