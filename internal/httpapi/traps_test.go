package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/httpapi"
	"dalil/internal/interchange"
	"dalil/internal/ledger"
	"dalil/internal/raced"
	"dalil/internal/service"
)

// Traps that others fell into, each with its test.

func TestTrapTotalsOfOneCallerNeverStandInAnothersAnswer(t *testing.T) {
	t.Parallel()
	s := country(t)
	partner := s.key("p", "read", "partners")
	callers := map[string]int{"": 4, partner: 4, adminKey: 5}
	var group sync.WaitGroup
	wrong := make(chan string, 1000)
	for key, want := range callers {
		for range 4 {
			group.Go(func() {
				for range 50 {
					r := s.get("/actors?facets=country,group&limit=1")
					if key != "" {
						r = r.as(key)
					}
					l := r.page()
					if l.Total != want || l.Facets["country"][0].Count != want-1 {
						wrong <- fmt.Sprintf("the caller who sees %d was told %d and %v", want, l.Total, l.Facets["country"])
					}
				}
			})
		}
	}
	group.Wait()
	close(wrong)
	for text := range wrong {
		t.Error(text)
	}
}

func TestTrapTheTagOfAProjectedGetFitsIfMatch(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", long))
	for i, r := range []*request{
		s.get("/actors/oit?fields=name"), s.get("/actors/oit").with("Accept-Encoding", "gzip"), s.get("/actors/oit"),
		s.get("/actors/oit?fields=name").as(adminKey).with("Accept-Encoding", "zstd"), s.get("/actors/oit").as(adminKey),
	} {
		patch := fmt.Sprintf(`{"website":"https://ilo.org/%d"}`, i)
		s.send("PATCH", "/actors/oit", patch).with("If-Match", r.expect(200).head("Etag")).expect(200)
	}
}

func TestTrapNoStale304WhenOnlyARelationChanged(t *testing.T) {
	t.Parallel()
	s := country(t)
	lists := []string{"/actors?facets=function", "/actors?type=lead&as_of=any", "/relations?actor=min", "/roles?group=government"}
	tags := map[string]string{}
	for _, target := range lists {
		tags[target] = s.get(target).expect(200).head("Etag")
	}
	s.create("relations", `{"from":"cgem","type":"partners_with","to":"min"}`)
	for _, target := range lists {
		s.get(target).with("If-None-Match", tags[target]).expect(200)
		tags[target] = s.get(target).expect(200).head("Etag")
	}
	s.send("PATCH", "/roles/r1", `{"type":"partner"}`).with("If-Match", "*").expect(200)
	for _, target := range lists {
		s.get(target).with("If-None-Match", tags[target]).expect(200)
	}
}

func TestTrapATagOutlivesNoChangeOfTheDay(t *testing.T) {
	t.Parallel()
	now, later := movingClock(time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC))
	s := country(t, func(o *httpapi.Options, below *service.Options) { o.Now, below.Now = now, now })
	for _, target := range []string{"/actors?as_of=today", "/actors?type=lead", "/actors?facets=function"} {
		tag := s.get(target).expect(200).head("Etag")
		s.get(target).with("If-None-Match", tag).expect(304)
		later(24 * time.Hour)
		s.get(target).with("If-None-Match", tag).expect(200)
	}
}

func TestTrapTimesToTheMillisecondLetANeutralPatchPass(t *testing.T) {
	t.Parallel()
	for _, nanos := range []int{0, 123_456_789, 120_000_000, 999_999_999} {
		now := func() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, nanos, time.FixedZone("ahead", 3600)) }
		s := start(t, func(o *httpapi.Options, below *service.Options) { o.Now, below.Now = now, now })
		created := s.create("actors", actor("oit", "OIT", ""))
		want := fmt.Sprintf(`"at":"2026-11-24T08:00:00.%03dZ"`, nanos/1_000_000)
		if !strings.Contains(created.Body.String(), want) {
			t.Errorf("no %s in %s", want, created.Body)
		}
		for _, reader := range []*request{s.get("/actors/oit"), s.get("/actors/oit").as(adminKey)} {
			whole := reader.expect(200).Body.String()
			s.send("PATCH", "/actors/oit", whole).with("If-Match", `"1"`).expect(200).wantHead("Etag", `"1"`)
			s.send("PUT", "/actors/oit", whole).with("If-Match", `"1"`).expect(200).wantHead("Etag", `"1"`)
		}
	}
}

