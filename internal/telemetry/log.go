// Package telemetry has one duty: what an operator sees of a running server. It makes the logger; metrics and traces
// stand here too.
package telemetry

import (
	"io"
	"log/slog"
)

// NewLogger returns a logger that writes lines of JSON or text, from a level up. An unknown level reads as info: the
// settings refuse it before.
func NewLogger(w io.Writer, level, format string) *slog.Logger {
	var from slog.Level
	if err := from.UnmarshalText([]byte(level)); err != nil {
		from = slog.LevelInfo
	}
	opts := &slog.HandlerOptions{Level: from}
	if format == "text" {
		return slog.New(slog.NewTextHandler(w, opts))
	}
	return slog.New(slog.NewJSONHandler(w, opts))
}
