package httpapi_test

import (
	"io"
	"strings"
	"testing"
)

// inBatch is what is said of a record in a batch that is refused by itself with a code: nothing at all is no JSON there.
func inBatch(code string) string {
	if code == "body_required" {
		return "bad_json"
	}
	return code
}

// placeInBatch is where the first record of a batch has what a record by itself has at a place; "" where that cannot be
// said.
func placeInBatch(code, place string) string {
	if place == "" || code == "too_deep" {
		return ""
	}
	return "/items/0/record" + place
}

func TestABodyIsReadStrictly(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("there", "Là", ""))
	deep := strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000)
	tests := []struct{ name, body, code, place string }{
		{"nothing", " ", "body_required", ""},
		{"cut off", `{"id":"x","na`, "bad_json", ""},
		{"no JSON", `id=x`, "bad_json", ""},
		{"trailing data", actor("x", "X", "") + "1", "bad_json", ""},
		{"two values", actor("x", "X", "") + actor("y", "Y", ""), "bad_json", ""},
		{"a member twice", `{"id":"x","id":"y"}`, "duplicate_member", "/id duplicate_member"},
		{"a nested member twice", `{"name":{"fr":"a","fr":"b"}}`, "duplicate_member", "/name/fr duplicate_member"},
		{"an unknown member", actor("x", "X", `,"colour":"red"`), "unknown_member", "/colour unknown_member"},
		{"a member in other letters", actor("x", "X", `,"Country":"MA"`), "unknown_member", "/Country unknown_member"},
		{"a wrong type", actor("x", "X", `,"country":1`), "wrong_type", "/country wrong_type"},
		{"a wrong type inside", actor("x", "X", `,"locations":[{"lat":"north"}]`), "wrong_type", "/locations/0/lat wrong_type"},
		{"a number out of range", actor("x", "X", `,"version":1e400`), "wrong_type", "/version wrong_type"},
		{"a negative version", actor("x", "X", `,"version":-1`), "wrong_type", "/version wrong_type"},
		{"no object", `[]`, "wrong_type", " wrong_type"},
		{"a text", `"x"`, "wrong_type", " wrong_type"},
		{"null", "null", "wrong_type", " wrong_type"},
		{"null for a text", actor("x", "X", `,"country":null`), "wrong_type", "/country wrong_type"},
		{"null for a list", actor("x", "X", `,"tags":null`), "wrong_type", "/tags wrong_type"},
		{"null in a list", actor("x", "X", `,"locations":[null]`), "wrong_type", "/locations/0 wrong_type"},
		{"no UTF-8", "{\"id\":\"\xff\"}", "bad_json", ""},
		{"a NUL", "{\"id\":\"a\x00b\"}", "bad_json", ""},
		{"too deep", deep, "too_deep", strings.Repeat("/a", 64) + " too_deep"},
		{"too deep and no JSON", `{"a":` + strings.Repeat("[", 100_000), "too_deep", ""},
		{"brackets inside a text", `{"id":"` + strings.Repeat("[", 200) + `"`, "bad_json", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := &server{TB: t, api: s.api}
			s.send("POST", "/actors", test.body).refused(400, test.code, test.place)
			s.send("PUT", "/actors/there", test.body).with("If-Match", "*").refused(400, test.code, test.place)
			s.send("POST", "/batch", `{"items":[{"op":"create","kind":"actors","record":`+test.body+`}]}`).refused(400, inBatch(test.code), placeInBatch(test.code, test.place))
		})
	}
}

func TestNullIsNoBody(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("sources", `{"id":"law","title":"Law","kind":"law"}`)
	for _, address := range []string{"/actors", "/sources", "/roles", "/batch", "/keys", "/webhooks", "/citations"} {
		s.send("POST", address, " null\n").refused(400, "wrong_type", " wrong_type")
	}
	s.send("PUT", "/sources/law", "null").with("If-Match", "*").refused(400, "wrong_type", " wrong_type")
	s.send("PATCH", "/sources/law", "null").with("If-Match", "*").refused(400, "wrong_type", "")
	for body, place := range map[string]string{
		`{"items":null}`:                           "/items wrong_type",
		`{"items":[null]}`:                         "/items/0 wrong_type",
		`{"items":[{"op":null,"kind":"sources"}]}`: "/items/0/op wrong_type",
		`{"items":[{"op":"create","kind":"sources","record":null}]}`:                                     "/items/0/record wrong_type",
		`{"items":[{"op":"replace","kind":"sources","id":"law","if_match":"*","record":null}]}`:          "/items/0/record wrong_type",
		`{"items":[{"op":"patch","kind":"sources","id":"law","if_match":"*","record":{"tags":[null]}}]}`: "/items/0/record/tags/0 wrong_type",
	} {
		s.send("POST", "/batch", body).refused(400, "wrong_type", place)
	}
	patch := `{"items":[{"op":"patch","kind":"sources","id":"law","if_match":"*","record":{"note":null}}]}`
	s.send("POST", "/batch", patch).expect(200) // in a merge patch it takes a member out
}

