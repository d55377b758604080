package httpapi_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// unevenly is a small directory of which some is well described: an agency with a unit, a union, and roles of which one
// names no source and one is not for everybody.
func unevenly(t *testing.T) *server {
	t.Helper()
	s := start(t)
	records := []string{
		`{"op":"create","kind":"sources","record":{"id":"law","title":"Loi","kind":"law"}}`,
		`{"op":"create","kind":"sources","record":{"id":"memo","title":"Note","kind":"other","visibility":"ministry"}}`,
		`{"op":"create","kind":"functions","record":{"notation":"POL","label":{"fr":"Politique"}}}`,
		`{"op":"create","kind":"actors","record":{"id":"agence","kind":"organisation","group":"government","name":{"fr":"Agence","ar":"وكالة"},"country":"MA","website":"https://agence.ma",
			"email":"contact@agence.ma","mandate":{"fr":"Placer"},"summary":{"fr":"Une agence"},"territories":["MA"],"sources":["law"],
			"identifiers":[{"scheme":"wikidata","value":"Q1"},{"scheme":"iati","value":"XM-DAC-41"}]}}`,
		`{"op":"create","kind":"actors","record":{"id":"bureau","kind":"unit","parent":"agence","group":"government","name":{"fr":"Bureau"}}}`,
		`{"op":"create","kind":"actors","record":{"id":"umt","kind":"organisation","group":"workers","name":{"fr":"Union"},"country":"MA","summary":{"fr":"Une union"},
			"identifiers":[{"scheme":"wikidata","value":"Q2"}]}}`,
		`{"op":"create","kind":"actors","record":{"id":"cellule","kind":"organisation","group":"other","visibility":"ministry","name":{"fr":"Cellule"}}}`,
		`{"op":"create","kind":"roles","record":{"id":"r1","actor":"agence","type":"lead","function":"pol","sources":["law"]}}`,
		`{"op":"create","kind":"roles","record":{"id":"r2","actor":"bureau","type":"implementer","function":"pol","end":"2020"}}`,
		`{"op":"create","kind":"roles","record":{"id":"r3","actor":"bureau","type":"implementer","function":"pol","start":"2021"}}`,
		`{"op":"create","kind":"roles","record":{"id":"r4","actor":"umt","type":"consulted","function":"pol","visibility":"ministry"}}`,
	}
	s.send(http.MethodPost, "/batch", `{"items":[`+strings.Join(records, ",")+`]}`).expect(http.StatusOK)
	return s
}

func TestActorsAreFoundByWhatTheyLack(t *testing.T) {
	t.Parallel()
	s := unevenly(t)
	for _, tt := range []struct{ query, key, want string }{
		{"missing=website", "", "bureau umt"},
		{"missing=!website", "", "agence"},
		{"missing=none", "", "agence"},
		{"missing=website&missing=name_ar", adminKey, "bureau cellule umt"},
		{"completeness=100", "", "agence"},
		{"completeness=..33", "", "bureau umt"},
		{"completeness=10..19", "", "bureau"},
		{"completeness=!..50", adminKey, "agence"},
		{"unsourced_roles=1..", "", "bureau"},
		{"unsourced_roles=2", "", ""},
		{"unsourced_roles=2&as_of=any", "", "bureau"},
		{"unsourced_roles=1..", adminKey, "bureau umt"},
		{"unsourced_roles=0", "", "agence umt"},
		{"identifier=iati", "", "agence"},
		{"identifier=!iati", "", "bureau umt"},
		{"identifier=none", "", "bureau"},
		{"sort=completeness", adminKey, "bureau cellule umt agence"},
		{"sort=-unsourced_roles,-id", adminKey, "umt bureau cellule agence"},
		{"sort=attested,id", "", "agence bureau umt"},
	} {
		r := s.get("/actors?fields=id&" + tt.query)
		if tt.key != "" {
			r = r.as(tt.key)
		}
		items, _ := r.expect(http.StatusOK).object()["items"].([]any)
		var ids []string
		for _, item := range items {
			record, _ := item.(map[string]any)
			ids = append(ids, fmt.Sprint(record["id"]))
		}
		if got := strings.Join(ids, " "); got != tt.want {
			t.Errorf("%s finds %q, want %q", tt.query, got, tt.want)
		}
	}
	facets, _ := s.get("/actors?facets=completeness,unsourced_roles,identifier,missing,created,attested&limit=1").expect(http.StatusOK).object()["facets"].(map[string]any)
	for name, want := range map[string]string{
		"completeness": "1 10..19 10–19, 1 100 100, 1 30..39 30–39", "unsourced_roles": "2 0 0, 1 1..4 1–4", "identifier": "2 wikidata Wikidata, 1 iati IATI (Initiative internationale pour la transparence de l’aide)",
		"created": "3 2026-11 2026-11", "attested": "",
	} {
		var told []string
		values, _ := facets[name].([]any)
		for _, value := range values {
			v, _ := value.(map[string]any)
			told = append(told, fmt.Sprint(v["count"], " ", v["value"], " ", v["label"]))
		}
		if got := strings.Join(told, ", "); got != want {
			t.Errorf("%s tells %q, want %q", name, got, want)
		}
	}
	s.get("/actors?facets=unattested_since").refused(http.StatusBadRequest, "bad_parameter", "facets no_facet_of_time")
	s.get("/roles?facets=updated_since").refused(http.StatusBadRequest, "bad_parameter", "facets no_facet_of_time")
	s.get("/actors?missing=acronym").refused(http.StatusBadRequest, "bad_parameter", "missing unknown_value")
	s.get("/actors?completeness=high").refused(http.StatusBadRequest, "bad_parameter", "completeness bad_interval")
	s.get("/actors?unsourced_roles=5..1").refused(http.StatusBadRequest, "bad_parameter", "unsourced_roles bad_interval")
}

