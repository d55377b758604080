package bench_test

import (
	"slices"
	"testing"
	"time"

	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// queriesOfAChange is how many queries are made by each change: together more than 2,000.
const queriesOfAChange = 250

// What the queries together must reach.
const (
	leastRecall1 = 0.85
	leastRecall5 = 0.95
)

// held returns a state that holds records.
func held(tb testing.TB, records []directory.Record) *readmodel.Snapshot {
	tb.Helper()
	e := readmodel.Empty().Edit()
	for _, r := range records {
		text, err := directory.Encode(r)
		if err != nil {
			tb.Fatal(err)
		}
		op := ledger.Put
		if r.Head().Status == directory.Archived {
			op = ledger.Archive
		}
		ref := directory.Ref{Kind: r.RecordKind(), ID: r.Head().ID}
		if err := e.Load(ledger.Record{Ref: ref, Seq: 1, Version: 1, Op: op, JSON: text}); err != nil {
			tb.Fatal(err)
		}
	}
	if err := e.Loaded(ledger.Position{Seq: 1}, time.Unix(1_700_000_000, 0)); err != nil {
		tb.Fatal(err)
	}
	return e.Snapshot()
}

// tally counts where the actor looked for was found.
type tally struct {
	n, first, fifth int
	reciprocal      float64
}

func (t *tally) add(rank int) {
	t.n++
	if rank == 0 {
		return
	}
	t.reciprocal += 1 / float64(rank)
	if rank == 1 {
		t.first++
	}
	if rank <= 5 {
		t.fifth++
	}
}

func (t *tally) recall1() float64 { return float64(t.first) / float64(t.n) }
func (t *tally) recall5() float64 { return float64(t.fifth) / float64(t.n) }
func (t *tally) mrr() float64     { return t.reciprocal / float64(t.n) }

// BenchmarkSearchQuality asks the 51,370 organisations for names that were changed as people change them, and tells how
// often the actor stands first and among the first five, and the mean reciprocal rank among the first 20. An actor that
// bears the very name counts, whichever it is: many names occur more than once. It fails when the actors are found too seldom.
func BenchmarkSearchQuality(b *testing.B) {
	records := bench.Records(b)
	s := held(b, records)
	queries := bench.SearchQueries(records, queriesOfAChange, bench.QueriesSeed)
	var all tally
	by := make(map[string]*tally)
	for b.Loop() {
		all, by = tally{}, make(map[string]*tally)
		for _, q := range queries {
			rank := rankOf(b, s, q)
			all.add(rank)
			if by[q.Change] == nil {
				by[q.Change] = new(tally)
			}
			by[q.Change].add(rank)
		}
	}
	for _, change := range bench.Changes() {
		t := by[change]
		b.Logf("%-22s %4d queries: recall@1 %.3f, recall@5 %.3f, MRR %.3f", change, t.n, t.recall1(), t.recall5(), t.mrr())
	}
	if all.recall1() < leastRecall1 || all.recall5() < leastRecall5 {
		b.Errorf("recall@1 is %.3f, recall@5 %.3f; at least %.2f and %.2f are asked for", all.recall1(), all.recall5(), leastRecall1, leastRecall5)
	}
	b.ReportMetric(float64(all.n), "queries")
	b.ReportMetric(all.recall1(), "recall@1")
	b.ReportMetric(all.recall5(), "recall@5")
	b.ReportMetric(all.mrr(), "MRR")
}

// rankOf is where the actor looked for stands, from 1; 0 when it is not among the first 20.
func rankOf(b *testing.B, s *readmodel.Snapshot, q bench.SearchQuery) int {
	b.Helper()
	page, err := s.List(&readmodel.Query{
		Kind: directory.Actors, Clearance: directory.Public, Q: q.Text, Limit: 20, Lang: "en", AsOf: readmodel.AsOf{Any: true},
	})
	if err != nil {
		b.Fatalf("%q: %v", q.Text, err)
	}
	rank := 1 + slices.IndexFunc(page.Entries, func(e *readmodel.Entry) bool {
		a, ok := e.Record().(*directory.Actor)
		return ok && bench.Bears(a, q.Name)
	})
	if testing.Verbose() && rank != 1 {
		best := ""
		if len(page.Entries) > 0 {
			best = page.Matches[0].Value + " (" + page.Matches[0].How + ")"
		}
		b.Logf("%s: %q of %q is at %d of %d, first is %q", q.Change, q.Text, q.Name, rank, page.Total, best)
	}
	return rank
}
