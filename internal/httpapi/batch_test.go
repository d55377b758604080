package httpapi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// results is what the tests look at in the outcome of a batch.
type results struct {
	Results []struct {
		Status  int      `json:"status"`
		Kind    string   `json:"kind"`
		ID      string   `json:"id"`
		Version int      `json:"version"`
		Problem *problem `json:"problem"`
	} `json:"results"`
}

// statuses joins what became of the items.
func (r *results) told() []string {
	var told []string
	for _, item := range r.Results {
		text := strings.TrimSpace(strings.Join([]string{item.Kind + "/" + item.ID}, " "))
		if item.Problem != nil {
			text += " " + item.Problem.Code + " " + item.Problem.place()
		}
		told = append(told, text)
	}
	return told
}

const family = `
	{"op":"create","kind":"actors","record":{"id":"dir","kind":"unit","parent":"min","group":"government","name":{"fr":"Direction"}}},
	{"op":"create","kind":"actors","record":{"id":"min","kind":"organisation","group":"government","name":{"fr":"Ministère"}}}`

func TestABatchIsOneCommitWhoseReferencesAreJudgedAtTheEnd(t *testing.T) {
	t.Parallel()
	s := start(t)
	got := s.send("POST", "/batch?reason=first", `{"items":[`+family+`]}`).expect(200).wantHead("Dalil-Seq", "2")
	var r results
	got.decode(&r)
	if diff := cmp.Diff([]string{"actors/dir", "actors/min"}, r.told()); diff != "" {
		t.Errorf("results differ:\n%s", diff)
	}
	if r.Results[0].Status != 201 || r.Results[0].Version != 1 {
		t.Errorf("first result: %+v", r.Results[0])
	}
	s.send("POST", "/batch", `{"items":[
		{"op":"archive","kind":"actors","id":"min","if_match":"1"},
		{"op":"archive","kind":"actors","id":"dir","if_match":"1;open+gzip"}]}`).expect(200).wantHead("Dalil-Seq", "3")
}

func TestARefusedBatchWritesNothingAndNamesTheItem(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	tests := []struct {
		items  string
		status int
		place  string
	}{
		{family + `,{"op":"create","kind":"actors","record":` + actor("x", "X", `,"country":"XX"`) + `}`, 422, "/items/2/record/country unknown_code"},
		{family + `,{"op":"create","kind":"actors","record":` + actor("x", "X", `,"colour":"red"`) + `}`, 400, "/items/2/record/colour unknown_member"},
		{family + `,{"op":"create","kind":"actors","record":` + actor("x", "X", `,"parent":"nobody"`) + `}`, 422, "/items/2/record/parent dangling_reference"},
		{family + `,{"op":"archive","kind":"actors","id":"oit"}`, 428, "/items/2/if_match condition_required"},
		{family + `,{"op":"archive","kind":"actors","id":"oit","if_match":"7"}`, 412, "/items/2/if_match stale"},
		{family + `,{"op":"patch","kind":"actors","id":"nobody","if_match":"1","record":{}}`, 404, "/items/2 not_found"},
		{family + `,{"op":"create","kind":"actors","record":` + actor("oit", "Autre", "") + `}`, 409, "/items/2/record/id id_taken"},
		{`{"op":"delete","kind":"actors","id":"oit"}`, 422, "/items/0/op unknown_operation"},
		{`{"op":"create","kind":"api_keys","record":{}}`, 422, "/items/0/kind unknown_value"},
		{`{"op":"create","kind":"actors"}`, 422, "/items/0/record required"},
		{`{"op":"archive","kind":"actors","if_match":"1"}`, 422, "/items/0/id required"},
		{`{"op":"create","kind":"actors","record":{},"reason":"x"}`, 400, "/items/0/reason unknown_member"},
		{`{"op":"create","kind":"actors","record":{"id":"x","id":"x"}}`, 400, "/items/0/record/id duplicate_member"},
		{``, 422, "/items too_few"},
		{strings.Repeat(`{"op":"archive","kind":"actors","id":"oit","if_match":"1"},`, 1000) + `{"op":"archive","kind":"actors","id":"oit","if_match":"1"}`, 422, "/items too_many"},
	}
	for _, test := range tests {
		got := s.send("POST", "/batch", `{"items":[`+test.items+`]}`).do()
		p := new(problem)
		got.decode(p)
		if got.Code != test.status || p.place() != test.place {
			t.Errorf("%.80s: %d at %q, want %d at %q: %s", test.items, got.Code, p.place(), test.status, test.place, got.Body)
		}
	}
	if n := s.get("/actors").page().Total; n != 1 {
		t.Errorf("%d actors after refused batches, want 1", n)
	}
}

