package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAServerIsAskedWhetherItIsReady(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	if code, out, errs := run(t, nil, "health", "--server", server.url+"/"); code != 0 || !strings.Contains(out, `"ready"`) {
		t.Errorf("a ready one: %d %s %s", code, out, errs)
	}
	if code, out, errs := run(t, map[string]string{"DALIL_SERVER": server.url}, "health"); code != 0 {
		t.Errorf("named by the environment: %d %s %s", code, out, errs)
	}
	ill := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte("the clock lies behind"))
	}))
	defer ill.Close()
	if code, _, errs := run(t, nil, "health", "--server", ill.URL); code != 1 || !strings.Contains(errs, "the clock lies behind") {
		t.Errorf("one that is not: %d %s", code, errs)
	}
	ill.Close()
	if code, _, errs := run(t, nil, "health", "--server", ill.URL); code != 1 || errs == "" {
		t.Errorf("one that is away: %d %s", code, errs)
	}
	if code, _, _ := run(t, nil, "health", "--server", "http://:x"); code != 2 {
		t.Errorf("an address that is none: %d", code)
	}
}