func TestARecordTellsItsCompletenessWhenItIsAsked(t *testing.T) {
	t.Parallel()
	s := unevenly(t)
	want := map[string]any{
		"percent": 33.0, "missing": []any{"email", "mandate", "name_ar", "sources", "territories", "website"}, "roles": 0.0, "unsourced_roles": 0.0,
	}
	read := s.get("/actors/umt?fields=completeness,name").expect(http.StatusOK)
	if diff := cmp.Diff(map[string]any{"id": "umt", "version": 1.0, "name": map[string]any{"fr": "Union"}, "completeness": want}, read.object()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	want["roles"], want["unsourced_roles"] = 1.0, 1.0
	ministry := s.get("/actors/umt?fields=completeness").as(adminKey).expect(http.StatusOK)
	if diff := cmp.Diff(map[string]any{"id": "umt", "version": 1.0, "completeness": want}, ministry.object()); diff != "" {
		t.Errorf("the ministry is told (-want +got):\n%s", diff)
	}
	body := s.get("/actors/umt?fields=acronym,completeness,name").expect(http.StatusOK).Body.String()
	if !strings.HasPrefix(body, `{"completeness":{`) || !strings.HasSuffix(body, `},"id":"umt","name":{"fr":"Union"},"version":1}`) {
		t.Errorf("the members come as %s", body)
	}
	if _, told := s.get("/actors/umt").expect(http.StatusOK).object()["completeness"]; told {
		t.Error("the bare record tells it, too")
	}
	s.get("/roles/r1?fields=completeness").refused(http.StatusBadRequest, "bad_parameter", "fields unknown_field")
	tag := read.head("ETag")
	s.get("/actors/umt?fields=completeness,name").with("If-None-Match", tag).expect(http.StatusNotModified)
	s.send(http.MethodPatch, "/actors/agence", `{"summary":{"fr":"Autre"}}`).with("If-Match", "*").expect(http.StatusOK)
	s.get("/actors/umt?fields=completeness,name").with("If-None-Match", tag).expect(http.StatusOK) // other records count
	s.get("/actors/umt?fields=completeness,name").with("If-Match", tag).expect(http.StatusOK)
	if at2020 := s.get("/actors/bureau?fields=completeness&as_of=2020").expect(http.StatusOK); at2020.head("ETag") == s.get("/actors/bureau?fields=completeness").expect(http.StatusOK).head("ETag") {
		t.Error("two dates have one tag")
	}
	list, _ := s.get("/actors?fields=completeness&as_of=any&under=agence&sort=-id").expect(http.StatusOK).object()["items"].([]any)
	first, _ := list[0].(map[string]any)
	told, _ := first["completeness"].(map[string]any)
	if told["unsourced_roles"] != 2.0 || told["percent"] != 11.0 {
		t.Errorf("a list tells %v", list)
	}
	found, _ := s.get("/actors?q=union&fields=completeness").expect(http.StatusOK).object()["items"].([]any)
	if hit, _ := found[0].(map[string]any); hit["match"] == nil || hit["completeness"] == nil {
		t.Errorf("what was found is %v", hit)
	}
	s.get("/actors?fields=completeness&format=csv").refused(http.StatusBadRequest, "bad_parameter", "fields combination")
	s.send(http.MethodPatch, "/actors/umt", `{"completeness":{"percent":100}}`).undescribed().with("If-Match", "*").refused(http.StatusBadRequest, "unknown_member", "/completeness unknown_member")
	profile, _ := s.get("/actors/bureau/profile").expect(http.StatusOK).object()["completeness"].(map[string]any)
	if profile["unsourced_roles"] != 1.0 || profile["roles"] != 1.0 {
		t.Errorf("the profile tells %v", profile)
	}
}

func TestTheReportOfQualityCountsByGroupOwnerAndActor(t *testing.T) {
	t.Parallel()
	s := unevenly(t)
	for _, tt := range []struct{ query, key, want string }{
		{"by=owner", "", "umt 1 33 0 0; agence 2 55 2 1"},
		{"by=owner", adminKey, "cellule 1 20 0 0; umt 1 33 1 1; agence 2 55 2 1"},
		{"by=owner&as_of=any", "", "umt 1 33 0 0; agence 2 55 3 2"},
		{"by=actor", "", "bureau 1 11 1 1; umt 1 33 0 0; agence 1 100 1 0"},
		{"by=actor&group=government", "", "bureau 1 11 1 1; agence 1 100 1 0"},
		{"by=actor&function=POL", "", "bureau 1 11 1 1; agence 1 100 1 0"},
		{"by=actor&type=lead", adminKey, "agence 1 100 1 0"},
		{"by=actor&actor=umt", adminKey, "umt 1 33 1 1"},
		{"by=actor&under=agence&actor=!agence", "", "bureau 1 11 1 1"},
		{"by=actor&limit=1", "", "bureau 1 11 1 1"},
		{"group=none", "", ""},
	} {
		r := s.get("/quality?" + tt.query)
		if tt.key != "" {
			r = r.as(tt.key)
		}
		var found struct {
			Items []struct {
				ID        string `json:"id"`
				Actors    int    `json:"actors"`
				Percent   int    `json:"percent"`
				Roles     int    `json:"roles"`
				Unsourced int    `json:"unsourced_roles"`
			} `json:"items"`
		}
		r.expect(http.StatusOK).decode(&found)
		var lines []string
		for _, i := range found.Items {
			if i.Actors > 0 {
				lines = append(lines, fmt.Sprint(i.ID, " ", i.Actors, " ", i.Percent, " ", i.Roles, " ", i.Unsourced))
			}
		}
		if got := strings.Join(lines, "; "); got != tt.want {
			t.Errorf("%s tells\n%s, want\n%s", tt.query, got, tt.want)
		}
	}
	report := s.get("/quality?lang=en").expect(http.StatusOK).object()
	items, _ := report["items"].([]any)
	if all, _ := report["all"].(map[string]any); len(items) != 10 || report["total"] != 10.0 || all["actors"] != 3.0 || all["never_attested"] != 3.0 || all["fresh"] != 0.0 {
		t.Errorf("%d groups of %v: %v", len(items), report["total"], all)
	}
	if body := s.get("/quality?by=actor").expect(http.StatusOK).Body.String(); strings.Contains(body, "cellule") || strings.Contains(body, "r4") {
		t.Errorf("what is hidden is told: %s", body)
	}
}

func TestTheReportOfQualityIsAFileAndIsCited(t *testing.T) {
	t.Parallel()
	s := unevenly(t)
	rows := rowsOf(t, s.get("/quality?by=owner&format=csv").expect(http.StatusOK).Body.Bytes())
	if got := column(rows, "id") + "|" + column(rows, "missing_website") + "|" + column(rows, "percent"); got != "umt agence total|1 1 2|33 55 48" {
		t.Errorf("the file says %q", got)
	}
	book, err := excelize.OpenReader(bytes.NewReader(s.get("/quality?format=xlsx&lang=fr").expect(http.StatusOK).Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	table, err := book.GetRows("quality")
	if err != nil || len(table) != 12 || !slices.Contains(table[0], "never_attested") {
		t.Errorf("the workbook has %d rows, %v", len(table), err)
	}
	if about, err := book.GetRows("about"); err != nil || len(about) < 5 {
		t.Errorf("the workbook tells %v of itself: %v", about, err)
	}
	cited := s.cite(`{"path":"/api/v1/quality?by=owner&stale_after=30","clearance":"public"}`)
	s.send(http.MethodDelete, "/roles/r1", "").with("If-Match", "*").expect(http.StatusOK)
	s.verify(cited, "").wants(t, true, "")
	if now, then := s.get("/quality").expect(http.StatusOK).Body.String(), s.get("/quality?known_at=2").expect(http.StatusOK).Body.String(); now == then {
		t.Error("the report is the same before and after")
	}
	for _, tt := range []struct{ query, place string }{
		{"by=function", "by unknown_value"},
		{"units=rolled", "units unknown_parameter"},
		{"stale_after=0", "stale_after bad_integer"},
		{"limit=0", "limit bad_integer"},
		{"as_of=1700", "as_of date_out_of_range"},
		{"actor=nobody", "actor unknown_value"},
		{"under=cellule", "under unknown_value"},
	} {
		s.get("/quality?"+tt.query).refused(http.StatusBadRequest, "bad_parameter", tt.place)
	}
}
