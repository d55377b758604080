package httpapi_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// ministryWorld is a small directory: two functions of one parent, one with two leads that overlap, and one that only a
// draft carries out.
func ministryWorld(t *testing.T) *server {
	t.Helper()
	s := start(t)
	records := []string{
		`{"op":"create","kind":"sources","record":{"id":"law","title":"Loi","kind":"law"}}`,
		`{"op":"create","kind":"functions","record":{"notation":"POL","label":{"fr":"Politique","en":"Policy","ar":"سياسة"}}}`,
		`{"op":"create","kind":"functions","record":{"notation":"POL-A","parent":"pol","label":{"fr":"Dialogue","en":"Dialogue","ar":"حوار"},"order":1}}`,
		`{"op":"create","kind":"functions","record":{"notation":"POL-B","parent":"pol","label":{"fr":"Suivi","en":"Follow-up","ar":"تتبع"},"order":2}}`,
		`{"op":"create","kind":"initiatives","record":{"id":"plan","kind":"programme","name":{"fr":"Plan"},"start":"2020"}}`,
		`{"op":"create","kind":"initiatives","record":{"id":"loi","kind":"law","name":{"fr":"Texte"},"start":"2020"}}`,
		`{"op":"create","kind":"actors","record":` + actor("min", "Ministère", "") + `}`,
		`{"op":"create","kind":"actors","record":` + actor("agence", "Agence", "") + `}`,
		`{"op":"create","kind":"actors","record":{"id":"umt","kind":"organisation","group":"workers","name":{"fr":"Union"}}}`,
		`{"op":"create","kind":"roles","record":{"id":"r1","actor":"min","type":"lead","function":"pol-a","territories":["MA"],"start":"2020","sources":["law"]}}`,
		`{"op":"create","kind":"roles","record":{"id":"r2","actor":"agence","type":"lead","function":"pol-a","territories":["MA-05"],"start":"2021-03"}}`,
		`{"op":"create","kind":"roles","record":{"id":"r3","actor":"umt","type":"consulted","function":"pol-a","sources":["law"]}}`,
		`{"op":"create","kind":"roles","record":{"id":"r4","actor":"agence","type":"implementer","function":"pol-b","visibility":"ministry","territories":["MA-09"],"sources":["law"]}}`,
	}
	s.send(http.MethodPost, "/batch", `{"items":[`+strings.Join(records, ",")+`]}`).expect(http.StatusOK)
	return s
}

// gapList is what the tests look at in gaps.
type gapList struct {
	Items []struct {
		Rule       string   `json:"rule"`
		Severity   string   `json:"severity"`
		Function   string   `json:"function"`
		Initiative string   `json:"initiative"`
		Territory  string   `json:"territory"`
		Group      string   `json:"group"`
		Detail     string   `json:"detail"`
		Roles      []string `json:"roles"`
		Candidates []struct {
			Actor string `json:"actor"`
			Why   string `json:"why"`
		} `json:"candidates"`
	} `json:"items"`
	Total  int            `json:"total"`
	ByRule map[string]int `json:"by_rule"`
	AsOf   string         `json:"as_of"`
	Hidden int            `json:"hidden_by_date"`
}

// lines are the gaps in short.
func (l *gapList) lines() string {
	var lines []string
	for _, g := range l.Items {
		about := strings.Trim(strings.Join([]string{g.Function, g.Initiative, g.Territory, g.Group}, " "), " ")
		lines = append(lines, strings.TrimSpace(g.Rule+" "+strings.Join(strings.Fields(about), "/")+" "+strings.Join(g.Roles, "+")))
	}
	return strings.Join(lines, "\n")
}

func (r *request) gaps() *gapList {
	r.Helper()
	l := new(gapList)
	r.expect(http.StatusOK).decode(l)
	return l
}

