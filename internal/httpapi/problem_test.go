package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/fault"
	"dalil/internal/httpapi"
	"dalil/internal/service"
)

func TestEveryKindOfFaultHasItsStatus(t *testing.T) {
	t.Parallel()
	want := map[fault.Kind]int{
		fault.Internal: 500, fault.Malformed: 400, fault.Unauthenticated: 401, fault.Forbidden: 403, fault.NotFound: 404,
		fault.Gone: 410, fault.Moved: 308, fault.NotAllowed: 405, fault.Conflict: 409, fault.Stale: 412,
		fault.NoCondition: 428, fault.TooLarge: 413, fault.URITooLong: 414, fault.Unsupported: 415,
		fault.NotAcceptable: 406, fault.Invalid: 422, fault.TooMany: 429, fault.Unavailable: 503, fault.Timeout: 504,
	}
	titles := map[string]fault.Kind{}
	for kind := range fault.Kind(math.MaxUint8) {
		status, known := want[kind]
		if got := httpapi.StatusOf(kind); known && got != status || !known && got != http.StatusInternalServerError {
			t.Errorf("kind %d is answered with %d, want %d; a kind with a status of its own stands in this table", kind, got, status)
		}
		if !known {
			continue
		}
		for _, lang := range []string{"en", "fr", "ar"} {
			title := lang + httpapi.TitleOf(kind, lang)
			if other, taken := titles[title]; taken {
				t.Errorf("kinds %d and %d have the same title %q", kind, other, title)
			}
			titles[title] = kind
		}
	}
}

// failing starts a server whose /fail answers with an error.
func failing(t *testing.T, err error) *server {
	t.Helper()
	s := start(t)
	s.api.Add("/fail", func(http.ResponseWriter, *http.Request) error { return err })
	return s
}

func TestAProblemSaysWhatIsWrongAndWhere(t *testing.T) {
	t.Parallel()
	s := failing(t, &fault.Error{
		Kind: fault.Conflict, Code: fault.CodeNearName, RetryAfter: 1500 * time.Millisecond,
		Fields: []fault.Field{
			{Pointer: "/name", Code: fault.CodeTooLong, Args: fault.Args{"max": 5}},
			{Parameter: "sort", Code: fault.CodeRequired},
			{Header: "If-Match", Code: fault.CodeRequired},
			{Code: fault.CodeRequired},
		},
		Members: map[string]any{"hidden": 2, "candidates": []map[string]string{{"kind": "actors", "id": "x", "label": "X"}}},
		Err:     errors.New("dsn=secret"),
	})
	got := s.ask("GET", "/fail?lang=en").with("X-Request-Id", "abc-1").expect(409)
	got.wantHead("Content-Type", "application/problem+json").wantHead("Content-Language", "en").wantHead("Retry-After", "2")
	want := map[string]any{
		"type": "/problems/near_name", "title": "Conflict", "status": 409.0, "code": "near_name",
		"detail":   "An actor with a close name exists; see candidates, or send allow_duplicate=true.",
		"instance": "/fail", "request_id": "abc-1", "hidden": 2.0, "candidates": []any{map[string]any{"kind": "actors", "id": "x", "label": "X"}},
		"errors": []any{
			map[string]any{"pointer": "/name", "code": "too_long", "detail": "At most 5 characters."},
			map[string]any{"parameter": "sort", "code": "required", "detail": "This is required."},
			map[string]any{"header": "If-Match", "code": "required", "detail": "This is required."},
			map[string]any{"pointer": "", "code": "required", "detail": "This is required."},
		},
	}
	if diff := cmp.Diff(want, got.object()); diff != "" {
		t.Errorf("problem differs (-want +got):\n%s", diff)
	}
}

