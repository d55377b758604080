package httpapi_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/httpapi"
	"dalil/internal/service"
)

// aStory is a directory as it came to be, write by write. Nothing becomes more hidden than it was.
func aStory() []struct{ method, target, body string } {
	return []struct{ method, target, body string }{
		{"POST", "/functions", `{"id":"pol","notation":"POL","label":{"fr":"Politique","ar":"سياسة"}}`},
		{"POST", "/functions", `{"id":"pol-str","notation":"POL-STR","parent":"pol","label":{"fr":"Stratégie"}}`},
		{"POST", "/actors", actor("oit", "OIT", `,"founded":"1919-04","country":"CH"`)},
		{"POST", "/actors", `{"id":"oit-ma","kind":"unit","group":"international","name":{"fr":"Bureau de Rabat"},"parent":"oit",` +
			`"founded":"1960","country":"MA","territories":["MA-04"]}`},
		{"POST", "/actors", actor("sdn", "SDN", `,"founded":"1920","dissolved":"1946"`)},
		{"POST", "/actors", actor("cgem", "CGEM", `,"visibility":"partners"`)},
		{"POST", "/initiatives", `{"id":"thamm","kind":"programme","name":{"fr":"THAMM"},"start":"2019","end":"2023-06","visibility":"partners"}`},
		{"POST", "/roles", `{"id":"r1","actor":"oit","type":"lead","function":"pol-str","start":"2000","end":"2020"}`},
		{"POST", "/roles", `{"id":"r2","actor":"oit-ma","type":"implementer","function":"pol","initiative":"thamm"}`},
		{"POST", "/roles", `{"id":"r3","actor":"cgem","type":"consulted","function":"pol","start":"2021"}`},
		{"POST", "/roles", `{"id":"r4","actor":"oit","type":"funder","function":"pol","status":"draft"}`},
		{"PATCH", "/roles/r1", `{"end":"2027"}`},
		{"PATCH", "/initiatives/thamm", `{"visibility":"public"}`},
		{"PATCH", "/actors/oit", `{"name":{"fr":"Organisation internationale du Travail"},"country":"FR"}`},
		{"PATCH", "/actors/cgem", `{"visibility":"public","founded":"1947"}`},
		{"PATCH", "/roles/r4", `{"status":"published","start":"2026-11-24"}`},
		{"DELETE", "/roles/r2", ""},
		{"DELETE", "/actors/oit-ma", ""},
		{"PATCH", "/initiatives/thamm", `{"end":"2030"}`},
		{"POST", "/roles/r2/restore", ""}, // refused: its actor is archived
		{"POST", "/actors/oit-ma/restore", ""},
		{"POST", "/roles/r2/restore", ""},
		{"DELETE", "/actors/sdn", ""},
	}
}

// timely are the questions that are asked at every position, date and clearance.
func timely() []string {
	all := []string{"/compare?from=1950&to=2026-11-24", "/compare?from=2020&to=today&type=lead"}
	for _, base := range []string{
		"/actors?facets=type,function,country,founded,under,group&sort=name", "/actors?type=lead&facets=raci,type",
		"/actors?function=POL&limit=1", "/actors?status=archived&status=published", "/roles?facets=function,start,end,actor,group",
		"/roles?under=oit&facets=under,reach", "/initiatives?facets=state,start", "/actors/oit", "/actors/sdn", "/roles/r1", "/roles/r2",
		"/functions/POL", "/initiatives/thamm", "/export?format=ndjson", "/actors?format=csv",
		"/matrix?rows=function&cols=group", "/actors/oit/profile", "/timeline", "/gaps?by=both", "/balance", "/raci?by=initiative", "/overlaps",
		"/quality?by=actor", "/suggest?q=travail", "/suggest?q=oit",
	} {
		for _, date := range []string{"", "as_of=any", "as_of=today", "as_of=1950", "as_of=2020-06", "as_of=2026-11-24&dates=strict"} {
			sign := "?"
			if strings.Contains(base, "?") {
				sign = "&"
			}
			all = append(all, strings.TrimRight(base+sign+date, "?&"))
		}
	}
	return all
}

