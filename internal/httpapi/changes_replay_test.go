package httpapi_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/directory"
	"dalil/internal/httpapi"
	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/ledger/mongoledger"
	"dalil/internal/service"
)

// told is an item of the changes.
type told struct {
	Seq     uint64         `json:"seq"`
	At      string         `json:"at"`
	Op      string         `json:"op"`
	Kind    string         `json:"kind"`
	ID      string         `json:"id"`
	Version uint64         `json:"version"`
	Record  jsontext.Value `json:"record"`
}

// changesPage is a page of the changes.
type changesPage struct {
	Items  []told `json:"items"`
	Next   uint64 `json:"next"`
	Cursor string `json:"cursor"`
	Head   uint64 `json:"head"`
	More   bool   `json:"more"`
}

// mirror is a copy of a directory that is kept by the changes alone.
type mirror struct {
	testing.TB
	key     string // "" is anybody
	records map[string]string
	at      string // cursor, or id of the last event
	last    string // the place of the last item, to see that none comes twice
	seq     uint64
	heard   int
}

func newMirror(tb testing.TB, key string) *mirror {
	tb.Helper()
	return &mirror{TB: tb, key: key, records: make(map[string]string), at: "0"}
}

// take does what an item says.
func (m *mirror) take(item told) {
	m.Helper()
	name := item.Kind + "/" + item.ID
	place := fmt.Sprint(item.Seq, " ", name)
	if item.Seq < m.seq || place == m.last {
		m.Fatalf("%s came after %s", place, m.last)
	}
	m.seq, m.last = item.Seq, place
	m.heard++
	switch item.Op {
	case "put", "archive", "restore", "merge":
		if item.Record == nil {
			m.Fatalf("%s %s comes without its record", item.Op, name)
		}
		m.records[name] = string(item.Record)
	case "hide", "erase":
		delete(m.records, name)
	default:
		m.Fatalf("there is no operation %q", item.Op)
	}
}

// as shows the mirror's key.
func (m *mirror) as(r *request) *request {
	if m.key != "" {
		r.as(m.key)
	}
	return r
}

// poll reads at most so many pages.
func (m *mirror) poll(s *server, pages, limit int) {
	m.Helper()
	for range pages {
		var page changesPage
		m.as(s.get(fmt.Sprintf("/changes?cursor=%s&limit=%d", m.at, limit))).expect(200).decode(&page)
		if len(page.Items) > limit {
			m.Fatalf("%d items on a page of %d", len(page.Items), limit)
		}
		for _, item := range page.Items {
			m.take(item)
		}
		m.at = page.Cursor
		if !page.More {
			return
		}
	}
}

