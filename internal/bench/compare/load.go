//go:build peers && linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"
)

// loadMode is the argument with which this program asks a server, as a process of its own.
const loadMode = "load"

// loadJob says what to ask.
type loadJob struct {
	Address     string // host:port
	Requests    []loadRequest
	Connections int
	// PerSecond is how many requests are sent a second, whenever earlier ones are answered; 0 sends each as soon as its
	// connection is free.
	PerSecond int
}

// loadRequest is one request.
type loadRequest struct {
	Path   string // with /api/v1
	Method string // "" is GET
	Body   string // of JSON, sent with the admin key and If-Match: *
}

// loadResult is what came of a job: of each request the size of its answer and how long it took, and how long they took
// together. Times are nanoseconds.
type loadResult struct {
	Clock int64
	Sizes []int
	Took  []int64
}

func (r *loadResult) clock() time.Duration { return time.Duration(r.Clock) }

// loadFrom runs a job in a second process.
func loadFrom(ctx context.Context, job *loadJob) (*loadResult, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	input, err := json.Marshal(job)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, loadMode)
	var wrong bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &wrong
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("loading the server: %w: %.300s", err, wrong.Bytes())
	}
	result := new(loadResult)
	return result, json.Unmarshal(out, result)
}

func (r *loadResult) times() []time.Duration {
	took := make([]time.Duration, len(r.Took))
	for i, n := range r.Took {
		took[i] = time.Duration(n)
	}
	return took
}

// load is the second process.
func load(ctx context.Context, in io.Reader, out io.Writer) error {
	job := new(loadJob)
	if err := json.UnmarshalRead(in, job); err != nil {
		return err
	}
	texts := make([][]byte, len(job.Requests))
	for i, r := range job.Requests {
		texts[i] = r.text(job.Address)
	}
	lines := make([]*connection, job.Connections)
	for i := range lines {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", job.Address)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }()
		lines[i] = &connection{conn, bufio.NewReaderSize(conn, 64<<10)}
	}
	result := &loadResult{Sizes: make([]int, len(texts)), Took: make([]int64, len(texts))}
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var group sync.WaitGroup
	began := time.Now()
	for _, c := range lines {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(texts)) && failed.Load() == nil; i = next.Add(1) - 1 {
				sent := job.turn(began, i)
				size, err := c.ask(texts[i])
				if err != nil {
					err = fmt.Errorf("%s: %w", job.Requests[i].Path, err)
					failed.Store(&err)
					return
				}
				result.Sizes[i], result.Took[i] = size, time.Since(sent).Nanoseconds()
			}
		})
	}
	group.Wait()
	result.Clock = time.Since(began).Nanoseconds()
	if err := failed.Load(); err != nil {
		return *err
	}
	return json.MarshalWrite(out, result)
}

// turn waits until a request is to be sent and returns when that was: a request that had to wait for a connection counts
// from when it should have been sent, so that a server that stands still is not asked less.
func (j *loadJob) turn(began time.Time, i int64) time.Time {
	if j.PerSecond == 0 {
		return time.Now()
	}
	due := began.Add(time.Duration(i) * time.Second / time.Duration(j.PerSecond))
	if wait := time.Until(due); wait > 0 {
		time.Sleep(wait)
		return time.Now() // the sleep may have been too long, which is not the server's fault
	}
	return due
}

// text is the request as it is sent.
func (r loadRequest) text(host string) []byte {
	var b strings.Builder
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, r.Path, host)
	if r.Body != "" {
		fmt.Fprintf(&b, "Authorization: Bearer %s\r\nIf-Match: *\r\nContent-Type: application/json\r\nContent-Length: %d\r\n", adminKey, len(r.Body))
	}
	return []byte(b.String() + "\r\n" + r.Body)
}

// connection is one that is kept alive.
type connection struct {
	net.Conn

	answers *bufio.Reader
}

// ask sends a request and reads the answer, whose size it returns.
func (c *connection) ask(request []byte) (int, error) {
	if _, err := c.Write(request); err != nil {
		return 0, err
	}
	response, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode/100 != 2 {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 300))
		return 0, fmt.Errorf("%s: %s", response.Status, text)
	}
	size, err := io.Copy(io.Discard, response.Body)
	return int(size), err
}
