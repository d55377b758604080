package httpapi_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// governance is a small directory with something to count: two functions, an initiative, and roles with amounts.
func governance(t *testing.T) *server {
	t.Helper()
	s := country(t)
	s.create("functions", `{"notation":"POL-STR","parent":"pol","label":{"fr":"=Stratégie","ar":"الاستراتيجية"},"frameworks":[{"framework":"GCM","code":"5"}]}`)
	s.create("initiatives", `{"id":"snmpi","kind":"strategy","name":{"fr":"SNMPI"},"frameworks":[{"framework":"SDG","code":"8.8"}]}`)
	s.create("roles", `{"id":"r3","actor":"dir","type":"implementer","function":"pol-str","initiative":"snmpi","territories":["MA-05"]}`)
	s.create("roles", `{"id":"r4","actor":"cgem","type":"funder","initiative":"snmpi","amount":{"amount":1000.5,"currency":"EUR"}}`)
	s.create("roles", `{"id":"r5","actor":"fipe","type":"funder","function":"pol-str","amount":{"amount":10,"currency":"MAD"}}`)
	return s
}

// matrixOf reads a matrix as lines of text: of each row the actors and roles of its cells.
func matrixOf(r *response) string {
	r.Helper()
	var m struct {
		Rows []struct {
			ID string `json:"id"`
		} `json:"rows"`
		Cells [][]struct {
			Actors int `json:"actors"`
			Roles  int `json:"roles"`
		} `json:"cells"`
	}
	r.decode(&m)
	var lines []string
	for i, row := range m.Rows {
		line := []string{row.ID}
		for _, c := range m.Cells[i] {
			line = append(line, fmt.Sprintf("%d/%d", c.Actors, c.Roles))
		}
		lines = append(lines, strings.Join(line, " "))
	}
	return strings.Join(lines, "; ")
}

func TestAMatrixCountsWhatTheCallerMaySee(t *testing.T) {
	t.Parallel()
	s := governance(t)
	for _, tt := range []struct{ query, key, want string }{
		{"rows=function&cols=raci", "", "pol 1/1 1/1 0/0 0/0 0/0; pol-str 0/0 1/1 0/0 0/0 0/0; none 0/0 0/0 0/0 0/0 1/1"},
		{"rows=function&cols=raci", adminKey, "pol 1/1 1/1 0/0 0/0 1/1; pol-str 0/0 1/1 0/0 0/0 1/1; none 0/0 0/0 0/0 0/0 1/1"},
		{"rows=function&cols=raci&as_of=2018", "", "pol 0/0 1/1 1/1 0/0 0/0; pol-str 0/0 1/1 0/0 0/0 0/0; none 0/0 0/0 0/0 0/0 1/1"},
		{"rows=function&cols=actor&units=rolled", "", "pol 0/0 1/2 0/0; pol-str 0/0 1/1 0/0; none 1/1 0/0 0/0"},
		{"rows=territory&cols=initiative&function=POL-STR", "", "MA 1/1 0/0; MA-05 1/1 0/0; none 0/0 0/0"},
		{"rows=function&cols=country&function=POL-STR", "", "pol-str 1/1 0/0; none 0/0 0/0"},
		{"rows=initiative&cols=country&framework=SDG:8", "", "snmpi 2/2 0/0; none 0/0 0/0"},
	} {
		r := s.get("/matrix?" + tt.query)
		if tt.key != "" {
			r = r.as(tt.key)
		}
		if got := matrixOf(r.expect(http.StatusOK)); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.query, got, tt.want)
		}
	}
}

