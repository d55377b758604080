package httpapi_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/httpapi"
	"dalil/internal/service"
)

// cited is what the tests look at in a citation and in its answer.
type cited struct {
	ID        string `json:"id"`
	Path      string `json:"path"`
	KnownAt   uint64 `json:"known_at"`
	At        string `json:"at"`
	AsOf      string `json:"as_of"`
	Day       string `json:"day"`
	Lang      string `json:"lang"`
	Clearance string `json:"clearance"`
	Checksum  string `json:"checksum"`
	Link      string `json:"link"`
	Answer    string `json:"answer"`
	Created   struct {
		By string `json:"by"`
	} `json:"created"`
}

type verdict struct {
	Citation cited          `json:"citation"`
	Verified bool           `json:"verified"`
	Why      string         `json:"why"`
	Checksum string         `json:"checksum"`
	Answer   jsontext.Value `json:"answer"`
}

// cite freezes a question as the administrator.
func (s *server) cite(body string) *cited {
	s.Helper()
	made := new(cited)
	got := s.send("POST", "/citations", body).expect(http.StatusCreated).decode(made)
	if made.Answer != made.Link+"/answer" {
		s.Errorf("the answer of %s is said to be at %q", made.Link, made.Answer)
	}
	if got.head("Location") != made.Link || !strings.HasSuffix(made.Link, "/citations/"+made.ID) {
		s.Errorf("a citation at %q links to %q", got.head("Location"), made.Link)
	}
	return made
}

// verify asks a citation's answer.
func (s *server) verify(c *cited, key string) *verdict {
	s.Helper()
	r := s.ask(http.MethodGet, c.Answer)
	if key != "" {
		r.as(key)
	}
	v := new(verdict)
	r.expect(http.StatusOK).decode(v)
	return v
}

// wants checks whether an answer verifies, and why not.
func (v *verdict) wants(t *testing.T, verified bool, why string) {
	t.Helper()
	if v.Verified != verified || v.Why != why {
		t.Errorf("%s: verified %t %q, want %t %q; answer %s", v.Citation.Path, v.Verified, v.Why, verified, why, v.Answer)
	}
}

