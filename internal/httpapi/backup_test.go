package httpapi_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"testing"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/ledger/backupfile"
	"dalil/internal/ledger/boltledger"
)

// restored checks a backup and returns the store that it is restored into.
func restored(t *testing.T, file []byte) (*boltledger.Ledger, ledger.Copied) {
	t.Helper()
	r, err := backupfile.NewReader(bytes.NewReader(file), "backup")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	l, err := boltledger.Open(filepath.Join(t.TempDir(), "restored.db"), boltledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	copied, err := ledger.Copy(t.Context(), r, l, ledger.CopyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Verify(t.Context(), l, func(f ledger.Finding) { t.Errorf("verify: %s", f) }); err != nil {
		t.Fatal(err)
	}
	return l, copied
}

func TestABackupOfAServedStoreIsThatStore(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	got := s.get("/backup").as(adminKey).expect(http.StatusOK).wantHead("Content-Type", "application/octet-stream").
		wantHead("Cache-Control", "no-store").wantHead("Dalil-Seq", "2").wantHead("Content-Disposition", `attachment; filename="dalil-2.backup"`)
	_, copied := restored(t, got.Body.Bytes())
	if copied.Head != s.svc.Head().Position() {
		t.Errorf("restored up to %d", copied.Head.Seq)
	}
	if head := s.ask("HEAD", "/api/v1/backup").as(adminKey).expect(http.StatusOK); head.head("Dalil-Seq") != "2" {
		t.Errorf("HEAD answers at %s", head.head("Dalil-Seq"))
	}
}

func TestABackupIsForAdministratorsWhoMaySeeEverything(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.get("/backup").refused(401, "unauthenticated", "")
	s.get("/backup").as(s.key("writer", "write", "ministry")).refused(403, "forbidden", "")
	s.get("/backup").as(s.key("partner", "admin", "partners")).refused(403, "forbidden", "")
	s.get("/backup").as(adminKey).with("Accept", "application/json").refused(406, "not_acceptable", "")
	s.get("/backup?limit=1").as(adminKey).refused(400, "bad_parameter", "limit unknown_parameter")
}

// paused is a ledger whose stream of commits stands still after the first until it is let go.
type paused struct {
	*boltledger.Ledger
	began, goOn chan struct{}
	broken      error // what ends the stream then
}

func (p *paused) Commits(ctx context.Context, after uint64, yield func(*ledger.Commit) error) error {
	if after > 0 || p.began == nil {
		return p.Ledger.Commits(ctx, after, yield)
	}
	return p.Ledger.Commits(ctx, after, func(c *ledger.Commit) error {
		if c.Seq == 2 {
			p.began <- struct{}{}
			select {
			case <-p.goOn:
			case <-ctx.Done():
				return ctx.Err()
			}
			if p.broken != nil {
				return p.broken
			}
		}
		return yield(c)
	})
}

// startPaused makes a server whose backups stand still after their first commit.
func startPaused(t *testing.T) (*server, *paused) {
	t.Helper()
	store, err := boltledger.Open(filepath.Join(t.TempDir(), "dalil.db"), boltledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	p := &paused{Ledger: store}
	s := startOn(t, p)
	for i := range 30 {
		s.create("sources", `{"title":"Source `+strconv.Itoa(i)+`","kind":"other"}`)
	}
	p.began, p.goOn = make(chan struct{}, 1), make(chan struct{})
	return s, p
}

func TestAWriteDuringABackupNeitherWaitsNorGetsIn(t *testing.T) {
	t.Parallel()
	s, p := startPaused(t)
	answered := make(chan *response)
	go func() { answered <- s.get("/backup").as(adminKey).do() }()
	<-p.began
	s.create("actors", actor("late", "Late", ""))
	close(p.goOn)
	got := <-answered
	_, copied := restored(t, got.Body.Bytes())
	if got.head("Dalil-Seq") != "31" || copied.Head.Seq != 31 || s.svc.Head().Position().Seq != 32 {
		t.Errorf("a backup at %s holds %d commits, the store %d", got.head("Dalil-Seq"), copied.Head.Seq, s.svc.Head().Position().Seq)
	}
}

func TestABackupEndsWhenItsClientLeaves(t *testing.T) {
	t.Parallel()
	s, p := startPaused(t)
	ctx, leave := context.WithCancel(t.Context())
	answered := make(chan *response)
	go func() { answered <- s.get("/backup").as(adminKey).within(ctx).do() }()
	<-p.began
	leave()
	if got := <-answered; got.Body.Len() > 1<<10 {
		t.Errorf("%d bytes were written", got.Body.Len())
	}
}

func TestABackupThatFailsHalfWayIsSeenToBeCutOff(t *testing.T) {
	t.Parallel()
	s, p := startPaused(t)
	p.broken = fault.New(fault.Unavailable, fault.CodeUnavailable, nil)
	web := httptest.NewServer(s.api)
	defer web.Close()
	close(p.goOn)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web.URL+"/api/v1/backup", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+adminKey)
	res, err := web.Client().Do(req)
	var file []byte
	if err == nil {
		file, err = io.ReadAll(res.Body)
		res.Body.Close()
	}
	if err == nil {
		t.Error("the client took a part for the whole")
	}
	if _, err := backupfile.NewReader(bytes.NewReader(file), "part"); err == nil {
		t.Errorf("a part of %d bytes passes for a backup", len(file))
	}
}
