package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestSwaggerUIIsServedAndDrawsTheDocument(t *testing.T) {
	t.Parallel()
	s := start(t)
	page := s.ask("GET", "/swagger/index.html").expect(200).wantHead("Content-Type", "text/html; charset=utf-8")
	if !strings.Contains(page.Body.String(), "swagger-ui-bundle.js") || page.head("Content-Security-Policy") == "" {
		t.Error("the page does not load Swagger UI, or anything may run on it")
	}
	script := s.ask("GET", "/swagger/swagger-initializer.js").expect(200)
	if !strings.Contains(script.Body.String(), `url: "/openapi.json"`) {
		t.Errorf("the page does not draw our document: %s", script.Body)
	}
	bundle := s.ask("GET", "/swagger/swagger-ui-bundle.js").expect(200).Body.String()
	if !strings.Contains(bundle, "isOAS31") {
		t.Error("this Swagger UI does not know OpenAPI 3.1, as version 5 does")
	}
	for _, name := range []string{"index.html", "swagger-ui.css", "favicon-32x32.png"} {
		tag := s.ask("GET", "/swagger/"+name).expect(200).head("Etag")
		s.ask("GET", "/swagger/"+name).with("If-None-Match", tag).expect(304)
		s.ask("GET", "/swagger/"+name).with("Range", "bytes=999999999-").expect(200)
	}
	s.ask("GET", "/openapi.json").expect(200).wantHead("Content-Type", "application/json")
	s.ask("GET", "/openapi.yaml").expect(200).wantHead("Content-Type", "application/yaml")
}

func TestShorterAddressesLeadToThePage(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, address := range []string{"/swagger", "/swagger/", "/swagger?lang=en"} {
		s.ask("GET", address).expect(http.StatusFound).wantHead("Location", "/swagger/index.html")
		s.ask("HEAD", address).expect(http.StatusFound).wantHead("Location", "/swagger/index.html")
	}
}

func TestNothingButTheFilesOfThePageIsServed(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, name := range []string{
		"doc.json", "oauth2-redirect.html", "swagger-ui.css.map", "x/../index.html", "../openapi.json", "x/index.html",
		"%2e%2e/index.html", "..%2findex.html", "index.html/", "/index.html", "index.html%00", "swagger-ui.js",
	} {
		s.ask("GET", "/swagger/"+name).refused(http.StatusNotFound, "no_such_address", "")
		s.ask("GET", "/swagger/index.html").expect(200)
	}
	s.ask("PROPFIND", "/swagger/index.html").refused(http.StatusMethodNotAllowed, "method_not_allowed", "")
	s.ask("DELETE", "/swagger/index.html").refused(http.StatusMethodNotAllowed, "method_not_allowed", "")
}
