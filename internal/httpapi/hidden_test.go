package httpapi_test

import (
	"slices"
	"strings"
	"testing"
)

// secretFunction makes a function that only the ministry sees.
func (s *server) secretFunction() {
	s.Helper()
	s.create("functions", `{"id":"hidden-fn-id","notation":"SEC-RET","label":{"fr":"Secrète"},"visibility":"ministry"}`)
}

// by shows another key than the administrator's.
func (r *request) by(key string) *request {
	r.header.Del("Authorization")
	return r.as(key)
}

func TestAHiddenFunctionIsRefusedInTheWordsThatWereSent(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.secretFunction()
	for _, target := range []string{"/roles?function=", "/functions?parent=", "/functions?under="} {
		hidden := s.get(target + "SEC-RET").do().Body.String()
		unknown := s.get(target + "NOT-ONE").do().Body.String()
		if strings.Contains(hidden, "hidden-fn-id") || !strings.Contains(hidden, "SEC-RET is not") != !strings.Contains(unknown, "NOT-ONE is not") {
			t.Errorf("%s: %s, and of an unknown one %s", target, hidden, unknown)
		}
	}
	writer := s.key("w", "write", "partners")
	s.create("actors", actor("oit", "OIT", ""))
	for kind, body := range map[string]string{
		"roles":     `{"actor":"oit","type":"lead","function":"SEC-RET"}`,
		"functions": `{"notation":"SUB","label":{"fr":"Sous"},"parent":"sec-ret"}`,
	} {
		got := s.send("POST", "/"+kind, body).by(writer).expect(422).Body.String()
		if strings.Contains(got, "hidden-fn-id") {
			t.Errorf("%s: %s", kind, got)
		}
	}
}

func TestARetryAnswersNothingThatItsCallerMayNoLongerSee(t *testing.T) {
	t.Parallel()
	s := start(t)
	writer := s.key("w", "write", "partners")
	send := func() *request {
		return s.send("POST", "/actors", actor("repl-1", "Un nom", "")).by(writer).with("Idempotency-Key", "k")
	}
	send().expect(201)
	s.send("PATCH", "/actors/repl-1", `{"visibility":"ministry"}`).with("If-Match", "*").expect(200)
	send().refused(410, "kept_outcome_unreadable", "")
}

func TestARetryIsAnsweredAtTheNewestPosition(t *testing.T) {
	t.Parallel()
	s := start(t)
	send := func() *request {
		return s.send("POST", "/sources", `{"id":"a","title":"A","kind":"report"}`).with("Idempotency-Key", "k")
	}
	send().expect(201)
	last := s.create("sources", `{"id":"b","title":"B","kind":"report"}`).head("Dalil-Seq")
	send().with("Dalil-Min-Seq", last).expect(201).wantHead("Dalil-Seq", last)
}

func TestAKeyOfABatchIsForOneBody(t *testing.T) {
	t.Parallel()
	s := start(t)
	item := func(id, kind string) string {
		return `{"op":"create","kind":"sources","record":{"id":"` + id + `","title":"T","kind":"` + kind + `"}}`
	}
	post := func(key, atomic, items string) *request {
		return s.send("POST", "/batch?atomic="+atomic, `{"items":[`+items+`]}`).with("Idempotency-Key", key)
	}
	post("kb", "false", item("ok", "report")+","+item("bad", "nonsense")).expect(207)
	post("kb", "false", item("ok", "nonsense")+","+item("na-c", "report")).refused(422, "idempotency_key_reused", "")
	post("kb", "true", item("na-d", "report")).refused(422, "idempotency_key_reused", "")
	post("k3", "true", item("whole", "report")).expect(200)
	post("k3", "false", item("na-e", "report")).refused(422, "idempotency_key_reused", "")
	if got := s.get("/sources").page().ids(); !slices.Equal(got, []string{"ok", "whole"}) {
		t.Errorf("sources: %v", got)
	}
}

