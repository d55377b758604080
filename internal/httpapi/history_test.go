package httpapi_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/httpapi"
	"dalil/internal/service"
)

// history is what the tests look at in a page of a history.
type history struct {
	Items []struct {
		Version int    `json:"version"`
		Seq     int    `json:"seq"`
		At      string `json:"at"`
		By      string `json:"by"`
		Via     string `json:"via"`
		Op      string `json:"op"`
		Reason  string `json:"reason"`
		Changes []struct {
			Op    string `json:"op"`
			Path  string `json:"path"`
			Value any    `json:"value"`
		} `json:"changes"`
	} `json:"items"`
	Next string `json:"next_cursor"`
	Seq  int    `json:"seq"`
}

// changed makes an actor of four versions: created, patched, archived, restored.
func changed(t *testing.T) *server {
	t.Helper()
	s := start(t)
	s.create("actors", actor("oit", "OIT", `,"country":"CH"`))
	s.send("PATCH", "/actors/oit?reason=site", `{"website":"https://ilo.org"}`).with("If-Match", "*").expect(200)
	s.send("DELETE", "/actors/oit?reason=closed", "").with("If-Match", "*").expect(200)
	s.send("POST", "/actors/oit/restore?reason=error", "").expect(200)
	return s
}

func TestAHistoryTellsWhatWasChangedWhenByWhomAndWhy(t *testing.T) {
	t.Parallel()
	s := changed(t)
	var h history
	s.get("/actors/oit/history").as(adminKey).expect(200).decode(&h)
	var told []string
	for _, v := range h.Items {
		text := v.Op + " " + v.Reason + " " + v.By + " " + v.Via
		var textSb50 strings.Builder
		for _, c := range v.Changes {
			if v.Version > 1 {
				textSb50.WriteString(" " + c.Op + c.Path)
			}
		}
		text += textSb50.String()
		told = append(told, text)
	}
	want := []string{
		"restore error bootstrap api replace/status", "archive closed bootstrap api replace/status",
		"put site bootstrap api add/website", "put  bootstrap api",
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("history differs:\n%s", diff)
	}
	if h.Items[0].Version != 4 || h.Items[0].At != "2026-11-24T09:00:00.000Z" || h.Seq != 5 {
		t.Errorf("newest version: %+v at %d", h.Items[0], h.Seq)
	}
}

func TestAHistoryTellsNothingNewerThanItsPosition(t *testing.T) {
	t.Parallel()
	// The clock is asked for the time once the state to answer from was taken: a write gets in between.
	var between atomic.Pointer[func()]
	s := start(t, func(o *httpapi.Options, _ *service.Options) {
		now := o.Now
		o.Now = func() time.Time {
			if write := between.Swap(nil); write != nil {
				(*write)()
			}
			return now()
		}
	})
	s.create("actors", actor("oit", "OIT", ""))
	s.create("actors", actor("oim", "OIM", ""))
	s.send("DELETE", "/actors/oim?reason=closed", "").with("If-Match", "*").expect(200)
	patch := func() {
		s.send("PATCH", "/actors/oit", `{"website":"https://ilo.org"}`).with("If-Match", "*").expect(200)
	}
	between.Store(&patch)
	var h history
	s.get("/actors/oit/history").expect(200).wantHead("Dalil-Seq", "4").decode(&h)
	if len(h.Items) != 1 || h.Items[0].Version != 1 || h.Seq != 4 {
		t.Errorf("at position 4: %+v", h)
	}
	between.Store(&patch)
	s.get("/actors/oit/history/3").refused(404, "not_found", "")
	restore := func() { s.send("POST", "/actors/oim/restore?reason=back", "").expect(200) }
	between.Store(&restore)
	gone := s.get("/actors/oim").refused(410, "gone", "")
	if note, ok := gone.Members["archived"].(map[string]any); !ok || note["reason"] != "closed" {
		t.Errorf("a record that is restored meanwhile was archived for %v", gone.Members)
	}
}

func TestAHistoryIsReadPageByPage(t *testing.T) {
	t.Parallel()
	s := changed(t)
	s.create("actors", actor("oim", "OIM", ""))
	var versions []int
	target := "/actors/oit/history?limit=1"
	for range 10 {
		var h history
		got := s.get(target).expect(200)
		got.decode(&h)
		for _, v := range h.Items {
			versions = append(versions, v.Version)
		}
		if h.Next == "" {
			if got.head("Link") != "" {
				t.Errorf("the last page has a link to a next one: %s", got.head("Link"))
			}
			break
		}
		target = "/actors/oit/history?limit=1&cursor=" + h.Next
		s.get("/actors/oim/history?cursor="+h.Next).refused(400, "bad_parameter", "cursor cursor_mismatch")
		s.get("/actors?cursor="+h.Next).refused(400, "bad_parameter", "cursor cursor_mismatch")
	}
	if diff := cmp.Diff([]int{4, 3, 2, 1}, versions); diff != "" {
		t.Errorf("versions differ:\n%s", diff)
	}
}

func TestAPastVersionReadsAsItWas(t *testing.T) {
	t.Parallel()
	s := changed(t)
	first := s.get("/actors/oit/history/1").as(adminKey).expect(200).wantHead("Etag", `"1;past"`)
	if body := first.Body.String(); strings.Contains(body, "ilo.org") || !strings.Contains(body, `"version":1`) {
		t.Errorf("version 1: %s", body)
	}
	s.get("/actors/oit/history/5").refused(http.StatusNotFound, "not_found", "")
	s.get("/actors/nobody/history").refused(http.StatusNotFound, "not_found", "")
}

func TestThePastOfAHiddenRecordIsHidden(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "Nom secret", `,"visibility":"ministry"`))
	partner := s.key("p", "read", "partners")
	for _, target := range []string{"/actors/oit", "/actors/oit/history", "/actors/oit/history/1"} {
		s.get(target).refused(404, "not_found", "")
		s.get(target).as(partner).refused(404, "not_found", "")
	}
	s.send("PATCH", "/actors/oit", `{"visibility":"public","name":{"fr":"Nom connu"}}`).with("If-Match", "*").expect(200)
	var h history
	s.get("/actors/oit/history").expect(200).decode(&h)
	if len(h.Items) != 1 || h.Items[0].Version != 2 {
		t.Errorf("anybody sees %+v", h.Items)
	}
	for _, target := range []string{"/actors/oit/history", "/actors/oit/history/2"} {
		if body := s.get(target).expect(200).Body.String(); strings.Contains(body, "secret") {
			t.Errorf("%s tells what was hidden: %s", target, body)
		}
	}
	s.get("/actors/oit/history/1").refused(404, "not_found", "")
}
