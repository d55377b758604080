package app

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"dalil/internal/config"
	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/telemetry"
)

// verifyCommand checks the chain of a store and says what is wrong where.
func verifyCommand(sh shell) *cobra.Command {
	var store string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check the hash chain of a store and say what is wrong where",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log := telemetry.NewLogger(sh.stderr, "warn", "text")
			l, err := openStore(cmd.Context(), store, log)
			if err != nil {
				return fmt.Errorf("opening the store %s: %w", storeName(store), err)
			}
			found := 0
			summary, err := ledger.Verify(cmd.Context(), l, func(f ledger.Finding) {
				found++
				_, _ = fmt.Fprintln(sh.stdout, f)
			})
			if err = errors.Join(err, l.Close()); err != nil {
				return fmt.Errorf("verifying %s: %w", storeName(store), err)
			}
			_, _ = fmt.Fprintf(sh.stdout, "%s: %d commits, %d changes, %d records, %d findings\n",
				storeName(store), summary.Commits, summary.Changes, summary.Records, found)
			if found > 0 {
				return fmt.Errorf("%s is damaged", storeName(store))
			}
			return nil
		},
	}
	config.StoreFlag(cmd.Flags(), &store)
	return cmd
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
			l, err := boltledger.Open(store, boltledger.Options{})
			if err != nil {
				return fmt.Errorf("opening the store %s: %w", store, err)
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
