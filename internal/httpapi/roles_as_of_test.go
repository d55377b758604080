package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/httpapi"
	"dalil/internal/service"
)

func TestAListSaysOfWhichDayTheRolesAreThatItGoesThrough(t *testing.T) {
	t.Parallel()
	now, later := movingClock(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	s := start(t, func(o *httpapi.Options, below *service.Options) { o.Now, below.Now = now, now })
	s.create("functions", `{"id":"pol","notation":"POL","label":{"fr":"Politique"}}`)
	s.create("actors", actor("oit", "OIT", ""))
	s.create("actors", actor("cgem", "CGEM", ""))
	s.create("initiatives", `{"id":"thamm","kind":"programme","name":{"fr":"THAMM"}}`)
	s.create("roles", `{"id":"r1","actor":"oit","type":"lead","function":"pol","initiative":"thamm","end":"2026-12-01"}`)
	s.create("roles", `{"id":"r2","actor":"cgem","type":"lead","function":"pol","start":"2026-12-02"}`)
	const today = "2026-11-24"
	told := func(r *request) []any {
		answer := r.expect(http.StatusOK).object()
		return []any{answer["as_of"], answer["roles_as_of"], answer["total"], answer["hidden_by_date"]}
	}
	for target, want := range map[string][]any{
		"/actors":                                      {"any", nil, 2.0, 0.0},
		"/actors?country=none&facets=country":          {"any", nil, 2.0, 0.0},
		"/actors?type=lead":                            {"any", today, 1.0, 1.0},
		"/actors?type=lead&as_of=any":                  {"any", "any", 2.0, 0.0},
		"/actors?type=lead&as_of=2026-12-02":           {"2026-12-02", "2026-12-02", 1.0, 1.0},
		"/actors?type=lead&roles_as_of=any":            {"any", "any", 2.0, 0.0},
		"/actors?type=lead&roles_as_of=today":          {"any", today, 1.0, 1.0},
		"/actors?type=lead&roles_as_of=2026-12":        {"any", "2026-12", 2.0, 0.0},
		"/actors?type=lead&as_of=2020&roles_as_of=any": {"2020", "any", 2.0, 0.0},
		"/actors?facets=function":                      {"any", today, 2.0, 0.0},
		"/actors?unsourced_roles=1":                    {"any", today, 1.0, 1.0},
		"/actors?sort=-unsourced_roles":                {"any", today, 2.0, 0.0},
		"/actors?fields=completeness":                  {"any", today, 2.0, 0.0},
		"/initiatives?actor=oit":                       {"any", today, 1.0, 0.0},
		"/initiatives?state=active":                    {"any", nil, 1.0, 0.0},
		"/roles?type=lead":                             {"any", nil, 2.0, 0.0},
	} {
		if diff := cmp.Diff(want, told(s.get(target))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", target, diff)
		}
	}
	later(30 * 24 * time.Hour)
	again := []any{"any", today, 1.0, 1.0}
	if diff := cmp.Diff(again, told(s.get("/actors?type=lead&roles_as_of="+today))); diff != "" {
		t.Errorf("asked again on another day (-want +got):\n%s", diff)
	}
	if got := s.get("/actors?type=lead").expect(http.StatusOK).Body.String(); !strings.Contains(got, `"id":"cgem"`) {
		t.Errorf("a month later it is another one that leads: %s", got)
	}
	s.get("/relations?roles_as_of=today").undescribed().refused(http.StatusBadRequest, "bad_parameter", "roles_as_of unknown_parameter")
	s.get("/actors?roles_as_of=tomorrow").undescribed().refused(http.StatusBadRequest, "bad_parameter", "roles_as_of bad_date")
}
