package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strconv"

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

csv is a folder of one file a kind, xlsx a workbook with a sheet for each kind, ndjson
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
			if err := ex.fits(); err != nil {
				return usageError{err}
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

// fits tells whether the format can be written to the path: CSV is a folder, the others are one file.
func (ex *exporting) fits() error {
	info, err := os.Stat(ex.out)
	if err != nil { // it is made, or that fails and is told
		return nil //nolint:nilerr // as said
	}
	switch folder := interchange.Format(ex.format) == interchange.CSV; {
	case info.IsDir() == folder:
		return nil
	case folder:
		return fmt.Errorf("--out: %s is a file, and csv is a folder of files; name a folder", ex.out)
	default:
		return fmt.Errorf("--out: %s is a folder, and %s is one file; name a file", ex.out, ex.format)
	}
}

// listed is a record with its text, where that is wanted.
type listed = iter.Seq2[directory.Record, []byte]

// local writes what a store opened here holds.
func (ex *exporting) local(sh shell, svc *service.Service) error {
	head := svc.Head()
	return ex.save(sh, strconv.FormatUint(head.Position().Seq, 10), func(kind directory.Kind) listed {
		return func(yield func(directory.Record, []byte) bool) {
			for e := range head.Entries(kind) {
				if !e.Erased() && e.MergedInto() == "" && !yield(e.Record(), e.JSON()) {
					return
				}
			}
		}
	})
}

// save writes the records of all kinds, names what the format loses of them, and says how many they were.
func (ex *exporting) save(sh shell, position string, of func(directory.Kind) listed) error {
	format := interchange.Format(ex.format)
	records := func(yield func(directory.Record) bool) {
		for _, kind := range directory.Kinds() {
			for r := range of(kind) {
				if !yield(r) {
					return
				}
			}
		}
	}
	count := 0
	fill := func(out interchange.Export) error {
		for _, kind := range directory.Kinds() {
			list, err := out.List(kind)
			if err != nil {
				return err
			}
			for r, text := range of(kind) {
				count++
				if err := list.Write(r, text); err != nil {
					return err
				}
			}
			if err := list.Close(); err != nil {
				return err
			}
		}
		return out.Close()
	}
	if err := ex.write(format, interchange.WriteOptions{Languages: interchange.LanguagesOf(records)}, fill); err != nil {
		return fmt.Errorf("writing %s: %w", ex.out, err)
	}
	ex.tellLosses(sh, format, records)
	_, err := fmt.Fprintf(sh.stdout, "exported %d records to %s, position %s\n", count, ex.out, position)
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

// remote writes what a server answers to the key. It asks for JSON lines, which carry everything, and makes of them what
// is asked for as of a store opened here.
func (ex *exporting) remote(ctx context.Context, sh shell) error {
	client, err := ex.server.client(sh)
	if err != nil {
		return err
	}
	res, err := client.get(ctx, "/export?format=ndjson", interchange.NDJSON.MediaType())
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	kept, err := os.CreateTemp("", "dalil-export-*.ndjson")
	if err != nil {
		return fmt.Errorf("keeping what the server answers: %w", err)
	}
	defer func() { _ = os.Remove(kept.Name()) }()
	_, err = io.Copy(kept, res.Body)
	if err = errors.Join(err, kept.Close()); err != nil {
		return fmt.Errorf("keeping what the server answers: %w", err)
	}
	inputs, _, err := interchange.Inputs(kept.Name())
	if err != nil {
		return err
	}
	items, faults, err := interchange.Read(ctx, inputs, interchange.ReadOptions{})
	if err == nil && len(faults) > 0 {
		err = faults[0]
	}
	if err != nil {
		return fmt.Errorf("reading what the server answers: %w", err)
	}
	byKind := make(map[directory.Kind][]directory.Record)
	for i := range items {
		r := items[i].Record
		byKind[r.RecordKind()] = append(byKind[r.RecordKind()], r)
	}
	return ex.save(sh, res.Header.Get("Dalil-Seq"), func(kind directory.Kind) listed {
		return func(yield func(directory.Record, []byte) bool) {
			for _, r := range byKind[kind] {
				text, err := directory.Encode(r)
				if err != nil || !yield(r, text) {
					return
				}
			}
		}
	})
}
