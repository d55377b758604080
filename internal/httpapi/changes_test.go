package httpapi_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/httpapi"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/service"
)

// said tells the items of a page in short.
func (p *changesPage) said() []string {
	texts := []string{}
	for _, item := range p.Items {
		texts = append(texts, fmt.Sprintf("%d %s %s/%s %d", item.Seq, item.Op, item.Kind, item.ID, item.Version))
	}
	return texts
}

// changes reads a page.
func (s *server) changes(query, key string) *changesPage {
	s.Helper()
	page := new(changesPage)
	r := s.get("/changes" + query)
	if key != "" {
		r.as(key)
	}
	r.expect(http.StatusOK).decode(page)
	return page
}

func TestWhatIsHiddenAndShownThroughAnotherRecordIsTold(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("sources", `{"id":"s","title":"Source","kind":"report"}`) // 2
	s.create("actors", actor("oit", "OIT", `,"sources":["s"]`))        // 3
	s.create("actors", actor("oim", "OIM", `,"parent":"oit"`))         // 4
	patch := func(target, body string) {
		s.send("PATCH", target, body).with("If-Match", "*").expect(200)
	}
	patch("/sources/s", `{"visibility":"partners"}`)                      // 5
	patch("/actors/oim", `{"tags":["t"]}`)                                // 6
	patch("/sources/s", `{"visibility":"public"}`)                        // 7
	s.send("DELETE", "/actors/oim", "").with("If-Match", "*").expect(200) // 8
	partner := s.key("p", "read", "partners")                             // 9
	want := map[string][]string{
		"": {
			"2 put sources/s 1", "3 put actors/oit 1", "4 put actors/oim 1", "5 hide sources/s 1", "5 hide actors/oim 1", "5 hide actors/oit 1",
			"7 put sources/s 3", "7 put actors/oim 2", "7 put actors/oit 1", "8 archive actors/oim 3",
		},
		partner: {
			"2 put sources/s 1", "3 put actors/oit 1", "4 put actors/oim 1", "5 put sources/s 2", "6 put actors/oim 2",
			"7 put sources/s 3", "8 archive actors/oim 3",
		},
	}
	for key, want := range want {
		page := s.changes("?after=0", key)
		if diff := cmp.Diff(want, page.said()); diff != "" || page.Next != 9 || page.Head != 9 || page.Cursor != "9" || page.More {
			t.Errorf("%q is told (-want +got):\n%s%+v", key, diff, page)
		}
		for _, item := range page.Items {
			if strings.Contains(string(item.Record), `"by"`) != (key != "" && item.Record != nil) {
				t.Errorf("%q is told who wrote, or is not: %s", key, item.Record)
			}
		}
	}
}

func TestWhatAVersionSaidIsLeftOutOnceItNamesWhatIsHidden(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("sources", `{"id":"s","title":"Source","kind":"report"}`)
	s.create("actors", actor("oit", "Nom secret", ""))
	for _, body := range []string{`{"sources":["s"]}`, `{"sources":null,"name":{"fr":"Nom connu"}}`} {
		s.send("PATCH", "/actors/oit", body).with("If-Match", "*").expect(200)
	}
	s.send("PATCH", "/sources/s", `{"visibility":"ministry"}`).with("If-Match", "*").expect(200)
	page := s.changes("", "")
	if diff := cmp.Diff([]string{"3 put actors/oit 1", "5 put actors/oit 3", "6 hide sources/s 1"}, page.said()); diff != "" {
		t.Errorf("anybody is told (-want +got):\n%s", diff)
	}
	s.create("actors", actor("oim", "OIM", `,"visibility":"ministry"`))
	page = s.changes("?after=6", "")
	if len(page.Items) != 0 || page.Next != 7 {
		t.Errorf("of a hidden record anybody is told %v, up to %d", page.said(), page.Next)
	}
}

func TestACommitThatIsLargerThanAPageIsReadInParts(t *testing.T) {
	t.Parallel()
	s := start(t)
	var items []string
	for i := range 5 {
		items = append(items, fmt.Sprintf(`{"op":"create","kind":"sources","record":{"id":"s%d","title":"Source %d","kind":"report"}}`, i, i))
	}
	s.create("sources", `{"id":"a","title":"Source a","kind":"report"}`)
	s.send("POST", "/batch", `{"items":[`+strings.Join(items, ",")+`]}`).expect(200)
	s.create("sources", `{"id":"b","title":"Source b","kind":"report"}`)
	var told [][]string
	query := "?after=0&limit=2"
	for range 10 {
		page := s.changes(query, "")
		told = append(told, append(page.said(), fmt.Sprint(page.Next, " ", page.Cursor)))
		if !page.More {
			break
		}
		query = "?limit=2&cursor=" + page.Cursor
	}
	want := [][]string{
		{"2 put sources/a 1", "2 2"},
		{"3 put sources/s0 1", "3 put sources/s1 1", "2 3:sources:s1"},
		{"3 put sources/s2 1", "3 put sources/s3 1", "2 3:sources:s3"},
		{"3 put sources/s4 1", "4 put sources/b 1", "4 4"},
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("pages differ (-want +got):\n%s", diff)
	}
	link := s.get("/changes?limit=2").expect(200).head("Link")
	if link != `</api/v1/changes?cursor=2&limit=2>; rel="next"` {
		t.Errorf("the link is %s", link)
	}
}

