package ledgertest

import (
	"testing"
	"time"

	"dalil/internal/ledger"
)

// RunCrashes starts a child that appends as fast as it can and kills it at a random instant, so many times on one
// store. Each time every acknowledged commit must be there, and no half of another: the chain verifies, and so do the
// checkpoint and the histories beside it. Children that acknowledge less than a commit each, taken together, prove
// nothing, and are a failure. It returns how many commits were acknowledged in all.
func RunCrashes(t *testing.T, s *Store, rounds int) int {
	t.Helper()
	scribe := NewScribe(Seed(t))
	acknowledged := make(map[uint64]ledger.Digest)
	for round := range rounds {
		child := startChild(t, s, scribe.Rand().Uint64(), 1<<30, "mixed")
		if line := child.Line(t); line != "open" {
			t.Fatalf("round %d: the child says %q", round, line)
		}
		time.Sleep(time.Duration(scribe.Rand().IntN(150_000)) * time.Microsecond) // the random instant
		if err := child.Command.Process.Kill(); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		acks, last := child.Rest(t)
		if len(acks) > 0 && last[:3] != "ack" {
			t.Fatalf("round %d: the child ended by itself: %s", round, last)
		}
		for _, ack := range acks {
			if hash, twice := acknowledged[ack.Seq]; twice && hash != ack.Hash {
				t.Fatalf("round %d: position %d was acknowledged twice", round, ack.Seq)
			}
			acknowledged[ack.Seq] = ack.Hash
		}
		checkCrashed(t, s, acknowledged)
		if t.Failed() {
			t.Fatalf("after round %d", round)
		}
	}
	if len(acknowledged) < rounds {
		t.Errorf("%d commits were acknowledged before %d kills: too few to say that none is lost", len(acknowledged), rounds)
	}
	return len(acknowledged)
}

// checkCrashed opens the store of a dead process and compares it with what was acknowledged.
func checkCrashed(t *testing.T, s *Store, acknowledged map[uint64]ledger.Digest) {
	t.Helper()
	l := s.open(t)
	defer shut(t, l)
	noFindings(t, l)
	found := 0
	for _, c := range readCommits(t, l, 0) {
		hash, ok := acknowledged[c.Seq]
		if ok {
			found++
		}
		if ok && hash != c.Hash {
			t.Errorf("commit %d is not the acknowledged one", c.Seq)
		}
	}
	if found != len(acknowledged) {
		t.Errorf("%d acknowledged commits are lost", len(acknowledged)-found)
	}
}
