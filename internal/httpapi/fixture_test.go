package httpapi_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"dalil/internal/httpapi"
	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/service"
)

// adminKey is the first key of every server of the tests.
const adminKey = "an-admin-key-for-tests-only"

// server is a whole API on a store of its own.
type server struct {
	testing.TB
	api    *httpapi.API
	svc    *service.Service
	ledger ledger.Ledger
	log    *bytes.Buffer // the lines of its log; read it only while no request is under way
}

// setting changes how a server is made.
type setting func(*httpapi.Options, *service.Options)

// start makes a server on a new store.
func start(t testing.TB, settings ...setting) *server {
	t.Helper()
	store, err := boltledger.Open(filepath.Join(t.TempDir(), "dalil.db"), boltledger.Options{})
	if err != nil {
		t.Fatalf("opening the store: %v", err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	return startOn(t, store, settings...)
}

// startOn makes a server on a store, for as long as the test lasts.
func startOn(t testing.TB, store ledger.Ledger, settings ...setting) *server {
	t.Helper()
	s := serveOn(t, store, settings...)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 30*time.Second)
		defer cancel()
		if err := s.svc.Close(ctx); err != nil {
			t.Errorf("closing the service: %v", err)
		}
	})
	return s
}

// serveOn makes a server on a store; whoever asks for it ends its service.
func serveOn(t testing.TB, store ledger.Ledger, settings ...setting) *server {
	t.Helper()
	s := &server{TB: t, ledger: store, log: new(bytes.Buffer)}
	log := slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	now := fixedClock()
	opts := httpapi.Options{Log: log, Now: now}
	below := service.Options{Log: slog.New(slog.DiscardHandler), Now: now, Location: time.UTC, BootstrapKey: adminKey}
	for _, set := range settings {
		set(&opts, &below)
	}
	var err error
	if s.svc, err = service.Open(t.Context(), store, below); err != nil {
		t.Fatalf("opening the service: %v", err)
	}
	if s.api, err = httpapi.New(s.svc, opts); err != nil {
		t.Fatalf("making the API: %v", err)
	}
	return s
}

// movingClock begins at a time and stands until the test moves it. The service reads it, too, from goroutines of its own.
func movingClock(began time.Time) (now func() time.Time, later func(time.Duration)) {
	gone := new(atomic.Int64)
	return func() time.Time { return began.Add(time.Duration(gone.Load())) }, func(d time.Duration) { gone.Add(int64(d)) }
}

// fixedClock stands at a Tuesday morning.
func fixedClock() func() time.Time {
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	return func() time.Time { return at }
}

// request is one request of a test.
type request struct {
	*server
	method, target string
	body           io.Reader
	header         http.Header
	ctx            context.Context //nolint:containedctx // of the request to come
	outside        bool            // the document says nothing of it
}

// undescribed says that the document has nothing to say of the answer.
func (r *request) undescribed() *request {
	r.outside = true
	return r
}

// within sets the request's context.
func (r *request) within(ctx context.Context) *request {
	r.ctx = ctx
	return r
}

// ask begins a request.
func (s *server) ask(method, target string) *request {
	return &request{server: s, method: method, target: target, header: http.Header{}}
}

// get begins a GET of the API.
func (s *server) get(target string) *request { return s.ask(http.MethodGet, "/api/v1"+target) }

// send begins a write by the administrator, with a body of JSON.
func (s *server) send(method, target, body string) *request {
	r := s.ask(method, "/api/v1"+target).as(adminKey)
	if body != "" {
		r.body = strings.NewReader(body)
		r.header.Set("Content-Type", "application/json")
	}
	return r
}

// as shows a key.
func (r *request) as(key string) *request { return r.with("Authorization", "Bearer "+key) }

// with sets a header.
func (r *request) with(name, value string) *request {
	r.header.Add(name, value)
	return r
}

// do sends the request.
func (r *request) do() *response {
	r.Helper()
	if r.ctx == nil {
		r.ctx = r.Context()
	}
	req := httptest.NewRequestWithContext(r.ctx, r.method, r.target, r.body)
	maps.Copy(req.Header, r.header)
	recorder := httptest.NewRecorder()
	r.api.ServeHTTP(recorder, req)
	if !r.outside {
		r.keepsContract(req, recorder)
	}
	return &response{TB: r.TB, ResponseRecorder: recorder, asked: r.method + " " + r.target}
}

// expect sends the request and wants a status.
func (r *request) expect(status int) *response {
	r.Helper()
	got := r.do()
	if got.Code != status {
		r.Fatalf("%s: status %d, want %d: %s", got.asked, got.Code, status, got.Body)
	}
	return got
}

// response is an answer.
type response struct {
	testing.TB
	*httptest.ResponseRecorder
	asked string
}

