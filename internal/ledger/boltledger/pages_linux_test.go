package boltledger_test

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/ledger/ledgertest"
)

func TestAWalkOverTheFileDoesNotStayMapped(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "dalil.db")
	l := mustOpen(t, path)
	scribe, at := ledgertest.NewScribe(ledgertest.Seed(t)), ledger.Position{}
	text := scribe.Text(directory.Ref{Kind: directory.Actors, ID: "an-organisation"}, 40_000)
	for range 4 {
		group := benchGroup(scribe, at, 64, text)
		mustAppend(t, l, at, group)
		at = group[63].Position()
	}
	for name, walk := range map[string]func(context.Context) error{
		"Load": func(ctx context.Context) error {
			_, err := l.Load(ctx, func(ledger.Record) error { return nil })
			return err
		},
		"Commits": func(ctx context.Context) error {
			return l.Commits(ctx, 0, func(*ledger.Commit) error { return nil })
		},
		"Histories": func(ctx context.Context) error {
			return l.Histories(ctx, at.Seq, func(directory.Ref, ledger.Revision) error { return nil })
		},
	} {
		if err := walk(t.Context()); err != nil {
			t.Fatal(err)
		}
		if most := mappedKB(t, path); most > 1_000 {
			t.Errorf("after %s %d kB of a file of 10 MB are mapped", name, most)
		}
	}
	verified(t, l, at)
}

// mappedKB is how much of a file this process has mapped into its memory at the moment.
func mappedKB(t *testing.T, path string) (kB int) {
	t.Helper()
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = maps.Close() }()
	ours, found := false, false
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		words := strings.Fields(lines.Text())
		switch {
		case !strings.HasSuffix(words[0], ":"):
			ours = strings.HasSuffix(lines.Text(), path)
			found = found || ours
		case ours && words[0] == "Rss:":
			n, err := strconv.Atoi(words[1])
			if err != nil {
				t.Fatal(err)
			}
			kB += n
		}
	}
	if !found {
		t.Fatal("the file is not mapped at all")
	}
	return kB
}
