package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

func TestAProfileIsOneActorWhole(t *testing.T) {
	t.Parallel()
	s := governance(t)
	s.create("sources", `{"id":"law","title":"Loi","kind":"law"}`)
	s.create("relations", `{"id":"rel","from":"cgem","type":"funds","to":"dir","sources":["law"]}`)
	s.create("relations", `{"id":"secret","from":"fipe","type":"funds","to":"min"}`)
	type profile struct {
		Actor struct {
			ID string `json:"id"`
		} `json:"actor"`
		Units []struct {
			ID string `json:"id"`
		} `json:"units"`
		Functions []struct {
			ID    string `json:"id"`
			Roles []struct {
				ID    string `json:"id"`
				Actor string `json:"actor"`
			} `json:"roles"`
		} `json:"functions"`
		Relations []struct {
			ID    string `json:"id"`
			Of    string `json:"of"`
			Type  string `json:"type"`
			Label string `json:"label"`
			Actor string `json:"actor"`
		} `json:"relations"`
		Sources []struct {
			ID string `json:"id"`
		} `json:"sources"`
	}
	short := func(query, key string) string {
		r, p := s.get("/actors/min/profile?"+query), new(profile)
		if key != "" {
			r = r.as(key)
		}
		r.expect(http.StatusOK).decode(p)
		parts := []string{p.Actor.ID}
		for _, u := range p.Units {
			parts = append(parts, "unit "+u.ID)
		}
		for _, f := range p.Functions {
			for _, role := range f.Roles {
				parts = append(parts, f.ID+" "+role.ID+" of "+role.Actor)
			}
		}
		for _, rel := range p.Relations {
			parts = append(parts, rel.Of+" "+rel.Type+" ("+rel.Label+") "+rel.Actor)
		}
		for _, source := range p.Sources {
			parts = append(parts, "source "+source.ID)
		}
		return strings.Join(parts, "; ")
	}
	for _, tt := range []struct{ query, key, want string }{
		{"", "", "min; unit dir; pol r1 of min; pol-str r3 of dir; dir funded_by (est financé par) cgem; source law"},
		{"units=own&lang=en", "", "min; unit dir; pol r1 of min"},
		{"type=implementer&lang=en", "", "min; unit dir; pol-str r3 of dir; dir funded_by (is funded by) cgem; source law"},
		{"as_of=2020", "", "min; unit dir; pol-str r3 of dir; dir funded_by (est financé par) cgem; source law"},
		{"units=own", adminKey, "min; unit dir; pol r1 of min; min funded_by (est financé par) fipe"},
	} {
		if got := short(tt.query, tt.key); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.query, got, tt.want)
		}
	}
	rows := rowsOf(t, s.get("/actors/min/profile?format=csv").expect(http.StatusOK).Body.Bytes())
	if got := column(rows, "role"); got != "r1 r3" {
		t.Errorf("the file has the roles %q", got)
	}
	book, err := excelize.OpenReader(s.get("/actors/min/profile?format=xlsx").expect(http.StatusOK).Body)
	if err != nil {
		t.Fatal(err)
	}
	for sheet, want := range map[string]string{
		"roles": "role r1 r3", "units": "unit dir", "relations": "relation rel", "sources": "source law",
		"about": "name query as_of today seq lang clearance sha256 completeness missing unsourced_roles",
	} {
		rows, err := book.GetRows(sheet)
		var first []string
		for _, row := range rows {
			first = append(first, row[0])
		}
		if got := strings.Join(first, " "); err != nil || got != want {
			t.Errorf("%s: %q, want %q: %v", sheet, got, want, err)
		}
	}
	units, err := excelize.OpenReader(s.get("/actors/old/profile?format=xlsx&as_of=any").expect(http.StatusOK).Body)
	if err != nil || strings.Join(units.GetSheetList(), " ") != "roles units relations sources about" {
		t.Errorf("who has no roles has the sheets %v: %v", units.GetSheetList(), err)
	}
}