func TestABatchItemByItemAnswers207WhenOneIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	const items = `{"items":[
		{"op":"create","kind":"actors","record":{"id":"min","kind":"organisation","group":"government","name":{"fr":"Ministère"}}},
		{"op":"create","kind":"actors","record":{"id":"dir","kind":"unit","parent":"nobody","group":"government","name":{"fr":"Direction"}}},
		{"op":"put","kind":"actors","record":{"id":"min","kind":"organisation","group":"government","name":{"fr":"Ministère de l’Emploi"}}}]}`
	got := s.send("POST", "/batch?atomic=false&lang=en", items).expect(207).wantHead("Dalil-Seq", "3")
	var r results
	got.decode(&r)
	want := []string{"actors/min", "actors/ invalid /items/1/record/parent dangling_reference", "actors/min"}
	if diff := cmp.Diff(want, r.told()); diff != "" {
		t.Errorf("results differ:\n%s", diff)
	}
	if p := r.Results[1].Problem; p.Status != 422 || r.Results[1].Status != 422 || p.Title != "A rule is broken" {
		t.Errorf("problem: %+v", p)
	}
	s.send("POST", "/batch?atomic=false", `{"items":[{"op":"archive","kind":"actors","id":"min","if_match":"2"}]}`).expect(200)
}

func TestABatchMayBeRepeated(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, atomic := range []string{"true", "false"} {
		items := strings.ReplaceAll(`{"items":[{"op":"create","kind":"sources","record":{"title":"T","kind":"report"}},
			{"op":"create","kind":"sources","record":{"title":"U","kind":"report"}}]}`, "\n", " ")
		first := s.send("POST", "/batch?atomic="+atomic, items).with("Idempotency-Key", "k"+atomic).expect(200)
		again := s.send("POST", "/batch?atomic="+atomic, items).with("Idempotency-Key", "k"+atomic).expect(200)
		again.wantHead("Dalil-Replayed", "true").wantHead("Dalil-Seq", first.head("Dalil-Seq"))
		if again.Body.String() != first.Body.String() {
			t.Errorf("atomic=%s: answered %s, then %s", atomic, first.Body, again.Body)
		}
	}
	if n := s.get("/sources").page().Total; n != 4 {
		t.Errorf("%d sources, want 4", n)
	}
}

func TestAnItemOnAnArchivedRecordSaysHowItWasArchived(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	s.create("functions", `{"id":"pol","notation":"POL","label":{"fr":"Politique"}}`)
	s.send("DELETE", "/actors/oit?reason=closed", "").with("If-Match", `"1"`).expect(200)
	s.send("DELETE", "/functions/pol?reason=merged+into+another", "").with("If-Match", `"1"`).expect(200)
	for item, reason := range map[string]string{
		`{"op":"patch","kind":"actors","id":"oit","if_match":"*","record":{"country":"CH"}}`:    "closed",
		`{"op":"archive","kind":"actors","id":"oit","if_match":"2"}`:                            "closed",
		`{"op":"patch","kind":"functions","id":"pol","if_match":"*","record":{"notation":"P"}}`: "merged into another",
	} {
		var alone results
		s.send("POST", "/batch?atomic=false", `{"items":[`+item+`]}`).expect(207).decode(&alone)
		whole := s.send("POST", "/batch", `{"items":[`+family+`,`+item+`]}`).refused(410, "gone", "/items/2 gone")
		for _, p := range []*problem{alone.Results[0].Problem, whole} {
			note, _ := p.Members["archived"].(map[string]any)
			if note["reason"] != reason || note["at"] == nil || note["by"] != "bootstrap" {
				t.Errorf("%s is refused with the note %v", item, note)
			}
		}
	}
}

func TestAClashOfAnIDPointsToWhereItWasGiven(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("sec", "Secret", `,"visibility":"ministry"`))
	s.create("actors", actor("open", "Public", ""))
	writer := s.key("partner", "write", "partners")
	const named = `"kind":"organisation","group":"government","name":{"fr":"Tout autre chose"}`
	for item, place := range map[string]string{
		`{"op":"put","kind":"actors","id":"sec","record":{` + named + `}}`:               "/items/0/id id_taken",
		`{"op":"put","kind":"actors","record":{"id":"sec",` + named + `}}`:               "/items/0/record/id id_taken",
		`{"op":"create","kind":"actors","id":"open","record":{` + named + `}}`:           "/items/0/id id_taken",
		`{"op":"create","kind":"actors","record":{"id":"open",` + named + `}}`:           "/items/0/record/id id_taken",
		`{"op":"create","kind":"actors","id":"sec","record":{"id":"sec",` + named + `}}`: "/items/0/id id_taken",
	} {
		r := s.send("POST", "/batch", `{"items":[`+item+`]}`)
		r.header.Set("Authorization", "Bearer "+writer)
		r.refused(409, "id_taken", place)
	}
}
