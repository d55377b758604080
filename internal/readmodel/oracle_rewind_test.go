package readmodel_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// earlier is the oracle of the state after some of the commits, as it may be seen after all of them: what was erased
// since is blank, and nothing is seen more widely than now.
func earlier(tb testing.TB, commits []*ledger.Commit, upTo int) *oracle {
	tb.Helper()
	o := newOracle(tb, commits[:upTo]...)
	o.now = newOracle(tb, commits...)
	for _, c := range commits[upTo:] {
		for _, change := range c.Changes {
			if r, ok := o.held[change.Ref]; ok && slices.Contains(change.Erased, r.Head().Version) {
				o.held[change.Ref] = blank(change.Ref, r.Head().Version)
			}
		}
	}
	return o
}

// versionsAt are the versions at an earlier state of what was written after it, as the store tells them once what was
// erased after all the commits is gone.
func versionsAt(commits []*ledger.Commit, upTo, until int) []ledger.Record {
	before := make(map[directory.Ref]ledger.Record)
	for _, c := range commits[:upTo] {
		for _, change := range c.Changes {
			before[change.Ref] = ledger.Record{Ref: change.Ref, Seq: c.Seq, Version: change.Version, Op: change.Op, JSON: change.JSON}
		}
	}
	var written []ledger.Record
	for _, c := range commits[upTo:until] {
		for _, change := range c.Changes {
			was := before[change.Ref]
			was.Ref = change.Ref
			written = append(written, was)
		}
	}
	for i := range written {
		for _, c := range commits[upTo:until] {
			for _, change := range c.Changes {
				if change.Ref == written[i].Ref && slices.Contains(change.Erased, written[i].Version) {
					written[i].JSON = nil
				}
			}
		}
	}
	return written
}

// rewound leads from a state back to the one after some of the commits, for those who stand after others.
func rewound(t *testing.T, from, now *readmodel.Snapshot, commits []*ledger.Commit, upTo int) *readmodel.Snapshot {
	t.Helper()
	r, err := from.Rewind(now)
	if err != nil {
		t.Fatal(err)
	}
	until := int(from.Position().Seq)
	for _, ref := range r.Erased() {
		entry, _ := from.Find(ref)
		for _, c := range commits[r.Seen():now.Position().Seq] {
			for _, change := range c.Changes {
				if change.Ref == ref && slices.Contains(change.Erased, entry.Version()) {
					blank := ledger.Record{Ref: ref, Seq: entry.Seq, Version: entry.Version(), Op: ledger.Put}
					if err := r.Take(blank); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	records := versionsAt(commits[:now.Position().Seq], upTo, until)
	for _, record := range versionsAt(commits[:now.Position().Seq], upTo, int(now.Position().Seq)) {
		for i := range records {
			if records[i].Ref == record.Ref {
				records[i] = record
			}
		}
	}
	for _, record := range records {
		if err := r.Take(record); err != nil {
			t.Fatal(err)
		}
	}
	c := commits[upTo-1]
	return r.Snapshot(c.Position(), c.At)
}

func comparePast(t *testing.T, o *oracle, s *readmodel.Snapshot, seed uint64, queries int) {
	t.Helper()
	if s.Position() != o.position {
		t.Errorf("position %d, not %d", s.Position().Seq, o.position.Seq)
	}
	for kind, ids := range idsPerKind() {
		for n := range ids {
			if kind != directory.APIKeys { // keys are those of now
				compareRecord(t, o, s, directory.Ref{Kind: kind, ID: idNumber(n)})
			}
		}
	}
	compareCounts(t, o, s)
	compareNames(t, o, s)
	compareLists(t, newAsker(o, seed), s, queries)
	a := newAsker(o, seed)
	some := 1 + queries/8
	compareMatrices(t, a, s, some)
	compareBalances(t, a, s, some)
	compareCharts(t, a, s, some)
	compareOverlaps(t, a, s, some)
	compareTimelines(t, a, s, some)
	compareComparisons(t, a, s, some)
	compareReports(t, a, s, some)
	compareProfiles(t, a, s, some)
	for range some {
		compareGaps(t, a, s, a.gapQuery(), make(map[string]int))
	}
}

func TestAnEarlierStateIsWhatTheOracleSaysAsFarAsItMayBeSeenNow(t *testing.T) {
	t.Parallel()
	eachSeed(t, 20, 2, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed)
		w.grow(30)
		r := rand.New(rand.NewPCG(seed, 5))
		head := applied(t, readmodel.Empty(), w.commits...)
		compareLists(t, newAsker(newOracle(t, w.commits...), seed), head, 10) // so that there are caches to bring back
		for range 4 {
			upTo := 1 + r.IntN(len(w.commits)-1)
			s := rewound(t, head, head, w.commits, upTo)
			comparePast(t, earlier(t, w.commits, upTo), s, seed, 40)
			if upTo > 1 {
				further := 1 + r.IntN(upTo-1)
				comparePast(t, earlier(t, w.commits, further), rewound(t, s, head, w.commits, further), seed, 20)
			}
		}
		compareAll(t, newOracle(t, w.commits...), head, seed) // it has not changed
	})
}

func TestAnEarlierStateFollowsWhatBecomesHiddenSince(t *testing.T) {
	t.Parallel()
	eachSeed(t, 14, 2, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed)
		w.grow(30)
		r := rand.New(rand.NewPCG(seed, 6))
		made := 10 + r.IntN(10)
		upTo := 1 + r.IntN(made-1)
		head := applied(t, readmodel.Empty(), w.commits[:made]...)
		s := rewound(t, head, head, w.commits, upTo)
		for n := made; n <= len(w.commits); n++ {
			if n > made {
				head = applied(t, head, w.commits[n-1])
			}
			if r.IntN(3) == 0 {
				continue // it may fall behind
			}
			_, before, _ := s.Past()
			s = rewound(t, s, head, w.commits, upTo)
			o := earlier(t, w.commits[:n], upTo)
			comparePast(t, o, s, seed+uint64(n), 15)
			if seen, after, ok := s.Past(); !ok || seen != head.Position().Seq || after < before || after > seen {
				t.Errorf("altered at %d after %d, %t", after, before, ok)
			}
		}
	})
}
