package httpapi

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"dalil/internal/fault"
)

// Gate stands where the API will be while the directory is being loaded, so that who asks meanwhile is told so, and finds
// the port open. It is an http.Handler.
type Gate struct {
	log *slog.Logger
	api atomic.Pointer[API]
}

// loadingRetry is when to ask again while the directory is being loaded.
const loadingRetry = time.Second

// NewGate returns a gate that is closed. It tells log, at debug level, whom it sent away.
func NewGate(log *slog.Logger) *Gate { return &Gate{log: log} }

// Open hands every request from now on to an API.
func (g *Gate) Open(api *API) { g.api.Store(api) }

// ServeHTTP lets the API answer once the gate is open. Before, the process says that it is alive, and of anything else
// that the directory is being loaded.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if api := g.api.Load(); api != nil {
		api.ServeHTTP(w, r)
		return
	}
	h := w.Header()
	id := r.Header.Get("X-Request-Id")
	if !requestIDPattern.MatchString(id) {
		id = rand.Text()
	}
	h["X-Request-Id"] = []string{id}
	h["Dalil-Seq"] = []string{"0"} // nothing is known yet
	h["Vary"] = varyHeader
	h["Cache-Control"] = neverCache
	h["X-Content-Type-Options"] = nosniffHeader
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	if reads {
		allowScripts(h)
	}
	status, media, text := http.StatusOK, "application/json", []byte(alive)
	if !reads || r.URL.Path != livezPath {
		status, media, text = g.turnAway(h, r, id)
	}
	h["Content-Type"] = []string{media}
	h["Content-Length"] = []string{strconv.Itoa(len(text))}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(text) //nolint:gosec // JSON, said to be, and to be taken for nothing else; a client that has left needs no answer
	}
	g.log.LogAttrs(context.WithoutCancel(r.Context()), slog.LevelDebug, "request while loading",
		slog.String("method", methodName(r.Method)), slog.Int("status", status), slog.String("request_id", id))
}

// turnAway says that the directory is being loaded, and when to ask again.
func (g *Gate) turnAway(h http.Header, r *http.Request, id string) (status int, media string, text []byte) {
	lang := messageLang(pickLanguage(r.URL.Query().Get("lang"), r.Header.Get("Accept-Language")))
	h["Content-Language"] = []string{lang}
	h["Retry-After"] = []string{strconv.Itoa(int(loadingRetry.Seconds()))}
	p := problemOf(fault.New(fault.Unavailable, fault.CodeLoading, nil), lang)
	p.Instance, p.RequestID = r.URL.EscapedPath(), id
	text, err := encodeProblem(p)
	if err != nil {
		g.log.ErrorContext(r.Context(), "a problem could not be written", slog.Any("error", err))
	}
	return p.Status, mediaProblem, text
}
