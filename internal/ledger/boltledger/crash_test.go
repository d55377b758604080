package boltledger_test

import (
	"testing"

	"dalil/internal/ledger/ledgertest"
	"dalil/internal/raced"
)

func TestAKilledProcessLosesNothingThatItAcknowledged(t *testing.T) {
	t.Parallel()
	kills := raced.Part(50, 8)
	commits := ledgertest.RunCrashes(t, newStore(t), kills)
	t.Logf("%d commits were acknowledged by %d processes", commits, kills)
}

func TestAKilledProcessThatOftenWritesTheIndexLosesNothing(t *testing.T) {
	t.Parallel()
	ledgertest.RunCrashes(t, newShortStore(t), raced.Part(15, 4))
}
