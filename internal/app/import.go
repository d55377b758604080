package app

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"dalil/internal/config"
	"dalil/internal/fault"
	"dalil/internal/interchange"
	"dalil/internal/service"
)

// importing is what the command line says of an import.
type importing struct {
	server    serverPlace
	store     string
	dryRun    bool
	keepGoing bool
	reason    string
	errorFile string
}

// importCommand takes files into a store that is not being served, or through a server.
func importCommand(sh shell) *cobra.Command {
	var im importing
	cmd := &cobra.Command{
		Use:   "import PATH…",
		Short: "Take files into a directory, all of them or nothing",
		Long: `Take files into a directory, all of them in one commit or nothing.

A PATH is a folder of CSV files (actors.csv, roles.csv, …), one such file, an XLSX workbook with a sheet for each kind,
a file of JSON lines, or an organisations file of the Research Organization Registry (.ndjson, .ndjson.gz).
Rows may refer to later rows and to other files. Importing the same twice changes nothing.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			inputs, err := inputsOf(args)
			if err != nil {
				return err
			}
			return im.run(cmd.Context(), sh, inputs)
		},
	}
	config.StoreFlag(cmd.Flags(), &im.store)
	im.server.flags(cmd.Flags())
	cmd.Flags().BoolVar(&im.dryRun, "dry-run", false, "say what would be, write nothing")
	cmd.Flags().BoolVar(&im.keepGoing, "keep-going", false, "take the good rows and leave out the others")
	cmd.Flags().StringVar(&im.reason, "reason", "import", "why, kept with the commit")
	cmd.Flags().StringVar(&im.errorFile, "errors", "", "write what is wrong to this file as well, a CSV to open beside the sheet")
	return cmd
}

// inputsOf returns the files at the paths.
func inputsOf(paths []string) ([]interchange.Input, error) {
	var all []interchange.Input
	for _, path := range paths {
		inputs, err := interchange.Inputs(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %s", path, describe(err))
		}
		all = append(all, inputs...)
	}
	return all, nil
}

// outcome is what an import did, whoever did it.
type outcome struct {
	created, changed, unchanged, refused int
	seq                                  uint64
	wrong                                []wrong
	notes                                []string
}

// wrong is one thing that is wrong in a file.
type wrong struct {
	where interchange.Place
	what  string
}

func (im *importing) run(ctx context.Context, sh shell, inputs []interchange.Input) error {
	work := im.local
	if im.server.server != "" {
		work = im.remote
	}
	out, err := work(ctx, sh, inputs)
	if err != nil && out == nil {
		return err
	}
	slices.SortStableFunc(out.wrong, func(a, b wrong) int { return a.where.Compare(b.where) })
	for _, note := range out.notes {
		_, _ = fmt.Fprintln(sh.stderr, note)
	}
	for _, w := range out.wrong {
		_, _ = fmt.Fprintf(sh.stderr, "%s: %s\n", w.where, w.what)
	}
	if im.errorFile != "" {
		if err := writeErrors(im.errorFile, out.wrong); err != nil {
			return err
		}
	}
	if len(out.wrong) > 0 && !im.keepGoing {
		return fmt.Errorf("%d rows or files are wrong; nothing was written", out.refused)
	}
	if err != nil {
		return err
	}
	verb := "imported"
	if im.dryRun {
		verb = "would import"
	}
	_, _ = fmt.Fprintf(sh.stdout, "%s: %d created, %d changed, %d unchanged, %d refused, position %d\n",
		verb, out.created, out.changed, out.unchanged, out.refused, out.seq)
	if len(out.wrong) > 0 {
		return fmt.Errorf("%d rows or files were left out", out.refused)
	}
	return nil
}

// local imports into a store opened here. The store comes before the files: one that somebody else holds is told at
// once, whatever their size.
func (im *importing) local(ctx context.Context, sh shell, inputs []interchange.Input) (*outcome, error) {
	out := &outcome{}
	open := withService
	if im.dryRun {
		open = withRehearsal
	}
	var svc *service.Service
	var before uint64
	err := open(ctx, sh, im.store, func(opened *service.Service) error {
		svc, before = opened, opened.Head().Position().Seq
		return im.into(ctx, sh, svc, inputs, out)
	})
	switch {
	case fault.Is(err, fault.CodeImportRefused):
		return out, errRefused
	case ctx.Err() != nil && err != nil:
		return nil, im.stopped(svc, before)
	case err != nil:
		return nil, err
	default:
		return out, nil
	}
}

// into reads the files and imports them into an open store.
func (im *importing) into(ctx context.Context, sh shell, svc *service.Service, inputs []interchange.Input, out *outcome) error {
	shown := newStages(sh.stderr)
	defer shown.done()
	opts := service.ImportOptions{
		KeepGoing: im.keepGoing,
		Progress:  func(stage service.ImportStage, done, total int) { shown.tell(string(stage), done, total) },
	}
	items, faults, err := interchange.Read(ctx, inputs, interchange.ReadOptions{
		Note:    func(left *interchange.CellError) { out.notes = append(out.notes, left.Error()) },
		Refused: func(row interchange.Item) { opts.Refused = append(opts.Refused, row) },
	})
	if err != nil {
		return fmt.Errorf("reading the files: %s", describe(err))
	}
	out.read(faults)
	opts.Unread = faults
	report, err := svc.Import(ctx, service.Write{Caller: operator(), Reason: im.reason, DryRun: im.dryRun}, items, opts)
	out.judged(items, &report)
	return err
}

// stopped says what an import that was interrupted has left in its store, which is closed by now.
func (im *importing) stopped(svc *service.Service, before uint64) error {
	if svc == nil || svc.Head().Position().Seq == before {
		return errors.New("stopped; nothing was written, run the same command again")
	}
	return fmt.Errorf("stopped while it was being written; %s is whole at position %d: run the same command again, what is there stays as it is",
		storeName(im.store), svc.Head().Position().Seq)
}

var errRefused = errors.New("nothing was written")

// read takes in what reading the files found.
func (o *outcome) read(faults []*interchange.CellError) {
	for _, f := range faults {
		o.wrong = append(o.wrong, wrong{f.Place, fault.Message("en", f.Code, f.Args)})
	}
}

// judged takes in what the directory said of the rows.
func (o *outcome) judged(items []interchange.Item, report *service.ImportReport) {
	o.created, o.changed, o.unchanged, o.seq = report.Created, report.Changed, report.Unchanged, report.Seq
	o.refused = report.Refused
	for _, f := range report.Faults {
		o.wrong = append(o.wrong, wrong{f.At, fault.Message("en", f.Code, f.Args)})
	}
	for _, d := range report.Duplicates {
		for _, c := range d.Candidates {
			o.notes = append(o.notes, possible(items[d.Item].Place("/name"), d.ID, c))
		}
	}
}

// possible says that a new actor may be one that is there.
func possible(where interchange.Place, id string, c service.Named) string {
	return fmt.Sprintf("%s: %s may be %s (%s); say so in the column same_as: %s, or new", where, id, c.ID, c.Label, c.ID)
}

// writeErrors writes what is wrong as a table.
func writeErrors(path string, all []wrong) error {
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("writing the errors: %w", err)
	}
	if err := errors.Join(errorTable(file, all), file.Close()); err != nil {
		return fmt.Errorf("writing the errors: %w", err)
	}
	return nil
}

func errorTable(to io.Writer, all []wrong) error {
	table := csv.NewWriter(to)
	_ = table.Write([]string{"file", "sheet", "row", "column", "name", "error"}) // Error tells
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	for _, w := range all {
		at := w.where
		_ = table.Write([]string{at.File, at.Sheet, number(at.Row), number(at.Column), at.Name, w.what}) // as above
	}
	table.Flush()
	return table.Error()
}
