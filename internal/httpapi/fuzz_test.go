package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// survives answers a request as it is, and sees that nothing of it was our fault.
func (s *server) survives(req *http.Request) {
	s.Helper()
	recorder := httptest.NewRecorder()
	s.api.ServeHTTP(recorder, req)
	if recorder.Code >= http.StatusInternalServerError {
		s.Errorf("%s %s: %d %s", req.Method, req.URL, recorder.Code, recorder.Body)
	}
}

// given makes a record that the inputs meet. Its answer is not compared with the API document: to make ready for that would
// take each process of a fuzz test longer than many inputs do.
func (s *server) given(kind, body string) {
	s.Helper()
	s.send(http.MethodPost, "/"+kind, body).undescribed().expect(http.StatusCreated)
}

func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		"", "group=employers&group=!government&facets=group,country&sort=-name&limit=2", "as_of=2022-07&dates=strict&type=none",
		"cursor=x", "fields=id,name", "%zz=1", "tag=a%00", "a=b;c=d", "&&&", "=", "updated_since=2026-01-01T00:00:00Z", "under=min",
		"territory=MA-05&framework=SDG:8", "identifier=ror:x", "limit=-0", "sort=,-,", "facets=,", "function=POL&raci=A",
	} {
		f.Add(seed)
	}
	s := start(f)
	s.given("actors", actor("min", "Ministère", ""))
	s.given("functions", `{"notation":"POL","label":{"fr":"Politique"}}`)
	s.given("roles", `{"actor":"min","type":"lead","function":"pol"}`)
	f.Fuzz(func(t *testing.T, raw string) {
		for _, kind := range []string{"actors", "roles"} {
			req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/"+kind, http.NoBody)
			req.URL.RawQuery, req.RequestURI = raw, ""
			(&server{TB: t, api: s.api}).survives(req)
		}
	})
}

func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		actor("x", "X", ""), `{"items":[{"op":"put","kind":"actors","id":"x","if_match":"1","record":{}}]}`, `{}`, `null`, `[]`, `{"a":`,
		`{"name":"n","scope":"read","clearance":"partners","expires":"2030-01-01T00:00:00Z"}`, `{"name":{"fr":null}}`, `"` + "\xff" + `"`,
		strings.Repeat("[", 100), `{"id":"x","version":18446744073709551616}`, `{"locations":[{"lat":1e308}]}`,
	} {
		f.Add(seed)
	}
	s := start(f)
	s.given("actors", actor("min", "Ministère", ""))
	f.Fuzz(func(t *testing.T, body string) {
		for _, target := range []string{"POST /actors", "PUT /actors/min", "PATCH /actors/min", "POST /batch", "POST /roles", "POST /keys"} {
			method, path, _ := strings.Cut(target, " ")
			req := httptest.NewRequestWithContext(t.Context(), method, "/api/v1"+path+"?dry_run=true", strings.NewReader(body))
			req.Header.Set("Authorization", "Bearer "+adminKey)
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("If-Match", "*")
			(&server{TB: t, api: s.api}).survives(req)
		}
	})
}
