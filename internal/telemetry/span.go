package telemetry

import (
	"context"
	"math"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Span is a piece of work on its way. The zero Span is none: its methods do nothing.
type Span struct{ span trace.Span }

// Cause is what a span may follow from: another span, of this process or not. The zero Cause is nothing.
type Cause struct{ context trace.SpanContext }

// Serve starts the span of a request, within the trace that its headers tell of. The name is made of the method and the
// route's template: an address could tell what nobody else should know.
func (t *Tracer) Serve(ctx context.Context, headers http.Header, method, route string) (context.Context, Span) {
	if t == nil {
		return ctx, Span{}
	}
	ctx = t.remote.Extract(ctx, propagation.HeaderCarrier(headers))
	name := method
	if route != "" {
		name += " " + route
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(attribute.String("http.request.method", method), attribute.String("http.route", route)))
	return ctx, Span{span}
}

// Start starts a span within the one that ctx carries.
func (t *Tracer) Start(ctx context.Context, name string) (context.Context, Span) {
	if t == nil {
		return ctx, Span{}
	}
	ctx, span := t.tracer.Start(ctx, name)
	return ctx, Span{span}
}

// Follow starts a span of work that was asked for by several: it stands within the first one's trace, and links to the
// others.
func (t *Tracer) Follow(ctx context.Context, name string, causes []Cause) (context.Context, Span) {
	if t == nil {
		return ctx, Span{}
	}
	var links []trace.Link
	if len(causes) > 0 {
		ctx = trace.ContextWithSpanContext(ctx, causes[0].context)
		for _, cause := range causes[1:] {
			links = append(links, trace.Link{SpanContext: cause.context})
		}
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithLinks(links...))
	return ctx, Span{span}
}

// Cause returns the span as what others follow from.
func (s Span) Cause() Cause {
	if s.span == nil {
		return Cause{}
	}
	return Cause{s.span.SpanContext()}
}

// Kept tells whether the cause is of a trace that is kept.
func (c Cause) Kept() bool { return c.context.IsSampled() }

// TraceID is the id of the span's trace; "" without one.
func (s Span) TraceID() string {
	if s.span == nil {
		return ""
	}
	return s.span.SpanContext().TraceID().String()
}

// Int says a number of the work.
func (s Span) Int(key string, value int) {
	if s.span != nil {
		s.span.SetAttributes(attribute.Int(key, value))
	}
}

// Position says at which position of the ledger the work ended.
func (s Span) Position(seq uint64) {
	if s.span != nil && seq <= math.MaxInt64 {
		s.span.SetAttributes(attribute.Int64("dalil.seq", int64(seq)))
	}
}

// Text says a word of the work: never what people wrote, or a secret.
func (s Span) Text(key, value string) {
	if s.span != nil {
		s.span.SetAttributes(attribute.String(key, value))
	}
}

// Fail says that the work failed, and under which code.
func (s Span) Fail(code string) {
	if s.span != nil {
		s.span.SetAttributes(attribute.String("error.type", code))
		s.span.SetStatus(codes.Error, code)
	}
}

// End ends the span.
func (s Span) End() {
	if s.span != nil {
		s.span.End()
	}
}