func TestWhatWasKnownThenIsToldAsItWasToldThen(t *testing.T) {
	t.Parallel()
	now, later := movingClock(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	s := start(t, func(o *httpapi.Options, below *service.Options) { o.Now, below.Now = now, now })
	keys := []string{"", s.key("partner", "read", "partners"), s.key("analyst", "read", "ministry")}
	asked := 0
	ask := func(key, target string) (int, string) {
		r := s.get(target)
		if asked++; asked%16 != 0 { // the document is asked of some: it takes far longer than the answer
			r.undescribed()
		}
		if key != "" {
			r.as(key)
		}
		got := r.do()
		if got.Code >= 400 {
			return got.Code, "" // its instance and its request id are others
		}
		return got.Code, got.Body.String()
	}
	type told struct {
		seq       uint64
		at        time.Time
		key, path string
		status    int
		body      string
	}
	var then []told
	for n, step := range aStory() {
		later(time.Minute)
		s.send(step.method, step.target, step.body).with("If-Match", "*").do()
		if n < 7 {
			continue // there is little to ask of yet
		}
		seq := s.svc.Head().Position().Seq
		for _, key := range keys {
			for _, path := range timely() {
				status, body := ask(key, path)
				then = append(then, told{seq, now(), key, path, status, body})
			}
		}
	}
	compared := 0
	for _, want := range then {
		sign := "?"
		if strings.Contains(want.path, "?") {
			sign = "&"
		}
		known := strconv.FormatUint(want.seq, 10)
		if compared%5 == 0 {
			known = want.at.Format(time.RFC3339)
		}
		status, body := ask(want.key, want.path+sign+"known_at="+known)
		if status != want.status || withoutCursor(body) != withoutCursor(want.body) {
			t.Errorf("%s known_at=%s: %d\n%s", want.path, known, status, cmp.Diff(want.body, body))
		}
		compared++
	}
	if compared < 3000 {
		t.Errorf("only %d answers were compared", compared)
	}
}

// withoutCursor takes out what holds known_at itself.
func withoutCursor(body string) string {
	before, rest, ok := strings.Cut(body, `,"next_cursor":"`)
	if !ok {
		return body
	}
	_, after, _ := strings.Cut(rest, `"`)
	return before + after
}

func TestADayIsAskedOfOneRecordAndOfAnExport(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, step := range aStory()[:11] {
		s.send(step.method, step.target, step.body).expect(http.StatusCreated)
	}
	for _, c := range []struct {
		target string
		status int
	}{
		{"/actors/sdn", 200},
		{"/actors/sdn?as_of=any", 200},
		{"/actors/sdn?as_of=1930", 200},
		{"/actors/sdn?as_of=today", 404},
		{"/actors/cgem?as_of=1800", 200},
		{"/actors/cgem?as_of=1800&dates=strict", 404},
		{"/roles/r2?as_of=2023-06-30", 200},
		{"/roles/r2?as_of=2023-07", 404},
		{"/functions/POL?as_of=1830", 200},
	} {
		s.get(c.target).as(adminKey).expect(c.status)
	}
	s.get("/actors/sdn?as_of=today").refused(404, "not_on_that_day", "")
	s.get("/actors/sdn?as_of=tomorrow").undescribed().refused(400, "bad_parameter", "as_of bad_date")
	s.get("/actors/cgem?as_of=1800").refused(404, "not_found", "")
	var held []string
	export := s.get("/export?as_of=1930&dates=strict").as(adminKey).expect(200).Body.String()
	for line := range strings.Lines(export) {
		for _, id := range []string{"oit", "oit-ma", "sdn", "cgem", "thamm", "r1", "r2", "r3", "r4", "pol", "pol-str"} {
			if strings.Contains(line, `"id":"`+id+`"`) {
				held = append(held, id)
			}
		}
	}
	slices.Sort(held)
	if diff := cmp.Diff([]string{"oit", "pol", "pol-str", "sdn"}, held); diff != "" {
		t.Errorf("the export of 1930 holds:\n%s", diff)
	}
}
