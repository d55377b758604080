package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/ledger/backupfile"
	"dalil/internal/telemetry"
)

// backupCommand writes a whole store into one file.
func backupCommand(sh shell) *cobra.Command {
	var place serverPlace
	var store, out string
	cmd := &cobra.Command{
		Use:   "backup (--store S | --server URL) --out FILE",
		Short: "Write a whole store into one file, also while it is being served",
		Long: `Write a whole store into one file: every commit, history and keys' digests included.

A served file store is locked: go through its server with --server URL and an admin key of clearance ministry. Nobody
has to wait meanwhile; the backup is the store as it was at the beginning. The file gets its name once it is whole,
durable and has been read back; "dalil verify --in FILE" checks it again at any time. Keep it as safe as the store.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return usageError{errors.New("backup needs --out, the file to write")}
			}
			if place.server == "" {
				return backupStore(cmd.Context(), sh, store, out)
			}
			client, err := place.client(sh)
			if err != nil {
				return err
			}
			return finishBackup(cmd.Context(), sh, place.server, out, client.backup)
		},
	}
	place.flags(cmd.Flags(), &store)
	cmd.Flags().StringVar(&out, "out", "", "the file to write; one that is there is replaced at the end")
	return cmd
}

// backupStore backs up a store that nobody serves.
func backupStore(ctx context.Context, sh shell, store, out string) error {
	l, err := openSource(ctx, store, telemetry.NewLogger(sh.stderr, "warn", "text"))
	if err != nil {
		return err
	}
	if sameStore(store, out) {
		return errors.Join(fault.New(fault.Conflict, fault.CodeSameStore, nil), l.Close())
	}
	err = finishBackup(ctx, sh, storeName(store), out, func(ctx context.Context, to io.Writer) error {
		head, err := ledger.Last(ctx, l)
		if err != nil {
			return err
		}
		m := newMeter(sh.stderr, "backing up", head.Seq)
		defer m.done()
		_, err = backupfile.Write(ctx, to, l, backupfile.Options{Head: head, Made: time.Now(), Progress: m.tell})
		return err
	})
	return errors.Join(err, l.Close())
}

// finishBackup writes a file, checks it, and gives it its name.
func finishBackup(ctx context.Context, sh shell, from, out string, write func(context.Context, io.Writer) error) error {
	var summary ledger.Summary
	var size int64
	err := replaceFile(out, func(file *os.File) error {
		if err := write(ctx, file); err != nil {
			return err
		}
		if err := file.Sync(); err != nil {
			return err
		}
		info, err := file.Stat()
		if err != nil {
			return err
		}
		size = info.Size()
		summary, err = checkBackup(ctx, sh, file.Name())
		return err
	})
	switch {
	case ctx.Err() != nil && err != nil:
		return fmt.Errorf("stopped; %s was not written", out)
	case err != nil:
		return fmt.Errorf("backing up %s: %w", from, err)
	}
	_, err = fmt.Fprintf(sh.stdout, "backed up %s to %s: %d commits, %d changes, position %d, %d bytes, checked\n",
		from, out, summary.Commits, summary.Changes, summary.Head.Seq, size)
	return err
}

// checkBackup reads a backup whole. What is wrong with it is said on standard error.
func checkBackup(ctx context.Context, sh shell, path string) (ledger.Summary, error) {
	file, err := backupfile.Open(path)
	if err != nil {
		return ledger.Summary{}, err
	}
	found := 0
	summary, err := ledger.VerifyCommits(ctx, file, func(f ledger.Finding) {
		found++
		_, _ = fmt.Fprintln(sh.stderr, f)
	})
	if err == nil && found > 0 {
		err = fmt.Errorf("%d findings", found)
	}
	return summary, err
}

// replaceFile writes a file beside the one that it is to be, and puts it there in one step when all went well. On any
// error nothing is left of it, and a file that stood there stands.
func replaceFile(path string, write func(*os.File) error) error {
	folder, name := filepath.Split(path)
	if folder == "" {
		folder = "."
	}
	file, err := os.CreateTemp(folder, "."+name+".*.partial")
	if err != nil {
		return err
	}
	err = write(file)
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name()) // the error at hand says more
		return err
	}
	return syncFolder(folder)
}

// syncFolder makes a name in a folder durable. Some systems cannot, and need not be asked.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	_ = f.Sync() // what cannot be synced is as durable as it gets
	return f.Close()
}
