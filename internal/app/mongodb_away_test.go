package app_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dalil/internal/ledger/mongoledger/wireproxy"
)

// writing writes records through a server, from several callers at once, and reads all the while.
type writing struct {
	*testing.T
	server running
	ids    string // how the ids of its records begin

	stop                chan struct{}
	callers             sync.WaitGroup
	written, refused    atomic.Int64
	reads, slow, faulty atomic.Int64

	mu    sync.Mutex
	acked []string
}

// slowRead is how long no read may take, whatever the store does. It leaves room for a machine that is busy with other
// tests; a read that waits for the store takes longer.
const slowRead = 3 * time.Second

func startWriting(t *testing.T, server running, ids string) *writing {
	t.Helper()
	w := &writing{T: t, server: server, ids: ids, stop: make(chan struct{})}
	for caller := range 3 {
		w.callers.Go(func() { w.write(caller) })
	}
	w.callers.Go(w.read)
	return w
}

func (w *writing) going() bool {
	select {
	case <-w.stop:
		return false
	default:
		return true
	}
}

func (w *writing) write(caller int) {
	for n := 0; w.going(); n++ {
		id := fmt.Sprintf("%s-%d-%d", w.ids, caller, n)
		status, body := w.server.call(w.T, http.MethodPost, "/api/v1/sources", `{"id":"`+id+`","title":"Written","kind":"other"}`)
		switch status {
		case http.StatusCreated:
			w.written.Add(1)
			w.mu.Lock()
			w.acked = append(w.acked, id)
			w.mu.Unlock()
		case http.StatusServiceUnavailable:
			w.refused.Add(1)
			if !strings.Contains(body, `"code":"not_written"`) && !strings.Contains(body, `"code":"outcome_unknown"`) {
				w.Errorf("a write is refused otherwise: %s", body)
			}
			time.Sleep(20 * time.Millisecond)
		default:
			w.Errorf("a write is answered %d: %s", status, body)
		}
	}
}

func (w *writing) read() {
	for n := 0; w.going(); n++ {
		for _, target := range []string{"/api/v1/sources?limit=1&facets=kind", "/api/v1/actors?sort=name", "/livez"} {
			began := time.Now()
			if status, _ := w.server.get(w.T, target); status != http.StatusOK {
				w.faulty.Add(1)
			}
			if time.Since(began) > slowRead {
				w.slow.Add(1)
			}
			w.reads.Add(1)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// until waits for a condition, and says what was waited for when it does not come true.
func (w *writing) until(what string, is func() bool) {
	w.Helper()
	for end := time.Now().Add(time.Minute); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			w.Fatalf("after a minute: not yet %s", what)
		}
	}
}

// more waits until a counter has gone up.
func (w *writing) more(what string, counter *atomic.Int64) {
	w.Helper()
	least := counter.Load() + 3
	w.until(what, func() bool { return counter.Load() >= least })
}

func (w *writing) readyIs(status int) func() bool {
	return func() bool {
		got, _ := w.server.get(w.T, "/readyz")
		return got == status
	}
}

// refusedWithin sees that a write is told in time that nothing was written.
func (w *writing) refusedWithin(limit time.Duration) {
	w.Helper()
	began := time.Now()
	status, body := w.server.call(w.T, http.MethodPost, "/api/v1/sources", `{"id":"`+w.ids+`-refused","title":"Refused","kind":"other"}`)
	if status != http.StatusServiceUnavailable || !strings.Contains(body, `"code":"not_written"`) || time.Since(began) > limit {
		w.Errorf("a write while the store is away: %d after %s: %s", status, time.Since(began), body)
	}
}

// end stops the callers, and sees that every write which was acknowledged is there, and that no read has suffered.
func (w *writing) end() {
	w.Helper()
	close(w.stop)
	w.callers.Wait()
	for _, id := range w.acked {
		if status, _ := w.server.get(w.T, "/api/v1/sources/"+id); status != http.StatusOK {
			w.Errorf("%s was acknowledged, and is answered %d", id, status)
		}
	}
	if status, _ := w.server.get(w.T, "/api/v1/sources/"+w.ids+"-refused"); status != http.StatusNotFound {
		w.Errorf("a write that was told to have written nothing is answered %d", status)
	}
	if w.faulty.Load()+w.slow.Load() > 0 {
		w.Errorf("of %d reads %d were not answered 200, and %d took longer than %s", w.reads.Load(), w.faulty.Load(), w.slow.Load(), slowRead)
	}
	w.Logf("%d writes acknowledged, %d refused, %d reads", w.written.Load(), w.refused.Load(), w.reads.Load())
}

// standStill keeps back every request to the store until it is released; the connections stay.
func standStill(p *wireproxy.Proxy) (release func()) {
	var held []*wireproxy.Injection
	for _, command := range []string{"find", "insert", "update", "getMore", "aggregate"} {
		held = append(held, p.Inject(wireproxy.Rule{Command: command, Times: wireproxy.Always, Fault: wireproxy.Hold()}))
	}
	return func() {
		for _, i := range held {
			i.Release()
		}
	}
}

func TestAMongoDBThatGoesAwayInTheMiddleOfWritesAndComesBack(t *testing.T) {
	t.Parallel()
	uri := guidesDatabase(t)
	if uri == "" {
		t.Skip("needs MongoDB: set DALIL_TEST_MONGODB_URI (deployments/test-mongodb starts one)")
	}
	proxy, err := wireproxy.Start(context.WithoutCancel(t.Context()), uri)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = proxy.Close() })
	server := startOn(t, proxy.URI())
	for name, away := range map[string]func() (back func()){
		"broken-off": func() func() {
			proxy.Down()
			return proxy.Up
		},
		"standing-still": func() func() { return standStill(proxy) },
	} {
		t.Run(name, func(t *testing.T) {
			w := startWriting(t, server, name)
			w.more("a write is acknowledged", &w.written)
			back := away()
			w.until("not ready", w.readyIs(http.StatusServiceUnavailable))
			w.refusedWithin(15 * time.Second) // by then the store is known to be away
			w.refusedWithin(slowRead)
			w.more("a read is answered", &w.reads)
			back()
			w.until("ready again", w.readyIs(http.StatusOK))
			w.more("a write is acknowledged again", &w.written)
			w.end()
		})
	}
	if code := server.stop(); code != 0 {
		t.Errorf("the server ended with %d", code)
	}
	if code, out, errs := run(t, nil, "verify", "--store", uri); code != 0 || !strings.Contains(out, " 0 findings") {
		t.Errorf("verify: %d %s %s", code, out, errs)
	}
}
