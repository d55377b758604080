//go:build peers && linux

// Command compare has one duty: it measures Dalil beside what a team would build instead, on the data of package bench,
// and prints what it has seen as a table in Markdown. Every figure is a median of several runs, and what is compared is
// measured in the same run. It starts everything it needs, Dalil and PostgreSQL included, in a folder of its own, and
// stops and removes it.
//
//	go run -tags peers ./internal/bench/compare [-rows list,search] [-runs 5] [-keep folder]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

// run is the command. The program also is the processes that it starts: what loads a server, and a server that answers
// from memory.
func run(ctx context.Context, args []string, in io.Reader, out, log io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case loadMode:
			return load(ctx, in, out)
		case bareMode:
			return bare(ctx, out)
		}
	}
	s := &stand{out: log, began: time.Now()}
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.SetOutput(log)
	names := flags.String("rows", "", "which rows to measure, separated by commas; all without: "+strings.Join(rowNames(), ", "))
	flags.IntVar(&s.runs, "runs", 5, "how often everything is measured; the medians are told")
	flags.StringVar(&s.kept, "keep", "", "folder that keeps the filled stores, for later runs on the same data; without, they are removed")
	flags.StringVar(&s.postgresBin, "postgres", "/usr/lib/postgresql/15/bin", "folder of PostgreSQL's programs")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen, err := rowsNamed(*names)
	if err == nil && s.runs < 1 {
		err = errors.New("-runs: at least one is expected")
	}
	if err != nil {
		return err
	}
	return s.measure(ctx, chosen, out)
}

// row is a part of the table that can be measured by itself.
type row struct {
	name    string
	measure func(ctx context.Context, s *stand) ([]line, error)
}

// rows returns all of them, in the order of the table.
func rows() []row {
	all := []row{{"memory", measureMemory}} // first: the server has just started
	for _, k := range kindsOfLists() {
		all = append(all, row{k.row, k.measure})
	}
	return append(all, []row{
		{"search", measureSearch},
		{"suggest", measureSuggest},
		{"matrix", measureMatrix},
		{"judgements", measureJudgements},
		{"known", measureKnown},
		{"apply", measureApply},
		{"growth", measureGrowth},
	}...)
}

func rowNames() []string {
	var names []string
	for _, r := range rows() {
		names = append(names, r.name)
	}
	return names
}

// rowsNamed returns the rows with these names, in the order of the table.
func rowsNamed(names string) ([]row, error) {
	if names == "" {
		return rows(), nil
	}
	wanted := strings.Split(names, ",")
	for _, name := range wanted {
		if !slices.Contains(rowNames(), name) {
			return nil, fmt.Errorf("-rows: there is no %q; there are %s", name, strings.Join(rowNames(), ", "))
		}
	}
	return slices.DeleteFunc(rows(), func(r row) bool { return !slices.Contains(wanted, r.name) }), nil
}
