package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// changedOf reads what a comparison of two states tells: how, kind/id and the paths of the patch.
func changedOf(r *response) string {
	r.Helper()
	var found struct {
		Changed []struct {
			Kind   string `json:"kind"`
			ID     string `json:"id"`
			Label  string `json:"label"`
			Change string `json:"change"`
			Patch  []struct {
				Op   string `json:"op"`
				Path string `json:"path"`
			} `json:"patch"`
		} `json:"changed"`
	}
	r.decode(&found)
	var lines []string
	for _, c := range found.Changed {
		words := []string{c.Change, c.Kind + "/" + c.ID}
		for _, op := range c.Patch {
			if c.Change != "created" {
				words = append(words, op.Op+op.Path)
			}
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return strings.Join(lines, "; ")
}

// seqOf is the position after a write.
func seqOf(r *response) string { return r.head("Dalil-Seq") }

func TestTwoStatesOfTheDirectoryAreCompared(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("functions", `{"id":"pol","notation":"POL","label":{"fr":"Politique"}}`)
	s.create("actors", actor("oit", "OIT", `,"country":"CH"`))
	s.create("actors", actor("gone", "Passager", ""))
	first := seqOf(s.create("roles", `{"id":"r1","actor":"oit","type":"lead","function":"pol","start":"2020"}`))
	s.send("PATCH", "/roles/r1", `{"type":"partner","end":"2022"}`).with("If-Match", "*").expect(200)
	s.send("PATCH", "/actors/oit", `{"country":"FR"}`).with("If-Match", "*").expect(200)
	s.send("DELETE", "/actors/gone", "").with("If-Match", "*").expect(200)
	middle := seqOf(s.create("actors", actor("iam", "IAM", `,"visibility":"ministry"`)))
	s.send("PATCH", "/actors/oit", `{"country":"CH"}`).with("If-Match", "*").expect(200)
	last := seqOf(s.create("roles", `{"id":"r2","actor":"iam","type":"lead","function":"pol"}`))
	two := func(a, b string) string { return "known_at=" + a + "&known_at=" + b }
	for _, tt := range []struct{ query, key, want string }{
		{two(first, middle), "", "archived actors/gone replace/status; changed actors/oit replace/country; changed roles/r1 add/end replace/type"},
		{two(first, last), "", "archived actors/gone replace/status; changed roles/r1 add/end replace/type"},
		{two(first, last), adminKey, "archived actors/gone replace/status; created actors/iam; changed roles/r1 add/end replace/type; created roles/r2"},
		{two(middle, last), adminKey, "changed actors/oit replace/country; created roles/r2"},
		{two(last, last), adminKey, ""},
		{two(first, last) + "&type=partner", "", "changed roles/r1 add/end replace/type"},
		{two(first, last) + "&actor=iam", adminKey, "created roles/r2"},
		{two(first, last) + "&actor=oit", "", "changed roles/r1 add/end replace/type"},
	} {
		r := s.get("/compare?" + tt.query)
		if tt.key != "" {
			r = r.as(tt.key)
		}
		if got := changedOf(r.expect(http.StatusOK)); got != tt.want {
			t.Errorf("%s tells\n%s, want\n%s", tt.query, got, tt.want)
		}
	}
	both := s.get("/compare?from=2021&to=2023&" + two(first, last)).expect(http.StatusOK).object()
	if spansOf(both["ended"]) != "roles:r1 2020..2022" || fmt.Sprint(both["seq"]) != last || fmt.Sprint(both["known_at"]) != "["+first+" "+last+"]" {
		t.Errorf("dates and states together tell %v", both)
	}
	if alone := s.get("/compare?" + two(first, last)).expect(http.StatusOK).object(); alone["from"] != nil || spansOf(alone["began"]) != "" {
		t.Errorf("states alone tell %v", alone)
	}
	rows := rowsOf(t, s.get("/compare?format=csv&"+two(first, last)).as(adminKey).expect(http.StatusOK).Body.Bytes())
	if got := column(rows, "change") + "|" + column(rows, "id"); got != "archived created changed created|gone iam r1 r2" || !strings.Contains(column(rows, "patch"), `"/type"`) {
		t.Errorf("the file has %q, patches %q", got, column(rows, "patch"))
	}
	cited := s.cite(`{"path":"/api/v1/compare?` + two(first, middle) + `","clearance":"public"}`)
	s.verify(cited, "").wants(t, true, "")
	if !strings.Contains(cited.Path, two(first, middle)) {
		t.Errorf("it is cited as %s", cited.Path)
	}
	tag := s.get("/compare?" + two(first, middle)).expect(http.StatusOK).head("ETag")
	s.get("/compare?"+two(first, middle)).with("If-None-Match", tag).expect(http.StatusNotModified)
	s.send("PATCH", "/actors/oit", `{"visibility":"ministry"}`).with("If-Match", "*").expect(200)
	if got := changedOf(s.get("/compare?"+two(first, middle)).with("If-None-Match", tag).expect(http.StatusOK)); strings.Contains(got, "oit") || strings.Contains(got, "r1") {
		t.Errorf("what is hidden since is told: %s", got)
	}
	s.verify(cited, "").wants(t, false, "altered")
}

func TestAComparisonRefusesWhatCannotBeCompared(t *testing.T) {
	t.Parallel()
	s := storied(t)
	for query, place := range map[string]string{
		"known_at=5&known_at=2": "known_at states_backward", "known_at=1&known_at=2&known_at=3": "known_at too_many_values",
		"known_at=2&known_at=999": "known_at bad_known_at", "known_at=0&known_at=2": "known_at bad_known_at", "known_at=2100-01-01T00:00:00Z&known_at=3": "known_at bad_known_at",
		"known_at=2": "from required", "known_at=1&known_at=2&from=2020": "to required", "known_at=1&known_at=2&to=2020": "from required",
		"known_at=1&known_at=2&from=2022&to=2020": "from from_after_to", "from=1799&to=2020": "from date_out_of_range", "from=1800&to=2201": "to date_out_of_range",
		"known_at=1&known_at=2&actor=nobody": "actor unknown_value",
	} {
		s.get("/compare?"+query).refused(http.StatusBadRequest, "bad_parameter", place)
	}
	s.get("/timeline?known_at=1&known_at=2").refused(http.StatusBadRequest, "bad_parameter", "known_at repeated_parameter")
	s.get("/compare?from=1800&to=2200").expect(http.StatusOK)
}

func TestTwoStatesSayThroughWhatAFrameworkWasFoundInEither(t *testing.T) {
	t.Parallel()
	s := governance(t)
	first := seqOf(s.create("roles", `{"id":"r6","actor":"cgem","type":"lead","function":"pol-str"}`))
	s.send("PATCH", "/functions/pol-str", `{"frameworks":null}`).with("If-Match", "*").expect(200)
	last := seqOf(s.send("PATCH", "/roles/r6", `{"type":"partner"}`).with("If-Match", "*").expect(200))
	for _, dates := range []string{"", "&from=2000&to=2020"} {
		r := s.get("/compare?known_at=" + first + "&known_at=" + last + "&framework=GCM:5" + dates).expect(200)
		if got := changedOf(r); got != "changed roles/r6 replace/type" {
			t.Errorf("%s: changed are %s", dates, got)
		}
		want := `"mapping":[{"framework":"GCM","code":"5","kind":"functions","id":"pol-str"}]`
		if body := r.Body.String(); !strings.Contains(body, want) {
			t.Errorf("%s: the mapping is not %s: %s", dates, want, body)
		}
	}
}