func TestAWriteIsNeverSentOnToAnotherRecord(t *testing.T) {
	t.Parallel()
	s := failing(t, &fault.Error{Kind: fault.Moved, Code: fault.CodeMerged, Members: map[string]any{"survivor": "oit"}})
	if got := s.ask("GET", "/fail").expect(308).head("Location"); !strings.HasSuffix(got, "/oit") {
		t.Errorf("a reader is sent to %q", got)
	}
	s.ask("POST", "/fail").expect(409).wantHead("Location", "")
}

func TestAProblemIsSaidInTheLanguageAskedFor(t *testing.T) {
	t.Parallel()
	s := start(t)
	tests := []struct{ query, accept, lang, title string }{
		{"", "", "fr", "Introuvable"},
		{"", "en", "en", "Not found"},
		{"", "de, ar-MA;q=0.5", "ar", "غير موجود"},
		{"", "de", "fr", "Introuvable"},
		{"", "zgh", "fr", "Introuvable"},
		{"?lang=ar", "en", "ar", "غير موجود"},
		{"", strings.Repeat("en,", 500), "fr", "Introuvable"},
	}
	for _, test := range tests {
		r := s.get("/actors/nobody" + test.query)
		if test.accept != "" {
			r.with("Accept-Language", test.accept)
		}
		got := r.expect(404).wantHead("Content-Language", test.lang)
		if title := got.object()["title"]; title != test.title {
			t.Errorf("lang %q, Accept-Language %.20q: title %q, want %q", test.query, test.accept, title, test.title)
		}
	}
	s.get("/actors?lang=de").with("Accept-Language", "en").refused(400, "bad_parameter", "lang unknown_value")
}

func TestWhatNobodyClassifiedIsNeverShown(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		errors.New("dsn=secret"),
		fmt.Errorf("reading: %w", errors.New("dsn=secret")),
		&fault.Error{Kind: fault.Internal, Code: "secret", Members: map[string]any{"secret": 1}, Err: errors.New("secret")},
		fault.Wrap(fault.Unavailable, fault.CodeUnavailable, errors.New("dsn=secret")),
	} {
		s := failing(t, err)
		got := s.ask("GET", "/fail?lang=en").do()
		if got.Code < 500 || strings.Contains(got.Body.String(), "secret") {
			t.Errorf("%v: answered with %d %s", err, got.Code, got.Body)
		}
		if !strings.Contains(s.log.String(), "secret") {
			t.Errorf("%v: the log does not tell the cause: %s", err, s.log)
		}
	}
}

func TestAPanicIsAnInternalErrorWithoutItsText(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.api.Add("/panic", func(http.ResponseWriter, *http.Request) error { panic("secret") })
	p := s.ask("GET", "/panic").refused(500, "internal", "")
	if strings.Contains(fmt.Sprint(p), "secret") {
		t.Errorf("the panic's text was shown: %v", p)
	}
	if log := s.log.String(); !strings.Contains(log, "secret") || !strings.Contains(log, p.RequestID) {
		t.Errorf("the log does not tell the panic: %s", log)
	}
	s.ask("GET", "/livez").expect(200)
}

func TestAPanicAfterTheAnswerHasBegunCutsTheConnection(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.api.Add("/late", func(w http.ResponseWriter, _ *http.Request) error {
		_, _ = w.Write([]byte("half an answ"))
		panic("secret")
	})
	defer func() {
		if v := recover(); v != http.ErrAbortHandler { //nolint:errorlint // net/http compares likewise
			t.Errorf("the connection was not cut: %v", v)
		}
	}()
	s.ask("GET", "/late").do()
}

func TestNothingIsWrittenToAClientThatHasLeft(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.api.Add("/slow", func(_ http.ResponseWriter, r *http.Request) error {
		cancel()
		return fmt.Errorf("waiting: %w", r.Context().Err())
	})
	got := s.ask("GET", "/slow").within(ctx).do()
	if got.Body.Len() > 0 {
		t.Errorf("something was written: %s", got.Body)
	}
	if log := s.log.String(); !strings.Contains(log, `"status":499`) || !strings.Contains(log, `"level":"DEBUG"`) {
		t.Errorf("the log does not tell that the client left: %s", log)
	}
}