func TestGapsTellWhereNobodyIs(t *testing.T) {
	t.Parallel()
	s := ministryWorld(t)
	for _, tt := range []struct{ query, want string }{
		{"rule=no_lead", "no_lead pol-b"},
		{"rule=no_lead&scope=all", "no_lead pol-b"},
		{"rule=no_lead&scope=top", ""},
		{"rule=no_lead&rule=no_implementer", "no_lead pol-b\nno_implementer pol-a\nno_implementer pol-b"},
		{"rule=several_leads", "several_leads pol-a r1+r2"},
		{"rule=no_funder&by=both", "no_funder plan"},
		{"rule=no_funder", ""},
		{"group=workers", "missing_constituent pol-b/workers"},
		{"group=workers&group=employers&function=POL-A", "missing_constituent pol-a/employers"},
		{"rule=territory_uncovered&reach=MA-05", "territory_uncovered pol-b/MA-05"},
		{"rule=territory_uncovered&territory=MA-05", "territory_uncovered pol-b/MA-05"},
		{"rule=unsourced", "unsourced pol-a r2"},
		{"rule=unsourced&as_of=2020", ""},
		{"rule=no_implementer&by=initiative", "no_implementer plan\nno_implementer loi"},
		{"rule=no_implementer&by=initiative&as_of=2019", ""},
	} {
		if got := s.get("/gaps?" + tt.query).gaps().lines(); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.query, got, tt.want)
		}
	}
	if got := s.get("/gaps?rule=no_implementer").as(adminKey).gaps().lines(); got != "no_implementer pol-a" {
		t.Errorf("the ministry is told of %q", got)
	}
}

func TestGapsAreCountedBeyondTheLimit(t *testing.T) {
	t.Parallel()
	s := ministryWorld(t)
	all, some := s.get("/gaps?by=both&scope=all").gaps(), s.get("/gaps?by=both&scope=all&limit=3").gaps()
	if len(some.Items) != 3 || len(all.Items) != all.Total || all.Total != some.Total || fmt.Sprint(all.ByRule) != fmt.Sprint(some.ByRule) {
		t.Errorf("%d and %d items of %d and %d: %v %v", len(all.Items), len(some.Items), all.Total, some.Total, all.ByRule, some.ByRule)
	}
	sum := 0
	for _, n := range all.ByRule {
		sum += n
	}
	if sum != all.Total || len(all.ByRule) != 8 || all.AsOf != "2026-11-24" {
		t.Errorf("by_rule %v of %d on %s", all.ByRule, all.Total, all.AsOf)
	}
	if s.get("/gaps?limit=3").expect(200).head("ETag") == s.get("/gaps?limit=4").expect(200).head("ETag") {
		t.Error("two different answers have one ETag")
	}
}

func TestAGapSaysInThreeLanguagesWhatIsMissingAndWhoMightDoIt(t *testing.T) {
	t.Parallel()
	s := ministryWorld(t)
	for lang, want := range map[string][2]string{
		"fr": {"La fonction « Suivi » n’a ni chef de file ni acteur redevable des résultats.", "Chef de file pour la fonction voisine « Dialogue »"},
		"en": {"The function “Follow-up” has no lead: nobody is accountable for it.", "Lead for the sibling function “Dialogue”"},
		"ar": {"الوظيفة «تتبع» بلا جهة قائدة ولا جهة مساءَلة عن النتائج.", "جهة قائدة في وظيفة مجاورة «حوار»"},
	} {
		gaps := s.get("/gaps?rule=no_lead&lang=" + lang).gaps()
		if len(gaps.Items) != 1 || len(gaps.Items[0].Candidates) != 2 {
			t.Fatalf("%s: %+v", lang, gaps.Items)
		}
		gap := gaps.Items[0]
		if gap.Detail != want[0] || gap.Candidates[0].Why != want[1] || gap.Candidates[0].Actor != "agence" || gap.Candidates[1].Actor != "min" {
			t.Errorf("%s: %+v, want %v", lang, gap, want)
		}
	}
}

func TestABalanceTellsWhoIsMissing(t *testing.T) {
	t.Parallel()
	s := ministryWorld(t)
	rows := rowsOf(t, s.get("/balance?format=csv").expect(http.StatusOK).Body.Bytes())
	if got := column(rows, "id") + "|" + column(rows, "missing") + "|" + column(rows, "government_roles"); got != "pol-a pol-b|employers government;employers;workers|lead 2 " {
		t.Errorf("the balance says %q", got)
	}
	items, _ := s.get("/balance?by=initiative").expect(http.StatusOK).object()["items"].([]any)
	if len(items) != 2 {
		t.Errorf("%d initiatives, want both, with nothing in them", len(items))
	}
}