func TestWhoKnowsNextAloneIsToldEverythingOnce(t *testing.T) {
	t.Parallel()
	const many = 5_000
	s := start(t)
	var rows strings.Builder
	rows.WriteString("id,title,kind\n")
	for i := range many {
		fmt.Fprintf(&rows, "s%04d,Source %d,law\n", i, i)
	}
	s.create("sources", `{"id":"a","title":"Source a","kind":"report"}`)  // 2
	s.importFiles(t, "", map[string]string{"sources.csv": rows.String()}) // 3
	s.create("sources", `{"id":"b","title":"Source b","kind":"report"}`)  // 4
	s.send("PATCH", "/sources/s0000", `{"note":"n"}`).with("If-Match", "*").expect(200)
	s.send("PATCH", "/sources/s4999", `{"visibility":"ministry"}`).with("If-Match", "*").expect(200)
	for _, limit := range []int{1, 2, 3, 100, 1000} {
		told := make(map[string]int)
		var after, asked uint64
		last := uint64(0)
		for {
			page := s.changes(fmt.Sprintf("?after=%d&limit=%d", after, limit), "")
			for i, item := range page.Items {
				if item.Seq < last || item.Seq <= after || item.Record == nil && item.Op != "hide" {
					t.Fatalf("limit %d: item %d after %d: %+v", limit, i, after, item)
				}
				last = item.Seq
				told[fmt.Sprint(item.Seq, " ", item.Op, " ", item.ID)]++
			}
			if asked++; page.More && page.Next <= after || asked > 10 {
				t.Fatalf("limit %d: next is %d after %d", limit, page.Next, after)
			}
			if after = page.Next; !page.More {
				break
			}
		}
		// What s4999 said at first may be seen no longer: it is left out, and that it is hidden is told.
		want := map[string]int{"2 put a": 1, "4 put b": 1, "5 put s0000": 1, "6 hide s4999": 1}
		for i := range many - 1 {
			want[fmt.Sprintf("3 put s%04d", i)] = 1
		}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("limit %d: %s", limit, diff)
		}
	}
}

func TestThePlaceToGoOnIsJudged(t *testing.T) {
	t.Parallel()
	s := start(t)
	for query, place := range map[string]string{
		"?after=-1":            "after bad_integer",
		"?after=x":             "after bad_integer",
		"?after=":              "after empty_text",
		"?after=1&cursor=1":    "after combination",
		"?cursor=x":            "cursor bad_place",
		"?cursor=1:actors":     "cursor bad_place",
		"?cursor=1:api_keys:k": "cursor bad_place",
		"?cursor=0:actors:a":   "cursor bad_place",
		"?limit=0":             "limit bad_integer",
		"?limit=1001":          "limit bad_integer",
		"?since=1":             "since unknown_parameter",
		"?after=1&after=2":     "after repeated_parameter",
	} {
		s.get("/changes"+query).refused(400, "bad_parameter", place)
	}
	p := s.get("/changes?after=2").refused(409, "beyond_head", "after beyond_head")
	if !strings.Contains(p.Detail, "1") {
		t.Errorf("the refusal does not tell the head: %s", p.Detail)
	}
	s.get("/changes?cursor=1:actors:gone").expect(200)
	s.get("/changes").with("Last-Event-ID", "x").expect(200)
	s.get("/changes").with("Last-Event-ID", "x").with("Accept", "text/event-stream").refused(400, "bad_header", "Last-Event-ID bad_header")
	s.get("/changes").with("Accept", "text/csv").refused(406, "not_acceptable", "")
	tag := s.get("/changes?after=1").expect(200).head("Etag")
	s.get("/changes?after=1").with("If-None-Match", tag).expect(304)
	s.get("/changes?after=0").with("If-None-Match", tag).expect(200)
	s.ask("HEAD", "/api/v1/changes").expect(200)
	s.ask("HEAD", "/api/v1/changes").with("Accept", "text/event-stream").expect(200).wantHead("Content-Type", "text/event-stream")
}

func TestWhatHappenedBeforeAStartIsToldAfterIt(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "dalil.db")
	open := func() (*server, func()) {
		store, err := boltledger.Open(path, boltledger.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := serveOn(t, store)
		return s, func() { closeAll(t, s, store) }
	}
	s, end := open()
	s.create("sources", `{"id":"s","title":"Source","kind":"report","visibility":"partners"}`)
	s.create("actors", actor("oit", "OIT", `,"sources":["s"]`))
	s.send("PATCH", "/sources/s", `{"visibility":"public"}`).with("If-Match", "*").expect(200)
	before := s.get("/changes?after=1").expect(200).Body.String()
	end()
	s, end = open()
	defer end()
	if after := s.get("/changes?after=1").expect(200).Body.String(); after != before {
		t.Errorf("before the start: %s\nafter it: %s", before, after)
	}
}