func TestACitationVerifiesAfterLaterChanges(t *testing.T) {
	t.Parallel()
	now, later := movingClock(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	s := start(t, func(o *httpapi.Options, below *service.Options) { o.Now, below.Now = now, now })
	s.create("actors", actor("oit", "OIT", `,"country":"CH"`))
	s.create("actors", actor("cgem", "CGEM", `,"country":"MA"`))
	s.create("functions", `{"id":"pol","notation":"POL","label":{"fr":"Politique"}}`)
	s.create("roles", `{"id":"r1","actor":"oit","type":"lead","function":"pol","end":"2026-12-01"}`)
	s.send("PATCH", "/actors/cgem", `{"founded":"1947"}`).with("If-Match", "*").expect(200) // so that its history has two pages
	var all []*cited
	for _, path := range []string{
		"/api/v1/actors", "/api/v1/actors?limit=1&facets=type,country,function", "/api/v1/actors?type=lead&as_of=today&lang=ar",
		"/api/v1/roles?function=POL&dates=strict&as_of=2026", "/api/v1/actors/oit", "/api/v1/functions/POL?fields=label",
		"/api/v1/actors/oit/history", "/api/v1/actors/cgem/history?limit=1", "/api/v1/actors?known_at=2", "/api/v1/actors?known_at=2026-11-24T09:00:00Z",
		"/api/v1/initiatives?state=active&facets=state", "/api/v1/actors?type=lead", "/api/v1/actors?facets=type",
		"/api/v1/compare?from=2020&to=today", "/api/v1/actors?sort=name&group=government&country=MA&country=CH",
	} {
		c := s.cite(`{"path":"` + path + `"}`)
		s.verify(c, adminKey).wants(t, true, "")
		if c.Day != "2026-11-24" || c.Clearance != "ministry" || c.Created.By != "bootstrap" || c.KnownAt == 0 ||
			!strings.Contains(c.Path, "known_at=") || !strings.Contains(c.Path, "lang=") {
			t.Errorf("%s is cited as %+v", path, c)
		}
		all = append(all, c)
	}
	if c := all[2]; c.AsOf != "2026-11-24" || !strings.Contains(c.Path, "as_of=2026-11-24") || c.Lang != "ar" {
		t.Errorf("today is cited as %+v", c)
	}
	later(60 * 24 * time.Hour) // the role of today has ended
	s.send("PATCH", "/actors/oit", `{"name":{"fr":"Organisation internationale du Travail"},"country":"FR"}`).with("If-Match", "*").expect(200)
	s.create("actors", actor("iam", "IAM", ""))
	s.send("DELETE", "/roles/r1", "").with("If-Match", "*").expect(200)
	s.send("DELETE", "/functions/pol", "").with("If-Match", "*").expect(200)
	s.send("DELETE", "/actors/oit", "").with("If-Match", "*").expect(200)
	for _, c := range all {
		v := s.verify(c, adminKey)
		v.wants(t, true, "")
		canonical := v.Answer.Clone()
		if err := canonical.Canonicalize(); err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(canonical); hex.EncodeToString(sum[:]) != c.Checksum || v.Checksum != c.Checksum {
			t.Errorf("%s: the checksum is not that of the answer", c.Path)
		}
		byHand := jsontext.Value(s.ask(http.MethodGet, c.Path).as(adminKey).expect(200).Body.Bytes())
		if err := byHand.Canonicalize(); err != nil {
			t.Fatal(err)
		}
		if withoutCursor(string(byHand)) != withoutCursor(string(canonical)) { // a cursor holds the day on which it was given
			t.Errorf("%s, opened by hand, answers\n%s, not\n%s", c.Path, byHand, canonical)
		}
		var again cited
		s.get("/citations/" + c.ID).as(adminKey).expect(200).decode(&again)
		if again != *c {
			t.Errorf("the citation %+v is told as %+v", c, again)
		}
		tag := s.get("/citations/" + c.ID + "/answer").as(adminKey).expect(200).head("Etag")
		s.get("/citations/"+c.ID+"/answer").as(adminKey).with("If-None-Match", tag).expect(304)
	}
}

func TestACitationSaysWhyItDoesNotVerify(t *testing.T) {
	t.Parallel()
	s := storied(t)
	open := s.cite(`{"path":"/api/v1/actors","clearance":"public"}`)
	one := s.cite(`{"path":"/api/v1/actors/cgem","clearance":"public"}`)
	by := s.cite(`{"path":"/api/v1/roles?actor=cgem","clearance":"public"}`)
	closed := s.cite(`{"path":"/api/v1/sources?known_at=8"}`)
	named := s.cite(`{"path":"/api/v1/sources/src"}`)
	partner := s.key("partner", "read", "partners")
	for _, c := range []*cited{open, one, by} {
		s.verify(c, "").wants(t, true, "")
		s.verify(c, adminKey).wants(t, true, "")
	}
	if body := s.get("/citations/" + open.ID).expect(200).Body.String(); strings.Contains(body, "bootstrap") {
		t.Errorf("anonymous callers are told who cited: %s", body)
	}
	s.verify(closed, adminKey).wants(t, true, "")
	for _, c := range []*cited{closed, named} {
		s.get("/citations/"+c.ID).as(partner).refused(404, "not_found", "")
		s.get("/citations/"+c.ID+"/answer").as(partner).refused(404, "not_found", "")
		s.get("/citations/"+c.ID+"/answer").refused(404, "not_found", "")
	}
	s.send("PATCH", "/actors/cgem", `{"visibility":"ministry"}`).with("If-Match", "*").expect(200)
	s.verify(open, "").wants(t, false, "altered")
	s.verify(open, adminKey).wants(t, false, "altered") // it is asked as it was made
	s.verify(one, "").wants(t, false, "withheld")
	s.verify(by, adminKey).wants(t, false, "withheld")
	if answer := s.verify(one, adminKey).Answer; string(answer) != "null" {
		t.Errorf("withheld is %s", answer)
	}
	s.verify(closed, adminKey).wants(t, true, "")
	s.send("PATCH", "/actors/cgem", `{"visibility":"public"}`).with("If-Match", "*").expect(200)
	s.verify(open, "").wants(t, true, "")
}

func TestACitationTellsNothingToWhoMaySeeLessThanItWasMadeOf(t *testing.T) {
	t.Parallel()
	s := storied(t)
	partner := s.key("partner", "read", "partners")
	callers := map[string]string{"": "public", partner: "partners", adminKey: "ministry"}
	levels := map[string]int{"public": 0, "partners": 1, "ministry": 2}
	for _, path := range []string{ // what is asked for in words is never refused, whoever asks
		"/api/v1/actors?q=projet+secret", "/api/v1/actors?tag=secret-deal", "/api/v1/actors?identifier=wikidata:Q99", "/api/v1/sources?publisher=secret",
		"/api/v1/roles?tag=secret-deal", "/api/v1/suggest?q=secret",
	} {
		for _, clearance := range []string{"public", "partners", "ministry"} {
			c := s.cite(`{"path":"` + path + `","clearance":"` + clearance + `","title":"secret-title"}`)
			for key, level := range callers {
				for _, address := range []string{"/citations/" + c.ID, "/citations/" + c.ID + "/answer"} {
					r := s.get(address)
					if key != "" {
						r.as(key)
					}
					if levels[level] >= levels[clearance] {
						r.expect(http.StatusOK)
						continue
					}
					body := r.expect(http.StatusNotFound).Body.String()
					if strings.Contains(body, "secret") || strings.Contains(body, "Q99") {
						t.Errorf("a caller with the clearance %s is told %s", level, body)
					}
				}
			}
		}
	}
}

func TestNoMoreThanSoManyCitationsAreKept(t *testing.T) {
	t.Parallel()
	s := start(t, func(_ *httpapi.Options, below *service.Options) { below.MaxCitations = 2 })
	first := s.send("POST", "/citations", `{"path":"/api/v1/actors"}`).with("Idempotency-Key", "one").expect(http.StatusCreated).Body.String()
	s.cite(`{"path":"/api/v1/actors"}`)
	s.send("POST", "/citations", `{"path":"/api/v1/actors"}`).refused(http.StatusConflict, "too_many_citations", "")
	s.send("POST", "/citations?dry_run=true", `{"path":"/api/v1/actors"}`).refused(http.StatusConflict, "too_many_citations", "")
	if again := s.send("POST", "/citations", `{"path":"/api/v1/actors"}`).with("Idempotency-Key", "one").expect(http.StatusCreated).Body.String(); again != first {
		t.Errorf("a retry of the first answers %s, not %s", again, first)
	}
}

func TestOnlyReadsAreCitedByWhoMayWrite(t *testing.T) {
	t.Parallel()
	s := storied(t)
	for body, place := range map[string]string{
		`{"path":"/api/v1/export"}`: "/path not_citable", `{"path":"/api/v1/keys"}`: "/path not_citable",
		`{"path":"/api/v1/actors/"}`: "/path not_citable", `{"path":"actors"}`: "/path not_citable", `{"path":""}`: "/path not_citable",
		`{"path":"https://example.org/api/v1/actors"}`: "/path not_citable", `{"path":"//example.org/api/v1/actors"}`: "/path not_citable",
		`{"path":"/api/v1/actors#x"}`: "/path not_citable", `{"path":"/api/v1/actors?format=csv"}`: "/path not_citable",
		`{"path":"/api/v1/actors?cursor=x"}`: "/path not_citable", `{"path":"/api/v1/changes"}`: "/path not_citable",
		`{"path":"/api/v1/citations/x"}`: "/path not_citable", `{"path":"/api/v1/actors/../keys"}`: "/path not_citable",
		`{"path":"/api/v1/actors?nobody=1"}`: "/path unknown_parameter", `{"path":"/api/v1/actors?group=nobody"}`: "/path unknown_value",
		`{"path":"/api/v1/actors?known_at=999"}`: "/path bad_known_at", `{"path":"/api/v1/actors?known_at=1&known_at=2"}`: "/path repeated_parameter",
		`{"path":"/api/v1/actors/nobody"}`: "/path not_found", `{"path":"/api/v1/actors/iam"}`: "/path gone",
		`{"path":"/api/v1/actors?as_of=yesterday"}`: "/path bad_date", `{"path":"/api/v1/actors?group=%zz"}`: "",
		`{"path":"/api/v1/actors","clearance":"all"}`: "/clearance unknown_value", `{"path":"/api/v1/actors","title":"a\nb"}`: "/title bad_character",
		`{"path":"/api/v1/actors?tag=` + strings.Repeat("x", 3600) + `"}`: "/path too_long",
	} {
		s.send("POST", "/citations", body).undescribed().refused(422, "invalid", place)
	}
	s.send("POST", "/citations", `{"path":"/api/v1/actors","more":1}`).undescribed().refused(400, "unknown_member", "/more unknown_member")
	reader, writer := s.key("reader", "read", "ministry"), s.key("writer", "write", "partners")
	s.ask("POST", "/api/v1/citations").as(reader).with("Content-Type", "application/json").refused(403, "forbidden", "")
	as := func(key, body string) *request {
		r := s.ask("POST", "/api/v1/citations").as(key).with("Content-Type", "application/json")
		r.body = strings.NewReader(body)
		return r
	}
	as(writer, `{"path":"/api/v1/actors","clearance":"ministry"}`).refused(403, "forbidden", "")
	var mine cited
	as(writer, `{"path":"/api/v1/actors"}`).expect(201).decode(&mine)
	if mine.Clearance != "partners" {
		t.Errorf("cited at %s", mine.Clearance)
	}
	s.get("/citations/nobody").refused(404, "not_found", "")
	s.get("/citations/nobody/answer").refused(404, "not_found", "")
	before := s.get("/actors").expect(200).head("Dalil-Seq")
	s.send("POST", "/citations?dry_run=true", `{"path":"/api/v1/actors"}`).expect(200)
	if after := s.get("/actors").expect(200).head("Dalil-Seq"); after != before {
		t.Errorf("a dry run wrote something: %s, not %s", after, before)
	}
	var first, second cited
	s.create("actors", actor("brief", "Organisation éphémère", ""))
	once := func() *response {
		return s.send("POST", "/citations", `{"path":"/api/v1/actors/brief"}`).with("Idempotency-Key", "once").expect(201)
	}
	once().decode(&first)
	s.send("DELETE", "/actors/brief", "").with("If-Match", "*").expect(200) // from here on the question has no answer
	retry := once()
	if retry.decode(&second); retry.head("Dalil-Replayed") != "true" {
		t.Error("a retry does not say that it is one")
	}
	if first != second {
		t.Errorf("a retry cites %+v, not %+v", second, first)
	}
}

func TestTheMakerOfCitationsListsThem(t *testing.T) {
	t.Parallel()
	s := storied(t)
	type page struct {
		Items []cited `json:"items"`
		Total int     `json:"total"`
		Next  string  `json:"next_cursor"`
	}
	of := func(key, query string) (p page) {
		s.get("/citations" + query).as(key).expect(http.StatusOK).decode(&p)
		return p
	}
	if p := of(adminKey, ""); p.Total != 0 || len(p.Items) != 0 {
		t.Errorf("nobody has cited, and %+v is listed", p)
	}
	var all []string
	for range 5 {
		all = append(all, s.cite(`{"path":"/api/v1/actors"}`).ID)
	}
	slices.Reverse(all)
	var told []string
	for query := "?limit=2"; query != ""; {
		p := of(adminKey, query)
		if p.Total != len(all) || len(p.Items) == 0 {
			t.Fatalf("%s: %+v", query, p)
		}
		for _, c := range p.Items {
			told = append(told, c.ID)
		}
		if query = ""; p.Next != "" {
			query = "?limit=2&cursor=" + p.Next
		}
	}
	if !slices.Equal(told, all) {
		t.Errorf("%v is listed, not %v", told, all)
	}
	other := s.key("other", "write", "ministry")
	if p := of(other, ""); p.Total != 0 || len(p.Items) != 0 {
		t.Errorf("another key is told %+v", p)
	}
	next := of(adminKey, "?limit=2").Next
	s.get("/citations?cursor="+next).as(other).refused(http.StatusBadRequest, "bad_parameter", "cursor cursor_mismatch")
	s.get("/citations").refused(http.StatusUnauthorized, "unauthenticated", "")
}

func TestCitationsAreNoNews(t *testing.T) {
	t.Parallel()
	s := storied(t)
	c := s.cite(`{"path":"/api/v1/actors","clearance":"public"}`)
	if body := s.get("/changes?after=0").as(adminKey).expect(200).Body.String(); strings.Contains(body, c.ID) {
		t.Errorf("the changes tell of a citation: %s", body)
	}
	if body := s.get("/export").as(adminKey).expect(200).Body.String(); strings.Contains(body, c.ID) {
		t.Errorf("the export holds a citation: %s", body)
	}
}