func TestAChangeWithoutStatusAndVisibilityLeavesThem(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("sources", `{"id":"a","title":"A","kind":"report","visibility":"ministry","status":"draft"}`)
	for _, r := range []*request{
		s.send("PUT", "/sources/a", `{"title":"B","kind":"report"}`),
		s.send("PATCH", "/sources/a", `{"title":"C","visibility":null,"status":null}`),
	} {
		got := r.with("If-Match", "*").expect(200).object()
		if got["visibility"] != "ministry" || got["status"] != "draft" {
			t.Errorf("%s: %v", r.method, got)
		}
	}
	s.send("POST", "/batch", `{"items":[{"op":"put","kind":"sources","id":"a","record":{"title":"D","kind":"report"}}]}`).expect(200)
	s.get("/sources/a").expect(404)
}

func TestAPatchNamesOnlyMembersThatThereAre(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("initiatives", `{"id":"i","kind":"project","name":{"fr":"I"},"budget":{"amount":1,"currency":"EUR"}}`)
	patch := func(body string) *request {
		return s.send("PATCH", "/initiatives/i", body).with("If-Match", "*")
	}
	patch(`{"zzz":null}`).refused(400, "unknown_member", "/zzz unknown_member")
	patch(`{"budget":{"zzz":null}}`).refused(400, "unknown_member", "/budget/zzz unknown_member")
	patch(`{"summary":null,"name":{"en":null},"budget":null}`).expect(200)
}

func TestAnArchivedRecordTellsItsWritersToo(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	s.send("DELETE", "/actors/oit?reason=closed", "").with("If-Match", "*").expect(200)
	for _, r := range []*request{s.send("PATCH", "/actors/oit", `{}`), s.send("DELETE", "/actors/oit", "")} {
		note, _ := r.with("If-Match", "*").refused(410, "gone", "").Members["archived"].(map[string]any)
		if note["reason"] != "closed" || note["by"] != "bootstrap" || note["at"] == nil {
			t.Errorf("%s: %v", r.method, note)
		}
	}
}

func TestANoteOfArchivingIsNeverOfAnotherVersion(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("sources", `{"id":"src","title":"S","kind":"report","visibility":"ministry"}`)
	s.send("POST", "/actors?reason=born", actor("oit", "OIT", "")).expect(201)
	s.send("PATCH", "/actors/oit", `{"sources":["src"]}`).with("If-Match", "*").expect(200)
	s.send("DELETE", "/actors/oit?reason=closed", "").with("If-Match", "*").expect(200)
	s.send("PATCH", "/sources/src", `{"visibility":"public"}`).with("If-Match", "*").expect(200)
	if note, told := s.get("/actors/oit").refused(410, "gone", "").Members["archived"]; told {
		t.Errorf("archived, to anybody: %v", note)
	}
	if list := s.get("/actors/oit/history").expect(200).object()["items"].([]any); len(list) != 1 {
		t.Errorf("the history, to anybody: %v", list)
	}
}

func TestADryBatchItemByItemIsWhatWouldBe(t *testing.T) {
	t.Parallel()
	s := start(t)
	const items = `{"items":[
		{"op":"create","kind":"actors","record":{"id":"min","kind":"organisation","group":"government","name":{"fr":"Ministère"}}},
		{"op":"create","kind":"actors","record":{"id":"dir","kind":"unit","parent":"min","group":"government","name":{"fr":"Direction"}}},
		{"op":"patch","kind":"actors","id":"dir","if_match":"1","record":{"country":"MA"}},
		{"op":"archive","kind":"actors","id":"dir","if_match":"2"},
		{"op":"restore","kind":"actors","id":"dir"}]}`
	var dry, wet results
	s.send("POST", "/batch?atomic=false&dry_run=true", items).expect(200).wantHead("Dalil-Seq", "1").decode(&dry)
	s.get("/actors/min").expect(404)
	s.send("POST", "/batch?atomic=false", items).expect(200).decode(&wet)
	for i := range wet.Results {
		if dry.Results[i].ID != wet.Results[i].ID || dry.Results[i].Version != wet.Results[i].Version {
			t.Errorf("item %d would be %+v, is %+v", i, dry.Results[i], wet.Results[i])
		}
	}
}

