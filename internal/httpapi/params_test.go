package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestWhatCannotBeReadIsRefusedInTheLanguageAskedFor(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, target := range []string{"/actors?lang=en&q=a%09b", "/actors?q=a%09b&lang=en", "/actors?%zz=1&lang=en", "/suggest?q=%ff&limit=3&lang=en"} {
		if p := s.get(target).undescribed().refused(400, "bad_parameter", ""); len(p.Errors) != 1 || p.Title != "Bad request" {
			t.Errorf("%s: %+v", target, p)
		}
	}
}

func TestAQueryIsReadStrictly(t *testing.T) {
	t.Parallel()
	s := start(t)
	tests := []struct{ name, target, place string }{
		{"unknown", "/actors?colour=red", "colour unknown_parameter"},
		{"of another list", "/sources?group=government", "group unknown_parameter"},
		{"in other letters", "/actors?Group=government", "Group unknown_parameter"},
		{"without a name", "/actors?=x", "= unknown_parameter"},
		{"repeated", "/actors?limit=1&limit=2", "limit repeated_parameter"},
		{"repeated with one value", "/actors?as_of=any&as_of=any", "as_of repeated_parameter"},
		{"empty", "/actors?group=", "group empty_text"},
		{"without a value", "/actors?group", "group empty_text"},
		{"only an exclamation mark", "/actors?group=!", "group empty_text"},
		{"broken escape", "/actors?tag=%zz", "tag bad_character"},
		{"broken escape in a name", "/actors?%zz=1", "%zz bad_character"},
		{"cut escape", "/actors?tag=%4", "tag bad_character"},
		{"NUL", "/actors?tag=a%00b", "tag bad_character"},
		{"line break", "/actors?tag=a%0ab", "tag bad_character"},
		{"no UTF-8", "/actors?tag=%ff", "tag bad_character"},
		{"too long", "/actors?tag=" + strings.Repeat("é", 501), "tag value_too_long"},
		{"limit of zero", "/actors?limit=0", "limit bad_integer"},
		{"limit over its bound", "/actors?limit=1001", "limit bad_integer"},
		{"limit that is no number", "/actors?limit=ten", "limit bad_integer"},
		{"limit over all bounds", "/actors?limit=99999999999999999999", "limit bad_integer"},
		{"day that does not exist", "/actors?as_of=2026-02-30", "as_of bad_date"},
		{"no day", "/actors?as_of=yesterday", "as_of bad_date"},
		{"dates", "/actors?dates=loose", "dates unknown_value"},
		{"unknown code", "/actors?group=church", "group unknown_value"},
		{"unknown record", "/roles?actor=nobody", "actor unknown_value"},
		{"unknown facet", "/actors?facets=group,colour", "facets unknown_facet"},
		{"unknown order", "/actors?sort=colour", "sort unknown_sort"},
		{"relevance of nothing", "/actors?sort=relevance", "sort unknown_sort"},
		{"nothing looked for", "/actors?q=", "q empty_text"},
		{"only punctuation", "/actors?q=%3F*.%5B%5D-%E2%80%8F%F0%9F%98%80", "q no_words"},
		{"two things looked for", "/actors?q=a&q=b", "q repeated_parameter"},
		{"very much looked for", "/roles?q=" + strings.Repeat("a", 501), "q value_too_long"},
		{"suggestions for nothing", "/suggest", "q required"},
		{"suggestions for punctuation", "/suggest?q=--", "q no_words"},
		{"suggestions of another kind", "/suggest?q=a&kind=roles", "kind unknown_value"},
		{"too many suggestions", "/suggest?q=a&limit=51", "limit bad_integer"},
		{"unknown member", "/actors?fields=id,colour", "fields unknown_field"},
		{"unknown member of one record", "/actors/oit?fields=colour", "fields unknown_field"},
	}
	s.create("actors", actor("oit", "OIT", ""))
	for _, test := range tests {
		s.get(test.target).refused(400, "bad_parameter", test.place)
	}
	s.send("POST", "/batch?atomic=yes", `{"items":[]}`).refused(400, "bad_parameter", "atomic bad_boolean")
	s.send("POST", "/actors?dry_run=1", actor("x", "X", "")).refused(400, "bad_parameter", "dry_run bad_boolean")
	s.send("POST", "/actors?reason="+strings.Repeat("x", 501), actor("x", "X", "")).refused(400, "bad_parameter", "reason reason_too_long")
}

