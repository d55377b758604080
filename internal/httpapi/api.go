package httpapi

import (
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"dalil/internal/service"
	"dalil/internal/telemetry"
)

// Options are what an API needs beside the service. Log and Now are required.
type Options struct {
	Log     *slog.Logger
	Now     func() time.Time
	Home    http.Handler      // answers GET /; nil leaves that address without an answer
	Version string            // of the program, for the OpenAPI document and the metrics
	Metrics *Metrics          // nil makes new ones
	Tracer  *telemetry.Tracer // nil traces nothing

	RateAnonymous  int                 // requests a minute for each address without a key; 0 is no limit
	RateSignedIn   int                 // requests a minute for each key; 0 is no limit
	TrustedProxies []string            // addresses or networks whose X-Forwarded-For is believed
	Deadline       time.Duration       // of one request; 0 is 30 s
	Imports        *service.ImportJobs // nil makes new ones, which nobody ends
	Heartbeat      time.Duration       // the longest silence of a stream; 0 is 15 s
}

// API serves the directory over HTTP. It is an http.Handler.
type API struct {
	svc      *service.Service
	log      *slog.Logger
	now      func() time.Time
	home     http.Handler
	version  string
	metrics  *Metrics
	tracer   *telemetry.Tracer
	limits   *limiter
	deadline time.Duration

	engine       *gin.Engine
	table        []Route
	vocabularies *vocabularies
	document     *documentPages
	seal         atomic.Pointer[cursorSeal] // of cursors; made at the first one
	heartbeat    time.Duration
	streams      *streams
	imports      *service.ImportJobs
	stopping     atomic.Bool
	stopped      chan struct{} // closed when stopping
}

// defaultDeadline is how long a request may take.
const defaultDeadline = 30 * time.Second

// New returns the API of a service.
func New(svc *service.Service, opts Options) (*API, error) {
	a := &API{
		svc: svc, log: opts.Log, now: opts.Now, home: opts.Home, version: opts.Version, metrics: opts.Metrics, tracer: opts.Tracer,
		deadline: opts.Deadline, limits: newLimiter(opts.RateAnonymous, opts.RateSignedIn),
		heartbeat: opts.Heartbeat, streams: newStreams(maxStreamsEach, maxStreams), stopped: make(chan struct{}),
	}
	if a.imports = opts.Imports; a.imports == nil {
		a.imports = service.NewImportJobs(svc, "")
	}
	if a.heartbeat == 0 {
		a.heartbeat = defaultHeartbeat
	}
	if a.deadline == 0 {
		a.deadline = defaultDeadline
	}
	if a.metrics == nil {
		a.metrics = NewMetrics()
	}
	var err error
	if a.vocabularies, err = encodeVocabularies(); err != nil {
		return nil, fmt.Errorf("encoding the vocabularies: %w", err)
	}
	if a.document, err = newDocumentPages(); err != nil {
		return nil, err
	}
	if err := a.metrics.watch(a); err != nil {
		return nil, err
	}
	a.table = a.routes()
	if a.engine, err = a.newEngine(opts.TrustedProxies); err != nil {
		return nil, fmt.Errorf("reading the trusted proxies: %w", err)
	}
	return a, nil
}

// newEngine hands the table of routes to gin, with everything of gin's that guesses switched off.
func (a *API) newEngine(proxies []string) (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode) // else gin prints every route
	engine := gin.New()
	engine.RedirectTrailingSlash = false
	engine.HandleMethodNotAllowed = true
	if err := engine.SetTrustedProxies(proxies); err != nil {
		return nil, err
	}
	for i := range a.table {
		r := &a.table[i]
		serve := a.serve(r)
		engine.Handle(r.Method, r.Path, serve)
		if r.Method == http.MethodGet {
			engine.Handle(http.MethodHead, r.Path, serve)
		}
	}
	engine.NoRoute(a.serve(&Route{handle: noRoute}))
	engine.NoMethod(a.serve(&Route{handle: noMethod}))
	return engine, nil
}

// ServeHTTP answers one request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.engine.ServeHTTP(w, r) }

// Routes returns what the router holds, for tests that compare it with the document.
func (a *API) Routes() gin.RoutesInfo { return a.engine.Routes() }

// Stopping says that the server is about to stop: from here on it is not ready, and streams end.
func (a *API) Stopping() {
	if !a.stopping.Swap(true) {
		close(a.stopped)
	}
}
