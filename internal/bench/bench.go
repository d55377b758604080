// Package bench has one duty: data of real size for the benchmarks. It reads the organisations that the Research
// Organization Registry has published (CC0) as actors of the directory. No part of the program imports it.
package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"dalil/internal/directory"
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

// Actors returns the organisations of the registry's file, or skips a benchmark that has none.
func Actors(tb testing.TB) []directory.Record {
	tb.Helper()
	path := Path()
	if path == "" {
		tb.Skipf("the organisations are not here: set %s to the path of organizations.ndjson.gz", Variable)
	}
	records, err := Organisations(path)
	if err != nil {
		tb.Fatal(fmt.Errorf("reading the organisations: %w", err))
	}
	return records
}
