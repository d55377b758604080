package boltledger_test

import (
	"testing"

	"dalil/internal/ledger/ledgertest"
)

func TestAKilledProcessLosesNothingThatItAcknowledged(t *testing.T) {
	t.Parallel()
	commits := ledgertest.RunCrashes(t, newStore(t), 50)
	t.Logf("%d commits were acknowledged by 50 processes", commits)
}

func TestAKilledProcessThatOftenWritesTheIndexLosesNothing(t *testing.T) {
	t.Parallel()
	ledgertest.RunCrashes(t, newShortStore(t), 15)
}
