package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestAFacetTellsWhatIsChosenAndWhatHasNoValue(t *testing.T) {
	t.Parallel()
	s := governance(t) // roles at any date: r1 lead pol, r2 social_partner pol, r3 implementer pol-str snmpi MA-05, r4 funder snmpi
	for _, tt := range []struct{ target, facet, want string }{
		{"/roles?as_of=any", "initiative", "snmpi 2 | none 2"},
		{"/roles?as_of=any", "counterpart", "| none 4"},
		{"/roles?as_of=any", "raci", "A 1 C 1 R 1 | none 1"},
		{"/roles?as_of=any&raci=none&raci=I", "raci", "A 1 C 1 R 1 I 0 | none 1"},
		{"/roles?as_of=any&type=lead", "type", "funder 1 implementer 1 lead 1 social_partner 1"},
		{"/roles?as_of=any&type=none", "type", "funder 1 implementer 1 lead 1 social_partner 1 | none 0"},
		{"/roles?as_of=any&group=employers&under=dir", "under", ""},
		{"/roles?as_of=any&under=dir", "under", "min 2 dir 1"},
		{"/roles?as_of=any&function=POL-STR&actor=cgem", "function", "pol 1 pol-str 0 | none 1"},
		{"/roles?as_of=any&territory=MA-06", "territory", "MA 1 MA-05 1 MA-06 0 | none 3"},
		{"/actors?parent=cgem", "parent", "min 1 cgem 0 | none 3"},
		{"/actors?as_of=any", "type", "funder 1 implementer 1 lead 1 social_partner 1 | none 1"},
		{"/actors?as_of=any&type=funder", "initiative", "snmpi 1"},
		{"/actors?as_of=any&type=lead", "initiative", "| none 1"},
		{"/actors?as_of=any&type=lead&type=none", "initiative", "| none 2"},
		{"/actors?tag=nowhere", "tag", "nowhere 0 | none 4"},
		{"/actors?status=archived", "status", "published 4 archived 0"},
		{"/actors?completeness=..99", "completeness", ""},
	} {
		l := s.get(tt.target + "&limit=1&facets=" + tt.facet).page()
		got := l.counts(tt.facet)
		switch {
		case tt.facet == "completeness": // whatever they have, the interval stands there whole
			if !strings.Contains(got, "0..99 4") {
				t.Errorf("%s: %q", tt.target, got)
			}
		case strings.Contains(tt.target, "group=employers&under"):
			if got != "dir 0" {
				t.Errorf("%s: %q", tt.target, got)
			}
		case got != tt.want:
			t.Errorf("%s&facets=%s: %q, want %q", tt.target, tt.facet, got, tt.want)
		}
	}
	for lang, want := range map[string]string{"fr": "Aucun", "en": "None", "ar": "بدون"} {
		if got := s.get("/roles?as_of=any&facets=initiative&lang=" + lang).page().Rest["initiative"].None.Label; got != want {
			t.Errorf("absence is called %q in %s", got, lang)
		}
	}
	for _, name := range []string{"counterpart", "initiative", "raci"} { // what the facet counts is what the filter finds
		l := s.get("/roles?as_of=any&facets=" + name).page()
		if found := s.get("/roles?as_of=any&" + name + "=none").page().Total; found != l.Rest[name].None.Count {
			t.Errorf("%s: %d have none, the facet says %d", name, found, l.Rest[name].None.Count)
		}
	}
	if body := s.get("/roles?as_of=any&facets=type").expect(http.StatusOK).Body.String(); strings.Contains(body, "facets_rest") {
		t.Errorf("nothing is left, and yet something is told: %s", body)
	}
}

func TestAFacetOfManyValuesSaysHowManyItLeavesOff(t *testing.T) {
	t.Parallel()
	s := governance(t)
	for _, tt := range []struct{ target, facet, want string }{
		{"/roles?as_of=any", "type", "funder 1 +3"},
		{"/roles?as_of=any&type=lead", "type", "funder 1 lead 1 +2"},
		{"/roles?as_of=any&type=informed", "type", "funder 1 informed 0 +3"},
		{"/roles?as_of=any", "function", "pol 3 | none 1 +1"},
		{"/roles?as_of=any&function=POL-STR", "function", "pol 3 pol-str 1 | none 1"},
		{"/actors?as_of=any", "group", "employers 2 +1"},
	} {
		if got := s.get(tt.target + "&facet_limit=1&facets=" + tt.facet).page().counts(tt.facet); got != tt.want {
			t.Errorf("%s&facets=%s: %q, want %q", tt.target, tt.facet, got, tt.want)
		}
	}
	first := s.get("/roles?as_of=any&facet_limit=2&facets=type&limit=1").expect(http.StatusOK)
	link := first.Header().Get("Link")
	if !strings.Contains(link, "facet_limit=2") {
		t.Errorf("the next page is %s", link)
	}
	if other := s.get("/roles?as_of=any&facet_limit=3&facets=type&limit=1"); other.expect(http.StatusOK).Header().Get("Etag") == first.Header().Get("Etag") {
		t.Error("two answers with one tag")
	}
	s.get("/roles?facet_limit=0").refused(http.StatusBadRequest, "bad_parameter", "facet_limit bad_integer")
	s.get("/roles?facet_limit=1001").refused(http.StatusBadRequest, "bad_parameter", "facet_limit bad_integer")
	s.get("/roles?facet_limit=5&format=csv").refused(http.StatusBadRequest, "bad_parameter", "facet_limit not_in_file")
}

func TestTheBarsOfAHistogramAreFilters(t *testing.T) {
	t.Parallel()
	s := governance(t)
	for target, want := range map[string]string{
		"/actors?founded=1956": "min", "/actors?founded=194X": "cgem", "/actors?founded=193X&founded=1956": "min old",
		"/actors?founded=none": "dir", "/actors?founded=!194X": "dir min old", "/actors?founded=!none&dissolved=none": "cgem min",
		"/actors?dissolved=1999": "old", "/roles?start=2022": "r1", "/roles?end=202X": "r2", "/roles?start=none&actor=dir": "r3",
		"/actors?attested=none&limit=2": "cgem dir", "/actors?created=1999-01": "",
	} {
		if got := strings.Join(s.get(target).page().ids(), " "); got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
	for _, facet := range []string{"founded", "created", "updated"} { // every bar finds what it counts
		l := s.get("/actors?facets=" + facet).page()
		if len(l.Facets[facet]) == 0 {
			t.Errorf("%s counts nothing", facet)
		}
		for _, bar := range l.Facets[facet] {
			if found := s.get("/actors?" + facet + "=" + bar.Value).page().Total; found != bar.Count {
				t.Errorf("%s=%s finds %d, its facet says %d", facet, bar.Value, found, bar.Count)
			}
		}
	}
	if got := s.get("/actors?founded=195X&facets=founded").page().counts("founded"); got != "1930 1 1947 1 1956 1 195X 1 | none 1" {
		t.Errorf("the chosen decade is not there: %q", got)
	}
	for _, target := range []string{
		"/actors?founded=56", "/actors?founded=19XX", "/actors?founded=1956-01", "/actors?founded=0000", "/actors?created=2021-13", "/roles?start=2022-01-01",
	} {
		name, _, _ := strings.Cut(target[strings.IndexByte(target, '?')+1:], "=")
		s.get(target).refused(http.StatusBadRequest, "bad_parameter", name+" unknown_value")
	}
}
