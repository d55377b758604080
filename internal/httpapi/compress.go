package httpapi

import (
	"fmt"
	"io"
	"maps"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// minPacked is the size from which an answer is packed: below it the packing costs more than it saves.
const minPacked = 1024

// The codings that are served, and how hard they work. JSON of records shrinks well even when done quickly.
const (
	codingZstd  = "zstd"
	codingGzip  = "gzip"
	gzipLevel   = 3
	zstdWindow  = 256 << 10 // a large window would cost every encoder megabytes
	zstdThreads = 1
)

// coding picks the coding of an answer by Accept-Encoding: the one the client likes best, zstd before gzip; "" for none.
func coding(header string) string {
	if header == "" {
		return ""
	}
	weights := maps.Collect(weighted(header))
	best, weight := "", 0.0
	for _, name := range []string{codingZstd, codingGzip} {
		q, named := weights[name]
		if !named {
			q = weights["*"]
		}
		if q > weight {
			best, weight = name, q
		}
	}
	if weights["identity"] > weight {
		return ""
	}
	return best
}

// packer is an encoder that can be used again.
type packer interface {
	io.WriteCloser
	Reset(w io.Writer)
}

// packers keeps encoders for reuse, by coding.
var packers = map[string]*sync.Pool{
	codingGzip: {New: func() any {
		w, err := gzip.NewWriterLevel(io.Discard, gzipLevel)
		return newPacker(w, err)
	}},
	codingZstd: {New: func() any {
		w, err := zstd.NewWriter(io.Discard, zstd.WithEncoderLevel(zstd.SpeedFastest),
			zstd.WithEncoderConcurrency(zstdThreads), zstd.WithWindowSize(zstdWindow), zstd.WithLowerEncoderMem(true))
		return newPacker(w, err)
	}},
}

// newPacker takes an encoder whose settings are constants: that they are wrong would show in every test.
func newPacker(w packer, err error) packer {
	if err != nil {
		panic(fmt.Errorf("making an encoder: %w", err))
	}
	return w
}

// pack writes what fill gives, packed, to w.
func pack(w io.Writer, coding string, fill func(io.Writer) error) error {
	pool := packers[coding]
	p, ok := pool.Get().(packer)
	if !ok {
		return fmt.Errorf("no encoder for %s", coding)
	}
	defer pool.Put(p)
	p.Reset(w)
	if err := fill(p); err != nil {
		return err
	}
	return p.Close()
}
