package httpapi_test

import (
	"encoding/hex"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/httpapi"
	"dalil/internal/ledger"
	"dalil/internal/service"
)

func TestOperatorsAskWithoutAKey(t *testing.T) {
	t.Parallel()
	s := start(t)
	if got := s.ask("GET", "/livez").expect(200).Body.String(); got != `{"status":"alive"}` {
		t.Errorf("livez: %s", got)
	}
	if got := s.ask("GET", "/readyz").expect(200).Body.String(); got != `{"status":"ready","seq":1}` {
		t.Errorf("readyz: %s", got)
	}
	s.api.Stopping()
	s.ask("GET", "/readyz").refused(503, "not_ready", "")
	s.ask("GET", "/livez").expect(200)
	s.get("/actors").expect(200)
}

func TestStatsTellAdministratorsWhatTheStoreHolds(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	s.create("actors", actor("oim", "OIM", `,"visibility":"ministry"`))
	s.create("sources", `{"id":"note","title":"T","kind":"report","status":"draft"}`)
	s.send("DELETE", "/actors/oit", "").with("If-Match", "*").expect(200)
	got := s.get("/stats").as(adminKey).expect(200).wantHead("Dalil-Seq", "5")
	var stats struct {
		Ledger  string                    `json:"ledger"`
		Commits uint64                    `json:"commits"`
		First   string                    `json:"first_commit"`
		Last    string                    `json:"last_commit"`
		Bytes   int64                     `json:"bytes"`
		Records map[string]map[string]int `json:"records"`
	}
	got.decode(&stats)
	first, err := ledger.Genesis(t.Context(), s.ledger)
	if err != nil {
		t.Fatal(err)
	}
	if stats.Ledger != hex.EncodeToString(first.Ledger[:]) || stats.Commits != 5 || stats.Bytes < 1 || stats.First == "" || stats.Last < stats.First {
		t.Errorf("stats: %+v", stats)
	}
	want := map[string]map[string]int{
		"actors": {"published": 1, "archived": 1}, "sources": {"draft": 1},
		"initiatives": {}, "functions": {}, "roles": {}, "relations": {},
	}
	if diff := cmp.Diff(want, stats.Records); diff != "" {
		t.Errorf("the records differ:\n%s", diff)
	}
	if control := got.head("Cache-Control"); !strings.Contains(control, "private") && !strings.Contains(control, "no-store") {
		t.Errorf("what only administrators may know may be kept by others: %s", control)
	}
}

func TestStatsAreForAdministratorsWhoMaySeeEverything(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.get("/stats").refused(401, "unauthenticated", "")
	s.get("/stats").as(s.key("reader", "read", "ministry")).refused(403, "forbidden", "")
	s.get("/stats").as(s.key("writer", "write", "ministry")).refused(403, "forbidden", "")
	s.get("/stats").as(s.key("partner", "admin", "partners")).refused(403, "forbidden", "")
	s.get("/stats?limit=1").as(adminKey).refused(400, "bad_parameter", "limit unknown_parameter")
}

func TestAClockThatIsBehindIsTold(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	late := startOn(t, s.ledger, func(_ *httpapi.Options, below *service.Options) {
		below.Now = func() time.Time { return fixedClock()().Add(-time.Hour) }
	})
	late.ask("GET", "/readyz").refused(503, "clock", "")
	late.send("POST", "/sources", `{"title":"T","kind":"report"}`).refused(503, "clock", "")
	late.get("/actors/oit").expect(200)
}

func TestMetricsTellWhatWasAskedAndWritten(t *testing.T) {
	t.Parallel()
	m := httpapi.NewMetrics()
	s := start(t, func(o *httpapi.Options, below *service.Options) {
		o.Metrics, o.Version, below.Observer = m, "1.2.3", m.Observer()
	})
	s.create("actors", actor("oit", "OIT", ""))
	s.get("/actors/oit").expect(200)
	s.get("/actors/oit").expect(200)
	s.get("/actors/nobody-in-particular").expect(404)
	s.ask("GET", "/nowhere-"+strings.Repeat("x", 100)).expect(404)
	s.ask("BREW", "/livez").expect(405)
	got := s.ask("GET", "/metrics").expect(200).Body.String()
	for _, line := range []string{
		`dalil_http_requests_total{method="GET",route="/api/v1/actors/:id",status="200"} 2`,
		`dalil_http_requests_total{method="GET",route="/api/v1/actors/:id",status="404"} 1`,
		`dalil_http_requests_total{method="POST",route="/api/v1/actors",status="201"} 1`,
		`dalil_http_requests_total{method="GET",route="none",status="404"} 1`,
		`dalil_http_requests_total{method="OTHER",route="none",status="405"} 1`,
		`dalil_http_request_duration_seconds_count{route="/api/v1/actors/:id"} 3`,
		`dalil_ledger_position 2`, `dalil_ready 1`, `dalil_writer_waiting 0`, `dalil_writer_commits_total 2`,
		`dalil_build_info{version="1.2.3"} 1`, `go_goroutines `,
	} {
		if !strings.Contains(got, line) {
			t.Errorf("no line %s", line)
		}
	}
	if strings.Contains(got, "nobody") || strings.Contains(got, "nowhere") {
		t.Error("the metrics tell addresses")
	}
}

