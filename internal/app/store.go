package app

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/ledger/mongoledger"
)

// openTime is how long opening a store may take before a command gives up.
const openTime = 30 * time.Second

// openStore opens the store that a setting names: a MongoDB address, else the path of a file.
func openStore(ctx context.Context, store string, log *slog.Logger) (ledger.Ledger, error) {
	if isMongo(store) {
		ctx, cancel := context.WithTimeout(ctx, openTime)
		defer cancel()
		return mongoledger.Open(ctx, store, mongoledger.Options{Log: log, Now: time.Now})
	}
	return boltledger.Open(store, boltledger.Options{})
}

func isMongo(store string) bool {
	return strings.HasPrefix(store, "mongodb://") || strings.HasPrefix(store, "mongodb+srv://")
}

// storeName is what may be shown of a store: never the user and password of an address.
func storeName(store string) string {
	if !isMongo(store) {
		return store
	}
	scheme, rest, _ := strings.Cut(store, "://")
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	host, _, _ := strings.Cut(rest, "?")
	return scheme + "://" + host
}
