package httpapi_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"dalil/internal/httpapi"
)

func TestWhileTheDirectoryIsLoadedThePortSaysSo(t *testing.T) {
	t.Parallel()
	s := start(t)
	gate := httpapi.NewGate(slog.New(slog.DiscardHandler))
	through := func(method, target, lang string) *httptest.ResponseRecorder {
		t.Helper()
		req := httptest.NewRequestWithContext(t.Context(), method, target, nil)
		req.Header.Set("Accept-Language", lang)
		recorder := httptest.NewRecorder()
		gate.ServeHTTP(recorder, req)
		s.ask(method, target).keepsContract(req, recorder)
		return recorder
	}
	for _, method := range []string{"GET", "HEAD"} {
		if got := through(method, "/livez", "en"); got.Code != 200 || got.Header().Get("Content-Length") != "18" {
			t.Errorf("%s /livez: %d %v", method, got.Code, got.Header())
		}
	}
	for _, test := range []struct{ method, target, lang, detail string }{
		{"GET", "/readyz", "en", "being loaded"},
		{"GET", "/api/v1/actors?limit=1", "fr", "en cours de chargement"},
		{"POST", "/api/v1/actors", "ar", "يجري تحميل"},
		{"DELETE", "/api/v1/actors/x", "en", "being loaded"},
		{"GET", "/metrics", "en", "being loaded"},
	} {
		got := through(test.method, test.target, test.lang)
		var p problem
		if err := json.Unmarshal(got.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		address, _, _ := strings.Cut(test.target, "?")
		if got.Code != http.StatusServiceUnavailable || p.Code != "loading" || p.Instance != address || !strings.Contains(p.Detail, test.detail) {
			t.Errorf("%s %s: %d %s", test.method, test.target, got.Code, got.Body)
		}
		h := got.Header()
		if h.Get("Retry-After") == "" || h.Get("Content-Language") != test.lang || h.Get("X-Request-Id") != p.RequestID {
			t.Errorf("%s %s: %v", test.method, test.target, h)
		}
	}
	if got := through("HEAD", "/readyz", "en"); got.Code != http.StatusServiceUnavailable || got.Body.Len() != 0 {
		t.Errorf("HEAD /readyz: %d %s", got.Code, got.Body)
	}

	gate.Open(s.api)
	if got := through("GET", "/readyz", "en"); got.Code != http.StatusOK {
		t.Errorf("once the gate is open: %d %s", got.Code, got.Body)
	}
}