func TestARACIChartTellsWhichRulesItBreaks(t *testing.T) {
	t.Parallel()
	s := ministryWorld(t)
	rows := rowsOf(t, s.get("/raci?format=csv").as(adminKey).expect(http.StatusOK).Body.Bytes())
	for name, want := range map[string]string{
		"A": "agence;min ", "A_labels": "Agence;Ministère ", "R": " agence", "C": "umt ", "I": " ",
		"broken": "several_accountable;no_responsible no_accountable",
	} {
		if got := column(rows, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestOverlapsArePairs(t *testing.T) {
	t.Parallel()
	s := ministryWorld(t)
	var found struct {
		Items []map[string]any `json:"items"`
		Total int              `json:"total"`
	}
	s.get("/overlaps").expect(http.StatusOK).decode(&found)
	want := "map[actors:[min agence] end:<nil> function:pol-a roles:[r1 r2] start:2021-03-01 territory:MA-05 type:lead]"
	if len(found.Items) != 1 || found.Total != 1 || fmt.Sprint(found.Items[0]) != want {
		t.Errorf("%v, want %s", found, want)
	}
	for query, total := range map[string]int{"actor=min": 1, "actor=umt": 0, "as_of=2020": 0, "under=min": 0, "type=lead": 1} {
		if s.get("/overlaps?" + query).expect(http.StatusOK).decode(&found); found.Total != total {
			t.Errorf("%s: %d overlaps, want %d", query, found.Total, total)
		}
	}
}

func TestJudgementsAreFilesToo(t *testing.T) {
	t.Parallel()
	s := ministryWorld(t)
	for path, sheet := range map[string]string{"/gaps": "gaps", "/balance": "balance", "/raci": "raci", "/overlaps": "overlaps"} {
		csvRows := rowsOf(t, s.get(path+"?format=csv&lang=fr").expect(http.StatusOK).Body.Bytes())
		book, err := excelize.OpenReader(bytes.NewReader(s.get(path + "?format=xlsx&lang=fr").expect(http.StatusOK).Body.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.GetRows(sheet)
		if err != nil || len(rows) != len(csvRows)+1 || len(csvRows) == 0 {
			t.Errorf("%s: %d rows in the workbook, %d in the CSV: %v", path, len(rows), len(csvRows), err)
		}
		about, err := book.GetRows("about")
		if err != nil || len(about) < 5 {
			t.Errorf("%s: the workbook tells %v of itself: %v", path, about, err)
		}
		s.get(path+"?format=ndjson").refused(http.StatusBadRequest, "bad_parameter", "format unknown_value")
	}
}

func TestJudgementsRefuseWhatTheyDoNotTake(t *testing.T) {
	t.Parallel()
	s := ministryWorld(t)
	for _, tt := range []struct{ target, place string }{
		{"/gaps?rule=no_lead,no_implementer", "rule unknown_value"},
		{"/gaps?type=lead", "type no_role_to_filter"},
		{"/gaps?raci=A", "raci no_role_to_filter"},
		{"/gaps?actor=min", "actor no_role_to_filter"},
		{"/balance?type=lead", "type no_role_to_filter"},
		{"/raci?raci=A", "raci no_role_to_filter"},
		{"/raci?actor=min", "actor no_role_to_filter"},
		{"/gaps?rule=no_idea", "rule unknown_value"},
		{"/gaps?scope=some", "scope unknown_value"},
		{"/gaps?scope=leaf&by=initiative", "scope combination"},
		{"/gaps?children=true", "children combination"},
		{"/gaps?children=yes&by=initiative", "children bad_boolean"},
		{"/gaps?by=actor", "by unknown_value"},
		{"/balance?by=both", "by unknown_value"},
		{"/raci?by=both", "by unknown_value"},
		{"/gaps?by=function&by=initiative", "by repeated_parameter"},
		{"/gaps?group=academia", "group unknown_value"},
		{"/gaps?group=!workers", "group unknown_value"},
		{"/gaps?group=none", "group unknown_value"},
		{"/gaps?stale_after=0", "stale_after bad_integer"},
		{"/gaps?stale_after=1&stale_after=2", "stale_after repeated_parameter"},
		{"/gaps?limit=0", "limit bad_integer"},
		{"/overlaps?limit=100001", "limit bad_integer"},
		{"/gaps?function=nothing", "function unknown_value"},
		{"/gaps?as_of=1799", "as_of date_out_of_range"},
		{"/balance?as_of=2201-01-01", "as_of date_out_of_range"},
		{"/raci?as_of=2022-13", "as_of bad_date"},
		{"/overlaps?units=together", "units unknown_value"},
		{"/overlaps?by=function", "by unknown_parameter"},
		{"/overlaps?actor=nobody", "actor unknown_value"},
		{"/gaps?status=archived", "status unknown_value"},
	} {
		s.get(tt.target).refused(http.StatusBadRequest, "bad_parameter", tt.place)
	}
}
