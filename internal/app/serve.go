package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"dalil/internal/config"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/httpapi"
	"dalil/internal/interchange"
	"dalil/internal/ledger"
	"dalil/internal/sample"
	"dalil/internal/service"
	"dalil/internal/telemetry"
	"dalil/internal/webhook"
)

// serveCommand runs the server.
func serveCommand(sh shell) *cobra.Command {
	var settings config.Serve
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the directory over HTTP",
		Long: `Serve the directory over HTTP.

Every setting is a flag, else the environment variable named beside it, else the default.
The first start of an empty store makes an admin key and prints it once, unless DALIL_BOOTSTRAP_KEY
(or the file that DALIL_BOOTSTRAP_KEY_FILE names) gives it: 20 to 200 letters, digits, '-' and '_'.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := settings.Validate(); err != nil {
				return usageError{err}
			}
			var err error
			if settings.BootstrapKey, err = bootstrapKey(sh); err != nil {
				return err
			}
			if settings.WebhookKey, err = config.Secret(sh.env, os.ReadFile, "DALIL_WEBHOOK_KEY"); err != nil {
				return usageError{err}
			}
			return serve(cmd.Context(), sh, settings)
		},
	}
	settings.Flags(cmd.Flags())
	return cmd
}

// serve opens the store, then the port, then the service; and stops them in the other order. While the service reads the
// store, the port says that it is loading.
func serve(ctx context.Context, sh shell, settings config.Serve) error {
	log := telemetry.NewLogger(sh.stderr, settings.LogLevel, settings.LogFormat)
	store, err := openStore(ctx, settings.Store, log)
	if err != nil {
		return notOpened(settings.Store, err)
	}
	tracer, err := startTracing(ctx, settings, log)
	if err != nil {
		return errors.Join(err, store.Close())
	}
	seen := instruments{log, httpapi.NewMetrics(), tracer}
	port, err := listen(ctx, settings.Listen, log)
	if err != nil {
		return errors.Join(err, store.Close())
	}
	sender := webhook.NewSender(settings.WebhookPrivate)
	defer sender.Close()
	svc, err := openService(ctx, sh, store, sender, settings, seen)
	if err != nil {
		return errors.Join(notRead(settings.Store, err), port.close(), store.Close())
	}
	stopSweeping := keepSwept(ctx, store, log)
	err = port.serve(ctx, sh, svc, settings, seen)
	stopSweeping()
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), settings.StopGrace)
	defer cancel()
	err = errors.Join(err, svc.Close(closing), store.Close())
	if lost := tracer.Close(closing); lost != nil {
		log.WarnContext(closing, "the last traces were lost", slog.Any("error", lost))
	}
	log.InfoContext(closing, "stopped")
	return err
}

// notRead says which store could not be read.
func notRead(store string, err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return fmt.Errorf("reading the store %s: %s", storeName(store), describe(err))
	}
	return fmt.Errorf("reading the store %s: %w", storeName(store), err)
}

// instruments are what an operator sees a server by.
type instruments struct {
	log     *slog.Logger
	metrics *httpapi.Metrics
	tracer  *telemetry.Tracer // nil when traces are off
}

// startTracing makes what sends traces; nil when the settings name no receiver.
func startTracing(ctx context.Context, settings config.Serve, log *slog.Logger) (*telemetry.Tracer, error) {
	if settings.TraceEndpoint == "" {
		return nil, nil // a nil tracer is one that starts no spans
	}
	return telemetry.NewTracer(ctx, telemetry.TraceOptions{
		Endpoint: settings.TraceEndpoint, Ratio: settings.TraceRatio, Version: version(), Log: log,
	})
}

// openService reads the store and makes its first commits.
func openService(ctx context.Context, sh shell, store ledger.Ledger, sender *webhook.Sender, settings config.Serve, seen instruments) (*service.Service, error) {
	location, err := time.LoadLocation(settings.Timezone)
	if err != nil {
		return nil, fmt.Errorf("loading the time zone: %w", err)
	}
	opts := service.Options{
		Log: seen.log, Now: time.Now, Location: location, BootstrapKey: settings.BootstrapKey,
		Announce: func(secret string) { announce(sh, secret) }, Observer: seen.metrics.Observer(), Tracer: seen.tracer,
	}
	if settings.Sample {
		opts.Sample = sampleRecords
	}
	opts.Deliver, opts.MayDeliver, opts.HookKey = sender.Send, sender.Allowed, settings.WebhookKey
	return service.Open(ctx, store, opts)
}

// announce prints the first admin key, which nothing keeps.
func announce(sh shell, secret string) {
	_, _ = fmt.Fprintf(sh.stdout, "Admin key, shown this once (it is kept nowhere): %s\n", secret)
}

// sampleRecords reads the sample content.
func sampleRecords() ([]directory.Record, error) {
	items, faults, err := interchange.ReadFolder(sample.Morocco())
	if err != nil {
		return nil, err
	}
	if len(faults) > 0 {
		return nil, faults[0]
	}
	return interchange.Records(items), nil
}