func TestABatchIsHeldAgainstItself(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("functions", `{"id":"alpha-x","notation":"BET-A","label":{"fr":"A"}}`)
	s.send("POST", "/functions", `{"id":"bet-a","notation":"GAM","label":{"fr":"B"}}`).refused(409, "notation_taken", "/id notation_taken")
	refused := func(items string, status int, code, place string) {
		t.Helper()
		s.send("POST", "/batch", `{"items":[`+items+`]}`).refused(status, code, place)
	}
	twin := func(id string) string {
		return `{"op":"create","kind":"actors","record":` + actor(id, "Le même nom ici", "") + `}`
	}
	refused(twin("a")+","+twin("b"), 409, "near_name", "/items/1/record near_name")
	s.create("actors", actor("oit", "OIT", ""))
	const role = `{"op":"create","kind":"roles","record":{"actor":"oit","type":"lead","function":"BET-A"}}`
	refused(role+","+role, 409, "duplicate_role", "/items/1/record duplicate_role")
	refused(twin("a")+`,{"op":"patch","kind":"actors","id":"a","if_match":"1","record":{}}`, 422, "invalid", "/items/1/record item_twice")
	refused(twin("a")+`,{"op":"restore","kind":"actors","id":"a"}`, 422, "invalid", "/items/1 item_twice")
	s.send("POST", "/batch?allow_duplicate=true", `{"items":[`+twin("a")+","+twin("b")+`]}`).expect(200)
	var summary []string
	for lang := range strings.FieldsSeq("fr ar en es de it pt nl") {
		summary = append(summary, `"`+lang+`":"`+strings.Repeat("é", 19_000)+`"`)
	}
	long := `{"op":"create","kind":"actors","record":` + actor("long", "Très longue", `,"summary":{`+strings.Join(summary, ",")+`}`) + `}`
	other := `{"op":"create","kind":"actors","record":` + actor("c", "Tout autre chose", "") + `}`
	for _, dry := range []string{"true", "false"} {
		got := new(problem)
		s.send("POST", "/batch?dry_run="+dry, `{"items":[`+other+","+long+`]}`).do().decode(got)
		if got.place() != "/items/1/record record_too_large" {
			t.Errorf("a long record, dry_run=%s: %+v", dry, got)
		}
	}
}

func TestABatchTakesFunctionsByTheirNotation(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("functions", `{"id":"policy","notation":"POL","label":{"fr":"P"}}`)
	const patch = `{"items":[{"op":"patch","kind":"functions","id":"POL","if_match":"1","record":{"order":1}}]}`
	var r results
	s.send("POST", "/batch", patch).expect(200).decode(&r)
	if r.Results[0].ID != "policy" || r.Results[0].Version != 2 {
		t.Errorf("results: %+v", r.Results)
	}
	s.send("POST", "/batch", strings.ReplaceAll(patch, "POL", "NOT-ONE")).refused(404, "not_found", "/items/0 not_found")
}

func TestAFacetIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	if n := strings.Count(s.get("/actors?facets=kind,kind&facets=kind").expect(200).Body.String(), `"kind":[`); n != 1 {
		t.Errorf("the facet is there %d times", n)
	}
}

func TestAnAdministratorOfAllIsAlwaysLeft(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.send("POST", "/keys", `{"name":"n","scope":"admin","clearance":"ministry","expires":"2026-11-24T09:00:04Z"}`).expect(201)
	partner := s.key("p", "admin", "partners")
	s.send("DELETE", "/keys/bootstrap", "").refused(409, "last_admin_key", "")
	s.send("DELETE", "/keys/bootstrap", "").by(partner).refused(403, "forbidden", "")
	s.key("q", "admin", "ministry")
	dry := s.send("DELETE", "/keys/bootstrap?dry_run=true", "").expect(200).object()
	if dry["id"] != "bootstrap" {
		t.Errorf("a dry run answers %v", dry)
	}
	s.send("DELETE", "/keys/bootstrap", "").expect(204)
}
