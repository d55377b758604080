package httpapi

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"dalil/internal/fault"
	"dalil/internal/service"
)

// Metrics are what an operator measures, in a registry of their own.
type Metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	seconds   *prometheus.HistogramVec
	inFlight  prometheus.Gauge
	transfers prometheus.Gauge
	commits   prometheus.Counter
	appends   prometheus.Histogram
	waits     prometheus.Histogram
	unclear   prometheus.Counter
	moved     prometheus.Counter
	refused   *prometheus.CounterVec
	failed    *prometheus.CounterVec
	told      *prometheus.CounterVec
}

// storeBuckets are the seconds that writing is counted in.
func storeBuckets() []float64 {
	return []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
}

// NewMetrics returns metrics that start at zero.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dalil_http_requests_total", Help: "Requests answered, by method, route and status.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dalil_http_request_duration_seconds", Help: "Time to answer, by route; long transfers are not counted.",
			Buckets: append(storeBuckets(), 30),
		}, []string{"route"}),
		inFlight:  gauge("dalil_http_requests_in_flight", "Requests that are being answered now."),
		transfers: gauge("dalil_http_transfers_in_flight", "Long transfers among them: streams of changes, exports, uploads, backups."),
		commits:   counter("dalil_writer_commits_total", "Commits that this node made durable."),
		appends: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "dalil_writer_append_duration_seconds", Help: "Time until a group of commits is durable.", Buckets: storeBuckets(),
		}),
		waits: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "dalil_writer_wait_seconds", Help: "Time that a proposal waits until the writer takes it up.", Buckets: storeBuckets(),
		}),
		unclear: counter("dalil_writer_unclear_total", "Appends to which the store gave no clear answer."),
		moved:   counter("dalil_writer_moved_total", "Proposals judged again because another node wrote first."),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dalil_writer_refused_total",
			Help: "Proposals that could not be written for a reason that is not theirs, by problem code.",
		}, []string{"code"}),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dalil_background_failures_total", Help: "Failures of what goes on beside the requests and is tried again, by task.",
		}, []string{"task"}),
	}
	m.told = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "dalil_webhook_deliveries_total", Help: "Messages sent to webhooks, each attempt, by what became of them.",
	}, []string{"outcome"})
	for _, outcome := range service.Deliveries() {
		m.told.WithLabelValues(string(outcome))
	}
	for _, code := range troubles() {
		m.refused.WithLabelValues(string(code)) // so that the first one is a rise, not a beginning
	}
	for _, task := range service.Tasks() {
		m.failed.WithLabelValues(string(task))
	}
	m.registry.MustRegister(m.requests, m.seconds, m.inFlight, m.transfers, m.commits, m.appends, m.waits, m.unclear, m.moved,
		m.refused, m.failed, m.told, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
}

// Observer counts what the writer does: it goes into the service's options.
func (m *Metrics) Observer() service.Observer {
	return service.Observer{
		Waited: func(d time.Duration) { m.waits.Observe(d.Seconds()) },
		Appended: func(commits int, took time.Duration) {
			m.commits.Add(float64(commits))
			m.appends.Observe(took.Seconds())
		},
		Unclear: m.unclear.Inc,
		Moved:   func(proposals int) { m.moved.Add(float64(proposals)) },
		Refused: func(proposals int, why fault.Code) {
			m.refused.WithLabelValues(string(why)).Add(float64(proposals))
		},
		Failed: func(t service.Task) { m.failed.WithLabelValues(string(t)).Inc() },
		Told:   func(d service.Delivery) { m.told.WithLabelValues(string(d)).Inc() },
	}
}

// watch reads the state of a service whenever the metrics are asked for.
func (m *Metrics) watch(a *API) error {
	if err := m.registry.Register(newStateOf(a)); err != nil {
		return fmt.Errorf("registering the metrics: %w", err)
	}
	return nil
}

// handler serves the metrics in Prometheus's text format.
func (m *Metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}

// observe counts one request. What no route fits is counted together, so that nobody can fill the metrics. How long a
// long transfer takes says how fast its client reads, and nothing of this server.
func (m *Metrics) observe(method, route string, status int, took time.Duration, long bool) {
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(methodName(method), route, strconv.Itoa(status)).Inc()
	if !long {
		m.seconds.WithLabelValues(route).Observe(took.Seconds())
	}
}