// listen reads at most so many events of a stream; it ends before when all was told.
func (m *mirror) listen(address string, events int) {
	m.Helper()
	ctx, cancel := context.WithTimeout(m.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/api/v1/changes?limit=3", http.NoBody)
	if err != nil {
		m.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Last-Event-ID", m.at)
	if m.key != "" {
		req.Header.Set("Authorization", "Bearer "+m.key)
	}
	res, err := new(http.Client).Do(req) // whose request has a time limit
	if err != nil {
		m.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		text, _ := io.ReadAll(res.Body)
		m.Fatalf("status %d: %s", res.StatusCode, text)
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	id, heartbeat := "", false
	for events > 0 && lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			id = value
		case "": // a comment
			heartbeat = strings.HasPrefix(value, "at ")
		case "data":
			var item told
			if err := json.Unmarshal([]byte(value), &item); err != nil {
				m.Fatal(err)
			}
			m.take(item)
			m.at = id
			events--
		}
		if name == "id" && heartbeat {
			m.at = id
			return
		}
	}
	if err := lines.Err(); err != nil {
		m.Fatal(err)
	}
}

// source reads all lists as the mirror's caller sees them.
func (m *mirror) source(s *server) map[string]string {
	m.Helper()
	all := make(map[string]string)
	for _, kind := range directory.Kinds() {
		var page struct {
			Items []jsontext.Value `json:"items"`
			Total int              `json:"total"`
		}
		m.as(s.get("/" + string(kind) + "?limit=1000&status=published&status=draft&status=archived")).expect(200).decode(&page)
		for _, item := range page.Items {
			var head struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal(item, &head); err != nil {
				m.Fatal(err)
			}
			all[string(kind)+"/"+head.ID] = string(item)
		}
		if len(page.Items) != page.Total {
			m.Fatalf("%d of %d %s", len(page.Items), page.Total, kind)
		}
	}
	return all
}

// past is a random history in the making.
type past struct {
	*server
	*rand.Rand
	done int
}

func (p *past) one(of ...string) string { return of[p.IntN(len(of))] }

// some is one of a few ids of a kind.
func (p *past) some(kind string) string {
	return kind[:1] + strconv.Itoa(p.IntN(map[string]int{"sources": 4, "functions": 4, "actors": 6, "initiatives": 3, "roles": 10, "links": 4}[kind]))
}

// record makes a record of a kind, with an id of the few, which names others.
func (p *past) record(kind string) (id string, body map[string]any) {
	id = p.some(kind)
	name := map[string]any{"fr": fmt.Sprintf("%s numéro %d", id, p.IntN(100))}
	body = map[string]any{
		"visibility": p.one("public", "public", "public", "public", "public", "partners", "ministry"),
		"status":     p.one("published", "published", "published", "published", "published", "published", "draft"),
	}
	if p.IntN(3) == 0 {
		body["sources"] = []string{p.some("sources")}
	}
	switch kind {
	case "sources":
		delete(body, "sources")
		body["title"], body["kind"] = name["fr"], "report"
	case "functions":
		body["label"], body["notation"] = name, strings.ToUpper(id)
		if p.IntN(3) == 0 {
			body["parent"] = p.some(kind)
		}
	case "actors":
		body["name"], body["kind"], body["group"] = name, "organisation", "government"
		if p.IntN(3) == 0 {
			body["parent"] = p.some(kind)
		}
	case "initiatives":
		body["name"], body["kind"] = name, "project"
		if p.IntN(3) == 0 {
			body["parent"] = p.some(kind)
		}
	case "roles":
		body["actor"], body["type"] = p.some("actors"), p.one("lead", "partner", "funder")
		if p.IntN(2) == 0 {
			body["function"] = p.some("functions")
		} else {
			body["initiative"] = p.some("initiatives")
		}
	}
	return id, body
}

var pastKinds = []string{"sources", "functions", "actors", "initiatives", "roles"}

// step does one thing, which may be refused.
func (p *past) step() {
	p.Helper()
	kind := p.one(pastKinds...)
	target := "/" + kind + "/" + p.some(kind)
	var got *response
	switch p.IntN(10) {
	case 0, 1:
		got = p.send("PATCH", target, `{"status":"published","visibility":"`+p.one("public", "public", "partners", "ministry")+`"}`).with("If-Match", "*").do()
	case 2:
		got = p.send("PATCH", target, `{"status":"`+p.one("draft", "published")+`","tags":["t`+strconv.Itoa(p.IntN(9))+`"]}`).with("If-Match", "*").do()
	case 3, 4:
		got = p.send("DELETE", target, "").with("If-Match", "*").do()
	case 5:
		got = p.send("POST", target+"/restore", "").do()
	case 6:
		got = p.batch(1 + p.IntN(12))
	default:
		got = p.batch(1)
	}
	if got.Code < 300 {
		p.done++
	}
}

// batch puts some records in one commit.
func (p *past) batch(n int) *response {
	p.Helper()
	var items []any
	met := map[string]bool{}
	for range n {
		kind := p.one(pastKinds...)
		id, body := p.record(kind)
		if !met[kind+id] {
			met[kind+id] = true
			items = append(items, map[string]any{"op": "put", "kind": kind, "id": id, "record": body})
		}
	}
	text, err := json.Marshal(map[string]any{"items": items})
	if err != nil {
		p.Fatal(err)
	}
	return p.send("POST", "/batch?allow_duplicate=true", string(text)).do()
}

// replay makes a random history, kept up with by copies of every clearance, by pages and by streams, that are
// interrupted at random and go on at another node, or after a start.
func replay(t *testing.T, seed uint64, open func() *server) {
	t.Helper()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	s := open()
	keys := []string{"", s.key("p", "read", "partners"), s.key("m", "read", "ministry")}
	var polling, listening []*mirror
	for _, key := range keys {
		polling, listening = append(polling, newMirror(t, key)), append(listening, newMirror(t, key))
	}
	world := &past{server: s, Rand: r}
	for round := range 12 {
		for range 40 {
			world.step()
			for i := range polling {
				if r.IntN(12) == 0 {
					polling[i].poll(world.server, 1+r.IntN(3), 1+r.IntN(5))
				}
			}
		}
		web := httptest.NewServer(world.api)
		for _, m := range listening {
			m.listen(web.URL, 1+r.IntN(30))
		}
		web.Close()
		if round%3 == 2 {
			world.server = open()
		}
	}
	if world.done < 100 {
		t.Errorf("only %d steps were taken", world.done)
	}
	web := httptest.NewServer(world.api)
	defer web.Close()
	for i := range keys {
		late := newMirror(t, keys[i])
		late.poll(world.server, 1_000, 50)
		polling[i].poll(world.server, 1_000, 4)
		listening[i].listen(web.URL, 1_000_000)
		want := late.source(world.server)
		for name, m := range map[string]*mirror{"late": late, "polling": polling[i], "listening": listening[i]} {
			if diff := cmp.Diff(want, m.records); diff != "" {
				t.Errorf("clearance %d, %s, seed %d: the copy differs (-source +copy):\n%s", i, name, seed, diff)
			}
		}
		t.Logf("clearance %d: %d records, %d changes told", i, len(want), polling[i].heard)
	}
}

// livelyClock is for tests with a real connection, which has time limits.
func livelyClock(o *httpapi.Options, below *service.Options) {
	o.Now, below.Now, o.Heartbeat = time.Now, time.Now, 20*time.Millisecond
}

func TestACopyKeptByTheChangesOfAFileEqualsTheSource(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "dalil.db")
			var running *server
			var store ledger.Ledger
			t.Cleanup(func() { closeAll(t, running, store) })
			replay(t, seed, func() *server {
				closeAll(t, running, store)
				var err error
				if store, err = boltledger.Open(path, boltledger.Options{}); err != nil {
					t.Fatal(err)
				}
				if running != nil {
					eraseSome(t, store)
				}
				running = serveOn(t, store, livelyClock)
				return running
			})
		})
	}
}