func TestTheFirstPageIsWhatTheApplicationGives(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *httpapi.Options, _ *service.Options) {
		o.Home = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte("welcome"))
		})
	})
	if got := s.ask("GET", "/").expect(200).Body.String(); got != "welcome" {
		t.Errorf("home: %s", got)
	}
	s.ask("GET", "/?colour=red").refused(400, "bad_parameter", "colour unknown_parameter")
	start(t).ask("GET", "/").undescribed().refused(404, "no_such_address", "")
}

func TestEveryAnswerTellsItsPosition(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", "")).wantHead("Dalil-Seq", "2")
	for _, r := range []*request{
		s.get("/actors"), s.get("/actors/oit"), s.get("/actors/nobody"), s.get("/actors?colour=red"), s.get("/nowhere"),
		s.get("/vocabularies"), s.ask("OPTIONS", "/api/v1/actors"), s.ask("BREW", "/api/v1/actors"), s.ask("GET", "/readyz"),
		s.ask("GET", "/metrics"), s.send("POST", "/actors", actor("oit", "OIT", "")), s.send("DELETE", "/actors/oit", ""),
		s.get("/keys"), s.get("/actors").as("nonsense"), s.get("/actors/oit/history"),
	} {
		r.do().wantHead("Dalil-Seq", "2")
	}
}

func TestAReaderWaitsForThePositionThatItNames(t *testing.T) {
	t.Parallel()
	s := start(t)
	answers := make(chan *response, 1)
	go func() { answers <- s.get("/actors/oit").with("Dalil-Min-Seq", "2").do() }()
	s.create("actors", actor("oit", "OIT", ""))
	if got := <-answers; got.Code != 200 {
		t.Errorf("the reader did not wait for its own write: %d %s", got.Code, got.Body)
	}
	s.get("/actors/oit").with("Dalil-Min-Seq", "0").expect(200)
	s.get("/actors/oit").with("Dalil-Min-Seq", "2").expect(200)
}

func TestAReaderIsToldWhenThePositionIsNotReached(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, func(o *httpapi.Options, below *service.Options) { o.Now, below.Now = time.Now, time.Now })
		began := time.Now()
		r := s.get("/actors").with("Dalil-Min-Seq", "99")
		r.refused(503, "position_not_reached", "")
		if waited := time.Since(began); waited != 2*time.Second {
			t.Errorf("it waited for %s", waited)
		}
		r.do().wantHead("Retry-After", "1").wantHead("Dalil-Seq", "1")
		for _, line := range s.lines() { // anybody may ask for what no node has: that is no error of this one
			if line["status"] == 503.0 && line["level"] != "INFO" {
				t.Errorf("it is told as %v: %v", line["level"], line)
			}
		}
	})
}

func TestAKeyIsJudgedOnTheStateThatTheReaderWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, func(o *httpapi.Options, below *service.Options) { o.Now, below.Now = time.Now, time.Now })
		key := s.send("POST", "/keys", `{"name":"n","scope":"read","clearance":"partners"}`).expect(201).object()
		answers := make(chan *response, 1)
		go func() { answers <- s.get("/actors").as(key["secret"].(string)).with("Dalil-Min-Seq", "3").do() }()
		synctest.Wait() // the reader waits with a key that is still good
		s.send("DELETE", "/keys/"+key["id"].(string), "").expect(204)
		if got := <-answers; got.Code != 401 {
			t.Errorf("a key that was revoked meanwhile opened: %d %s", got.Code, got.Body)
		}
	})
}

func TestOptionsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	options := func() httpapi.Options {
		return httpapi.Options{Log: slog.New(slog.DiscardHandler), Now: fixedClock(), Metrics: httpapi.NewMetrics()}
	}
	strange := options()
	strange.TrustedProxies = []string{"nonsense"}
	if _, err := httpapi.New(s.svc, strange); err == nil {
		t.Error("a proxy called nonsense was taken")
	}
	shared := options()
	if _, err := httpapi.New(s.svc, shared); err != nil {
		t.Fatal(err)
	}
	if _, err := httpapi.New(s.svc, shared); err == nil {
		t.Error("two APIs share their metrics")
	}
}
