package service_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/service"
)

// keyOf returns the key that the first commit made.
func keyOf(t *testing.T, commits []*ledger.Commit) *directory.APIKey {
	t.Helper()
	key := new(directory.APIKey)
	if err := directory.DecodeStrict(commits[0].Changes[0].JSON, key); err != nil {
		t.Fatal(err)
	}
	return key
}

func TestTheFirstStartMakesTheLedgerItsIDAndOneAdminKey(t *testing.T) {
	t.Parallel()
	l := newMemoryLedger()
	var announced []string
	ask := func(o *service.Options) {
		o.BootstrapKey = ""
		o.Announce = func(secret string) { announced = append(announced, secret) }
	}
	openService(t, l, ask)
	openService(t, l, ask) // a second start
	commits := checkChain(t, l)
	if len(commits) != 1 || commits[0].Ledger == (ledger.ID16{}) {
		t.Fatalf("the ledger holds %d commits", len(commits))
	}
	key := keyOf(t, commits)
	if len(announced) != 1 || key.Hash != access.HashSecret(announced[0]) {
		t.Fatalf("%d secrets were announced; the first of them must be the key's", len(announced))
	}
	if key.Scope != "admin" || key.Clearance != directory.Ministry || key.Status != directory.Published {
		t.Errorf("the key is %+v", key)
	}
	if want := (ledger.Author{ID: "start", Via: "start"}); commits[0].Author != want {
		t.Errorf("the author is %+v", commits[0].Author)
	}
}

func TestAGivenBootstrapKeyIsNotAnnounced(t *testing.T) {
	t.Parallel()
	l := newMemoryLedger()
	openService(t, l, func(o *service.Options) { o.Announce = func(string) { t.Error("it was announced") } })
	if key := keyOf(t, checkChain(t, l)); key.Hash != access.HashSecret(bootstrapKey) {
		t.Errorf("the key is %+v", key)
	}
}

func TestABootstrapKeyThatNobodyCouldSendIsRefused(t *testing.T) {
	t.Parallel()
	l := newMemoryLedger()
	if _, err := tryOpen(t, l, func(o *service.Options) { o.BootstrapKey = "short" }); err == nil {
		t.Error("it was taken")
	}
	if n := len(checkChain(t, l)); n != 0 {
		t.Errorf("the ledger holds %d commits", n)
	}
}

// sampleOf returns a sample of n sources.
func sampleOf(n int) func() ([]directory.Record, error) {
	return func() ([]directory.Record, error) {
		var records []directory.Record
		for i := range n {
			record := newSource(fmt.Sprintf("sample-%d", i), "Sample", 0)
			record.Status, record.Visibility = "", ""
			records = append(records, record)
		}
		return records, nil
	}
}

func TestTheSampleIsOneCommitAndComesOnlyToALedgerThatNeverHeldARecord(t *testing.T) {
	t.Parallel()
	l := newMemoryLedger()
	with := func(o *service.Options) { o.Sample = sampleOf(1500) }
	s := openService(t, l, with)
	commits := checkChain(t, l)
	if len(commits) != 2 || len(commits[1].Changes) != 1500 || commits[1].Reason != "sample" {
		t.Fatalf("the ledger holds %d commits", len(commits))
	}
	entry, ok := s.Head().Find(sourceRef("sample-7"))
	if !ok || entry.Version() != 1 || entry.Record().Head().Status != directory.Published {
		t.Errorf("a record of the sample is %+v", entry)
	}
	openService(t, l, with)
	if n := len(checkChain(t, l)); n != 2 {
		t.Errorf("a second start left %d commits", n)
	}

	used := newMemoryLedger()
	mustCommit(t, openService(t, used), newID("report"))
	openService(t, used, with)
	if n := len(checkChain(t, used)); n != 2 {
		t.Errorf("a ledger in use got a sample: %d commits", n)
	}
}

func TestASampleThatCannotBeReadOrBreaksARuleEndsTheStart(t *testing.T) {
	t.Parallel()
	broken := map[string]func() ([]directory.Record, error){
		"no such file": func() ([]directory.Record, error) { return nil, errors.New("no such file") },
		"sources/s":    func() ([]directory.Record, error) { return []directory.Record{newSource("s", "", 1)}, nil },
		"/sources/s/sources/0": func() ([]directory.Record, error) {
			dangling := newSource("s", "Names what is not there", 1)
			dangling.Sources = []string{"nobody"}
			return []directory.Record{newSource("other", "Other", 1), dangling}, nil
		},
	}
	for name, sample := range broken {
		l := newMemoryLedger()
		_, err := tryOpen(t, l, func(o *service.Options) { o.Sample = sample })
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: it was taken, or the refusal does not name it: %v", name, err)
		}
		if n := len(checkChain(t, l)); n != 1 {
			t.Errorf("%s: the ledger holds %d commits, want the genesis alone", name, n)
		}
	}
}

func TestNodesThatStartAtOnceMakeOneGenesisAndOneSample(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			l := newMemoryLedger()
			startAtOnce(t, l, func() ledger.Ledger {
				return &troubledLedger{Ledger: l, trouble: newChaos(seed).trouble}
			})
		})
	}
}

// startAtOnce starts four nodes on one empty ledger, each through a view of its own, and checks what they made.
func startAtOnce(t *testing.T, l ledger.Ledger, view func() ledger.Ledger) {
	t.Helper()
	var announced atomic.Int64
	var mu sync.Mutex
	var secret string
	var wg sync.WaitGroup
	nodes := make([]*service.Service, 4)
	for i := range nodes {
		wg.Go(func() {
			var err error
			nodes[i], err = tryOpen(t, view(), func(o *service.Options) {
				o.BootstrapKey = ""
				o.Announce = func(s string) {
					announced.Add(1)
					mu.Lock()
					secret = s
					mu.Unlock()
				}
				o.Sample = sampleOf(10)
			})
			if err != nil {
				t.Errorf("node %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	commits := checkChain(t, l)
	if len(commits) != 2 || commits[0].Ledger == (ledger.ID16{}) || len(commits[1].Changes) != 10 {
		t.Fatalf("four nodes made %d commits, want a genesis and a sample", len(commits))
	}
	if announced.Load() != 1 || keyOf(t, commits).Hash != access.HashSecret(secret) {
		t.Errorf("%d nodes announced a key; it must be the one of the first commit", announced.Load())
	}
	for i, s := range nodes {
		head, err := s.AtLeast(t.Context(), 2)
		if err != nil {
			t.Fatalf("node %d: %v", i, err)
		}
		if diff := cmp.Diff(commits[1].Position(), head.Position()); diff != "" {
			t.Errorf("node %d stands elsewhere (-want +got):\n%s", i, diff)
		}
	}
}