// events reads a stream line by line.
func (s *server) events(ctx context.Context, address, key string) (http.Header, <-chan string) {
	s.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/api/v1/changes", http.NoBody)
	if err != nil {
		s.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	res, err := new(http.Client).Do(req) //nolint:bodyclose // closed by the goroutine below
	if err != nil {
		s.Fatal(err)
	}
	lines := make(chan string)
	go func() {
		defer close(lines)
		defer func() { _ = res.Body.Close() }()
		for reader := bufio.NewScanner(res.Body); reader.Scan(); {
			select {
			case lines <- reader.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return res.Header, lines
}

// until waits for a line that begins so.
func (s *server) until(lines <-chan string, beginning string) string {
	s.Helper()
	for line := range lines {
		if strings.HasPrefix(line, beginning) {
			return line
		}
	}
	s.Fatalf("the stream ended before %q", beginning)
	return ""
}

func TestAStreamTellsWhatHappensAndOutlastsTheLimitsOfARequest(t *testing.T) {
	t.Parallel()
	s := start(t, livelyClock, func(o *httpapi.Options, _ *service.Options) { o.Deadline = 50 * time.Millisecond })
	web := httptest.NewUnstartedServer(s.api)
	web.Config.ReadTimeout, web.Config.WriteTimeout = 50*time.Millisecond, 50*time.Millisecond
	web.Start()
	defer web.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s.create("actors", actor("oit", "OIT", ""))
	head, lines := s.events(ctx, web.URL, "")
	if got := head.Get("X-Accel-Buffering") + head.Get("Content-Encoding") + " " + head.Get("Dalil-Seq"); got != "no 2" {
		t.Errorf("headers: %v", head)
	}
	s.until(lines, "event: change")
	if id := s.until(lines, "id: "); id != "id: 2" {
		t.Error(id)
	}
	if data := s.until(lines, "data: "); !strings.Contains(data, `"op":"put","kind":"actors","id":"oit","version":1,"record":{`) {
		t.Error(data)
	}
	for range 10 { // ten heartbeats are longer than any limit
		s.until(lines, ": at 2")
	}
	s.create("actors", actor("oim", "OIM", ""))
	if data := s.until(lines, "data: "); !strings.Contains(data, `"id":"oim"`) {
		t.Error(data)
	}
}

func TestAStreamEndsWithItsKeyAndWithTheServer(t *testing.T) {
	t.Parallel()
	s := start(t, livelyClock)
	web := httptest.NewServer(s.api)
	defer web.Close()
	made := s.send("POST", "/keys", `{"name":"n","scope":"read","clearance":"partners"}`).expect(201).object()
	_, revoked := s.events(t.Context(), web.URL, made["secret"].(string))
	expires := time.Now().Add(150 * time.Millisecond).UTC().Format(time.RFC3339Nano)
	short := s.send("POST", "/keys", `{"name":"n","scope":"read","clearance":"partners","expires":"`+expires+`"}`).expect(201).object()
	_, expired := s.events(t.Context(), web.URL, short["secret"].(string))
	_, anybody := s.events(t.Context(), web.URL, "")
	for _, lines := range []<-chan string{revoked, expired, anybody} {
		s.until(lines, ": at ")
	}
	s.send("DELETE", "/keys/"+made["id"].(string), "").expect(204)
	s.create("actors", actor("oit", "OIT", `,"visibility":"partners"`))
	for name, lines := range map[string]<-chan string{"revoked": revoked, "expired": expired} {
		for line := range lines {
			if strings.Contains(line, "oit") && name == "revoked" {
				t.Errorf("a revoked key is told %s", line)
			}
		}
	}
	s.until(anybody, ": at ")
	s.api.Stopping()
	for range anybody {
	}
}

func TestStreamsAreCountedAndAClientThatTakesNothingHoldsUpNobody(t *testing.T) {
	t.Parallel()
	s := start(t, livelyClock, func(o *httpapi.Options, _ *service.Options) { o.Metrics = httpapi.NewMetrics() })
	web := httptest.NewServer(s.api)
	defer web.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var open []<-chan string
	for range httpapi.MaxStreamsEach {
		_, lines := s.events(ctx, web.URL, "") // whose lines nobody reads
		open = append(open, lines)
	}
	if line := fmt.Sprintf("\ndalil_changes_streams %d\n", httpapi.MaxStreamsEach); !strings.Contains(s.ask("GET", "/metrics").expect(200).Body.String(), line) {
		t.Errorf("the metrics lack %s", line)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, web.URL+"/api/v1/changes", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	res, err := new(http.Client).Do(req) // whose request ends with the test
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusTooManyRequests || !strings.Contains(string(text), "too_many_streams") || res.Header.Get("Retry-After") == "" {
		t.Errorf("one stream too many is answered %d: %s", res.StatusCode, text)
	}
	s.create("actors", actor("oit", "OIT", ""))
	cancel()
	for _, lines := range open {
		for range lines {
		}
	}
	for s.api.Streams() > 0 {
		select { // until the server has seen that they left
		case <-t.Context().Done():
			t.Fatal("streams are left")
		case <-time.After(time.Millisecond):
		}
	}
}
