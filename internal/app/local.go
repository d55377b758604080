package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/service"
	"dalil/internal/telemetry"
)

// operator is the caller of the commands on a store: whoever can open it may do everything.
func operator() access.Caller {
	return access.Caller{ID: "operator", Scope: access.Admin, Clearance: directory.Ministry, Via: "cli"}
}

// withService opens a store that nobody serves, runs the work and closes it. An empty store gets its first commit, and
// its admin key is printed once.
func withService(ctx context.Context, sh shell, store string, work func(*service.Service) error) error {
	if _, err := bootstrapKey(sh); err != nil {
		return err // before a file is made
	}
	l, err := openStore(ctx, store, telemetry.NewLogger(sh.stderr, "warn", "text"))
	if err != nil {
		return notOpened(store, err)
	}
	return errors.Join(serveWork(ctx, sh, store, l, work), l.Close())
}

// withExisting is withService for what must not write: a store that is not there, or is empty, is refused.
func withExisting(ctx context.Context, sh shell, store string, work func(*service.Service) error) error {
	l, err := openSource(ctx, store, telemetry.NewLogger(sh.stderr, "warn", "text"))
	if err != nil {
		return err
	}
	first, err := ledger.Genesis(ctx, l)
	if err == nil && first == nil {
		err = fault.New(fault.NotFound, fault.CodeStoreEmpty, nil)
	}
	if err == nil {
		err = serveWork(ctx, sh, store, l, work)
	}
	return errors.Join(err, l.Close())
}

// withRehearsal is withExisting; where there is no file yet, the work goes to a store that is thrown away.
func withRehearsal(ctx context.Context, sh shell, store string, work func(*service.Service) error) error {
	if _, err := os.Stat(store); isMongo(store) || !errors.Is(err, os.ErrNotExist) {
		return withExisting(ctx, sh, store, work)
	}
	folder, err := os.MkdirTemp("", "dalil-rehearsal-")
	if err != nil {
		return fmt.Errorf("making a store to rehearse in: %w", err)
	}
	sh.stdout = io.Discard // its admin key opens nothing
	return errors.Join(withService(ctx, sh, filepath.Join(folder, "dalil.db"), work), os.RemoveAll(folder))
}

// serveWork reads an open store and runs the work.
func serveWork(ctx context.Context, sh shell, store string, l ledger.Ledger, work func(*service.Service) error) error {
	key, err := bootstrapKey(sh)
	if err != nil {
		return err
	}
	svc, err := service.Open(ctx, l, service.Options{
		Log: telemetry.NewLogger(sh.stderr, "warn", "text"), Now: time.Now, Location: time.UTC, BootstrapKey: key,
		Announce: func(secret string) { announce(sh, secret) },
	})
	if err != nil {
		return fmt.Errorf("reading the store %s: %w", storeName(store), err)
	}
	err = work(svc)
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), openTime)
	defer cancel()
	return errors.Join(err, svc.Close(closing))
}
