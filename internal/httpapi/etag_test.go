package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
)

// long is a text that makes an answer worth packing.
var long = `,"summary":{"fr":"` + strings.Repeat("Gouvernance des migrations de travail. ", 60) + `"}`

func TestEachRepresentationOfARecordHasItsTag(t *testing.T) {
	t.Parallel()
	s := start(t)
	created := s.create("actors", actor("oit", "OIT", long))
	created.wantHead("Etag", `"1"`).wantHead("Location", "/api/v1/actors/oit")
	signedIn := s.get("/actors/oit").as(adminKey).expect(200).wantHead("Etag", `"1"`)
	if signedIn.Body.String() != created.Body.String() {
		t.Error("the record reads otherwise than it was answered when it was created")
	}
	seen := map[string]string{`"1"`: "signed in"}
	for name, r := range map[string]*request{
		"anonymous":          s.get("/actors/oit"),
		"gzip":               s.get("/actors/oit").as(adminKey).with("Accept-Encoding", "gzip"),
		"zstd":               s.get("/actors/oit").as(adminKey).with("Accept-Encoding", "zstd"),
		"anonymous and gzip": s.get("/actors/oit").with("Accept-Encoding", "gzip"),
		"fields":             s.get("/actors/oit?fields=name").as(adminKey),
		"other fields":       s.get("/actors/oit?fields=summary").as(adminKey),
		"fields anonymously": s.get("/actors/oit?fields=name"),
		"the past":           s.get("/actors/oit/history/1").as(adminKey),
	} {
		got := r.expect(200)
		tag := got.head("Etag")
		if other, taken := seen[tag]; taken {
			t.Errorf("%s has the tag %s of %s", name, tag, other)
		}
		if !strings.HasPrefix(tag, `"1;`) {
			t.Errorf("%s has the tag %s", name, tag)
		}
		seen[tag] = name
		r.with("If-None-Match", tag).expect(304)
	}
	s.get("/actors/oit").wantTag(t, `"1;open"`)
	s.get("/actors/oit?fields=name,id").as(adminKey).wantTag(t, s.get("/actors/oit?fields=id&fields=name").as(adminKey).expect(200).head("Etag"))
}

// wantTag sends the request and wants an entity tag.
func (r *request) wantTag(t *testing.T, tag string) {
	t.Helper()
	r.expect(200).wantHead("Etag", tag)
}

func TestAnonymousCallersAreNotToldWhoWrote(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	if body := s.get("/actors/oit").as(adminKey).expect(200).Body.String(); !strings.Contains(body, `"by":"bootstrap"`) {
		t.Errorf("a signed-in caller is not told who wrote: %s", body)
	}
	for _, target := range []string{
		"/actors/oit", "/actors", "/actors?fields=created,updated", "/actors/oit/history", "/actors/oit/history/1",
	} {
		if body := s.get(target).expect(200).Body.String(); strings.Contains(body, "bootstrap") || strings.Contains(body, `"by"`) {
			t.Errorf("%s tells who wrote: %s", target, body)
		}
	}
}

func TestANotModifiedAnswerHasItsHeaders(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	for _, target := range []string{"/actors/oit", "/actors?facets=group", "/actors/oit/history", "/vocabularies", "/vocabularies/groups"} {
		full := s.get(target).expect(200)
		for _, condition := range []string{
			full.head("Etag"), "W/" + full.head("Etag"), `"x", ` + full.head("Etag") + `,"y"`, "*",
		} {
			got := s.get(target).with("If-None-Match", condition).expect(304)
			for _, name := range []string{"Etag", "Vary", "Cache-Control", "Dalil-Seq"} {
				got.wantHead(name, full.head(name))
			}
			if got.Body.Len() > 0 || got.head("Content-Type") != "" {
				t.Errorf("%s: 304 with a body", target)
			}
		}
		for _, condition := range []string{`"1"`, `"x"`, "nonsense", strings.Replace(full.head("Etag"), `"`, `"0`, 1)} {
			s.get(target).with("If-None-Match", condition).expect(200)
		}
	}
}

func TestTheHeadersOfCachesSayWhatAnAnswerDependsOn(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	const vary = "Accept, Accept-Encoding, Accept-Language, Authorization"
	for _, target := range []string{"/actors/oit", "/actors", "/vocabularies", "/actors/nobody"} {
		s.get(target).do().wantHead("Vary", vary).wantHead("Cache-Control", "no-cache")
		s.get(target).as(adminKey).do().wantHead("Vary", vary).wantHead("Cache-Control", "private, no-cache")
	}
	s.get("/keys").as(adminKey).expect(200).wantHead("Cache-Control", "no-store")
}

func TestAWriteNeedsTheVersionThatItChanges(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", long))
	s.send("PATCH", "/actors/oit", `{"country":"CH"}`).with("If-Match", `"1"`).expect(200).wantHead("Etag", `"2"`)
	for _, method := range []string{"PUT", "PATCH", "DELETE"} {
		body := map[string]string{"PUT": actor("oit", "OIT", ""), "PATCH": `{}`}[method]
		s.send(method, "/actors/oit", body).refused(428, "condition_required", "")
		for _, stale := range []string{`"1"`, `"1;gzip"`, `"x"`, `"22"`, `"s2;abc"`, `"2x"`, `"1", "3"`} {
			s.send(method, "/actors/oit?dry_run=true", body).with("If-Match", stale).refused(412, "stale", "")
		}
		for _, fits := range []string{`"2"`, `W/"2"`, `"2;open+gzip"`, `"1", "2"`, `"x","2;y"`, "*", ` "2" `} {
			s.send(method, "/actors/oit?dry_run=true", body).with("If-Match", fits).expect(200)
		}
		s.send(method, "/actors/oit?dry_run=true", body).with("If-Match", `"7"`).with("If-Match", `"2"`).expect(200)
		s.send(method, "/actors/nobody", body).with("If-Match", "*").refused(404, "not_found", "")
	}
	s.get("/actors/oit").with("If-Match", `"1"`).refused(412, "stale", "")
	s.get("/actors/oit").with("If-Match", `"2;open"`).expect(http.StatusOK)
}
