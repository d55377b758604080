package boltledger_test

import (
	"testing"

	"dalil/internal/ledger/ledgertest"
)

func TestContract(t *testing.T) {
	t.Parallel()
	ledgertest.Run(t, newStore)
}

func TestContractWithAnIndexThatIsOftenBroughtUpToDate(t *testing.T) {
	t.Parallel()
	ledgertest.Run(t, newShortStore)
}
