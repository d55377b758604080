package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// workbook reads the workbook that an address answers.
func (s *server) workbook(target string) *excelize.File {
	s.Helper()
	book, err := excelize.OpenReader(s.get(target).as(adminKey).expect(http.StatusOK).wantHead("Content-Type", xlsxType).Body)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = book.Close() })
	return book
}

// filtered is the range of a sheet whose rows can be filtered and sorted.
func filtered(book *excelize.File, sheet string) string {
	for _, name := range book.GetDefinedName() {
		if name.Scope == sheet {
			_, cells, _ := strings.Cut(name.RefersTo, "!")
			return strings.ReplaceAll(cells, "$", "")
		}
	}
	return ""
}

func TestTotalsAreNeitherSortedNorHiddenWithTheRows(t *testing.T) {
	t.Parallel()
	s := governance(t)
	for target, want := range map[string]string{
		"/matrix?rows=raci&cols=group":                           "A1:N6",  // five rows, and below them the totals
		"/matrix?rows=group&cols=raci&measure=amounts":           "A1:I13", // employers have two currencies, and so have the totals
		"/quality?by=group":                                      "A1:X11",
		"/raci?by=function":                                      "A1:L2", // has no totals
		"/matrix?rows=actor&cols=raci&type=consulted&as_of=1900": "A1:H2",
	} {
		book := s.workbook(target + "&format=xlsx")
		if got := filtered(book, book.GetSheetName(0)); got != want {
			t.Errorf("%s: the filter is of %s, want %s", target, got, want)
		}
	}
}

func TestAWorkbookTellsItsPositionAsANumber(t *testing.T) {
	t.Parallel()
	s := governance(t)
	for target, want := range map[string]string{
		"/actors/min/profile?format=xlsx": "seq completeness unsourced_roles",
		"/roles?format=xlsx":              "seq",
	} {
		book := s.workbook(target)
		rows, err := book.GetCols("about")
		if err != nil {
			t.Fatal(err)
		}
		var numbers []string
		for i, name := range rows[0][1:] {
			at, err := excelize.CoordinatesToCellName(2, i+2)
			if err != nil {
				t.Fatal(err)
			}
			if kind, err := book.GetCellType("about", at); err == nil && kind == excelize.CellTypeUnset { // as numbers are
				numbers = append(numbers, name)
			}
		}
		if got := strings.Join(numbers, " "); got != want {
			t.Errorf("%s: numbers are %s, want %s", target, got, want)
		}
	}
}

func TestColumnsThatAreCalledTheSameSayTheirIDs(t *testing.T) {
	t.Parallel()
	s := governance(t)
	for _, id := range []string{"ev1", "ev2"} {
		s.create("initiatives", `{"id":"`+id+`","kind":"event","name":{"fr":"Atelier"}}`)
		s.create("roles", `{"id":"r-`+id+`","actor":"cgem","type":"participant","initiative":"`+id+`"}`)
	}
	s.create("initiatives", `{"id":"ev3","kind":"event","name":{"fr":"total"}}`)
	s.create("roles", `{"id":"r-ev3","actor":"cgem","type":"participant","initiative":"ev3"}`)
	head, _, _ := strings.Cut(s.get("/matrix?rows=group&cols=initiative&format=csv&lang=fr").expect(http.StatusOK).Body.String(), "\r\n")
	if want := "group,label,Atelier (ev1),Atelier (ev2),SNMPI,total (ev3),Aucun,total"; head != want {
		t.Errorf("the columns are %s, want %s", head, want)
	}
}

func TestAChangeThatIsTooLongForACellIsInTheWorkbook(t *testing.T) {
	t.Parallel()
	s := start(t)
	first := seqOf(s.create("actors", actor("oit", "OIT", "")))
	text := strings.Repeat("é", 9_000)
	texts := `{"fr":"` + text + `","en":"` + text + `","ar":"` + text + `"}`
	last := seqOf(s.create("actors", actor("oim", "OIM", `,"mandate":`+texts+`,"summary":`+texts)))
	rows, err := s.workbook("/compare?known_at=" + first + "&known_at=" + last + "&format=xlsx").GetRows("compare")
	if err != nil {
		t.Fatal(err)
	}
	var patches []string
	at := len(rows[0]) - 1
	for _, row := range rows[1:] {
		if row[2] != "oim" {
			t.Errorf("a row is of %s", row[2])
		}
		patches = append(patches, row[at])
	}
	patch := strings.Join(patches, "")
	if rows[0][at] != "patch" || len(rows) < 3 || strings.Count(patch, text) != 6 {
		t.Errorf("%d rows tell a patch of %d bytes", len(rows)-1, len(patch))
	}
}

func TestAListThatNoWorkbookHoldsIsRefusedWithThePlace(t *testing.T) {
	t.Parallel()
	s := start(t)
	names := func(n int) string {
		return `"other_names":[` + strings.Repeat(`{"lang":"fr","type":"alias","value":"`+strings.Repeat("é", 200)+`"},`, n-1) +
			`{"lang":"fr","type":"alias","value":"OIT"}]`
	}
	s.create("actors", actor("oit", "OIT", ","+names(100)))
	s.get("/actors?format=xlsx").expect(http.StatusOK) // more bytes than a cell has letters
	s.send("PATCH", "/actors/oit", "{"+names(200)+"}").with("If-Match", "*").expect(http.StatusOK)
	body := s.get("/actors?format=xlsx&lang=en").expect(http.StatusNotAcceptable).Body.String()
	want := `"detail":"other_names of actors/oit has more than 32767 letters, which no cell of a workbook holds; CSV and JSON lines do."`
	if !strings.Contains(body, want) {
		t.Errorf("the refusal is %s", body)
	}
	s.get("/actors?format=csv").expect(http.StatusOK)
}
