package httpapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lines reads the log of a server.
func (s *server) lines() []map[string]any {
	s.Helper()
	var lines []map[string]any
	for line := range strings.Lines(s.log.String()) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			s.Fatalf("a line of the log is no JSON: %v: %s", err, line)
		}
		lines = append(lines, fields)
	}
	return lines
}

func TestEachRequestIsOneLineOfTheLog(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	s.log.Reset()
	s.get("/actors/oit").as(adminKey).with("X-Request-Id", "abc").expect(200)
	s.get("/actors/nobody").expect(404)
	s.ask("GET", "/nowhere").expect(404)
	s.ask("GET", "/livez").expect(200)
	var told []map[string]any
	for _, line := range s.lines() {
		for _, name := range []string{"time", "bytes", "ms", "request_id"} {
			if _, there := line[name]; !there {
				t.Errorf("a line without %s: %v", name, line)
			}
			if name != "request_id" || line[name] != "abc" {
				delete(line, name)
			}
		}
		told = append(told, line)
	}
	line := func(level, route string, status float64, more ...string) map[string]any {
		l := map[string]any{"level": level, "msg": "request", "method": "GET", "route": route, "status": status, "caller": ""}
		for i := 0; i < len(more); i += 2 {
			l[more[i]] = more[i+1]
		}
		return l
	}
	want := []map[string]any{
		line("INFO", "/api/v1/actors/:id", 200, "caller", "bootstrap", "request_id", "abc"),
		line("INFO", "/api/v1/actors/:id", 404, "code", "not_found"),
		line("INFO", "", 404, "code", "no_such_address"),
		line("DEBUG", "/livez", 200),
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("log differs (-want +got):\n%s", diff)
	}
}

func TestTheLogHoldsNoSecretAndNoValue(t *testing.T) {
	t.Parallel()
	s := start(t)
	secret := s.key("portal-of-somebody", "write", "partners")
	s.get("/actors?tag=hidden-value").as(secret).expect(200)
	s.get("/actors?colour=hidden-value").expect(400)
	s.get("/actors/hidden-value").as("hidden-value-of-a-wrong-key").expect(401)
	s.get("/actors/hidden-value").with("X-Request-Id", "hidden value").expect(404)
	s.send("POST", "/actors?reason=hidden-value", `{"id":"hidden-value"}`).with("Idempotency-Key", "hidden-value").do()
	s.ask("GET", "/hidden-value").expect(404)
	for _, word := range []string{"hidden", secret, adminKey, "somebody"} {
		if strings.Contains(s.log.String(), word) {
			t.Errorf("the log tells %s: %s", word, s.log)
		}
	}
	if n := len(s.lines()); n != 7 {
		t.Errorf("%d lines for 7 requests", n)
	}
}

func TestARequestIdIsTakenWhenItIsAShortToken(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, id := range []string{"a", "A.b_c-9", strings.Repeat("x", 64)} {
		s.ask("GET", "/livez").with("X-Request-Id", id).do().wantHead("X-Request-Id", id)
	}
	seen := map[string]bool{}
	for _, id := range []string{"", "a b", "é", strings.Repeat("x", 65), "a\"b", "a\nb"} {
		got := s.ask("GET", "/livez").with("X-Request-Id", id).do().head("X-Request-Id")
		if got == id || len(got) < 16 || seen[got] {
			t.Errorf("request id %q became %q", id, got)
		}
		seen[got] = true
	}
}
