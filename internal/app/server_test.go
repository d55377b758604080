package app_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"dalil/internal/app"
)

// running is a server that a test has started.
type running struct {
	url, key string
	stop     func() int // ends it in order and returns its exit code
}

// testKey is the admin key of the servers that tests start.
const testKey = "dalil_test_key_0123456789"

// environment is an environment of nothing but what is given.
func environment(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}
}

// startServer runs the serve command in this process, on a store and a port of its own.
func startServer(t *testing.T, args ...string) running {
	t.Helper()
	return startOn(t, filepath.Join(t.TempDir(), "dalil.db"), args...)
}

// startOn runs the serve command on a store.
func startOn(t *testing.T, store string, args ...string) running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	out, in := io.Pipe()
	var logs bytes.Buffer
	exit := make(chan int, 1)
	env := environment(map[string]string{"DALIL_BOOTSTRAP_KEY": testKey, "DALIL_RATE_ANONYMOUS": "0", "DALIL_RATE_SIGNED_IN": "0"})
	args = append([]string{"serve", "--listen", "127.0.0.1:0", "--store", store}, args...)
	go func() {
		exit <- app.Run(ctx, args, env, in, &logs)
		_ = in.Close()
	}()
	stop := sync.OnceValue(func() int {
		cancel()
		return <-exit
	})
	t.Cleanup(func() { stop() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), " at http://"); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return running{url: "http://" + url, key: testKey, stop: stop}
		}
	}
	t.Fatalf("the server did not start: exit %d, %s", stop(), logs.String())
	return running{}
}

// get returns the status and the body of an address.
func (r running) get(t *testing.T, path string) (int, string) {
	t.Helper()
	return r.call(t, http.MethodGet, path, "")
}

// call makes a request with the admin key when it writes.
func (r running) call(t *testing.T, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method != http.MethodGet {
		req.Header.Set("Authorization", "Bearer "+r.key)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req) //nolint:forbidigo // a test against a server of its own
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}
