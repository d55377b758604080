package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

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
	lang      string

	left []finding // tables of folders that are not read
}

// note says what was left out, and where.
func (im *importing) note(left *interchange.CellError) finding {
	return finding{left.Place, fault.Message(im.lang, left.Code, left.Args)}
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
		Args: some("a PATH, a folder or a file to take in"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if im.lang == "" {
				im.lang = languageOf(sh.env)
			}
			if !slices.Contains(languages, im.lang) {
				return usageError{fmt.Errorf("--lang: %q cannot be; fr, ar or en is expected", im.lang)}
			}
			inputs, err := im.inputsOf(args)
			if err != nil {
				return err
			}
			return im.run(cmd.Context(), sh, inputs)
		},
	}
	im.server.flags(cmd.Flags(), &im.store)
	cmd.Flags().BoolVar(&im.dryRun, "dry-run", false, "say of each row what would be, write nothing")
	cmd.Flags().BoolVar(&im.keepGoing, "keep-going", false, "take the good rows and leave out the others")
	cmd.Flags().StringVar(&im.reason, "reason", "import", "why, kept with the commit")
	cmd.Flags().StringVar(&im.errorFile, "errors", "", "write what is wrong, and the possible duplicates, to this file as well, a CSV to open beside the sheet")
	cmd.Flags().StringVar(&im.lang, "lang", "", "language of what is said of the rows: fr, ar or en; without, that of LC_ALL, LC_MESSAGES or LANG, else en")
	return cmd
}

// inputsOf returns the files at the paths, and notes which tables of a folder are not among them.
func (im *importing) inputsOf(paths []string) ([]interchange.Input, error) {
	var all []interchange.Input
	for _, path := range paths {
		inputs, left, err := interchange.Inputs(path)
		if fault.Is(err, fault.CodeNoFile) {
			return nil, err // it names the path
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %s", path, describe(err))
		}
		for _, file := range left {
			im.left = append(im.left, im.note(file))
		}
		for _, input := range inputs {
			if slices.ContainsFunc(all, func(had interchange.Input) bool { return had.Name == input.Name }) {
				return nil, usageError{fmt.Errorf("%s is named twice", input.Name)}
			}
			all = append(all, input)
		}
	}
	return all, nil
}

// run imports, and tells what came of it: on standard output and error, and in the file of errors. That is made before
// anything is written, so that a path that cannot be is told in time.
func (im *importing) run(ctx context.Context, sh shell, inputs []interchange.Input) error {
	findings, err := openFindings(im.errorFile, inputs)
	if err != nil {
		return err
	}
	work := im.local
	if im.server.server != "" {
		work = im.remote
	}
	out, err := work(ctx, sh, inputs)
	if out == nil {
		return errors.Join(err, findings.drop())
	}
	out.notes = slices.Concat(im.left, out.notes)
	w := words(im.lang)
	out.committed = err == nil && !im.dryRun
	slices.SortStableFunc(out.wrong, func(a, b finding) int { return a.where.Compare(b.where) })
	out.tell(sh.stderr, w)
	unkept := findings.keep(out, w)
	if err == nil {
		err = im.conclude(sh, out)
	} else if errors.Is(err, errRefused) {
		err = out.refusal()
	}
	return errors.Join(err, unkept)
}

// conclude says what was taken, or in a dry run would be.
func (im *importing) conclude(sh shell, out *outcome) error {
	verb, rest := "imported", "was imported"
	if im.dryRun {
		verb, rest = "would import", "would be imported"
		out.tellChanges(sh.stdout)
	}
	_, err := fmt.Fprintf(sh.stdout, "%s: %d created, %d changed, %d unchanged, %d refused, position %d\n",
		verb, out.Created, out.Changed, out.Unchanged, out.refused, out.seq)
	if err == nil && len(out.wrong) > 0 {
		err = fmt.Errorf("%s; the rest %s", out.errorCount(), rest)
	}
	return err
}

// local imports into a store opened here. The store comes before the files: one that somebody else holds is told at
// once, whatever their size.
func (im *importing) local(ctx context.Context, sh shell, inputs []interchange.Input) (*outcome, error) {
	out := &outcome{}
	_, missing := os.Stat(im.store)
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
		if !im.dryRun && !isMongo(im.store) && errors.Is(missing, os.ErrNotExist) {
			out.made = im.store
		}
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
		Note: func(left *interchange.CellError) {
			out.notes = append(out.notes, im.note(left))
		},
		Refused: func(row interchange.Item) { opts.Refused = append(opts.Refused, row) },
	})
	if err != nil {
		return fmt.Errorf("reading the files: %s", describe(err))
	}
	out.read(faults, im.lang)
	opts.Unread = faults
	report, err := svc.Import(ctx, service.Write{Caller: operator(), Reason: im.reason, DryRun: im.dryRun}, items, opts)
	out.judged(&report, im.lang)
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
