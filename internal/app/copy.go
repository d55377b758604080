package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/telemetry"
)

// copyCommand copies a ledger from one store to another.
func copyCommand(sh shell) *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:   "copy --from S --to S",
		Short: "Copy a directory from one store to another: file or MongoDB, either way",
		Long: `Copy a directory from one store to another: file to MongoDB, back, file to file.

Every commit comes across as it is, history included, and is checked on the way. The destination must be empty, absent,
or hold the beginning of the source: then the copy goes on from there, so a copy that was interrupted is run again.
When the keys were last used is not copied. An address with a password is best given in DALIL_FROM or DALIL_TO.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from == "" || to == "" {
				return usageError{errors.New("copy needs --from and --to, each a path or mongodb://…")}
			}
			return copyStore(cmd.Context(), sh, from, to)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "the store to copy: a path or mongodb://…")
	cmd.Flags().StringVar(&to, "to", "", "the store to copy to: a path or mongodb://…")
	return cmd
}

// copyStore copies between two stores.
func copyStore(ctx context.Context, sh shell, from, to string) error {
	if sameStore(from, to) {
		return fault.New(fault.Conflict, fault.CodeSameStore, nil)
	}
	log := telemetry.NewLogger(sh.stderr, "warn", "text")
	source, err := openSource(ctx, from, log)
	if err != nil {
		return err
	}
	head, err := ledger.Last(ctx, source)
	if err == nil && head.Seq == 0 {
		err = fault.New(fault.Conflict, fault.CodeStoreEmpty, nil)
	}
	if err == nil {
		err = copyInto(ctx, sh, transfer{"copying", "copied", storeName(from), head.Seq}, source, to)
	}
	return errors.Join(err, source.Close())
}

// transfer names a copy for whoever watches it.
type transfer struct {
	doing, did, from string
	total            uint64
}

// copyInto copies a source into a store.
func copyInto(ctx context.Context, sh shell, t transfer, source ledger.Source, to string) error {
	log := telemetry.NewLogger(sh.stderr, "warn", "text")
	store, err := openStore(ctx, to, log)
	if err != nil {
		return notOpened(to, err)
	}
	m := newMeter(sh.stderr, t.doing, t.total)
	copied, err := ledger.Copy(ctx, source, store, ledger.CopyOptions{Progress: m.tell})
	m.done()
	if closed := store.Close(); closed != nil {
		err = errors.Join(err, closed)
	}
	switch {
	case ctx.Err() != nil && err != nil:
		return fmt.Errorf("stopped after commit %d of %d; what is in %s is whole, run the same command again to go on", copied.Head.Seq, t.total, storeName(to))
	case fault.Is(err, fault.CodeStoreFull):
		return fmt.Errorf("%s\nit holds the commits up to %d of %d; make room and run the same command again to go on", describe(err), copied.Head.Seq, t.total)
	case err != nil:
		return err
	}
	_, err = fmt.Fprintf(sh.stdout, "%s %s to %s: %d commits, %d changes, position %d", t.did, t.from, storeName(to), copied.Commits, copied.Changes, copied.Head.Seq)
	if err == nil && copied.Before.Seq > 0 {
		_, err = fmt.Fprintf(sh.stdout, "; %d commits were there before", copied.Before.Seq)
	}
	if err == nil {
		_, err = fmt.Fprintln(sh.stdout)
	}
	return err
}

// openSource opens a store that is only read: where there is none, none is made.
func openSource(ctx context.Context, store string, log *slog.Logger) (ledger.Ledger, error) {
	var l ledger.Ledger
	var err error
	if isMongo(store) {
		l, err = openStore(ctx, store, log)
	} else {
		l, err = boltledger.Open(store, boltledger.Options{Log: log, Existing: true})
	}
	if err != nil {
		return nil, notOpened(store, err)
	}
	return l, nil
}

// notOpened says which store cannot be opened.
func notOpened(store string, err error) error {
	return fmt.Errorf("opening the store %s: %w", storeName(store), err)
}

// sameStore tells whether two settings surely name one store.
func sameStore(a, b string) bool {
	if isMongo(a) || isMongo(b) {
		return storeName(a) == storeName(b)
	}
	one, errOne := os.Stat(a)
	other, errOther := os.Stat(b)
	if errOne == nil && errOther == nil {
		return os.SameFile(one, other)
	}
	return filepath.Clean(a) == filepath.Clean(b)
}
