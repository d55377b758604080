package httpapi_test

import (
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"dalil/internal/httpapi"
)

func TestTheCodingIsTheOneThatTheClientLikesBest(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"": "", "gzip": "gzip", "zstd": "zstd", "gzip, zstd": "zstd", "gzip, deflate, br, zstd": "zstd", "br": "", "deflate": "",
		"gzip;q=1, zstd;q=0.5": "gzip", "zstd;q=0, gzip": "gzip", "gzip;q=0": "", "*": "zstd", "*;q=0": "", "*;q=0.1, gzip": "gzip",
		"identity": "", "identity;q=1, gzip;q=0.5": "", "identity;q=0, gzip;q=0.5": "gzip", "GZIP": "gzip", "gzip;q=x": "",
		"gzip;q=2": "", "gzip ; q=0.5": "gzip", ",,gzip,,": "gzip", "x-gzip": "",
	} {
		if got := httpapi.Coding(header); got != want {
			t.Errorf("Accept-Encoding %q: %q, want %q", header, got, want)
		}
	}
}

func TestAcceptIsWeighed(t *testing.T) {
	t.Parallel()
	const media = "application/json"
	for header, want := range map[string]bool{
		"": true, "*/*": true, "application/*": true, media: true, "text/html": false, "text/html, */*;q=0.1": true,
		"application/json;q=0": false, "application/json;q=0, */*": false, "*/*;q=0": false, "application/*;q=0, */*;q=1": false,
		"APPLICATION/JSON": true, "application/json;charset=utf-8": true, "application/jsonx": false, "*": false, "nonsense": false,
		"application/json;q=0, application/json": true,
	} {
		if got := httpapi.Accepts(header, media); got != want {
			t.Errorf("Accept %q: %v, want %v", header, got, want)
		}
	}
}

func TestAnAnswerIsPackedAndUnpacksToTheSame(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", long))
	unpack := map[string]func(io.Reader) (io.Reader, error){
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
	}
	for _, target := range []string{"/actors/oit", "/actors", "/vocabularies/countries"} {
		plain := s.get(target).expect(200)
		if plain.head("Content-Encoding") != "" || plain.head("Content-Length") == "" {
			t.Errorf("%s: headers of the plain answer: %v", target, plain.Header())
		}
		for coding, open := range unpack {
			got := s.get(target).with("Accept-Encoding", coding).expect(200).wantHead("Content-Encoding", coding).wantHead("Content-Length", "")
			if got.Body.Len() >= plain.Body.Len() {
				t.Errorf("%s: packed with %s, %d bytes are %d", target, coding, plain.Body.Len(), got.Body.Len())
			}
			r, err := open(got.Body)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil || string(text) != plain.Body.String() {
				t.Errorf("%s: %s unpacks to something else: %v", target, coding, err)
			}
			s.ask("HEAD", "/api/v1"+target).with("Accept-Encoding", coding).expect(200).wantHead("Content-Encoding", coding).wantHead("Etag", got.head("Etag"))
		}
	}
	s.create("actors", actor("oim", "OIM", ""))
	s.get("/actors/oim").with("Accept-Encoding", "gzip").expect(200).wantHead("Content-Encoding", "").wantHead("Etag", `"1;open"`)
	s.get("/actors/nobody").with("Accept-Encoding", "gzip").expect(404).wantHead("Content-Encoding", "")
}

func TestALongListIsSentInPiecesAndWhole(t *testing.T) {
	t.Parallel()
	s := start(t)
	var items []string
	for range 40 {
		items = append(items, `{"op":"create","kind":"sources","record":{"title":"T","kind":"report","note":"`+strings.Repeat("long ", 3000)+`"}}`)
	}
	s.send("POST", "/batch", `{"items":[`+strings.Join(items, ",")+`]}`).expect(200)
	plain := s.get("/sources?limit=1000").expect(200).wantHead("Content-Length", "")
	l := new(list)
	plain.decode(l)
	if len(l.Items) != 40 || l.Total != 40 || plain.Body.Len() < 40*15_000 {
		t.Errorf("%d of %d items in %d bytes", len(l.Items), l.Total, plain.Body.Len())
	}
	packed := s.get("/sources?limit=1000").with("Accept-Encoding", "gzip").expect(200)
	r, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(r); err != nil || string(text) != plain.Body.String() {
		t.Errorf("the packed list is another: %v", err)
	}
}

func TestScriptsOfOtherSitesMayReadAndNotWrite(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, r := range []*request{s.get("/actors"), s.get("/actors/nobody"), s.ask("HEAD", "/api/v1/actors"), s.get("/actors").as("nonsense")} {
		got := r.with("Origin", "https://example.org").do().wantHead("Access-Control-Allow-Origin", "*").wantHead("Access-Control-Allow-Credentials", "")
		for _, name := range []string{"ETag", "Link", "Location", "Retry-After", "Dalil-Seq", "RateLimit", "RateLimit-Policy"} {
			if !strings.Contains(got.head("Access-Control-Expose-Headers"), name) {
				t.Errorf("%s is not shown to scripts", name)
			}
		}
	}
	s.send("POST", "/actors", actor("x", "X", "")).with("Origin", "https://example.org").expect(201).wantHead("Access-Control-Allow-Origin", "")
	preflight := func(method string) *request {
		return s.ask("OPTIONS", "/api/v1/actors").with("Origin", "https://example.org").with("Access-Control-Request-Method", method)
	}
	got := preflight("GET").expect(204).wantHead("Access-Control-Allow-Origin", "*").wantHead("Access-Control-Allow-Methods", "GET, HEAD")
	if !strings.Contains(got.head("Access-Control-Allow-Headers"), "Authorization") {
		t.Errorf("a script may not show a key: %s", got.head("Access-Control-Allow-Headers"))
	}
	preflight("POST").expect(204).wantHead("Access-Control-Allow-Methods", "GET, HEAD")
	s.ask("OPTIONS", "/api/v1/actors").expect(204).wantHead("Access-Control-Allow-Methods", "")
}
