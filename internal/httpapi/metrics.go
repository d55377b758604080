package httpapi

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"dalil/internal/service"
)

// Metrics are what an operator measures, in a registry of their own.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	commits  prometheus.Counter
	appends  prometheus.Histogram
	unclear  prometheus.Counter
	moved    prometheus.Counter
}

// NewMetrics returns metrics that start at zero.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dalil_http_requests_total", Help: "Requests answered, by method, route and status.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dalil_http_request_duration_seconds", Help: "Time to answer, by route.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"route"}),
		commits: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "dalil_writer_commits_total", Help: "Commits that this node made durable.",
		}),
		appends: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "dalil_writer_append_duration_seconds", Help: "Time until a group of commits is durable.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}),
		unclear: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "dalil_writer_unclear_total", Help: "Appends to which the store gave no clear answer.",
		}),
		moved: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "dalil_writer_moved_total", Help: "Proposals judged again because another node wrote first.",
		}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.commits, m.appends, m.unclear, m.moved,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Observer counts what the writer does: it goes into the service's options.
func (m *Metrics) Observer() service.Observer {
	return service.Observer{
		Appended: func(commits int, took time.Duration) {
			m.commits.Add(float64(commits))
			m.appends.Observe(took.Seconds())
		},
		Unclear: m.unclear.Inc,
		Moved:   func(proposals int) { m.moved.Add(float64(proposals)) },
	}
}

// watch reads the state of a service whenever the metrics are asked for.
func (m *Metrics) watch(a *API) error {
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "dalil_build_info", Help: "Always 1; the label tells the program's version.",
		ConstLabels: prometheus.Labels{"version": a.version},
	})
	build.Set(1)
	for _, collector := range []prometheus.Collector{
		build,
		gauge("dalil_ledger_position", "The ledger position that this node has reached.", func() float64 {
			return float64(a.svc.Head().Position().Seq)
		}),
		gauge("dalil_ready", "1 when this node may be sent requests.", func() float64 {
			if a.ready() != nil {
				return 0
			}
			return 1
		}),
		gauge("dalil_writer_waiting", "Proposals that wait for the writer.", func() float64 {
			return float64(a.svc.Waiting())
		}),
	} {
		if err := m.registry.Register(collector); err != nil {
			return fmt.Errorf("registering the metrics: %w", err)
		}
	}
	return nil
}

// handler serves the metrics in Prometheus's text format.
func (m *Metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}

// observe counts one request. What no route fits is counted together, so that nobody can fill the metrics.
func (m *Metrics) observe(method, route string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(methodName(method), route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}
