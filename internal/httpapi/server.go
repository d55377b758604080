package httpapi

import (
	"log/slog"
	"net/http"
	"time"
)

// The time limits of a connection, and the size of a request's line and headers together. A client that is slower is cut
// off.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 128 << 10 // an address that is too long is answered as such (414), and not cut off
)

// headerSlop is what net/http reads beyond MaxHeaderBytes before it refuses.
const headerSlop = 4 << 10

// Server returns an HTTP server for a handler, with every limit set. What it says of broken connections goes to log.
func Server(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes - headerSlop,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