func TestADeadlineThatPassesIsATimeout(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *httpapi.Options, _ *service.Options) { o.Deadline = time.Nanosecond })
	s.api.Add("/slow", func(_ http.ResponseWriter, r *http.Request) error {
		<-r.Context().Done()
		return fmt.Errorf("waiting: %w", r.Context().Err())
	})
	s.ask("GET", "/slow").refused(504, "timeout", "")
}

func TestAddressesAndMethodsThatDoNotExistAreProblems(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, target := range []string{"/nowhere", "/api/v1", "/api/v1/", "/api/v1/actors/", "/api/v1/API_KEYS", "/api/v1/api_keys"} {
		s.ask("GET", target).undescribed().refused(404, "no_such_address", "")
	}
	tests := []struct{ method, target, allow string }{
		{"POST", "/api/v1/actors/x", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"},
		{"DELETE", "/api/v1/actors", "GET, HEAD, OPTIONS, POST"},
		{"BREW", "/api/v1/vocabularies", "GET, HEAD, OPTIONS"},
		{"TRACE", "/livez", "GET, HEAD, OPTIONS"},
		{"GET", "/api/v1/batch", "OPTIONS, POST"},
		{"POST", "/api/v1/matrix?rows=group&cols=type", "GET, HEAD, OPTIONS"},
		{"DELETE", "/api/v1/gaps?limit=1", "GET, HEAD, OPTIONS"},
		{"PUT", "/api/v1/actors?q=%zz&q=", "GET, HEAD, OPTIONS, POST"},
	}
	for _, test := range tests {
		s.ask(test.method, test.target).refused(405, "method_not_allowed", "")
		s.ask(test.method, test.target).do().wantHead("Allow", test.allow)
		got := s.ask("OPTIONS", test.target).expect(204).wantHead("Allow", test.allow)
		if got.Body.Len() > 0 {
			t.Errorf("OPTIONS %s has a body: %s", test.target, got.Body)
		}
	}
	s.ask("OPTIONS", "/nowhere").refused(404, "no_such_address", "")
	s.ask("GET", "/api/v1/actor?group=workers").undescribed().refused(404, "no_such_address", "")
}

func TestEveryAddressThatAnswersGetAnswersHead(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "Organisation internationale du Travail", ""))
	replace := strings.NewReplacer(":id", "oit", ":version", "1", ":name", "groups", ":code", "gone")
	for _, row := range s.api.Table() {
		if row.Method != http.MethodGet {
			continue
		}
		target := replace.Replace(row.Path)
		get, head := s.ask("GET", target).as(adminKey).do(), s.ask("HEAD", target).as(adminKey).do()
		if get.Code != head.Code || head.Body.Len() > 0 && row.ID != "metrics" {
			t.Errorf("HEAD %s answers %d with %d bytes, GET %d", target, head.Code, head.Body.Len(), get.Code)
		}
		for _, name := range []string{"Etag", "Content-Type", "Content-Length", "Vary", "Cache-Control", "Dalil-Seq"} {
			if row.ID != "metrics" && get.head(name) != head.head(name) {
				t.Errorf("HEAD %s: %s is %q, of GET %q", target, name, head.head(name), get.head(name))
			}
		}
	}
}

func TestEveryCodeHasItsPage(t *testing.T) {
	t.Parallel()
	s := start(t)
	index := s.ask("GET", "/problems?lang=en").expect(200).Body.String()
	for _, code := range fault.Codes() {
		page := s.ask("GET", "/problems/"+string(code)+"?lang=ar").expect(200)
		page.wantHead("Content-Type", "text/html; charset=utf-8").wantHead("Content-Language", "ar")
		if !strings.Contains(index, ">"+string(code)+"<") || !strings.Contains(page.Body.String(), string(code)) {
			t.Errorf("%s is not told of", code)
		}
	}
	s.ask("GET", "/problems/nonsense").refused(404, "no_such_address", "")
}