func TestTrapNoListIsSilentlyCut(t *testing.T) {
	t.Parallel()
	s := start(t)
	many := raced.Part(11_000, 2_100)
	records := make([]directory.Record, many)
	for i := range records {
		records[i] = &directory.Source{Envelope: directory.Envelope{ID: fmt.Sprintf("s%05d", i)}, Title: "T", Kind: "report"}
	}
	caller, err := s.svc.Identify(adminKey)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.svc.Import(t.Context(), service.Write{Caller: caller}, interchange.ItemsOf(records), service.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if l := s.get("/sources?limit=1000&facets=kind").page(); l.Total != many || l.Facets["kind"][0].Count != many || len(l.Items) != 1000 {
		t.Errorf("total %d, facet %v, %d items", l.Total, l.Facets["kind"], len(l.Items))
	}
	seen := map[string]bool{}
	for _, id := range walk(t, s, "/sources?limit=1000") {
		seen[id] = true
	}
	if len(seen) != many {
		t.Errorf("%d of %d records are in the pages", len(seen), many)
	}
	s.get("/sources?limit=10000").refused(400, "bad_parameter", "limit bad_integer")
}

func TestTrapNo200AroundAnError(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, r := range []*request{
		s.get("/actors?colour=red"), s.get("/actors/nobody"), s.send("POST", "/actors", "{"), s.send("POST", "/batch", `{"items":[]}`),
		s.send("POST", "/batch", `{"items":[{"op":"archive","kind":"actors","id":"x","if_match":"1"}]}`), s.get("/keys"),
	} {
		if got := r.do(); got.Code < 400 {
			t.Errorf("%s: %d %s", got.asked, got.Code, got.Body)
		}
	}
	one := s.send("POST", "/batch?atomic=false", `{"items":[{"op":"archive","kind":"actors","id":"x","if_match":"1"}]}`)
	if got := one.do(); got.Code != http.StatusMultiStatus {
		t.Errorf("a batch whose only item is refused answers %d", got.Code)
	}
}

func TestTrapABodyWhereAQueryIsMeantIsNotReadAsNoQuery(t *testing.T) {
	t.Parallel()
	s := country(t)
	s.send("GET", "/actors", `{"group":["employers"]}`).refused(400, "not_allowed_here", "")
	form := s.send("GET", "/actors", "group=employers")
	form.header.Set("Content-Type", "application/x-www-form-urlencoded")
	form.refused(400, "not_allowed_here", "")
	s.send("POST", "/actors", "id=x&name=X").refused(400, "bad_json", "")
}

func TestTrapAnArchivedIdMayBeUsedAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	s.send("DELETE", "/actors/oit", "").with("If-Match", `"1"`).expect(200)
	s.create("actors", actor("oit", "Office des investissements", "")).wantHead("Etag", `"3"`)
	s.send("POST", "/actors", actor("oit", "Autre", "")).refused(409, "id_taken", "/id id_taken")
}

func TestTrapAnOldIfMatchDoesNotFitARecordCreatedAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	old := s.create("actors", actor("oit", "OIT", "")).head("Etag")
	s.send("DELETE", "/actors/oit", "").with("If-Match", old).expect(200)
	s.create("actors", actor("oit", "Office des investissements", ""))
	for _, method := range []string{"PATCH", "PUT", "DELETE"} {
		body := map[string]string{"PATCH": "{}", "PUT": actor("oit", "OIT", "")}[method]
		s.send(method, "/actors/oit", body).with("If-Match", old).refused(412, "stale", "")
	}
}

func TestTrapTheTagOfAListIsNoVersion(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	s.send("PATCH", "/actors/oit", `{"country":"CH"}`).with("If-Match", `"1"`).expect(200)
	list := s.get("/actors").expect(200)
	list.wantHead("Dalil-Seq", "3")
	s.send("PATCH", "/actors/oit", `{"country":"FR"}`).with("If-Match", `"2"`).expect(200).wantHead("Etag", `"3"`)
	s.send("DELETE", "/actors/oit", "").with("If-Match", list.head("Etag")).refused(412, "stale", "")
}

// merge writes a commit that merges a record of version 1 into another, as a later issue's use case will.
func merge(t *testing.T, s *server, from, into string) {
	t.Helper()
	head := s.svc.Head()
	entry, ok := head.Find(directory.Ref{Kind: directory.Actors, ID: from})
	if !ok {
		t.Fatalf("no %s", from)
	}
	record, err := directory.Decode(directory.Actors, entry.JSON())
	if err != nil {
		t.Fatal(err)
	}
	e := record.Head()
	e.Version, e.Status, e.MergedInto = e.Version+1, directory.Archived, into
	text, err := directory.Encode(record)
	if err != nil {
		t.Fatal(err)
	}
	c := &ledger.Commit{
		At: head.At(), Author: ledger.Author{ID: "bootstrap", Via: "api"}, Token: ledger.NewID16(),
		Changes: []ledger.Change{{
			Op: ledger.Merge, Ref: directory.Ref{Kind: directory.Actors, ID: from}, Version: e.Version, JSON: text,
		}},
	}
	c.Seal(head.Position())
	if _, err := s.ledger.Append(t.Context(), head.Position(), []*ledger.Commit{c}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.svc.AtLeast(t.Context(), c.Seq); err != nil {
		t.Fatal(err)
	}
}

func TestTrapAClientThatFollowsA308DoesNotArchiveTheSurvivor(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "Organisation internationale du Travail", ""))
	s.create("actors", actor("bit", "Bureau", ""))
	merge(t, s, "bit", "oit")
	for _, method := range []string{"GET", "HEAD"} {
		got := s.ask(method, "/api/v1/actors/bit?fields=name&lang=ar").expect(308)
		got.wantHead("Location", "/api/v1/actors/oit?fields=name&lang=ar").wantHead("Content-Type", "application/problem+json")
	}
	for _, method := range []string{"DELETE", "PUT", "PATCH"} {
		body := map[string]string{"PATCH": "{}", "PUT": actor("bit", "Bureau", "")}[method]
		got := s.send(method, "/actors/bit", body).with("If-Match", "*")
		if p := got.refused(409, "merged", ""); p.Members["survivor"] != "oit" {
			t.Errorf("%s: members %v", method, p.Members)
		}
		got.do().wantHead("Location", "")
	}
	s.send("POST", "/actors/bit/restore", "").refused(409, "merged", "")
	s.send("POST", "/actors", actor("bit", "Bureau", "")).refused(409, "merged_id", "")
	s.get("/actors/bit/history").expect(200)
	s.get("/actors/oit").expect(200)
}
