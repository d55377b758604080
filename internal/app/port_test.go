package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"dalil/internal/app"
)

// startHeld runs the serve command on a new store, and holds it while it reads the store: it announces its first key, and
// nobody listens. It returns the server, which is loading, and what lets it go on.
func startHeld(t *testing.T) (loading running, goOn func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	out, in := io.Pipe()
	log, lines := io.Pipe()
	exit := make(chan int, 1)
	go func() {
		args := []string{"serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--store", filepath.Join(t.TempDir(), "dalil.db")}
		exit <- app.Run(ctx, args, environment(nil), in, lines)
		_ = in.Close()
		_ = lines.Close()
	}()
	t.Cleanup(func() {
		cancel()
		go func() { _, _ = io.Copy(io.Discard, out) }()
		<-exit
	})
	told := bufio.NewScanner(log)
	for told.Scan() {
		var line struct{ Msg, Address string }
		if err := json.Unmarshal(told.Bytes(), &line); err != nil {
			t.Fatalf("a line of the log is no JSON: %v: %s", err, told.Text())
		}
		if line.Msg != "listening" {
			continue
		}
		go func() { _, _ = io.Copy(io.Discard, log) }()
		return running{url: "http://" + line.Address}, func() {
			said := bufio.NewScanner(out)
			for said.Scan() && !strings.Contains(said.Text(), " at http://") {
			}
			go func() { _, _ = io.Copy(io.Discard, out) }()
		}
	}
	t.Fatal("the server ended before it listened")
	return running{}, nil
}

func TestAServerListensBeforeItHasReadItsStoreAndSaysThatItIsNotReady(t *testing.T) {
	t.Parallel()
	server, goOn := startHeld(t)
	if status, body := server.get(t, "/livez"); status != http.StatusOK {
		t.Errorf("livez while loading: %d %s", status, body)
	}
	for _, target := range []string{"/readyz", "/api/v1/actors", "/"} {
		if status, body := server.get(t, target); status != http.StatusServiceUnavailable || !strings.Contains(body, `"code":"loading"`) {
			t.Errorf("%s while loading: %d %s", target, status, body)
		}
	}
	if code, _, errs := run(t, nil, "health", "--server", server.url); code != 1 || !strings.Contains(errs, "being loaded") {
		t.Errorf("health while loading: %d %s", code, errs)
	}
	goOn()
	for _, target := range []string{"/livez", "/readyz", "/api/v1/actors", "/"} {
		if status, body := server.get(t, target); status != http.StatusOK {
			t.Errorf("%s: %d %.200s", target, status, body)
		}
	}
}

func TestAServerThatCannotReadItsStoreEndsAndListensNoLonger(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	store := filepath.Join(t.TempDir(), "dalil.db")
	if code, _, errs := run(t, nil, "serve", "--listen", address, "--store", store); code != 1 || !strings.Contains(errs, "listening on "+address) {
		t.Errorf("on a port that is taken: exit %d, %s", code, errs)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	args := []string{"serve", "--listen", address, "--store", filledStore(t)} // of a ledger's tests: its texts are no records
	if code := app.Run(t.Context(), args, environment(nil), &out, &errs); code != 1 || !strings.Contains(errs.String(), "reading the store") {
		t.Errorf("with a store that holds no records: exit %d, %s", code, errs.String())
	}
	again, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatalf("the port is still taken: %v", err)
	}
	_ = again.Close()
}
