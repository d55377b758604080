package service_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"dalil/internal/ledger"
	"dalil/internal/service"
	"dalil/internal/webhook"
)

// keepers are the stores that keep marks.
func keepers() map[string]func(testing.TB) ledger.Ledger {
	return map[string]func(testing.TB) ledger.Ledger{
		"a file": openBolt,
		"MongoDB": func(tb testing.TB) ledger.Ledger {
			tb.Helper()
			_, uri := newMongoDatabase(tb)
			return openMongo(tb, uri)
		},
	}
}

func serviceOptions(deliver func(context.Context, webhook.Message) error) service.Options {
	return service.Options{Log: slog.New(slog.DiscardHandler), Now: time.Now, BootstrapKey: bootstrapKey, Deliver: deliver}
}
