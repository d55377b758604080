package httpapi_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"dalil/internal/httpapi"
	"dalil/internal/service"
)

// scrape asks a server that has answered and written something for its metrics.
func scrape(t *testing.T) string {
	t.Helper()
	m := httpapi.NewMetrics()
	s := start(t, func(o *httpapi.Options, below *service.Options) { o.Metrics, below.Observer = m, m.Observer() })
	s.send("POST", "/webhooks", `{"url":"https://secret.example/hook"}`).expect(201)
	s.create("actors", actor("oit", "OIT", ""))
	s.get("/actors/oit").expect(200)
	return s.ask("GET", "/metrics").expect(200).Body.String()
}

// families are the names of the metrics of a scrape, as Prometheus has them: of a histogram all three.
func families(scraped string) []string {
	var names []string
	for line := range strings.Lines(scraped) {
		words := strings.Fields(line)
		if len(words) != 4 || words[1] != "TYPE" {
			continue
		}
		names = append(names, words[2])
		if words[3] == "histogram" {
			names = append(names, words[2]+"_bucket", words[2]+"_sum", words[2]+"_count")
		}
	}
	return names
}

func TestTheMetricsAreNamedAsPrometheusAsks(t *testing.T) {
	t.Parallel()
	problems, err := promlint.New(bytes.NewBufferString(scrape(t))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "dalil_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

func TestTheMetricsTellTheStateOfTheNode(t *testing.T) {
	t.Parallel()
	got := scrape(t)
	for _, line := range []string{
		`dalil_records{kind="actors"} 1`, `dalil_records{kind="roles"} 0`, `dalil_ledger_lag_commits 0`,
		`dalil_projection_lag_commits 0`, `dalil_clock_behind_seconds 0`, `dalil_not_ready{code="clock"} 0`,
		`dalil_ledger_last_commit_timestamp_seconds 1.7955108e+09`, `dalil_writer_wait_seconds_count 3`,
		`dalil_writer_refused_total{code="store_full"} 0`, `dalil_background_failures_total{task="follow"} 0`,
		`dalil_http_requests_in_flight 1`, `dalil_http_transfers_in_flight 0`, `process_resident_memory_bytes `,
		`dalil_changes_streams 0`, `dalil_webhook_deliveries_total{outcome="unreachable"} 0`,
	} {
		if !strings.Contains(got, "\n"+line) {
			t.Errorf("no line %s", line)
		}
	}
	for _, pattern := range []string{
		`dalil_webhook_behind_commits{webhook="[a-z0-9.-]+"} 1`, `dalil_webhook_failing_seconds{webhook="[a-z0-9.-]+"} 0`,
		`dalil_webhook_disabled{webhook="[a-z0-9.-]+"} 0`,
	} {
		if !regexp.MustCompile("(?m)^" + pattern + "$").MatchString(got) {
			t.Errorf("no line like %s", pattern)
		}
	}
	if strings.Contains(got, "example") {
		t.Error("the metrics tell where a webhook leads")
	}
}

func TestTheMetricsTellWhyANodeIsNotReady(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	m := httpapi.NewMetrics()
	late := startOn(t, s.ledger, func(o *httpapi.Options, below *service.Options) {
		o.Metrics, below.Observer = m, m.Observer()
		below.Now = func() time.Time { return fixedClock()().Add(-time.Hour) }
	})
	late.send("POST", "/sources", `{"title":"T","kind":"report"}`).refused(503, "clock", "")
	got := late.ask("GET", "/metrics").expect(200).Body.String()
	for _, line := range []string{
		`dalil_ready 0`, `dalil_not_ready{code="clock"} 1`, `dalil_not_ready{code="unavailable"} 0`,
		`dalil_clock_behind_seconds 3600`, `dalil_writer_refused_total{code="clock"} 1`,
	} {
		if !strings.Contains(got, "\n"+line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
}

// metricName finds the names of metrics in rules, dashboards and guides.
var metricName = regexp.MustCompile(`\b(dalil|go|process)_[a-z_]+\b`)

func TestWhatIsWatchedIsMeasured(t *testing.T) {
	t.Parallel()
	known := families(scrape(t))
	for _, file := range []string{"deployments/prometheus/alerts.yaml", "deployments/grafana/dalil.json"} {
		text, err := os.ReadFile(filepath.Join("..", "..", file))
		if err != nil {
			t.Fatal(err)
		}
		names := metricName.FindAllString(string(text), -1)
		if len(names) == 0 {
			t.Errorf("%s names no metric", file)
		}
		for _, name := range names {
			if !slices.Contains(known, name) {
				t.Errorf("%s names %s, which the server does not measure", file, name)
			}
		}
	}
}

func TestEveryMetricStandsInTheGuideForOperators(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	known := families(scrape(t))
	for _, name := range known {
		whole := name + "_bucket"
		if strings.HasPrefix(name, "dalil_") && (slices.Contains(known, whole) || !isPart(name, known)) && !bytes.Contains(guide, []byte("`"+name+"`")) {
			t.Errorf("docs/operations.md does not say what %s means", name)
		}
	}
	for _, name := range metricName.FindAllString(string(guide), -1) {
		if strings.HasPrefix(name, "dalil_") && !slices.Contains(known, name) && !strings.HasPrefix(name, "dalil_test") {
			t.Errorf("docs/operations.md names %s, which the server does not measure", name)
		}
	}
}

// isPart tells whether a name is one of the three that a histogram makes.
func isPart(name string, known []string) bool {
	for _, end := range []string{"_bucket", "_sum", "_count"} {
		if whole, ok := strings.CutSuffix(name, end); ok && slices.Contains(known, whole) {
			return true
		}
	}
	return false
}

func TestEveryAlertStandsInTheGuideForOperators(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	rules, err := os.ReadFile(filepath.Join("..", "..", "deployments", "prometheus", "alerts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	alerts := regexp.MustCompile(`(?m)^ *- alert: (\w+)$`).FindAllSubmatch(rules, -1)
	if len(alerts) < 8 {
		t.Errorf("only %d alerts were found", len(alerts))
	}
	for _, alert := range alerts {
		if !bytes.Contains(guide, []byte("| `"+string(alert[1])+"` |")) {
			t.Errorf("docs/operations.md does not say what %s means", alert[1])
		}
	}
}