// decode reads the body.
func (r *response) decode(into any) *response {
	r.Helper()
	if err := json.Unmarshal(r.Body.Bytes(), into); err != nil {
		r.Fatalf("%s: reading the body: %v: %s", r.asked, err, r.Body)
	}
	return r
}

// object reads the body as a JSON object.
func (r *response) object() map[string]any {
	r.Helper()
	var object map[string]any
	r.decode(&object)
	return object
}

// head returns a header.
func (r *response) head(name string) string { return r.Header().Get(name) }

// wantHead wants a header.
func (r *response) wantHead(name, value string) *response {
	r.Helper()
	if got := r.head(name); got != value {
		r.Errorf("%s: %s is %q, want %q", r.asked, name, got, value)
	}
	return r
}

// problem is what the tests look at in a problem document.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Instance  string `json:"instance"`
	Code      string `json:"code"`
	RequestID string `json:"request_id"`
	Errors    []struct {
		Pointer   *string `json:"pointer"`
		Parameter string  `json:"parameter"`
		Header    string  `json:"header"`
		Code      string  `json:"code"`
		Detail    string  `json:"detail"`
	} `json:"errors"`
	Members map[string]any `json:",embed"`
}

// place tells the first faulty place and its code.
func (p *problem) place() string {
	if len(p.Errors) == 0 {
		return ""
	}
	e := p.Errors[0]
	at := e.Parameter + e.Header
	if e.Pointer != nil {
		at = *e.Pointer
	}
	return at + " " + e.Code
}

// refused sends the request and wants a problem of a status and a code, at a place ("" does not ask where).
func (r *request) refused(status int, code, place string) *problem {
	r.Helper()
	got := r.do()
	p := new(problem)
	if got.head("Content-Type") != "application/problem+json" {
		r.Fatalf("%s: status %d with %q is no problem document: %s", got.asked, got.Code, got.head("Content-Type"), got.Body)
	}
	got.decode(p)
	if got.Code != status || p.Status != status || p.Code != code || (place != "" && p.place() != place) {
		r.Fatalf("%s: %d %s at %q, want %d %s at %q: %s", got.asked, got.Code, p.Code, p.place(), status, code, place, got.Body)
	}
	return p
}

// list is what the tests look at in a list.
type list struct {
	Items []struct {
		ID string `json:"id"`
	} `json:"items"`
	Total  int    `json:"total"`
	Hidden int    `json:"hidden_by_date"`
	Next   string `json:"next_cursor"`
	AsOf   string `json:"as_of"`
	Seq    uint64 `json:"seq"`
	Facets map[string][]struct {
		Value string `json:"value"`
		Label string `json:"label"`
		Count int    `json:"count"`
	} `json:"facets"`
	Rest map[string]struct {
		None struct {
			Value string `json:"value"`
			Label string `json:"label"`
			Count int    `json:"count"`
		} `json:"none"`
		LeftOff int `json:"left_off"`
	} `json:"facets_rest"`
}

// counts tells the values of a facet in their order, and what stands beside them.
func (l *list) counts(facet string) string {
	var parts []string
	for _, v := range l.Facets[facet] {
		parts = append(parts, fmt.Sprintf("%s %d", v.Value, v.Count))
	}
	rest := l.Rest[facet]
	if rest.None.Value != "" {
		parts = append(parts, fmt.Sprintf("| %s %d", rest.None.Value, rest.None.Count))
	}
	if rest.LeftOff != 0 {
		parts = append(parts, fmt.Sprintf("+%d", rest.LeftOff))
	}
	return strings.Join(parts, " ")
}

// ids returns the ids of the items.
func (l *list) ids() []string {
	ids := []string{}
	for _, item := range l.Items {
		ids = append(ids, item.ID)
	}
	return ids
}

// page sends the request and reads a list.
func (r *request) page() *list {
	r.Helper()
	l := new(list)
	r.expect(http.StatusOK).decode(l)
	return l
}

// actor is the JSON of a small actor with further members, such as `,"country":"MA"`.
func actor(id, name, more string) string {
	return `{"id":"` + id + `","kind":"organisation","group":"government","name":{"fr":"` + name + `"}` + more + `}`
}

// create makes a record.
func (s *server) create(kind, body string) *response {
	s.Helper()
	return s.send(http.MethodPost, "/"+kind, body).expect(http.StatusCreated)
}

// key makes a key and returns its secret.
func (s *server) key(name, scope, clearance string) string {
	s.Helper()
	body := `{"name":"` + name + `","scope":"` + scope + `","clearance":"` + clearance + `"}`
	secret, ok := s.send(http.MethodPost, "/keys", body).expect(http.StatusCreated).object()["secret"].(string)
	if !ok {
		s.Fatal("a new key came without its secret")
	}
	return secret
}
