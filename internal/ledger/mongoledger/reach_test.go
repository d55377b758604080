package mongoledger_test

import (
	"testing"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/ledger/ledgertest"
)

func TestAStoreTellsHowFarItsCommitsAndTheirProjectionAre(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	l := open(t, d.uri, quick)
	var reporter ledger.Reporter = l
	if got, err := reporter.Reach(t.Context()); err != nil || got != (ledger.Reach{}) {
		t.Errorf("an empty store tells %+v, %v", got, err)
	}
	for range 3 {
		mustAppend(t, l, scribe, scribe.Commit(put(directory.Ref{Kind: directory.Actors, ID: "ilo"}, `{"id":"ilo"}`)))
	}
	if got, err := reporter.Reach(t.Context()); err != nil || got.Last != 3 || got.Projected > 3 {
		t.Errorf("after three commits it tells %+v, %v", got, err)
	}
	complete(t, l)
	if got, err := reporter.Reach(t.Context()); err != nil || got != (ledger.Reach{Last: 3, Projected: 3}) {
		t.Errorf("completed, it tells %+v, %v", got, err)
	}
}
