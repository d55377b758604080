package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// The fuzzer of CI asks everything of GET and little of HEAD, because this holds.
func TestAHeadIsAnsweredAsTheGetOfTheSameAddress(t *testing.T) {
	t.Parallel()
	s, asked := country(t), 0
	for path, item := range theContract().model.Paths.PathItems.FromOldest() {
		if item.Head == nil {
			continue
		}
		target := strings.NewReplacer("{id}", "cgem", "{name}", "countries", "{seq}", "1", "{code}", "not_found").Replace(path)
		for _, query := range []string{"", "?lang=ar", "?no_such=1", "?format=csv", "?rows=function&cols=group"} {
			get, head := s.ask(http.MethodGet, target+query).as(adminKey).do(), s.ask(http.MethodHead, target+query).as(adminKey).do()
			if get.Code != head.Code {
				t.Errorf("%s answers GET with %d and HEAD with %d", target+query, get.Code, head.Code)
			}
			for name, values := range get.Header() {
				if name != "X-Request-Id" && name != "Content-Length" && !slices.Equal(values, head.Header()[name]) {
					t.Errorf("%s: %s is %q for GET and %q for HEAD", target+query, name, values, head.Header()[name])
				}
			}
			asked++
		}
	}
	if asked < 200 {
		t.Errorf("only %d addresses were asked", asked)
	}
}
