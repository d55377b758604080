package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"dalil/internal/config"
	"dalil/internal/ledger/backupfile"
)

// restoreCommand puts a backup into a store.
func restoreCommand(sh shell) *cobra.Command {
	var store, in string
	cmd := &cobra.Command{
		Use:   "restore --in FILE --store S",
		Short: "Put a backup into a new store",
		Long: `Put a backup into a store, of either kind, whichever the backup was made of.

The file is checked as a whole before anything is written. The store must be empty, absent, or hold the beginning of
the backup: then it goes on from there, so a restore that was interrupted is run again.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if in == "" {
				return usageError{errors.New("restore needs --in, the backup to read")}
			}
			return restore(cmd.Context(), sh, in, store)
		},
	}
	config.StoreFlag(cmd.Flags(), &store)
	cmd.Flags().StringVar(&in, "in", "", "the backup to read")
	return cmd
}

func restore(ctx context.Context, sh shell, in, store string) error {
	if _, err := checkBackup(ctx, sh, in); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("stopped while %s was checked; nothing was written, run the same command again", in)
		}
		return fmt.Errorf("checking %s: %w", in, err)
	}
	file, err := backupfile.Open(in)
	if err != nil {
		return err
	}
	return copyInto(ctx, sh, transfer{"restoring", "restored", in, file.Header().Head.Seq}, file, store)
}
