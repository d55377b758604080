package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"dalil/internal/config"
	"dalil/internal/ledger"
	"dalil/internal/ledger/backupfile"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/telemetry"
)

// verifyCommand checks the chain of a store or of a backup and says what is wrong where.
func verifyCommand(sh shell) *cobra.Command {
	var store, in string
	cmd := &cobra.Command{
		Use:   "verify (--store S | --in FILE)",
		Short: "Check the hash chain of a store or a backup and say what is wrong where",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if in == "" {
				return verifyStore(cmd.Context(), sh, store)
			}
			return verifyFile(cmd.Context(), sh, in)
		},
	}
	config.StoreFlag(cmd.Flags(), &store)
	cmd.Flags().StringVar(&in, "in", "", "a backup to check instead of a store")
	config.Alternatives(cmd.Flags(), "store", "in")
	return cmd
}

func verifyStore(ctx context.Context, sh shell, store string) error {
	l, err := openSource(ctx, store, telemetry.NewLogger(sh.stderr, "warn", "text"))
	if err != nil {
		return err
	}
	f := findings{to: sh.stdout}
	summary, err := ledger.Verify(ctx, l, f.report)
	if err = errors.Join(err, l.Close()); err != nil {
		return fmt.Errorf("verifying %s: %w", storeName(store), err)
	}
	return f.conclude(storeName(store), summary)
}

func verifyFile(ctx context.Context, sh shell, in string) error {
	file, err := backupfile.Open(in)
	if err != nil {
		return err
	}
	f := findings{to: sh.stdout}
	summary, err := ledger.VerifyCommits(ctx, file, f.report)
	if err != nil {
		return fmt.Errorf("verifying %s: %w", in, err)
	}
	if err := f.conclude(in, summary); err != nil {
		return err
	}
	h := file.Header()
	_, err = fmt.Fprintf(sh.stdout, "made %s of the ledger %x, at position %d\n", h.Made.Format(time.RFC3339), h.Ledger, h.Head.Seq)
	return err
}

// findings are printed as they come, and counted.
type findings struct {
	to    io.Writer
	found int
}

func (f *findings) report(finding ledger.Finding) {
	f.found++
	_, _ = fmt.Fprintln(f.to, finding)
}

// conclude says what was looked at, and that it is damaged when anything was found.
func (f *findings) conclude(name string, s ledger.Summary) error {
	_, err := fmt.Fprintf(f.to, "%s: %d commits, %d changes, %d records, %d findings\n", name, s.Commits, s.Changes, s.Records, f.found)
	if f.found > 0 {
		return fmt.Errorf("%s is damaged", name)
	}
	return err
}

// compactCommand rewrites a file store so that erased texts and free pages are gone from it.
func compactCommand(sh shell) *cobra.Command {
	var store string
	cmd := &cobra.Command{
		Use:   "compact",
		Short: "Rewrite a file store without its free pages",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if isMongo(store) {
				return usageError{errors.New("compact is for file stores; MongoDB compacts by itself")}
			}
			l, err := boltledger.Open(store, boltledger.Options{Existing: true})
			if err != nil {
				return notOpened(store, err)
			}
			if err := errors.Join(l.Compact(cmd.Context()), l.Close()); err != nil {
				return fmt.Errorf("compacting %s: %w", store, err)
			}
			_, err = fmt.Fprintf(sh.stdout, "compacted %s\n", store)
			return err
		},
	}
	config.StoreFlag(cmd.Flags(), &store)
	return cmd
}