func TestAProfileIsThereWhileItsActorIs(t *testing.T) {
	t.Parallel()
	s := governance(t)
	s.get("/actors/fipe/profile").refused(http.StatusNotFound, "not_found", "")
	s.get("/actors/fipe/profile").as(adminKey).expect(http.StatusOK)
	s.get("/actors/nobody/profile").refused(http.StatusNotFound, "not_found", "")
	s.get("/actors/min/profile?units=separate").refused(http.StatusBadRequest, "bad_parameter", "units unknown_value")
	s.ask(http.MethodDelete, "/api/v1/actors/old").as(adminKey).with("If-Match", "*").expect(http.StatusOK)
	s.get("/actors/old/profile").expect(http.StatusGone)
}

// spansOf reads periods as kind:id and their dates.
func spansOf(list any) string {
	var parts []string
	items, _ := list.([]any)
	for _, item := range items {
		span, _ := item.(map[string]any)
		start, _ := span["start"].(string)
		end, _ := span["end"].(string)
		kind, _ := span["kind"].(string)
		id, _ := span["id"].(string)
		parts = append(parts, kind+":"+id+" "+start+".."+end)
	}
	return strings.Join(parts, "; ")
}

func TestATimelineTellsPeriods(t *testing.T) {
	t.Parallel()
	s := governance(t)
	for query, want := range map[string]string{
		"":                             "initiatives:snmpi ..; roles:r3 ..; roles:r4 ..; roles:r1 2022..",
		"as_of=any&function=pol":       "initiatives:snmpi ..; roles:r3 ..; roles:r2 2015..2020; roles:r1 2022..",
		"as_of=2018&actor=cgem":        "initiatives:snmpi ..; roles:r4 ..; roles:r2 2015..2020",
		"as_of=2018&dates=strict":      "roles:r2 2015..2020",
		"initiative=snmpi&type=funder": "initiatives:snmpi ..; roles:r4 ..",
	} {
		got := s.get("/timeline?" + query).expect(http.StatusOK).object()
		if diff := cmp.Diff(want, spansOf(got["items"])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	rows := rowsOf(t, s.get("/timeline?format=csv&as_of=any&function=pol&lang=en").expect(http.StatusOK).Body.Bytes())
	if got := column(rows, "label"); got != "SNMPI Direction – Implementer CGEM – Social partner Ministère de l’Emploi – Lead" {
		t.Errorf("the labels are %q", got)
	}
	s.get("/timeline?units=rolled").refused(http.StatusBadRequest, "bad_parameter", "units unknown_parameter")
}

func TestTwoDatesAreCompared(t *testing.T) {
	t.Parallel()
	s := governance(t)
	for _, tt := range []struct{ query, began, ended string }{
		{"from=2010&to=2026", "roles:r2 2015..2020; roles:r1 2022..", "roles:r2 2015..2020"},
		{"from=1940&to=1960", "actors:cgem 1947..; actors:min 1956..", ""},
		{"from=1990&to=today", "roles:r2 2015..2020; roles:r1 2022..", "actors:old 1930..1999; roles:r2 2015..2020"},
		{"from=1990&to=today&type=lead", "roles:r1 2022..", ""},
		{"from=2022&to=2022", "", ""},
	} {
		got := s.get("/compare?" + tt.query).expect(http.StatusOK).object()
		if diff := cmp.Diff([]string{tt.began, tt.ended}, []string{spansOf(got["began"]), spansOf(got["ended"])}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.query, diff)
		}
	}
	rows := rowsOf(t, s.get("/compare?from=2010&to=2026&format=csv").expect(http.StatusOK).Body.Bytes())
	if got := column(rows, "change") + " " + column(rows, "id"); got != "began began ended r2 r1 r2" {
		t.Errorf("the file has %q", got)
	}
	for query, place := range map[string]string{
		"to=2022": "from required", "from=2022": "to required", "from=2022&to=2020": "from from_after_to", "from=22&to=2022": "from bad_date",
		"from=2020&to=2022&as_of=2021": "as_of unknown_parameter",
	} {
		s.get("/compare?"+query).refused(http.StatusBadRequest, "bad_parameter", place)
	}
}
