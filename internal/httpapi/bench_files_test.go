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
// the first byte of the body, and how many bytes were allocated for it in all, this client's own included: whatever the
// collector does, the heap cannot grow by more.
func BenchmarkFiles(b *testing.B) {
	actors := bench.Actors(b)
	api := listen(b, organisationsAPI(b, actors))
	client := plainClient(b)
	for _, format := range []string{"csv", "xlsx", "ndjson"} {
		b.Run(format, func(b *testing.B) {
			var first time.Duration
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for b.Loop() {
				first += takeFile(b, client, api+"format="+format, func() {})
			}
			runtime.ReadMemStats(&after)
			each := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(float64(len(actors))/each, "rows/s")
			b.ReportMetric(float64(first.Microseconds())/1000/float64(b.N), "first-byte-ms")
			b.ReportMetric(megabytes(after.TotalAlloc-before.TotalAlloc)/float64(b.N), "allocated-MB")
		})
	}
}

// BenchmarkFilesLive tells by how much the heap that is in use grows at most while a file is taken, measured after a
// collection at every tenth of a megabyte that comes.
func BenchmarkFilesLive(b *testing.B) {
	api := listen(b, organisationsAPI(b, bench.Actors(b)))
	client := plainClient(b)
	for _, format := range []string{"csv", "xlsx", "ndjson"} {
		b.Run(format, func(b *testing.B) {
			var most uint64
			for b.Loop() {
				before := heapNow()
				takeFile(b, client, api+"format="+format, func() {
					if now := heapNow(); now > before {
						most = max(most, now-before)
					}
				})
			}
			b.ReportMetric(megabytes(most), "live-MB")
		})
	}
}

func megabytes(n uint64) float64 { return float64(n) / (1 << 20) }

// plainClient takes answers as they are, not packed.
func plainClient(b *testing.B) *http.Client {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	b.Cleanup(client.CloseIdleConnections)
	return client
}

// takeFile reads a whole answer, and returns how long its first byte took. It calls look every now and then.
func takeFile(b *testing.B, client *http.Client, address string, look func()) (first time.Duration) {
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
	for {
		look()
		if _, err := io.CopyN(io.Discard, body, 100<<10); err == io.EOF {
			return first
		} else if err != nil {
			b.Fatal(err)
		}
	}
}

// heapNow is how much of the heap is in use after a collection.
func heapNow() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
