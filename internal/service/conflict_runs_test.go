package service_test

import (
	"testing"
	"testing/synctest"
	"time"

	"dalil/internal/ledger"
	"dalil/internal/service"
)

func TestOfConflictingWritesExactlyOneWins(t *testing.T) {
	t.Parallel()
	l := newMemoryLedger()
	newArena(t, 1, openService(t, l)).battle(200, l)
}

func TestOfConflictingWritesOnTwoNodesExactlyOneWins(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLedger()
		slow := &journaledLedger{memoryLedger: l}
		newArena(t, 2, openService(t, slow), openService(t, slow)).battle(100, l)
	})
}

func TestOfConflictingWritesOnATroubledLedgerExactlyOneWins(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		nodes    int
		patience time.Duration
	}{
		"one node":                       {nodes: 1},
		"two nodes":                      {nodes: 2},
		"three nodes, impatient callers": {nodes: 3, patience: 60 * time.Millisecond},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(3) {
				synctest.Test(t, func(t *testing.T) {
					l := newMemoryLedger()
					var nodes []*service.Service
					for i := range c.nodes {
						view := ledger.Ledger(&troubledLedger{Ledger: l, trouble: newChaos(100*seed + uint64(i)).trouble})
						nodes = append(nodes, openService(t, view))
					}
					a := newArena(t, seed, nodes...)
					a.patience = c.patience
					a.battle(40, l)
				})
			}
		})
	}
}
