package httpapi_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/httpapi"
	"dalil/internal/service"
)

// storied is a directory with a past: one commit every hour.
//
//	2  an actor     3  a partners' actor    4  a source      5  a role of the actor, drawn from the source
//	6  the actor is renamed                 7  the partners' actor becomes public
//	8  the source is hidden from the public 9  a third actor 10  the role is archived   11  the third actor is archived
func storied(t *testing.T) *server {
	t.Helper()
	now, later := movingClock(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	s := start(t, func(o *httpapi.Options, below *service.Options) { o.Now, below.Now = now, now })
	hourly := func(method, target, body string, status int) {
		t.Helper()
		later(time.Hour)
		s.send(method, target, body).with("If-Match", "*").expect(status)
	}
	hourly("POST", "/actors", actor("oit", "OIT", `,"country":"CH"`), 201)
	hourly("POST", "/actors", actor("cgem", "CGEM", `,"visibility":"partners"`), 201)
	hourly("POST", "/sources", `{"id":"src","title":"Communiqué","kind":"communique"}`, 201)
	hourly("POST", "/functions", `{"id":"pol","notation":"POL","label":{"fr":"Politique"}}`, 201)
	hourly("POST", "/roles", `{"id":"r1","actor":"oit","type":"lead","function":"pol","sources":["src"]}`, 201)
	hourly("PATCH", "/actors/oit", `{"name":{"fr":"Organisation internationale du Travail"}}`, 200)
	hourly("PATCH", "/actors/cgem", `{"visibility":"public"}`, 200)
	hourly("PATCH", "/sources/src", `{"visibility":"ministry"}`, 200)
	hourly("POST", "/actors", actor("iam", "IAM", ""), 201)
	hourly("DELETE", "/roles/r1", "", 200)
	hourly("DELETE", "/actors/iam", "", 200)
	later(time.Hour)
	return s
}

func TestTheDirectoryIsToldAsItWasKnownThen(t *testing.T) {
	t.Parallel()
	s := storied(t)
	for _, c := range []struct {
		key, target string
		want        []string
	}{
		{"", "/actors?known_at=1", nil},
		{"", "/actors?known_at=2", []string{"oit"}},
		{"", "/actors?known_at=3", []string{"oit"}},
		{adminKey, "/actors?known_at=3", []string{"cgem", "oit"}},
		{"", "/actors?known_at=7", []string{"oit"}},         // hidden then
		{"", "/actors?known_at=8", []string{"cgem", "oit"}}, //
		{"", "/roles?known_at=6", nil},                      // it names what is hidden now
		{adminKey, "/roles?known_at=6", []string{"r1"}},     //
		{adminKey, "/roles?known_at=11", nil},               //
		{adminKey, "/actors?known_at=10", []string{"cgem", "iam", "oit"}},
		{adminKey, "/actors?known_at=6&type=lead", []string{"oit"}}, //
		{adminKey, "/actors?known_at=5&type=lead", nil},
		{adminKey, "/actors?known_at=12", []string{"cgem", "oit"}},
		{adminKey, "/actors?known_at=2026-11-24T10:00:00Z", []string{"oit"}},
		{adminKey, "/actors?known_at=2026-11-24T10:59:59.999Z", []string{"oit"}},
		{adminKey, "/actors?known_at=2026-11-24T12:00:00%2B01:00", []string{"cgem", "oit"}},
		{adminKey, "/actors?known_at=2026-11-24T21:00:00Z", []string{"cgem", "oit"}},
	} {
		r := s.get(c.target)
		if c.key != "" {
			r.as(c.key)
		}
		if c.want == nil {
			c.want = []string{}
		}
		if diff := cmp.Diff(c.want, r.page().ids()); diff != "" {
			t.Errorf("%s as %q:\n%s", c.target, c.key, diff)
		}
	}
}

func TestOneRecordItsHistoryAndAnExportAreToldAsTheyWereThen(t *testing.T) {
	t.Parallel()
	s := storied(t)
	s.get("/actors/oit?known_at=1").refused(404, "not_found", "")
	then := s.get("/actors/oit?known_at=2").expect(200).wantHead("Dalil-Seq", "2").wantHead("Etag", `"1;open"`)
	if body := then.Body.String(); !strings.Contains(body, `"fr":"OIT"`) {
		t.Errorf("the actor was not told as it was: %s", body)
	}
	s.get("/functions/POL?known_at=5").expect(200)
	s.get("/functions/POL?known_at=4").refused(404, "not_found", "")
	s.get("/actors/iam").refused(410, "gone", "")
	s.get("/actors/iam?known_at=10").expect(200)
	s.get("/roles/r1?known_at=6").refused(404, "not_found", "")
	s.get("/roles/r1?known_at=6").as(adminKey).expect(200)
	s.get("/sources/src?known_at=8").refused(404, "not_found", "")
	var h history
	s.get("/actors/oit/history?known_at=6").as(adminKey).expect(200).decode(&h)
	if len(h.Items) != 1 || h.Seq != 6 {
		t.Errorf("%d versions at %d", len(h.Items), h.Seq)
	}
	s.get("/actors/oit/history/2?known_at=6").as(adminKey).refused(404, "not_found", "")
	s.get("/actors/oit/history/1?known_at=6").as(adminKey).expect(200)
	export := s.get("/export?known_at=7").expect(200).wantHead("Dalil-Seq", "7").Body.String()
	if strings.Contains(export, "cgem") || strings.Contains(export, `"r1"`) || !strings.Contains(export, "Organisation internationale") {
		t.Errorf("the export at 7 is:\n%s", export)
	}
	if now := s.get("/export").expect(200).Body.String(); !strings.Contains(now, "cgem") {
		t.Errorf("the export now is:\n%s", now)
	}
	csv := s.get("/actors?known_at=3&format=csv").as(adminKey).expect(200).Body.String()
	if !strings.Contains(csv, "cgem") || strings.Contains(csv, "iam") {
		t.Errorf("the file at 3 is:\n%s", csv)
	}
}

func TestATimeOrAPositionThatIsNotKnownIsRefusedWithTheOnesThatAre(t *testing.T) {
	t.Parallel()
	s := storied(t)
	for _, value := range []string{
		"0", "13", "99999999999999999999999", "-1", "1.5", "x", "2026-11-24", "2026-11-24T08:59:59Z", "2026-11-24T21:00:01Z",
		"2199-01-01T00:00:00Z", "1799-01-01T00:00:00Z", "2026-11-24T10:00:00+01:00", "latest", "any", "today",
	} {
		p := s.get("/actors?known_at="+value).undescribed().refused(400, "bad_parameter", "known_at bad_known_at")
		if !strings.Contains(p.Errors[0].Detail, "12") || !strings.Contains(p.Errors[0].Detail, "2026-11-24T09:00:00Z") {
			t.Errorf("%s: %s", value, p.Errors[0].Detail)
		}
	}
	s.get("/actors?known_at=2&known_at=3").refused(400, "bad_parameter", "known_at repeated_parameter")
	s.get("/keys?known_at=2").as(adminKey).undescribed().refused(400, "bad_parameter", "known_at unknown_parameter")
	s.send("POST", "/actors?known_at=2", actor("x", "X", "")).undescribed().refused(400, "bad_parameter", "known_at unknown_parameter")
}

func TestTheTimeThatARefusalNamesIsKnown(t *testing.T) {
	t.Parallel()
	now, later := movingClock(time.Date(2026, 11, 24, 9, 0, 0, 974_000_000, time.UTC))
	s := start(t, func(o *httpapi.Options, below *service.Options) { o.Now, below.Now = now, now })
	later(time.Hour)
	p := s.get("/actors?known_at=0&lang=en").undescribed().refused(400, "bad_parameter", "known_at bad_known_at")
	const first = "2026-11-24T09:00:00.974Z"
	if !strings.Contains(p.Errors[0].Detail, "from "+first+" to now") {
		t.Fatalf("the directory is said to be known so: %s", p.Errors[0].Detail)
	}
	s.get("/actors?known_at="+first).expect(200).wantHead("Dalil-Seq", "1")
	s.get("/actors?known_at=2026-11-24T09:00:00.973Z").refused(400, "bad_parameter", "known_at bad_known_at")
}

func TestPagesOfAnEarlierStateBelongTogether(t *testing.T) {
	t.Parallel()
	s := storied(t)
	first := s.get("/actors?known_at=2026-11-24T18:30:00Z&limit=1").as(adminKey).page()
	s.send("PATCH", "/actors/oit", `{"country":"FR"}`).with("If-Match", "*").expect(200)
	var ids []string
	for page := first; ; {
		ids = append(ids, page.ids()...)
		if page.Seq != 10 || page.Total != 3 {
			t.Errorf("a page at %d of %d", page.Seq, page.Total)
		}
		if page.Next == "" {
			break
		}
		page = s.get("/actors?limit=1&cursor=" + page.Next).as(adminKey).page()
	}
	if diff := cmp.Diff([]string{"cgem", "iam", "oit"}, ids); diff != "" {
		t.Errorf("the pages hold:\n%s", diff)
	}
	s.get("/actors?known_at=9&cursor="+first.Next).as(adminKey).refused(400, "bad_parameter", "cursor cursor_mismatch")
	s.send("PATCH", "/actors/oit", `{"country":"CH"}`).with("If-Match", "*").expect(200)
	link := s.get("/actors/oit/history?known_at=13&limit=1").as(adminKey).expect(200).head("Link")
	next := strings.TrimPrefix(link[1:strings.IndexByte(link, '>')], "/api/v1")
	var h history
	s.get(next).as(adminKey).expect(200).decode(&h)
	if len(h.Items) != 1 || h.Items[0].Version != 2 || h.Seq != 13 {
		t.Errorf("the second page of a history: %+v", h)
	}
}

func TestTheTagOfAnEarlierStateChangesOnlyWithWhatMayBeSeenOfIt(t *testing.T) {
	t.Parallel()
	s := storied(t)
	target := "/actors?known_at=9&facets=group"
	first := s.get(target).expect(200)
	tag := first.head("Etag")
	for _, other := range []string{"/actors?facets=group", "/actors?known_at=8&facets=group", "/actors?known_at=9"} {
		if got := s.get(other).expect(200).head("Etag"); got == tag {
			t.Errorf("%s has the tag of %s", other, target)
		}
	}
	s.send("PATCH", "/actors/oit", `{"country":"FR"}`).with("If-Match", "*").expect(200)
	s.get(target).with("If-None-Match", tag).expect(304).wantHead("Dalil-Seq", "9")
	s.send("PATCH", "/actors/cgem", `{"visibility":"partners"}`).with("If-Match", "*").expect(200)
	hidden := s.get(target).with("If-None-Match", tag).page()
	if diff := cmp.Diff([]string{"oit"}, hidden.ids()); diff != "" {
		t.Errorf("what was hidden since is still told:\n%s", diff)
	}
	s.get("/actors/cgem?known_at=9").refused(404, "not_found", "")
	s.send("PATCH", "/actors/cgem", `{"visibility":"public"}`).with("If-Match", "*").expect(200)
	if again := s.get(target).expect(200); again.Body.String() != first.Body.String() {
		t.Errorf("the state that may be seen again:\n%s", cmp.Diff(first.Body.String(), again.Body.String()))
	}
}

func TestARevokedKeyLetsNobodyIntoThePast(t *testing.T) {
	t.Parallel()
	s := storied(t)
	secret := s.key("partner", "read", "partners") // at 13
	s.get("/actors?known_at=3").as(secret).page()
	id := ""
	for _, k := range s.get("/keys").as(adminKey).expect(200).object()["items"].([]any) {
		if key, ok := k.(map[string]any); ok && key["name"] == "partner" {
			id, _ = key["id"].(string)
		}
	}
	s.send("DELETE", "/keys/"+url.PathEscape(id), "").expect(204)
	seq, err := strconv.ParseUint(s.get("/actors").expect(200).head("Dalil-Seq"), 10, 64)
	if err != nil || seq != 14 {
		t.Fatalf("at %d: %v", seq, err)
	}
	s.get("/actors?known_at=13").as(secret).refused(401, "unauthenticated", "")
}
