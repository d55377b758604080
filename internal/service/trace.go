package service

import (
	"context"
	"errors"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/telemetry"
)

// endSpan ends the span of a piece of work. An error that the one who asked has to know is no failure of the work.
func endSpan(span telemetry.Span, err error) {
	switch kind := fault.KindOf(err); {
	case err == nil:
	case errors.Is(err, ledger.ErrMoved):
		span.Text("dalil.refused", "moved")
	case kind == fault.Internal, kind == fault.Unavailable, kind == fault.Timeout:
		span.Fail(string(fault.CodeOf(err)))
	default:
		span.Text("dalil.refused", string(fault.CodeOf(err)))
	}
	span.End()
}

// follows starts the span of appending a group: within the trace of the first of its callers whose trace is kept.
func (w *writer) follows(ctx context.Context, g *group) (context.Context, telemetry.Span) {
	if w.tracer == nil {
		return ctx, telemetry.Span{}
	}
	var causes []telemetry.Cause
	for _, p := range g.members {
		if p.cause.Kept() {
			causes = append(causes, p.cause)
		}
	}
	ctx, span := w.tracer.Follow(ctx, "ledger.append", causes)
	span.Int("dalil.commits", len(g.commits))
	return ctx, span
}

// versions streams the versions of a record from the ledger.
func (s *Service) versions(ctx context.Context, ref directory.Ref, upTo uint64, yield func(ledger.Revision) error) error {
	ctx, span := s.tracer.Start(ctx, "ledger.history")
	err := s.ledger.History(ctx, ref, upTo, yield)
	endSpan(span, err)
	return err
}
