package httpapi_test

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"dalil/internal/access"
	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/httpapi"
	"dalil/internal/interchange"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/service"
)

// How the list of actors is measured.
const (
	differentLists = 12_000
	listsInARow    = 1_000 // before the other server has its turn, so that what else the machine does meets both
	clients        = 8
)

// BenchmarkActors asks for lists of 51,370 organisations with two filters and three facets, each different from all
// the others, over real connections that are kept alive; and, in turns, a bare gin handler that answers bytes of the
// same sizes from memory. It tells the requests per second of both and their ratio, by the clock and by the processor
// time of the whole process, clients included.
func BenchmarkActors(b *testing.B) {
	actors := bench.Actors(b)
	api := listen(b, organisationsAPI(b, actors))
	bare := new(bareHandler)
	memory := listen(b, bare.engine())
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, DisableCompression: true}}
	b.Cleanup(client.CloseIdleConnections)

	var own, bareOwn effort
	var bytes, asked int
	for round := uint64(1); b.Loop(); round++ {
		queries := bench.Combinations(actors, differentLists+clients, round)
		askAll(b, client, api, queries[differentLists:]) // the connections are open from here on
		askAll(b, client, memory, queries[differentLists:])
		for some := range slices.Chunk(queries[:differentLists], listsInARow) {
			sizes, took := askAll(b, client, api, some)
			own.add(took)
			bare.sizes.Store(&sizes)
			_, took = askAll(b, client, memory, some)
			bareOwn.add(took)
			for _, size := range sizes {
				bytes += size
			}
			asked += len(some)
		}
	}
	b.ReportMetric(float64(asked)/own.clock.Seconds(), "requests/s")
	b.ReportMetric(float64(asked)/bareOwn.clock.Seconds(), "bare-requests/s")
	b.ReportMetric(bareOwn.clock.Seconds()/own.clock.Seconds(), "ratio")
	b.ReportMetric(float64(own.cpu.Microseconds())/float64(asked), "cpu-µs/request")
	b.ReportMetric(float64(bareOwn.cpu.Microseconds())/float64(asked), "bare-cpu-µs/request")
	b.ReportMetric(bareOwn.cpu.Seconds()/max(own.cpu.Seconds(), 1e-9), "cpu-ratio")
	b.ReportMetric(float64(bytes)/float64(asked), "bytes/answer")
	b.ReportMetric(0, "ns/op") // of all the lists together: it tells nothing
}

// effort is what some requests took.
type effort struct{ clock, cpu time.Duration }

func (e *effort) add(more effort) { e.clock, e.cpu = e.clock+more.clock, e.cpu+more.cpu }

// organisationsAPI is the API on a store of organisations. Its access log is written, to nowhere.
func organisationsAPI(b *testing.B, actors []directory.Record) http.Handler {
	b.Helper()
	store, err := boltledger.Open(filepath.Join(b.TempDir(), "dalil.db"), boltledger.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { store.Close() })
	s := startOn(b, store, livelyClock, func(o *httpapi.Options, _ *service.Options) {
		o.Log = slog.New(slog.DiscardHandler)
	})
	w := service.Write{Caller: access.Caller{ID: "import", Scope: access.Admin, Clearance: directory.Ministry, Via: "cli"}}
	if _, err := s.svc.Import(b.Context(), w, interchange.ItemsOf(actors), service.ImportOptions{}); err != nil {
		b.Fatal(err)
	}
	return s.api
}

// listen serves a handler on the loopback and returns its address.
func listen(b *testing.B, handler http.Handler) string {
	b.Helper()
	listener, err := new(net.ListenConfig).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := httpapi.Server(handler, slog.New(slog.DiscardHandler))
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	b.Cleanup(func() {
		if err := server.Close(); err != nil {
			b.Error(err)
		}
		<-ended
	})
	return "http://" + listener.Addr().String() + "/api/v1/actors?"
}

// bareHandler answers as many bytes as it is told for each query.
type bareHandler struct {
	sizes atomic.Pointer[map[string]int]
	bytes [4 << 20]byte
}

func (h *bareHandler) engine() http.Handler {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.GET("/api/v1/actors", func(c *gin.Context) {
		size := 2
		if sizes := h.sizes.Load(); sizes != nil {
			size = (*sizes)[c.Request.URL.RawQuery]
		}
		c.Data(http.StatusOK, "application/json", h.bytes[:size])
	})
	return engine
}

// askAll asks every query once, several at a time, and returns the sizes of the answers and what it took.
func askAll(b *testing.B, client *http.Client, address string, queries []bench.Combination) (map[string]int, effort) {
	b.Helper()
	sizes := make([]int, len(queries))
	texts := make([]string, len(queries))
	for i, q := range queries {
		texts[i] = q.String()
	}
	var next atomic.Int64
	var group sync.WaitGroup
	began, used := time.Now(), bench.CPU()
	for range clients {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(texts)); i = next.Add(1) - 1 {
				var err error
				if sizes[i], err = askOne(b, client, address+texts[i]); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	took := effort{time.Since(began), bench.CPU() - used}
	if b.Failed() {
		b.FailNow()
	}
	byQuery := make(map[string]int, len(texts))
	for i, text := range texts {
		byQuery[text] = sizes[i]
	}
	return byQuery, took
}

func askOne(b *testing.B, client *http.Client, address string) (int, error) {
	b.Helper()
	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		return 0, err
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	size, err := io.Copy(io.Discard, response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", address, response.Status)
	}
	return int(size), err
}
