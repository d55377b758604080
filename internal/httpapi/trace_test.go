package httpapi_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"dalil/internal/httpapi"
	"dalil/internal/service"
	"dalil/internal/telemetry"
)

// traces is an OTLP receiver that writes down what it is sent: a line for each span, and all of it as text.
type traces struct {
	mu    sync.Mutex
	lines []string
	text  strings.Builder
}

func (r *traces) ServeHTTP(_ http.ResponseWriter, req *http.Request) {
	data, err := io.ReadAll(req.Body)
	sent := new(collector.ExportTraceServiceRequest)
	if err != nil || proto.Unmarshal(data, sent) != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_, _ = fmt.Fprintln(&r.text, sent.String())
	for _, resource := range sent.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			for _, span := range scope.Spans {
				r.lines = append(r.lines, fmt.Sprintf("%x %s", span.TraceId, span.Name))
			}
		}
	}
}

// traced makes a server that sends its traces; what it sent is there when finish returns.
func traced(t *testing.T) (s *server, sent *traces, finish func()) {
	t.Helper()
	sent = new(traces)
	receiver := httptest.NewServer(sent)
	t.Cleanup(receiver.Close)
	tracer, err := telemetry.NewTracer(t.Context(), telemetry.TraceOptions{Endpoint: receiver.URL, Ratio: 1, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s = start(t, func(o *httpapi.Options, below *service.Options) { o.Tracer, below.Tracer = tracer, tracer })
	return s, sent, func() {
		t.Helper()
		if err := tracer.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
}

func TestATraceFollowsAWriteFromTheRequestToTheLedger(t *testing.T) {
	t.Parallel()
	s, sent, finish := traced(t)
	trace := "0af7651916cd43dd8448eb211c80319c"
	s.send("POST", "/actors?reason=hidden-value", actor("hidden-id", "hidden-name", "")).
		with("Traceparent", "00-"+trace+"-b7ad6b7169203331-01").expect(201)
	s.get("/actors/hidden-id/history").with("Traceparent", "00-"+trace+"-b7ad6b7169203331-01").as(adminKey).expect(200)
	s.ask("GET", "/livez").expect(200)
	finish()
	var got []string
	for _, line := range sent.lines {
		if name, ours := strings.CutPrefix(line, trace+" "); ours {
			got = append(got, name)
		}
	}
	slices.Sort(got)
	want := []string{"GET /api/v1/actors/:id/history", "POST /api/v1/actors", "commit", "ledger.append", "ledger.history"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
	for _, word := range []string{"hidden", adminKey, "livez"} {
		if strings.Contains(sent.text.String(), word) {
			t.Errorf("the traces tell %s", word)
		}
	}
	if line := s.lines()[0]; line["trace_id"] != trace {
		t.Errorf("the log's line does not name the trace: %v", line)
	}
}

func TestWithoutTracesTheLogNamesNone(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.get("/actors").with("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").expect(200)
	if _, there := s.lines()[0]["trace_id"]; there {
		t.Error("a trace is named")
	}
}
