package httpapi_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
)

func TestARecordLivesFromCreationToRestoration(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", "")).wantHead("Location", "/api/v1/actors/oit").wantHead("Etag", `"1"`)
	s.send("PUT", "/actors/oit", actor("oit", "Organisation internationale du Travail", "")).with("If-Match", `"1"`).
		expect(200).wantHead("Etag", `"2"`)
	s.send("PATCH", "/actors/oit?reason=site", `{"website":"https://ilo.org","name":{"en":"ILO"}}`).with("If-Match", `"2"`).
		expect(200).wantHead("Etag", `"3"`)
	record := s.get("/actors/oit").expect(200).object()
	if name := record["name"].(map[string]any); name["en"] != "ILO" || name["fr"] != "Organisation internationale du Travail" {
		t.Errorf("the patch was not merged: %v", name)
	}
	archived := s.send("DELETE", "/actors/oit?reason=closed", "").with("If-Match", `"3"`).expect(200).wantHead("Etag", `"4"`)
	if status := archived.object()["status"]; status != "archived" {
		t.Errorf("the answer to DELETE has status %v", status)
	}
	s.send("POST", "/actors/oit/restore?reason=reopened", "").expect(200).wantHead("Etag", `"5"`)
	s.get("/actors/oit").expect(200).wantHead("Etag", `"5;open"`)
	s.send("POST", "/actors/oit/restore", "").refused(409, "not_archived", "")
}

func TestAnArchivedRecordSaysWhenWhyAndByWhom(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	s.send("DELETE", "/actors/oit?reason=closed", "").with("If-Match", "*").expect(200)
	p := s.get("/actors/oit").as(adminKey).refused(410, "gone", "")
	note := p.Members["archived"].(map[string]any)
	if note["at"] != "2026-11-24T09:00:00.000Z" || note["reason"] != "closed" || note["by"] != "bootstrap" {
		t.Errorf("archived: %v", note)
	}
	note = s.get("/actors/oit").refused(410, "gone", "").Members["archived"].(map[string]any)
	if _, told := note["by"]; told || note["reason"] != "closed" {
		t.Errorf("archived, to anybody: %v", note)
	}
	s.ask("HEAD", "/api/v1/actors/oit").expect(410)
	s.send("PATCH", "/actors/oit", `{}`).with("If-Match", "*").do().wantGone(t)
	s.get("/actors/oit/history").expect(200)
}

// wantGone wants a write to an archived record refused as such.
func (r *response) wantGone(t *testing.T) {
	t.Helper()
	if r.Code != 410 {
		t.Errorf("%s: %d %s", r.asked, r.Code, r.Body)
	}
}

func TestAWriteThatChangesNothingMakesNoVersion(t *testing.T) {
	t.Parallel()
	s := start(t)
	before := s.create("actors", actor("oit", "OIT", ""))
	for _, r := range []*request{
		s.send("PATCH", "/actors/oit", `{"country":null}`), s.send("PUT", "/actors/oit", actor("oit", "OIT", "")),
		s.send("PUT", "/actors/oit", before.Body.String()),
	} {
		r.with("If-Match", `"1"`).expect(200).wantHead("Etag", `"1"`).wantHead("Dalil-Seq", before.head("Dalil-Seq"))
	}
}

func TestPutNeverCreates(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.send("PUT", "/actors/oit", actor("oit", "OIT", "")).with("If-Match", "*").refused(404, "not_found", "")
	s.create("actors", actor("oit", "OIT", ""))
	s.send("PUT", "/actors/oit", actor("oim", "OIM", "")).with("If-Match", "*").refused(422, "invalid", "/id id_mismatch")
}

func TestADryRunWritesNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	seq := s.get("/actors/oit").expect(200).head("Dalil-Seq")
	for _, r := range []*request{
		s.send("POST", "/actors?dry_run=true", actor("oim", "OIM", "")),
		s.send("PUT", "/actors/oit?dry_run=true", actor("oit", "BIT", "")).with("If-Match", `"1"`),
		s.send("PATCH", "/actors/oit?dry_run=true", `{"country":"CH"}`).with("If-Match", `"1"`),
		s.send("DELETE", "/actors/oit?dry_run=true", "").with("If-Match", `"1"`),
		s.send("POST", "/batch?dry_run=true", `{"items":[{"op":"archive","kind":"actors","id":"oit","if_match":"1"}]}`),
		s.send("POST", "/keys?dry_run=true", `{"name":"n","scope":"read","clearance":"partners"}`),
	} {
		got := r.expect(200).wantHead("Dalil-Seq", seq).wantHead("Etag", "").wantHead("Location", "")
		if strings.Contains(got.Body.String(), "secret") {
			t.Errorf("a key that is not made has a secret: %s", got.Body)
		}
	}
	s.send("POST", "/actors?dry_run=true", actor("oit", "Autre chose", "")).refused(409, "id_taken", "/id id_taken")
	s.get("/actors/oit").expect(200).wantHead("Etag", `"1;open"`).wantHead("Dalil-Seq", seq)
}

