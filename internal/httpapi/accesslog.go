package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"dalil/internal/fault"
)

// logged writes one line for each request, and counts it. The line holds the route's pattern, never the address itself,
// a parameter or a header: they may tell what nobody else should know.
func (a *API) logged(next handler) handler {
	return func(c *call) error {
		c.started = a.now()
		a.metrics.inFlight.Inc()
		defer a.note(c) // also when the answer is cut off by a panic
		return next(c)
	}
}

// note writes the line of a finished call.
func (a *API) note(c *call) {
	took := a.now().Sub(c.started)
	a.metrics.inFlight.Dec()
	if c.long {
		a.metrics.transfers.Dec()
	}
	status := c.status()
	a.metrics.observe(c.req.Method, c.pattern(), status, took, c.long)
	level := levelOf(status, c.route.quiet, c.refused)
	ctx := context.WithoutCancel(c.req.Context())
	if !a.log.Enabled(ctx, level) {
		return
	}
	attrs := make([]slog.Attr, 0, 10)
	attrs = append(attrs,
		slog.String("method", methodName(c.req.Method)), slog.String("route", c.pattern()), slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/float64(time.Second/time.Millisecond)),
		slog.Int("bytes", max(c.out.Size(), 0)), slog.String("request_id", c.id), slog.String("caller", c.caller.ID),
	)
	if id := c.span.TraceID(); id != "" {
		attrs = append(attrs, slog.String("trace_id", id))
	}
	if c.refused != nil {
		attrs = append(attrs, slog.String("code", string(fault.CodeOf(c.refused))))
		if status >= http.StatusInternalServerError {
			attrs = append(attrs, slog.Any("error", c.refused))
		}
	}
	a.log.LogAttrs(ctx, level, "request", attrs...)
}

// status is what the client was answered, or would have been.
func (c *call) status() int {
	if c.gone {
		return statusClientGone
	}
	return c.out.Status()
}

// levelOf is how loud a request is told of.
func levelOf(status int, quiet bool, refused error) slog.Level {
	switch {
	case status == statusClientGone:
		return slog.LevelDebug
	case fault.Is(refused, fault.CodePositionNotReached):
		return slog.LevelInfo // anybody may ask for any position: it says nothing of this node
	case status >= http.StatusInternalServerError:
		return slog.LevelError
	case quiet:
		return slog.LevelDebug // what is asked every few seconds by a machine
	default:
		return slog.LevelInfo
	}
}

// pattern is the route's address with the names of its parameters; "" when no route fits.
func (c *call) pattern() string { return c.route.Path }

// methodName is the method, or OTHER for one that HTTP does not know, so that nobody can fill the log and the metrics
// with names of their own.
func methodName(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions, http.MethodTrace, http.MethodConnect:
		return method
	default:
		return "OTHER"
	}
}
