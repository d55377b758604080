package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/spf13/cobra"

	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/service"
)

// exporting is what the command line says of an export.
type exporting struct {
	server serverPlace
	store  string
	format string
	out    string
}

// exportCommand writes the records of a directory into files.
func exportCommand(sh shell) *cobra.Command {
	var ex exporting
	cmd := &cobra.Command{
		Use:   "export --format csv|xlsx|ndjson --out PATH",
		Short: "Write every record of a directory, archived ones included, into files",
		Long: `Write every record of a directory, archived ones included, into files that import reads back.

csv is a folder of one file a kind (through a server: a zip of them), xlsx a workbook with a sheet for each kind, ndjson
one file of JSON lines. JSON lines carry everything; what the others cannot carry is named.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if ex.out == "" {
				return usageError{errors.New("export needs --out, where to write")}
			}
			switch interchange.Format(ex.format) {
			case interchange.CSV, interchange.XLSX, interchange.NDJSON:
			default:
				return usageError{fmt.Errorf("--format: %q cannot be; csv, xlsx or ndjson is expected", ex.format)}
			}
			if ex.server.server != "" {
				return ex.remote(cmd.Context(), sh)
			}
			return withExisting(cmd.Context(), sh, ex.store, func(svc *service.Service) error { return ex.local(sh, svc) })
		},
	}
	ex.server.flags(cmd.Flags(), &ex.store)
	cmd.Flags().StringVar(&ex.format, "format", "csv", "csv, xlsx or ndjson")
	cmd.Flags().StringVar(&ex.out, "out", "", "the folder (csv) or the file to write; one that is there is replaced at the end")
	return cmd
}

// local writes what a store opened here holds.
func (ex *exporting) local(sh shell, svc *service.Service) error {
	head := svc.Head()
	format := interchange.Format(ex.format)
	records := func(yield func(directory.Record) bool) {
		for _, kind := range directory.Kinds() {
			for e := range head.Entries(kind) {
				if !e.Erased() && e.MergedInto() == "" && !yield(e.Record()) {
					return
				}
			}
		}
	}
	opts := interchange.WriteOptions{Languages: interchange.LanguagesOf(records)}
	count := 0
	fill := func(out interchange.Export) error {
		for _, kind := range directory.Kinds() {
			list, err := out.List(kind)
			if err != nil {
				return err
			}
			for e := range head.Entries(kind) {
				if e.Erased() || e.MergedInto() != "" {
					continue
				}
				count++
				if err := list.Write(e.Record(), e.JSON()); err != nil {
					return err
				}
			}
			if err := list.Close(); err != nil {
				return err
			}
		}
		return out.Close()
	}
	if err := ex.write(format, opts, fill); err != nil {
		return fmt.Errorf("writing %s: %w", ex.out, err)
	}
	ex.tellLosses(sh, format, records)
	_, err := fmt.Fprintf(sh.stdout, "exported %d records to %s, position %d\n", count, ex.out, head.Position().Seq)
	return err
}

// write makes the folder or the file, and gives it its name when it is whole.
func (ex *exporting) write(format interchange.Format, opts interchange.WriteOptions, fill func(interchange.Export) error) error {
	if format == interchange.CSV {
		out, err := interchange.NewFolder(ex.out, opts)
		if err != nil {
			return err
		}
		return fill(out)
	}
	return replaceFile(ex.out, func(file *os.File) error {
		out, err := interchange.NewExport(file, format, opts)
		if err != nil {
			return err
		}
		return fill(out)
	})
}

// tellLosses names what the format cannot carry of these records.
func (*exporting) tellLosses(sh shell, format interchange.Format, records iter.Seq[directory.Record]) {
	for _, loss := range interchange.NotCarried(format, records) {
		_, _ = fmt.Fprintf(sh.stderr, "%s: %s\n", format, loss)
	}
}

// remote writes what a server answers to the key.
func (ex *exporting) remote(ctx context.Context, sh shell) error {
	client, err := ex.server.client(sh)
	if err != nil {
		return err
	}
	res, err := client.get(ctx, "/export?format="+ex.format, "*/*")
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	err = replaceFile(ex.out, func(file *os.File) error {
		_, err := io.Copy(file, res.Body)
		return err
	})
	if err != nil {
		return fmt.Errorf("writing %s: %w", ex.out, err)
	}
	_, err = fmt.Fprintf(sh.stdout, "exported to %s, position %s\n", ex.out, res.Header.Get("Dalil-Seq"))
	return err
}