func TestEveryFaultOfAQueryIsTold(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.get("/actors?colour=red&limit=1&limit=2&tag=").refused(400, "bad_parameter", "")
	var places []string
	for _, e := range p.Errors {
		places = append(places, e.Parameter)
	}
	if got := strings.Join(places, " "); got != "colour limit tag" {
		t.Errorf("faults at %q", got)
	}
}

func TestTooManyFiltersAreRefusedUnread(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.get("/actors?"+strings.Repeat("tag=a&", 201)).refused(400, "bad_parameter", "tag too_many_values")
	s.get("/actors?" + strings.Repeat("tag=a&", 200)).expect(200)
	s.get("/actors?"+strings.Repeat("tag=a&", 100_000)).refused(414, "uri_too_long", "")
	s.get("/actors/"+strings.Repeat("a", 20_000)).refused(414, "uri_too_long", "")
}

func TestIdsInTheAddressAreOnlyLookedUp(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, id := range []string{
		"..", "..%2f..%2fetc%2fpasswd", "%2e%2e", "a%00b", "%00", "%ff", "OIT", "none", "any", "a%20b", "'", "*",
		strings.Repeat("a", 81), "%F0%9F%98%80",
	} {
		for _, rest := range []string{"", "/history", "/history/1"} {
			if got := s.get("/actors/" + id + rest).do(); got.Code != 404 {
				t.Errorf("GET /actors/%s%s: %d %s", id, rest, got.Code, got.Body)
			}
		}
		for _, method := range []string{"PUT", "PATCH"} {
			r := s.send(method, "/actors/"+id, actor("", "X", "")).with("If-Match", "*")
			if got := r.do(); got.Code != 404 && got.Code != 422 && got.Code != 400 {
				t.Errorf("%s /actors/%s: %d %s", method, id, got.Code, got.Body)
			}
		}
		if got := s.send("DELETE", "/actors/"+id, "").with("If-Match", "*").do(); got.Code != 404 {
			t.Errorf("DELETE /actors/%s: %d %s", id, got.Code, got.Body)
		}
		if got := s.send("POST", "/actors/"+id+"/restore", "").do(); got.Code != 404 {
			t.Errorf("restoring /actors/%s: %d %s", id, got.Code, got.Body)
		}
	}
	for _, number := range []string{"0", "-1", "x", "99", "99999999999999999999999"} {
		s.create("sources", `{"id":"s`+strings.Trim(number, "-")+`","title":"T","kind":"report"}`)
		s.get("/sources/s"+strings.Trim(number, "-")+"/history/"+number).refused(404, "not_found", "")
	}
}

func TestHeadersAreReadStrictly(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	tests := []struct{ header, value string }{
		{"If-Match", "3"},
		{"If-Match", `"3`},
		{"If-Match", `"3" "4"`},
		{"If-Match", ","},
		{"Dalil-Min-Seq", "x"},
		{"Dalil-Min-Seq", "-1"},
	}
	for _, test := range tests {
		s.send("DELETE", "/actors/oit", "").with(test.header, test.value).refused(400, "bad_header", test.header+" bad_header")
	}
	for _, test := range []struct{ header, value, example string }{
		{"Dalil-Min-Seq", "x", "such as 512."},
		{"Last-Event-ID", "x", "such as 512, 512:actors:anapec."},
	} {
		r := s.get("/changes").with("Accept", "text/event-stream").with("Accept-Language", "en").with(test.header, test.value)
		if p := r.refused(400, "bad_header", ""); !strings.HasSuffix(p.Errors[0].Detail, test.example) {
			t.Errorf("%s %s: %q does not say %q", test.header, test.value, p.Errors[0].Detail, test.example)
		}
	}
	for _, key := range []string{"", `""`, "a b", "é", strings.Repeat("a", 256), "a\tb"} {
		s.send("POST", "/actors", actor("x", "X", "")).with("Idempotency-Key", key).refused(400, "bad_header", "Idempotency-Key bad_header")
	}
	s.get("/actors/oit").with("Accept", "text/csv").refused(406, "not_acceptable", "")
	for _, accept := range []string{"*/*", "application/*", "application/json", "text/html, */*;q=0.1", "application/json; charset=utf-8"} {
		s.get("/actors/oit").with("Accept", accept).expect(http.StatusOK)
	}
}