func TestFaultsOfARecordAreTold(t *testing.T) {
	t.Parallel()
	s := start(t)
	tests := []struct{ body, place string }{
		{actor("x", "X", `,"country":"XX"`), "/country unknown_code"},
		{actor("x", "X", `,"founded":"2022-02-30"`), "/founded bad_date"},
		{actor("../x", "X", ""), "/id bad_id"},
		{actor("none", "X", ""), "/id reserved_id"},
		{actor("x", `a\u0000b`, ""), "/name/fr bad_character"},
		{actor("x", "X", `,"parent":"nobody"`), "/parent dangling_reference"},
		{actor("x", "X", `,"version":7`), "/version read_only"},
		{actor("x", "X", `,"created":{"at":"yesterday","seq":1}`), "/created/at bad_instant"},
	}
	for _, test := range tests {
		r := s.send("POST", "/actors", test.body)
		got := r.do()
		p := new(problem)
		got.decode(p)
		if got.Code != 422 || p.place() != test.place {
			t.Errorf("%s: %d at %q, want 422 at %q: %s", test.body, got.Code, p.place(), test.place, got.Body)
		}
	}
}

func TestABodyHasTheTypeOfItsAddress(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	post := func(header ...string) *request {
		r := s.send("POST", "/actors", actor("x", "X", "")+" ")
		for i := 0; i < len(header); i += 2 {
			r.header.Set(header[i], header[i+1])
		}
		return r
	}
	for _, media := range []string{
		"", "text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json", "application/json; charset=latin1",
		"application/json-patch+json", "nonsense;;",
	} {
		post("Content-Type", media).refused(415, "unsupported_media_type", "Content-Type unsupported_media_type")
	}
	post("Content-Encoding", "gzip").refused(415, "unsupported_content_encoding", "Content-Encoding unsupported_content_encoding")
	post("Content-Type", "application/json; charset=UTF-8", "Content-Encoding", "identity").expect(201)
	for _, media := range []string{"application/json", "application/merge-patch+json"} {
		r := s.send("PATCH", "/actors/oit", `{"website":"https://ilo.org"}`).with("If-Match", "*")
		r.header.Set("Content-Type", media)
		r.expect(200)
	}
	r := s.send("PATCH", "/actors/oit", `[]`).with("If-Match", "*")
	r.header.Set("Content-Type", "application/json-patch+json")
	r.refused(415, "unsupported_media_type", "")
}

func TestABodyHasItsLimit(t *testing.T) {
	t.Parallel()
	s := start(t)
	large := func(bytes int) string {
		return actor("x", "X", "") + strings.Repeat(" ", bytes-len(actor("x", "X", "")))
	}
	s.send("POST", "/actors", large(10<<20)).refused(413, "too_large", "")
	s.send("POST", "/actors", large(2<<20+1)).refused(413, "too_large", "")
	r := s.send("POST", "/actors", "x")
	r.body = io.MultiReader(strings.NewReader(large(2<<20+1)), strings.NewReader("")) // without a Content-Length
	r.refused(413, "too_large", "")
	s.send("POST", "/batch", large(32<<20+1)).refused(413, "too_large", "")
	s.send("POST", "/batch", large(10<<20)).refused(400, "unknown_member", "")
	s.send("POST", "/actors?dry_run=true", large(2<<20)).expect(200)
}

func TestABodyWhereNoneBelongsIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	for _, r := range []*request{
		s.send("GET", "/actors", `{"group":["government"]}`),
		s.send("HEAD", "/actors", `{}`),
		s.send("GET", "/actors/oit", `{}`),
		s.send("DELETE", "/actors/oit", `{"reason":"closed"}`).with("If-Match", "*"),
		s.send("POST", "/actors/oit/restore", `{}`),
		s.send("DELETE", "/keys/bootstrap", `{}`),
	} {
		if got := r.do(); got.Code != 400 {
			t.Errorf("%s: %d %s", got.asked, got.Code, got.Body)
		}
	}
	r := s.send("GET", "/actors", "x")
	r.body = io.MultiReader(strings.NewReader(`{"group":"government"}`)) // without a Content-Length
	r.refused(400, "not_allowed_here", " not_allowed_here")
	r.body = io.MultiReader()
	r.expect(200)
}
