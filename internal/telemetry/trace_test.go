package telemetry_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"dalil/internal/telemetry"
)

// receiver is an OTLP receiver that keeps what it is sent.
type receiver struct {
	*httptest.Server

	mu    sync.Mutex
	spans []*otlp.Span
	paths []string
}

func newReceiver(tb testing.TB) *receiver {
	tb.Helper()
	r := new(receiver)
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		var body io.Reader = req.Body
		if req.Header.Get("Content-Encoding") == "gzip" {
			var err error
			if body, err = gzip.NewReader(req.Body); err != nil {
				tb.Error(err)
				return
			}
		}
		data, err := io.ReadAll(body)
		sent := new(collector.ExportTraceServiceRequest)
		if err == nil {
			err = proto.Unmarshal(data, sent)
		}
		if err != nil {
			tb.Errorf("what was sent cannot be read: %v", err)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.paths = append(r.paths, req.URL.Path)
		for _, resource := range sent.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				r.spans = append(r.spans, scope.Spans...)
			}
		}
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	tb.Cleanup(r.Close)
	return r
}

// named returns the span of a name.
func (r *receiver) named(tb testing.TB, name string) *otlp.Span {
	tb.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, span := range r.spans {
		if span.Name == name {
			return span
		}
	}
	tb.Fatalf("no span %s among %d", name, len(r.spans))
	return nil
}

func newTracer(tb testing.TB, endpoint string, ratio float64, log io.Writer) *telemetry.Tracer {
	tb.Helper()
	tracer, err := telemetry.NewTracer(tb.Context(), telemetry.TraceOptions{
		Endpoint: endpoint, Ratio: ratio, Version: "1.2.3", Log: slog.New(slog.NewJSONHandler(log, nil)),
	})
	if err != nil {
		tb.Fatal(err)
	}
	return tracer
}

// theirs is the header of a trace that a caller has begun and keeps.
const theirs = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

func TestSpansReachTheReceiverWithinTheCallersTrace(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	tracer := newTracer(t, r.URL, 1, io.Discard)
	ctx, request := tracer.Serve(t.Context(), http.Header{"Traceparent": {theirs}}, "GET", "/api/v1/actors/:id")
	within, commit := tracer.Start(ctx, "commit")
	_ = within
	_, other := tracer.Start(t.Context(), "another")
	_, appended := tracer.Follow(t.Context(), "ledger.append", []telemetry.Cause{commit.Cause(), other.Cause()})
	appended.Int("dalil.commits", 2)
	appended.Fail("unavailable")
	for _, span := range []telemetry.Span{appended, other, commit, request} {
		span.End()
	}
	if id := request.TraceID(); id != "0af7651916cd43dd8448eb211c80319c" {
		t.Errorf("the trace is %s", id)
	}
	if err := tracer.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	server, inner, last := r.named(t, "GET /api/v1/actors/:id"), r.named(t, "commit"), r.named(t, "ledger.append")
	if !bytes.Equal(inner.ParentSpanId, server.SpanId) || !bytes.Equal(last.ParentSpanId, inner.SpanId) {
		t.Error("the spans do not stand within each other")
	}
	if len(last.Links) != 1 || !bytes.Equal(last.Links[0].SpanId, r.named(t, "another").SpanId) {
		t.Errorf("links of the append: %v", last.Links)
	}
	if last.Status.GetCode() != otlp.Status_STATUS_CODE_ERROR || last.Status.GetMessage() != "unavailable" {
		t.Errorf("status of the append: %v", last.Status)
	}
	if diff := cmp.Diff([]string{"/v1/traces"}, r.paths); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestNobodyMayAskForMoreThanTheRatio(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	tracer := newTracer(t, r.URL+"/v1/traces", 0, io.Discard)
	_, span := tracer.Serve(t.Context(), http.Header{"Traceparent": {theirs}}, "GET", "/")
	span.End()
	if err := tracer.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(r.spans) != 0 {
		t.Errorf("%d spans were sent", len(r.spans))
	}
}

func TestAReceiverThatRefusesIsToldOfInTheLogAlone(t *testing.T) {
	t.Parallel()
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
	}))
	defer refusing.Close()
	var log bytes.Buffer
	tracer := newTracer(t, refusing.URL, 1, &log)
	_, span := tracer.Start(t.Context(), "work")
	span.End()
	if err := tracer.Close(t.Context()); err != nil {
		t.Errorf("closing: %v", err)
	}
	if !strings.Contains(log.String(), "traces could not be sent") {
		t.Errorf("the log says %s", log.String())
	}
}

// work is what the parts of the program do with a tracer.
func work(ctx context.Context, tracer *telemetry.Tracer, headers http.Header) {
	ctx, span := tracer.Serve(ctx, headers, "GET", "/api/v1/actors")
	_, inner := tracer.Start(ctx, "commit")
	_, last := tracer.Follow(ctx, "ledger.append", nil)
	last.Int("dalil.commits", 1)
	last.Fail("unavailable")
	last.End()
	inner.Position(7)
	_ = inner.Cause()
	inner.End()
	span.Text("dalil.request_id", span.TraceID())
	span.End()
}

func TestWithoutATracerNothingIsAllocated(t *testing.T) { //nolint:paralleltest // it counts allocations
	headers := http.Header{"Traceparent": {theirs}}
	if n := testing.AllocsPerRun(100, func() { work(t.Context(), nil, headers) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if err := (*telemetry.Tracer)(nil).Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func BenchmarkWithoutATracer(b *testing.B) {
	headers := http.Header{"Traceparent": {theirs}}
	b.ReportAllocs()
	for b.Loop() {
		work(b.Context(), nil, headers)
	}
}
