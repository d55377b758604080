package ledgertest

import (
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// Seed returns the seed for a test's random content, and prints it. The environment's DALIL_TEST_SEED repeats one.
func Seed(tb testing.TB) uint64 {
	tb.Helper()
	seed := rand.Uint64()
	if given, err := strconv.ParseUint(os.Getenv("DALIL_TEST_SEED"), 10, 64); err == nil {
		seed = given
	}
	tb.Logf("seed %d", seed)
	return seed
}

// Scribe writes sealed commits with random content, as a writer above a ledger would: after a position, with versions
// that go on from what it has learned, and times that do not go backward. It is for one goroutine.
type Scribe struct {
	rng      *rand.Rand
	position ledger.Position
	at       time.Time
	versions map[directory.Ref]uint64
}

// NewScribe returns a scribe that knows an empty ledger.
func NewScribe(seed uint64) *Scribe {
	return &Scribe{
		rng:      rand.New(rand.NewPCG(seed, 0x6c656467_6572)),
		at:       time.Date(2026, 3, 29, 1, 59, 59, 123_000_000, time.UTC),
		versions: make(map[directory.Ref]uint64),
	}
}

// Position returns the position of the last commit that the scribe has learned.
func (s *Scribe) Position() ledger.Position { return s.position }

// Version returns the last version of a record that the scribe has learned.
func (s *Scribe) Version(ref directory.Ref) uint64 { return s.versions[ref] }

// Rand returns the scribe's source of random numbers.
func (s *Scribe) Rand() *rand.Rand { return s.rng }

// Learn takes commits that are durable, its own or another's. Those that it knows are passed over.
func (s *Scribe) Learn(commits ...*ledger.Commit) {
	for _, c := range commits {
		if c.Seq <= s.position.Seq {
			continue
		}
		s.position = c.Position()
		if c.At.After(s.at) {
			s.at = c.At
		}
		for i := range c.Changes {
			s.versions[c.Changes[i].Ref] = c.Changes[i].Version
		}
	}
}

// Group returns consecutive commits with so many random changes each, after what the scribe has learned. They are not
// learned: they may never be durable.
func (s *Scribe) Group(sizes ...int) []*ledger.Commit {
	ahead := s.ahead()
	commits := make([]*ledger.Commit, len(sizes))
	for i, n := range sizes {
		commits[i] = ahead.commit(ahead.changes(n))
		ahead.Learn(commits[i])
	}
	return commits
}

// Small returns a group of so many commits of one to three changes.
func (s *Scribe) Small(commits int) []*ledger.Commit {
	sizes := make([]int, commits)
	for i := range sizes {
		sizes[i] = 1 + s.rng.IntN(3)
	}
	return s.Group(sizes...)
}

// Commit returns one commit of these changes, after what the scribe has learned. A change without a version gets the
// next one of its record; a commit may change a record several times.
func (s *Scribe) Commit(changes ...ledger.Change) *ledger.Commit {
	return s.ahead().commit(changes)
}

// ahead returns a scribe that may go ahead of what is durable. Both use the same random numbers.
func (s *Scribe) ahead() *Scribe {
	a := *s
	a.versions = maps.Clone(s.versions)
	return &a
}

// commit seals changes into a commit after the scribe's position.
func (s *Scribe) commit(changes []ledger.Change) *ledger.Commit {
	c := &ledger.Commit{
		At:      s.at.Add(time.Duration(s.rng.IntN(3)) * time.Millisecond),
		Author:  ledger.Author{ID: s.word(), Via: []string{"api", "cli", "start"}[s.rng.IntN(3)]},
		Reason:  s.words(s.rng.IntN(6)),
		Token:   s.id16(),
		Changes: changes,
	}
	if s.position.Seq == 0 {
		c.Ledger = s.id16()
	}
	if s.rng.IntN(4) == 0 {
		c.Request = s.request(changes)
	}
	next := make(map[directory.Ref]uint64)
	for i := range changes {
		ch := &changes[i]
		if ch.Version == 0 {
			ch.Version = max(next[ch.Ref], s.versions[ch.Ref]) + 1
		}
		next[ch.Ref] = ch.Version
	}
	c.Seal(s.position)
	return c
}

// changes returns random changes of different records, some of them known.
func (s *Scribe) changes(n int) []ledger.Change {
	changes := make([]ledger.Change, 0, n)
	taken := make(map[directory.Ref]bool, n)
	for len(changes) < n {
		ref := s.ref(max(60, 2*n))
		if taken[ref] {
			continue
		}
		taken[ref] = true
		ops := []ledger.Op{ledger.Put, ledger.Put, ledger.Put, ledger.Archive, ledger.Restore, ledger.Merge}
		changes = append(changes, ledger.Change{Op: ops[s.rng.IntN(len(ops))], Ref: ref, JSON: s.Text(ref, 20+s.rng.IntN(400))})
	}
	return changes
}

// ref returns a record out of about so many.
func (s *Scribe) ref(among int) directory.Ref {
	kinds := directory.AllKinds()
	return directory.Ref{Kind: kinds[s.rng.IntN(len(kinds))], ID: "r" + strconv.Itoa(s.rng.IntN(1+among/len(kinds)*2))}
}

func (s *Scribe) request(changes []ledger.Change) *ledger.Request {
	r := &ledger.Request{Digest: s.digest(), Fingerprint: s.digest(), Status: 200 + s.rng.IntN(2)}
	for _, ch := range changes[:min(3, len(changes))] {
		r.Results = append(r.Results, ledger.Result{Status: 201, Ref: ch.Ref, Version: 1 + s.rng.Uint64N(9)})
	}
	return r
}

func (s *Scribe) id16() (id ledger.ID16) {
	copy(id[:], s.random(len(id)))
	return id
}

func (s *Scribe) digest() (d ledger.Digest) {
	copy(d[:], s.random(len(d)))
	return d
}

func (s *Scribe) random(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(s.rng.Uint32())
	}
	return b
}

// Refs returns the records that the scribe has learned of, in order.
func (s *Scribe) Refs() []directory.Ref {
	return slices.SortedFunc(maps.Keys(s.versions), compareRefs)
}