func TestAMatrixSaysItsDateItsTotalsAndThroughWhatAFrameworkWasFound(t *testing.T) {
	t.Parallel()
	s := governance(t)
	got := s.get("/matrix?rows=group&cols=type&framework=SDG:8&framework=GCM:5").expect(http.StatusOK).object()
	want := map[string]any{
		"as_of": "2026-11-24", "hidden_by_date": 0.0,
		"total": map[string]any{"actors": 2.0, "roles": 2.0, "amounts": map[string]any{"EUR": 1000.5}},
		"mapping": []any{
			map[string]any{"framework": "GCM", "code": "5", "kind": "functions", "id": "pol-str"},
			map[string]any{"framework": "SDG", "code": "8.8", "kind": "initiatives", "id": "snmpi"},
		},
	}
	for name, member := range want {
		if diff := cmp.Diff(member, got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	hidden := s.get("/matrix?rows=group&cols=type").expect(http.StatusOK).object()
	if hidden["hidden_by_date"] != 1.0 {
		t.Errorf("%v roles are hidden by date, want 1", hidden["hidden_by_date"])
	}
}

func TestAMatrixIsRefusedWithAReason(t *testing.T) {
	t.Parallel()
	s := governance(t)
	for query, place := range map[string]string{
		"cols=group":                               "rows required",
		"rows=group":                               "cols required",
		"rows=colour&cols=group":                   "rows unknown_value",
		"rows=group&cols=source":                   "cols unknown_value",
		"rows=group&cols=group":                    "cols same_dimension",
		"rows=group&cols=type&units=all":           "units unknown_value",
		"rows=group&cols=type&measure=people":      "measure unknown_value",
		"rows=group&cols=type&as_of=2022-02-31":    "as_of bad_date",
		"rows=group&cols=type&dates=loose":         "dates unknown_value",
		"rows=group&cols=type&format=ndjson":       "format unknown_value",
		"rows=group&cols=type&status=archived":     "status unknown_value",
		"rows=group&cols=type&actor=fipe":          "actor unknown_value",
		"rows=group&cols=type&limit=5":             "limit unknown_parameter",
		"rows=group&cols=type&rows=type":           "rows repeated_parameter",
		"rows=group&cols=type&territory=Atlantide": "territory unknown_value",
	} {
		s.get("/matrix?"+query).refused(http.StatusBadRequest, "bad_parameter", place)
	}
}

func TestATableIsTheAnswerAsAFile(t *testing.T) {
	t.Parallel()
	s := governance(t)
	rows := rowsOf(t, s.get("/matrix?rows=function&cols=raci&format=csv&measure=roles&lang=en").expect(http.StatusOK).
		wantHead("Content-Disposition", `attachment; filename="matrix-function-raci.csv"`).Body.Bytes())
	want := []map[string]string{
		{"function": "pol", "label": "Politique", "Accountable": "1", "Responsible": "1", "Consulted": "0", "Informed": "0", "None": "0", "total": "2"},
		{"function": "pol-str", "label": "'=Stratégie", "Accountable": "0", "Responsible": "1", "Consulted": "0", "Informed": "0", "None": "0", "total": "1"},
		{"function": "none", "label": "None", "Accountable": "0", "Responsible": "0", "Consulted": "0", "Informed": "0", "None": "1", "total": "1"},
		{"function": "total", "label": "", "Accountable": "1", "Responsible": "1", "Consulted": "0", "Informed": "0", "None": "1", "total": "3"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("the table (-want +got):\n%s", diff)
	}
	amounts := rowsOf(t, s.get("/matrix?rows=group&cols=initiative&measure=amounts").as(adminKey).with("Accept", "text/csv").expect(http.StatusOK).Body.Bytes())
	if got := column(amounts, "currency"); strings.Join(strings.Fields(got), " ") != "EUR MAD EUR MAD" {
		t.Errorf("the currencies are %q", got)
	}
}

func TestAWorkbookTellsHowToGetItsAnswerAgain(t *testing.T) {
	t.Parallel()
	s := governance(t)
	body := s.get("/matrix?rows=function&cols=group&format=xlsx&lang=ar&group=!workers").expect(http.StatusOK).wantHead("Content-Type", xlsxType).Body
	book, err := excelize.OpenReader(body)
	if err != nil {
		t.Fatal(err)
	}
	sheet := "matrix-function-group"
	if diff := cmp.Diff([]string{sheet, "about"}, book.GetSheetList()); diff != "" {
		t.Fatalf("the sheets (-want +got):\n%s", diff)
	}
	view, err := book.GetSheetView(sheet, 0)
	if err != nil || view.RightToLeft == nil || !*view.RightToLeft {
		t.Errorf("the sheet is not laid out from right to left: %v", err)
	}
	panes, err := book.GetPanes(sheet)
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the header moves: %+v, %v", panes, err)
	}
	facts, err := book.GetRows("about")
	if err != nil {
		t.Fatal(err)
	}
	about := make(map[string]string)
	for _, row := range facts[1:] {
		about[row[0]] = row[1]
	}
	want := "/api/v1/matrix?cols=group&group=%21workers&rows=function&as_of=2026-11-24&known_at=" + about["seq"] + "&lang=ar"
	if about["query"] != want {
		t.Errorf("the query is %s, want %s", about["query"], want)
	}
	s.create("roles", `{"id":"later","actor":"cgem","type":"lead","function":"pol-str"}`) // the answer of now is another one
	again := jsontext.Value(s.ask(http.MethodGet, about["query"]).expect(http.StatusOK).wantHead("Dalil-Seq", about["seq"]).Body.Bytes())
	if err := again.Canonicalize(); err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(again); hex.EncodeToString(sum[:]) != about["sha256"] {
		t.Errorf("the answer has not the checksum that the workbook tells")
	}
	if cited := s.cite(`{"path":"` + about["query"] + `","clearance":"public"}`); cited.Checksum != about["sha256"] {
		t.Errorf("the checksum is %s, that of a citation %s", about["sha256"], cited.Checksum)
	}
}

func TestAWorkbookTellsThroughWhatAFrameworkWasFound(t *testing.T) {
	t.Parallel()
	s := governance(t)
	for _, path := range []string{"/matrix?rows=group&cols=type", "/gaps?by=both", "/balance?by=initiative", "/timeline?lang=fr", "/compare?from=2000&to=2020"} {
		book, err := excelize.OpenReader(s.get(path + "&format=xlsx&framework=SDG:8&framework=GCM:5").expect(http.StatusOK).Body)
		if err != nil {
			t.Fatal(err)
		}
		facts, err := book.GetRows("about")
		if err != nil {
			t.Fatal(err)
		}
		var mapping []string
		for _, row := range facts {
			if row[0] == "mapping" {
				mapping = append(mapping, row[1])
			}
		}
		if diff := cmp.Diff([]string{"GCM:5 functions/pol-str", "SDG:8.8 initiatives/snmpi"}, mapping); diff != "" {
			t.Errorf("%s: the mapping (-want +got):\n%s", path, diff)
		}
	}
}

func TestAListSaysThroughWhatAFrameworkWasFound(t *testing.T) {
	t.Parallel()
	s := governance(t)
	want := []any{
		map[string]any{"framework": "GCM", "code": "5", "kind": "functions", "id": "pol-str"},
		map[string]any{"framework": "SDG", "code": "8.8", "kind": "initiatives", "id": "snmpi"},
	}
	for path, found := range map[string]any{
		"/roles?framework=SDG:8&framework=GCM:5": want, "/actors?framework=SDG:8&framework=GCM:5&limit=1": want,
		"/roles?framework=GCM:5": want[:1], "/roles?framework=!GCM:5": nil, "/roles": nil, "/actors?framework=GCM:6": nil,
	} {
		if diff := cmp.Diff(found, s.get(path).expect(http.StatusOK).object()["mapping"]); diff != "" {
			t.Errorf("%s: the mapping (-want +got):\n%s", path, diff)
		}
	}
}

func TestAnAnalysisIsNotSentTwice(t *testing.T) {
	t.Parallel()
	s := governance(t)
	seen := make(map[string]string)
	for _, query := range []string{"", "&lang=ar", "&format=csv", "&format=xlsx", "&units=rolled", "&group=employers", "&as_of=2018"} {
		target := "/matrix?rows=function&cols=type" + query
		etag := s.get(target).expect(http.StatusOK).head("Etag")
		if other, ok := seen[etag]; ok || etag == "" {
			t.Errorf("%q and %q have one tag, %s", query, other, etag)
		}
		seen[etag] = query
		s.get(target).with("If-None-Match", etag).expect(http.StatusNotModified)
		s.ask(http.MethodHead, "/api/v1"+target).expect(http.StatusOK).wantHead("Etag", etag)
	}
}
