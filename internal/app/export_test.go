package app

import (
	"context"
	"log/slog"

	"dalil/internal/ledger"
)

// GrowthFor says how much, in percent, a heap of a size may grow before it is collected.
func GrowthFor(bytes uint64) int { return growthFor(bytes) }

// HeapInUse is what the last collection has left.
func HeapInUse() uint64 { return heapInUse() }

// KeepSwept sweeps a store about once a day until the function that it returns is called.
func KeepSwept(ctx context.Context, store ledger.Ledger, log *slog.Logger) (stop func()) {
	return keepSwept(ctx, store, log)
}
