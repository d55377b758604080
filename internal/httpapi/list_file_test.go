package httpapi_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// rowsOf reads the answer's CSV as the columns of the header by name.
func rowsOf(t *testing.T, body []byte) []map[string]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil || len(all) == 0 {
		t.Fatalf("reading the CSV: %v: %.200s", err, body)
	}
	var rows []map[string]string
	for _, cells := range all[1:] {
		row := make(map[string]string)
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// column returns one column of rows.
func column(rows []map[string]string, name string) string {
	var cells []string
	for _, row := range rows {
		cells = append(cells, row[name])
	}
	return strings.Join(cells, " ")
}

func TestAListIsAFileOfExactlyTheFilteredResult(t *testing.T) {
	t.Parallel()
	s := country(t)
	for _, tt := range []struct{ query, ids string }{
		{"", "cgem dir min old"},
		{"group=employers", "cgem old"},
		{"group=employers&as_of=2026", "cgem"},
		{"sort=-founded", "min cgem old dir"},
		{"group=workers", ""},
	} {
		got := s.get("/actors?format=csv&" + tt.query).expect(http.StatusOK)
		if ids := column(rowsOf(t, got.Body.Bytes()), "id"); ids != tt.ids {
			t.Errorf("%s: CSV has %q, want %q", tt.query, ids, tt.ids)
		}
		lines := s.get("/actors?format=ndjson&" + tt.query).expect(http.StatusOK)
		if n := strings.Count(lines.Body.String(), "\n"); n != len(strings.Fields(tt.ids)) {
			t.Errorf("%s: %d lines, want %s", tt.query, n, tt.ids)
		}
	}
	all := s.get("/actors?format=csv").as(adminKey).expect(http.StatusOK)
	if ids := column(rowsOf(t, all.Body.Bytes()), "id"); ids != "cgem dir fipe min old" {
		t.Errorf("the ministry sees %q", ids)
	}
}

func TestAFileOfAListGoesBeyondAnyPage(t *testing.T) {
	t.Parallel()
	s := start(t)
	const count = 1200
	for from := 0; from < count; from += 600 {
		var items []string
		for i := from; i < from+600; i++ {
			items = append(items, fmt.Sprintf(`{"op":"create","kind":"sources","record":{"id":"s%04d","title":"T","kind":"law"}}`, i))
		}
		s.send(http.MethodPost, "/batch", `{"items":[`+strings.Join(items, ",")+`]}`).expect(http.StatusOK)
	}
	got := s.get("/sources?format=csv").expect(http.StatusOK)
	if n := len(rowsOf(t, got.Body.Bytes())); n != count {
		t.Errorf("%d rows, want %d", n, count)
	}
}

func TestAcceptAsksForAFileAsWell(t *testing.T) {
	t.Parallel()
	s := country(t)
	for accept, media := range map[string]string{
		"text/csv":                          "text/csv; charset=utf-8",
		xlsxType:                            xlsxType,
		"application/x-ndjson":              "application/x-ndjson",
		"text/csv;q=0.5, application/json":  "application/json",
		"text/csv, application/json;q=0.9":  "text/csv; charset=utf-8",
		"*/*":                               "application/json",
		"text/html, */*;q=0.1":              "application/json",
		"application/x-ndjson, text/*;q=.5": "application/x-ndjson",
	} {
		s.get("/actors").with("Accept", accept).expect(http.StatusOK).wantHead("Content-Type", media)
	}
	s.get("/actors").with("Accept", "image/png").expect(http.StatusNotAcceptable)
	s.get("/actors?format=csv").with("Accept", "application/json").expect(http.StatusOK).wantHead("Content-Type", "text/csv; charset=utf-8")
}

func TestWhatBelongsToPagesIsRefusedInAFile(t *testing.T) {
	t.Parallel()
	s := country(t)
	for _, query := range []string{"limit=5", "facets=group", "format=xml", "format=", "colour=red"} {
		s.get("/actors?format=csv&" + query).expect(http.StatusBadRequest)
	}
	page := s.get("/actors?limit=1").expect(http.StatusOK).object()
	s.get(fmt.Sprintf("/actors?format=csv&cursor=%s", page["next_cursor"])).expect(http.StatusBadRequest)
}

func TestFieldsPickTheColumns(t *testing.T) {
	t.Parallel()
	s := country(t)
	rows := rowsOf(t, s.get("/actors?format=csv&fields=group,name&group=employers&as_of=2026").expect(http.StatusOK).Body.Bytes())
	want := []map[string]string{{"id": "cgem", "group": "employers", "name_fr": "CGEM", "name_ar": "", "name_en": ""}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestAFileHasATagOfItsOwn(t *testing.T) {
	t.Parallel()
	s := country(t)
	seen := make(map[string]string)
	for _, query := range []string{"", "?format=csv", "?format=xlsx", "?format=ndjson", "?format=csv&fields=group", "?format=csv&group=employers"} {
		etag := s.get("/actors" + query).expect(http.StatusOK).head("Etag")
		if other, ok := seen[etag]; ok || etag == "" {
			t.Errorf("%q and %q have one tag, %s", query, other, etag)
		}
		seen[etag] = query
		s.get("/actors"+query).with("If-None-Match", etag).expect(http.StatusNotModified)
	}
	head := s.ask(http.MethodHead, "/api/v1/actors?format=csv").expect(http.StatusOK)
	if head.Body.Len() > 0 || head.head("Content-Disposition") != `attachment; filename="actors.csv"` {
		t.Errorf("HEAD: %d bytes, %s", head.Body.Len(), head.head("Content-Disposition"))
	}
}

func TestNoCellOfAFileCanRun(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("sources", `{"id":"trap","title":"=HYPERLINK(\"http://example.org\")","kind":"law","note":"@SUM(A1)"}`)
	row := rowsOf(t, s.get("/sources?format=csv").expect(http.StatusOK).Body.Bytes())[0]
	if row["title"] != `'=HYPERLINK("http://example.org")` || row["note"] != "'@SUM(A1)" {
		t.Errorf("the cells are %q and %q", row["title"], row["note"])
	}
	book, err := excelize.OpenReader(s.get("/sources?format=xlsx").expect(http.StatusOK).Body)
	if err != nil {
		t.Fatal(err)
	}
	sheet := book.GetSheetName(0)
	cells, err := book.GetRows(sheet)
	if err != nil || len(cells) != 2 {
		t.Fatalf("%d rows, %v", len(cells), err)
	}
	for _, name := range []string{"A2", "B2", "C2", "D2", "E2"} {
		if formula, _ := book.GetCellFormula(sheet, name); formula != "" {
			t.Errorf("%s runs %s", name, formula)
		}
	}
}

func TestAnExportHoldsWhatTheCallerMaySeeAndNoMore(t *testing.T) {
	t.Parallel()
	s := country(t)
	s.ask(http.MethodDelete, "/api/v1/actors/old").as(adminKey).with("If-Match", "*").expect(http.StatusOK)
	for key, want := range map[string]string{"": "cgem dir min old", adminKey: "cgem dir fipe min old"} {
		r := s.get("/export?format=csv")
		if key != "" {
			r = r.as(key)
		}
		body := r.expect(http.StatusOK).wantHead("Content-Type", "application/zip").Body.Bytes()
		files, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatal(err)
		}
		file, err := files.Open("actors.csv")
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if _, err := text.ReadFrom(file); err != nil {
			t.Fatal(err)
		}
		if ids := column(rowsOf(t, text.Bytes()), "id"); ids != want {
			t.Errorf("the export has %q, want %q", ids, want)
		}
		lines := s.get("/export")
		if key != "" {
			lines = lines.as(key)
		}
		if n, hidden := strings.Count(lines.expect(http.StatusOK).Body.String(), "\n"), strings.Count(want, "fipe"); n != 7+hidden {
			t.Errorf("%d lines", n)
		}
	}
}

func TestATextThatNoCellHoldsIsToldAndNotCutOff(t *testing.T) {
	t.Parallel()
	s := start(t)
	names := make([]string, 150)
	for i := range names {
		names[i] = fmt.Sprintf(`{"type":"alias","value":"%s%d"}`, strings.Repeat("n", 400), i)
	}
	others := make([]string, 500) // enough that some would be sent before the long one is met
	for i := range others {
		record := actor(fmt.Sprintf("a%x", sha256.Sum256([]byte{byte(i), byte(i >> 8)})), fmt.Sprintf("%x", sha256.Sum256([]byte{byte(i >> 8), byte(i)})), "")
		others[i] = `{"op":"create","kind":"actors","record":` + record + `}`
	}
	s.send(http.MethodPost, "/batch?allow_duplicate=true", `{"items":[`+strings.Join(others, ",")+`]}`).expect(http.StatusOK)
	s.create("actors", actor("many", "Beaucoup de noms", `,"other_names":[`+strings.Join(names, ",")+`]`))
	got := s.get("/actors?format=xlsx").expect(http.StatusNotAcceptable)
	if got.head("Etag") != "" || !strings.HasPrefix(got.head("Content-Type"), "application/problem+json") {
		t.Errorf("the refusal has the headers %v", got.Header())
	}
	s.get("/export?format=xlsx").expect(http.StatusNotAcceptable)
	s.get("/actors?format=xlsx&fields=name").expect(http.StatusOK)
	s.get("/actors?format=csv").expect(http.StatusOK)
	s.get("/actors?format=ndjson&group=workers").expect(http.StatusOK).wantHead("Content-Type", "application/x-ndjson")
}

func TestAWorkbookOfAListSaysWhatItIsOfAndIsReadBack(t *testing.T) {
	t.Parallel()
	s := country(t)
	s.create("actors", actor("tanja", "Agence du Nord", `,"country":"MA","founded":"2001"`))
	body := s.get("/actors?group=government&as_of=2023&format=xlsx&fields=name,group,kind,country,founded,parent&lang=en").expect(http.StatusOK).Body.Bytes()
	book, err := excelize.OpenReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("about")
	if err != nil {
		t.Fatal(err)
	}
	facts := make(map[string]string)
	for _, row := range rows {
		facts[row[0]] = row[1]
	}
	want := "/api/v1/actors?group=government&fields=country%2Cfounded%2Cgroup%2Cid%2Ckind%2Cname%2Cparent%2Cversion&as_of=2023&lang=en"
	if facts["query"] != want || facts["as_of"] != "2023" || facts["seq"] == "" || facts["clearance"] != "public" || facts["lang"] != "en" {
		t.Errorf("the workbook says of itself %v", facts)
	}
	if found := s.get(strings.TrimPrefix(facts["query"], "/api/v1")).page(); found.Total != 3 {
		t.Errorf("its query finds %d", found.Total)
	}
	job := s.importFiles(t, "", map[string]string{"actors.xlsx": s.get("/actors?format=xlsx").expect(http.StatusOK).Body.String()})
	if job["state"] != "done" || job["unchanged"] != 5.0 {
		t.Errorf("read back, the workbook says %v", job)
	}
}
