package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dalil/internal/access"
	"dalil/internal/config"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/interchange"
	"dalil/internal/service"
	"dalil/internal/telemetry"
)

// importCommand reads a folder of CSV files into a store that is not being served.
func importCommand(sh shell) *cobra.Command {
	var store string
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "import FOLDER",
		Short: "Read a folder of CSV files into a store, all of it or nothing",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return importFolder(cmd.Context(), sh, store, args[0], dryRun)
		},
	}
	config.StoreFlag(cmd.Flags(), &store)
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "say what would be, write nothing")
	return cmd
}

// importFolder reads, judges and writes in one commit.
func importFolder(ctx context.Context, sh shell, store, folder string, dryRun bool) error {
	items, faults, err := interchange.ReadFolder(os.DirFS(folder))
	if err != nil {
		return fmt.Errorf("reading %s: %w", folder, err)
	}
	if len(faults) > 0 {
		for _, f := range faults {
			_, _ = fmt.Fprintln(sh.stderr, f)
		}
		return fmt.Errorf("%d faults in %s; nothing was written", len(faults), folder)
	}
	return withService(ctx, sh, store, func(svc *service.Service) error {
		write := service.Write{Caller: operator(), Reason: "import", DryRun: dryRun}
		report, err := svc.Import(ctx, write, interchange.Records(items))
		if err != nil {
			return errors.Join(importFaults(err, items)...)
		}
		verb := "imported"
		if dryRun {
			verb = "would import"
		}
		_, err = fmt.Fprintf(sh.stdout, "%s %s: %d created, %d changed, %d unchanged, position %d\n",
			verb, folder, report.Created, report.Changed, report.Unchanged, report.Seq)
		return err
	})
}

// importFaults says each refusal at the cell that it is about.
func importFaults(err error, items []interchange.Item) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, one := range many.Unwrap() {
			all = append(all, importFaults(one, items)...)
		}
		return all
	}
	f, isFault := errors.AsType[*fault.Error](err)
	if !isFault {
		return []error{err}
	}
	own, isItem := errors.AsType[*service.ImportError](err)
	if len(f.Fields) == 0 && isItem {
		return []error{fmt.Errorf("%s: %s", items[own.Index].Place(""), fault.Message("en", f.Code, f.Args))}
	}
	if len(f.Fields) == 0 {
		return []error{err}
	}
	var said []error
	for _, field := range f.Fields {
		index, pointer := -1, field.Pointer
		if isItem {
			index = own.Index
		}
		if i, rest, ok := itemOf(field.Pointer); ok {
			index, pointer = i, rest
		}
		where := ""
		if index >= 0 && index < len(items) {
			where = items[index].Place(pointer).String() + ": "
		}
		said = append(said, fmt.Errorf("%s%s", where, fault.Message("en", field.Code, field.Args)))
	}
	return said
}

// itemOf parts /items/3/parent into 3 and /parent.
func itemOf(pointer string) (index int, rest string, ok bool) {
	after, ok := strings.CutPrefix(pointer, "/items/")
	if !ok {
		return 0, "", false
	}
	number, rest, more := strings.Cut(after, "/")
	index, err := strconv.Atoi(number)
	if more {
		rest = "/" + rest
	}
	return index, rest, err == nil
}

// operator is the caller of the commands on a store: whoever can open it may do everything.
func operator() access.Caller {
	return access.Caller{ID: "operator", Scope: access.Admin, Clearance: directory.Ministry, Via: "cli"}
}

// withService opens a store that nobody serves, runs the work and closes it. An empty store gets its first commit, and
// its admin key is printed once.
func withService(ctx context.Context, sh shell, store string, work func(*service.Service) error) error {
	log := telemetry.NewLogger(sh.stderr, "warn", "text")
	l, err := openStore(ctx, store, log)
	if err != nil {
		return fmt.Errorf("opening the store %s: %w", storeName(store), err)
	}
	key, err := config.Secret(sh.env, os.ReadFile, "DALIL_BOOTSTRAP_KEY")
	if err != nil {
		return errors.Join(err, l.Close())
	}
	svc, err := service.Open(ctx, l, service.Options{
		Log: log, Now: time.Now, Location: time.UTC, BootstrapKey: key,
		Announce: func(secret string) { announce(sh, secret) },
	})
	if err != nil {
		return errors.Join(fmt.Errorf("reading the store %s: %w", storeName(store), err), l.Close())
	}
	err = work(svc)
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), openTime)
	defer cancel()
	return errors.Join(err, svc.Close(closing), l.Close())
}