func TestANearNameIsRefusedUnlessItIsMeant(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "Organisation internationale du Travail", ""))
	twin := actor("oit2", "organisation internationale du travail", "")
	p := s.send("POST", "/actors", twin).refused(409, "near_name", "")
	candidates, _ := p.Members["candidates"].([]any)
	if len(candidates) != 1 || candidates[0].(map[string]any)["id"] != "oit" {
		t.Errorf("candidates: %v", p.Members)
	}
	s.send("POST", "/actors?allow_duplicate=true", twin).expect(201)
}

func TestAFunctionAnswersToItsNotation(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("functions", `{"notation":"POL-STR","label":{"fr":"Stratégie"}}`).wantHead("Location", "/api/v1/functions/pol-str")
	for _, name := range []string{"pol-str", "POL-STR", "Pol-Str"} {
		s.get("/functions/"+name).expect(200).wantHead("Etag", `"1;open"`)
	}
	s.send("PATCH", "/functions/POL-STR", `{"order":1}`).with("If-Match", `"1"`).expect(200)
}

func TestARepeatedRequestIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	post := func(key, target, body string) *request {
		return s.send("POST", target, body).with("Idempotency-Key", key)
	}
	const source = `{"title":"Communiqué","kind":"communique"}`
	first := post("k1", "/sources?reason=a", source).expect(201)
	for _, key := range []string{"k1", `"k1"`, ` "k1" `} {
		again := post(key, "/sources?reason=a", source).expect(201).wantHead("Dalil-Replayed", "true")
		again.wantHead("Location", first.head("Location")).wantHead("Etag", first.head("Etag")).wantHead("Dalil-Seq", first.head("Dalil-Seq"))
		if again.Body.String() != first.Body.String() {
			t.Errorf("the second answer differs: %s", again.Body)
		}
	}
	post("k1", "/sources?reason=a&lang=ar", source).expect(201).wantHead("Location", first.head("Location"))
	post("k1", "/sources?reason=a", source+" ").refused(422, "idempotency_key_reused", "Idempotency-Key idempotency_key_reused")
	post("k1", "/sources?reason=b", source).refused(422, "idempotency_key_reused", "")
	other := post("k2", "/sources?reason=a", source).expect(201)
	if other.head("Location") == first.head("Location") {
		t.Error("another key found the first outcome")
	}
	writer := s.key("w", "write", "partners")
	r := post("k1", "/sources?reason=a", source)
	r.header.Set("Authorization", "Bearer "+writer)
	if got := r.expect(201); got.head("Location") == first.head("Location") {
		t.Error("another caller found the first outcome")
	}
	if n := s.get("/sources").page().Total; n != 3 {
		t.Errorf("%d sources, want 3", n)
	}
}

func TestARefusalIsJudgedAnew(t *testing.T) {
	t.Parallel()
	s := start(t)
	role := `{"id":"r","actor":"oit","type":"lead","function":"pol"}`
	s.send("POST", "/roles", role).with("Idempotency-Key", "k").refused(422, "invalid", "/actor dangling_reference")
	s.create("actors", actor("oit", "OIT", ""))
	s.create("functions", `{"id":"pol","notation":"POL","label":{"fr":"Politique"}}`)
	s.send("POST", "/roles", role).with("Idempotency-Key", "k").expect(201)
}

func TestARestoreMayBeRepeated(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	s.send("DELETE", "/actors/oit", "").with("If-Match", "*").expect(200)
	for range 2 {
		s.send("POST", "/actors/oit/restore", "").with("Idempotency-Key", "k").expect(200).wantHead("Etag", `"3"`)
	}
}

func TestWritesNeedTheirScope(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	reader, writer := s.key("r", "read", "ministry"), s.key("w", "write", "partners")
	for _, row := range s.api.Table() {
		if row.Scope == "" {
			continue
		}
		target := strings.NewReplacer(":id", "oit").Replace(row.Path)
		got := s.ask(row.Method, target).expect(401)
		got.wantHead("Www-Authenticate", `Bearer realm="dalil"`)
		if row.Scope == "admin" {
			s.ask(row.Method, target).as(writer).refused(403, "forbidden", "")
		}
		if row.Scope != "read" {
			s.ask(row.Method, target).as(reader).refused(403, "forbidden", "")
		}
	}
	s.send("POST", "/sources", `{"title":"T","kind":"report"}`).expect(201)
	r := s.send("POST", "/sources", `{"title":"T","kind":"report"}`)
	r.header.Set("Authorization", "bearer "+writer)
	r.expect(201)
}

func TestTheSameIdCreatedAtOnceIsCreatedOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	var group sync.WaitGroup
	codes := make([]int, 16)
	for i := range codes {
		group.Go(func() {
			codes[i] = s.send("POST", "/sources", `{"id":"one","title":"T`+strconv.Itoa(i)+`","kind":"report"}`).do().Code
		})
	}
	group.Wait()
	counts := map[int]int{}
	for _, code := range codes {
		counts[code]++
	}
	if counts[http.StatusCreated] != 1 || counts[http.StatusConflict] != 15 {
		t.Errorf("statuses: %v", counts)
	}
}
