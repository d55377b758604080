package httpapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTenKilobytesOfWordsAreRefusedWhereverTheyAreLookedFor(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, words := range []string{
		strings.Repeat("a", 10<<10), strings.Repeat("mot ", 10<<8), strings.Repeat("هجرة ", 1<<10), strings.Repeat("🙂", 10<<8), strings.Repeat("%", 10<<10), strings.Repeat("(a+)+", 2<<10),
	} {
		for _, address := range []string{"/actors?q=", "/roles?q=", "/sources?q=", "/suggest?q="} {
			if target := address + url.QueryEscape(words); len(target) < 16<<10 {
				s.get(target).refused(http.StatusBadRequest, "bad_parameter", "q value_too_long")
			} else {
				s.get(target).expect(http.StatusRequestURITooLong)
			}
		}
	}
}

func TestDatesThatAreSlipsOfTheHandAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	s := governance(t)
	for _, address := range []string{
		"/matrix?rows=function&cols=group&", "/actors/cgem/profile?", "/timeline?", "/gaps?", "/balance?", "/raci?", "/overlaps?", "/quality?",
		"/actors?", "/roles?", "/initiatives?", "/relations?", "/functions/POL?", "/export?", "/suggest?q=cgem&",
	} {
		for date, code := range map[string]string{
			"1799": "date_out_of_range", "1799-12-31": "date_out_of_range", "2201": "date_out_of_range", "9999-12": "date_out_of_range", "0000": "bad_date",
			"22": "bad_date", "2022-13": "bad_date", "2022-02-30": "bad_date", "-2022": "bad_date", "20220101": "bad_date", "٢٠٢٢": "bad_date",
		} {
			r := s.get(address + "as_of=" + url.QueryEscape(date))
			if date == "0000" { // a year like any other to some, and too early to all
				r.expect(http.StatusBadRequest)
				continue
			}
			r.refused(http.StatusBadRequest, "bad_parameter", "as_of "+code)
		}
		for _, date := range []string{"1800", "2200-12-31"} {
			s.get(address + "as_of=" + date).expect(http.StatusOK)
		}
	}
	s.get("/actors?type=lead&roles_as_of=1799").refused(http.StatusBadRequest, "bad_parameter", "roles_as_of date_out_of_range")
}

func TestAMatrixThatIsTooLargeIsRefusedWithAWayToNarrowIt(t *testing.T) {
	t.Parallel()
	s := start(t)
	const many = 501 // actors, each in an initiative of its own: more than 250,000 cells
	var records []string
	add := func(kind, record string) {
		records = append(records, `{"op":"create","kind":"`+kind+`","record":`+record+`}`)
	}
	for n := range many {
		add("actors", fmt.Sprintf(`{"id":"a%d","kind":"organisation","group":"other","name":{"fr":"Organisation numéro %d"}}`, n, n))
		add("initiatives", fmt.Sprintf(`{"id":"i%d","kind":"project","name":{"fr":"Projet %d"}}`, n, n))
	}
	for n := range many {
		add("roles", fmt.Sprintf(`{"id":"r%d","actor":"a%d","type":"lead","initiative":"i%d","territories":["MA-%02d"]}`, n, n, n, n%12+1))
	}
	for len(records) > 0 {
		some := min(len(records), 1000)
		s.send(http.MethodPost, "/batch?allow_duplicate=true", `{"items":[`+strings.Join(records[:some], ",")+`]}`).expect(http.StatusOK)
		records = records[some:]
	}
	refusal := s.get("/matrix?rows=actor&cols=initiative&lang=en").refused(http.StatusBadRequest, "bad_parameter", "rows matrix_too_large")
	detail := refusal.Errors[0].Detail
	for _, word := range []string{"502", "250000", "territory", "group, country or type"} {
		if !strings.Contains(detail, word) {
			t.Errorf("the refusal does not tell %q: %s", word, detail)
		}
	}
	s.get("/matrix?rows=actor&cols=initiative&territory=MA-05").expect(http.StatusOK)
	s.get("/matrix?rows=actor&cols=group").expect(http.StatusOK)
	s.get("/matrix?rows=actor&cols=actor").refused(http.StatusBadRequest, "bad_parameter", "cols same_dimension")
}
