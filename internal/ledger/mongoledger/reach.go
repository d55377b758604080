package mongoledger

import (
	"context"

	"dalil/internal/ledger"
)

// Reach asks the server how far the commits and their projection are; see ledger.Reporter. The projection is asked
// first, so that it is never told to be ahead.
func (l *Ledger) Reach(ctx context.Context) (ledger.Reach, error) {
	ctx, cancel := l.until(ctx)
	defer cancel()
	projected, err := l.projected(ctx)
	if err != nil {
		return ledger.Reach{}, err
	}
	last, err := l.lastSeq(ctx)
	if err != nil {
		return ledger.Reach{}, err
	}
	return ledger.Reach{Last: last, Projected: projected}, nil
}