func TestACopyKeptByTheChangesOfMongoDBEqualsTheSource(t *testing.T) {
	t.Parallel()
	uri := newMongoDatabase(t)
	var before []func()
	t.Cleanup(func() {
		for _, end := range slices.Backward(before) {
			end()
		}
	})
	replay(t, 7, func() *server {
		store, err := mongoledger.Open(t.Context(), uri, mongoledger.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := serveOn(t, store, livelyClock) // beside those that are there: they go on as other nodes
		before = append(before, func() { closeAll(t, s, store) })
		return s
	})
}

// eraseSome erases everything that one archived record has ever said, as a commit of its own, while nobody serves.
func eraseSome(t *testing.T, l ledger.Ledger) {
	t.Helper()
	var ref directory.Ref
	var newest uint64
	at, err := l.Load(t.Context(), func(r ledger.Record) error {
		if r.Op == ledger.Archive && r.Ref.Kind != directory.APIKeys && (ref.ID == "" || r.Ref.String() < ref.String()) {
			ref, newest = r.Ref, r.Version
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var last *ledger.Commit
	if err := l.Commits(t.Context(), at.Seq-1, func(c *ledger.Commit) error { last = c; return nil }); err != nil {
		t.Fatal(err)
	}
	if ref.ID == "" {
		return
	}
	erase := ledger.Change{Op: ledger.Erase, Ref: ref, Version: newest + 1}
	var gone []ledger.RefVersion
	for v := uint64(1); v <= newest; v++ {
		erase.Erased = append(erase.Erased, v)
		gone = append(gone, ledger.RefVersion{Ref: ref, Version: v})
	}
	c := &ledger.Commit{At: last.At, Author: ledger.Author{ID: "test", Via: "cli"}, Token: ledger.NewID16(), Changes: []ledger.Change{erase}}
	c.Seal(last.Position())
	if _, err := l.Append(t.Context(), last.Position(), []*ledger.Commit{c}); err != nil {
		t.Fatal(err)
	}
	if err := l.Redact(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
}

// newMongoDatabase returns the URI of an empty database that goes with the test. Without a server the test is skipped.
func newMongoDatabase(tb testing.TB) string {
	tb.Helper()
	uri := os.Getenv("DALIL_TEST_MONGODB_URI")
	if uri == "" {
		if strings.Contains(os.Getenv("DALIL_TEST_REQUIRE"), "mongodb") {
			tb.Fatal("DALIL_TEST_REQUIRE asks for MongoDB, and DALIL_TEST_MONGODB_URI is not set")
		}
		tb.Skip("needs MongoDB: set DALIL_TEST_MONGODB_URI (deployments/test-mongodb starts one)")
	}
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		tb.Fatalf("connecting: %v", err)
	}
	db := client.Database("httpapi_" + bson.NewObjectID().Hex())
	tb.Cleanup(func() {
		ctx := context.WithoutCancel(tb.Context())
		if err := db.Drop(ctx); err != nil {
			tb.Errorf("dropping the test's database: %v", err)
		}
		_ = client.Disconnect(ctx)
	})
	scheme, rest, _ := strings.Cut(uri, "://")
	hosts, tail, _ := strings.Cut(rest, "/")
	_, query, _ := strings.Cut(tail, "?")
	return scheme + "://" + hosts + "/" + db.Name() + "?" + query
}

// closeAll ends a service and leaves its store.
func closeAll(tb testing.TB, s *server, store ledger.Ledger) {
	tb.Helper()
	if s == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), 30*time.Second)
	defer cancel()
	if err := s.svc.Close(ctx); err != nil {
		tb.Errorf("closing the service: %v", err)
	}
	if err := store.Close(); err != nil {
		tb.Errorf("closing the store: %v", err)
	}
}
