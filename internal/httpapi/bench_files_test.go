package httpapi_test

import (
	"bufio"
	"io"
	"net/http"
	"runtime"
	"testing"
	"time"

	"dalil/internal/bench"
)

// BenchmarkFiles takes all actors as files over a real connection. It tells the rows per second, the milliseconds until
// the first byte of the body, and by how many bytes the heap grew at most above what it was before.
func BenchmarkFiles(b *testing.B) {
	actors := bench.Actors(b)
	api := listen(b, organisationsAPI(b, actors))
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	b.Cleanup(client.CloseIdleConnections)
	for _, format := range []string{"csv", "xlsx", "ndjson"} {
		b.Run(format, func(b *testing.B) {
			var first time.Duration
			var grown uint64
			for b.Loop() {
				before := heapNow()
				stop := make(chan struct{})
				most := make(chan uint64, 1)
				go watchHeap(stop, most)
				first += takeFile(b, client, api+"format="+format)
				close(stop)
				if top := <-most; top > before {
					grown = max(grown, top-before)
				}
			}
			each := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(float64(len(actors))/each, "rows/s")
			b.ReportMetric(float64(first.Microseconds())/1000/float64(b.N), "first-byte-ms")
			b.ReportMetric(float64(grown)/(1<<20), "grown-MB")
		})
	}
}

// takeFile reads a whole answer, and returns how long its first byte took.
func takeFile(b *testing.B, client *http.Client, address string) (first time.Duration) {
	b.Helper()
	started := time.Now()
	res, err := client.Get(address) //nolint:noctx // of this process
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	body := bufio.NewReader(res.Body)
	if _, err := body.Peek(1); err != nil || res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(body)
		b.Fatalf("status %d, %v: %.300s", res.StatusCode, err, text)
	}
	first = time.Since(started)
	if _, err := io.Copy(io.Discard, body); err != nil {
		b.Fatal(err)
	}
	return first
}

// heapNow is how much of the heap is in use after a collection.
func heapNow() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// watchHeap sends the most that the heap held until stop.
func watchHeap(stop <-chan struct{}, most chan<- uint64) {
	var m runtime.MemStats
	var top uint64
	for ticker := time.NewTicker(5 * time.Millisecond); ; {
		runtime.ReadMemStats(&m)
		top = max(top, m.HeapAlloc)
		select {
		case <-stop:
			ticker.Stop()
			most <- top
			return
		case <-ticker.C:
		}
	}
}
