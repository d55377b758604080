// Package bench has one duty: data of real size for the benchmarks. It reads the organisations that the Research
// Organization Registry has published (CC0) as actors of the directory. No part of the program imports it.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/interchange"
)

// Variable names the environment variable that holds the path of the registry's file.
const Variable = "DALIL_BENCH_ROR"

// beside is where the file is looked for in every folder from the working one upwards.
const beside = "shared/data/ror/organizations.ndjson.gz"

// Path returns the path of the registry's file: what Variable says, else the one found beside the source tree; ""
// when there is none.
func Path() string {
	if path := os.Getenv(Variable); path != "" {
		return path
	}
	folder, err := os.Getwd()
	for err == nil {
		path := filepath.Join(folder, beside)
		if _, err := os.Stat(path); err == nil {
			return path
		}
		above := filepath.Dir(folder)
		if above == folder {
			break
		}
		folder = above
	}
	return ""
}

// Actors returns the organisations of the registry's file or skips a benchmark that has none.
func Actors(tb testing.TB) []directory.Record {
	tb.Helper()
	var actors []directory.Record
	for _, r := range Records(tb) {
		if r.RecordKind() == directory.Actors {
			actors = append(actors, r)
		}
	}
	return actors
}

// Records returns what Read does, or skips a benchmark that has no file.
func Records(tb testing.TB) []directory.Record {
	tb.Helper()
	if Path() == "" {
		tb.Skip(ErrNoFile)
	}
	records, err := Read(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return records
}

// ErrNoFile says that the registry's file is not here.
var ErrNoFile = errors.New("the organisations are not here: set " + Variable + " to the path of organizations.ndjson.gz")

// Read returns what the registry's file becomes: organisations, withdrawn ones archived, and their relations. Its error
// is ErrNoFile or says what is wrong with the file.
func Read(ctx context.Context) ([]directory.Record, error) {
	path := Path()
	if path == "" {
		return nil, ErrNoFile
	}
	input := interchange.Input{Name: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
	items, faults, err := interchange.Read(ctx, []interchange.Input{input}, interchange.ReadOptions{})
	if err == nil && len(faults) > 0 {
		err = faults[0]
	}
	if err != nil {
		return nil, fmt.Errorf("reading the organisations: %w", err)
	}
	return interchange.Records(items), nil
}
