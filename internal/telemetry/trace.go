package telemetry

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// scope names the spans' maker.
const scope = "dalil"

// partingTime is how long the last spans may take to leave when the program ends.
const partingTime = 3 * time.Second

// TraceOptions say where traces go. Log is required.
type TraceOptions struct {
	Endpoint string  // the address of an OTLP receiver over HTTP, such as http://localhost:4318
	Ratio    float64 // of the traces that are kept, 0 to 1
	Version  string  // of the program
	Log      *slog.Logger
}

// Tracer starts spans. A nil one starts none, and costs nothing.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
	remote   propagation.TextMapPropagator
}

// NewTracer returns a tracer that sends spans in the background. What the standard variables OTEL_EXPORTER_OTLP_… say
// of headers, certificates, compression and time limits, and OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, holds. It
// reaches nobody yet: a receiver that is away is told of in the log, and nothing else comes of it.
func NewTracer(ctx context.Context, opts TraceOptions) (*Tracer, error) {
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(tracesURL(opts.Endpoint)))
	if err != nil {
		return nil, fmt.Errorf("preparing to send traces: %w", err)
	}
	about, err := resource.New(ctx,
		resource.WithAttributes(attribute.String("service.name", scope), attribute.String("service.version", opts.Version)),
		resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("describing the program in traces: %w", err)
	}
	// Whoever may ask may say that their trace is to be kept: the ratio holds for them, too, or they could fill the
	// receiver. What they do not keep is not kept.
	ratio := sdk.TraceIDRatioBased(opts.Ratio)
	provider := sdk.NewTracerProvider(
		sdk.WithBatcher(loggedExporter{exporter, opts.Log}), sdk.WithResource(about),
		sdk.WithSampler(sdk.ParentBased(ratio, sdk.WithRemoteParentSampled(ratio))),
	)
	return &Tracer{provider, provider.Tracer(scope), propagation.TraceContext{}}, nil
}

// Close sends what is left, for a moment at most.
func (t *Tracer) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, partingTime)
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("sending the last traces: %w", err)
	}
	return nil
}

// loggedExporter tells the log what the library would tell standard error.
type loggedExporter struct {
	sdk.SpanExporter
	log *slog.Logger
}

// ExportSpans sends spans. A failure is no error of anybody's: the spans are lost.
func (e loggedExporter) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	if err := e.SpanExporter.ExportSpans(ctx, spans); err != nil {
		e.log.WarnContext(ctx, "traces could not be sent", slog.Int("spans", len(spans)), slog.Any("error", err))
	}
	return nil
}
