package app

import (
	"context"
	"log/slog"

	"dalil/internal/ledger"
)

// KeepSwept sweeps a store about once a day until the function that it returns is called.
func KeepSwept(ctx context.Context, store ledger.Ledger, log *slog.Logger) (stop func()) {
	return keepSwept(ctx, store, log)
}
