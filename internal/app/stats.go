package app

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/telemetry"
)

// stats is what is told of a store. What nobody knows is left zero.
type stats struct {
	ledger  ledger.ID16
	first   time.Time
	last    time.Time
	commits uint64
	size    int64
	records map[directory.Kind]map[string]int // by status; what is out of use by that
}

// statsCommand says what a store holds.
func statsCommand(sh shell) *cobra.Command {
	var place serverPlace
	var store string
	cmd := &cobra.Command{
		Use:   "stats (--store S | --server URL)",
		Short: "Say what a store holds: records by kind and status, commits, size",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if place.server == "" {
				return printStats(cmd.Context(), sh, store, storeStats)
			}
			client, err := place.client(sh)
			if err != nil {
				return err
			}
			return printStats(cmd.Context(), sh, place.server, func(ctx context.Context, _ shell, _ string) (*stats, error) { return client.stats(ctx) })
		},
	}
	place.flags(cmd.Flags(), &store)
	return cmd
}

// printStats prints what gather finds out.
func printStats(ctx context.Context, sh shell, of string, gather func(context.Context, shell, string) (*stats, error)) error {
	s, err := gather(ctx, sh, of)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(sh.stdout, 0, 0, 2, ' ', 0)
	line := func(name, value string) { _, _ = fmt.Fprintf(table, "%s\t%s\n", name, value) }
	line("store", storeName(of))
	if s.ledger != (ledger.ID16{}) {
		line("ledger", hex.EncodeToString(s.ledger[:]))
	}
	line("commits", strconv.FormatUint(s.commits, 10))
	if !s.first.IsZero() {
		line("first commit", s.first.Format(time.RFC3339))
		line("last commit", s.last.Format(time.RFC3339))
	}
	if s.size > 0 {
		line("size", fmt.Sprintf("%d bytes", s.size))
	}
	for _, kind := range directory.Kinds() {
		total := 0
		var parts []string
		for _, status := range slices.Sorted(maps.Keys(s.records[kind])) {
			n := s.records[kind][status]
			total += n
			parts = append(parts, fmt.Sprintf("%d %s", n, status))
		}
		line(string(kind), strings.TrimSpace(fmt.Sprintf("%d  %s", total, strings.Join(parts, ", "))))
	}
	return table.Flush()
}

// storeStats reads a store that nobody serves.
func storeStats(ctx context.Context, sh shell, store string) (*stats, error) {
	l, err := openSource(ctx, store, telemetry.NewLogger(sh.stderr, "warn", "text"))
	if err != nil {
		return nil, err
	}
	s, err := readStats(ctx, l)
	if info, failed := os.Stat(store); failed == nil && !isMongo(store) {
		s.size = info.Size()
	}
	return s, errors.Join(err, l.Close())
}

// readStats reads the checkpoint and completes it by the commits after it.
func readStats(ctx context.Context, l ledger.Ledger) (*stats, error) {
	s := &stats{records: make(map[directory.Kind]map[string]int)}
	genesis, err := ledger.Genesis(ctx, l)
	if err != nil {
		return s, err
	}
	if genesis == nil {
		return s, fault.New(fault.Conflict, fault.CodeStoreEmpty, nil)
	}
	s.ledger, s.first, s.last = genesis.Ledger, genesis.At, genesis.At
	type current struct {
		version uint64
		status  string
	}
	records := make(map[directory.Ref]current)
	at, err := l.Load(ctx, func(r ledger.Record) error {
		records[r.Ref] = current{r.Version, statusOf(r.Op, r.JSON)}
		return nil
	})
	if err != nil {
		return s, err
	}
	s.commits = at.Seq
	err = l.Commits(ctx, max(at.Seq, 1)-1, func(c *ledger.Commit) error {
		s.commits, s.last = c.Seq, c.At
		for i := range c.Changes {
			ch := &c.Changes[i]
			if records[ch.Ref].version < ch.Version {
				records[ch.Ref] = current{ch.Version, statusOf(ch.Op, ch.JSON)}
			}
		}
		return nil
	})
	for ref, r := range records {
		if s.records[ref.Kind] == nil {
			s.records[ref.Kind] = make(map[string]int)
		}
		s.records[ref.Kind][r.status]++
	}
	return s, err
}

// statusOf says what state a record is in: out of use, or its own status.
func statusOf(op ledger.Op, text []byte) string {
	switch op {
	case ledger.Archive:
		return "archived"
	case ledger.Merge:
		return "merged"
	case ledger.Erase:
		return "erased"
	case ledger.Put, ledger.Restore:
	}
	var record struct {
		Status string `json:"status"`
	}
	if json.Unmarshal(text, &record) != nil || record.Status == "" {
		return "unknown"
	}
	return record.Status
}

// stats asks a server what its store holds.
func (c *serverClient) stats(ctx context.Context) (*stats, error) {
	res, err := c.get(ctx, "/stats", "application/json")
	if err != nil {
		return nil, err
	}
	var told struct {
		Ledger  string                            `json:"ledger"`
		Commits uint64                            `json:"commits"`
		First   time.Time                         `json:"first_commit"`
		Last    time.Time                         `json:"last_commit"`
		Bytes   int64                             `json:"bytes"`
		Records map[directory.Kind]map[string]int `json:"records"`
	}
	if err = errors.Join(json.UnmarshalRead(res.Body, &told), res.Body.Close()); err != nil {
		return nil, fmt.Errorf("reading the server's answer: %w", err)
	}
	s := &stats{first: told.First, last: told.Last, commits: told.Commits, size: told.Bytes, records: told.Records}
	id, err := hex.DecodeString(told.Ledger)
	if err != nil || copy(s.ledger[:], id) != len(s.ledger) {
		return nil, fmt.Errorf("reading the server's answer: the ledger is %q", told.Ledger)
	}
	return s, nil
}
