package httpapi_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"dalil/internal/httpapi"
)

func TestAServerHasEveryLimit(t *testing.T) {
	t.Parallel()
	s := httpapi.Server(http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	for name, limit := range map[string]time.Duration{
		"ReadHeaderTimeout": s.ReadHeaderTimeout, "ReadTimeout": s.ReadTimeout, "WriteTimeout": s.WriteTimeout, "IdleTimeout": s.IdleTimeout,
	} {
		if limit <= 0 {
			t.Errorf("%s is not set", name)
		}
	}
	if s.MaxHeaderBytes <= 0 || s.MaxHeaderBytes > 1<<17 || s.ErrorLog == nil {
		t.Errorf("MaxHeaderBytes %d, ErrorLog %v", s.MaxHeaderBytes, s.ErrorLog)
	}
}

// listening serves an API on a real port, with shorter time limits than in earnest.
func listening(t *testing.T, s *server, change func(*http.Server)) (address string, served *http.Server) {
	t.Helper()
	served = httpapi.Server(s.api, slog.New(slog.DiscardHandler))
	change(served)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- served.Serve(listener) }()
	t.Cleanup(func() {
		if err := served.Close(); err != nil {
			t.Error(err)
		}
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return listener.Addr().String(), served
}

// dial opens a connection that cannot hang the test.
func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func TestAClientThatSendsItsHeadersSlowlyIsCutOff(t *testing.T) {
	t.Parallel()
	address, _ := listening(t, start(t), func(h *http.Server) { h.ReadHeaderTimeout = 50 * time.Millisecond })
	conn := dial(t, address)
	if _, err := io.WriteString(conn, "GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: "); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(conn); err != nil { // until the server closes the connection
		t.Errorf("the connection was not closed: %v", err)
	}
}

func TestAClientThatSendsItsBodySlowlyIsCutOff(t *testing.T) {
	t.Parallel()
	address, _ := listening(t, start(t), func(h *http.Server) { h.ReadTimeout = 100 * time.Millisecond })
	conn := dial(t, address)
	const headers = "POST /api/v1/actors HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\nAuthorization: Bearer "
	if _, err := io.WriteString(conn, headers+adminKey+"\r\n\r\n{"); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Errorf("the connection was not closed: %v", err)
	}
	if text := string(answer); text != "" && (!strings.HasPrefix(text, "HTTP/1.1 400") || !strings.Contains(text, `"code":"timeout"`)) {
		t.Errorf("answer: %s", text)
	}
}

func TestHeadersHaveTheirLimit(t *testing.T) {
	t.Parallel()
	s := start(t)
	address, _ := listening(t, s, func(*http.Server) {})
	const limit = 128 << 10
	if document := s.ask("GET", "/openapi.json").expect(200).Body.String(); !strings.Contains(document, "431 for a request line and headers of more than 128 KiB") {
		t.Error("the document does not name this limit")
	}
	for bytes, status := range map[int]int{limit: http.StatusOK, limit + 1: http.StatusRequestHeaderFieldsTooLarge, 200_000: http.StatusRequestHeaderFieldsTooLarge} {
		const begin, end = "GET /livez HTTP/1.1\r\nHost: x\r\nX-Large: ", "\r\n\r\n"
		conn := dial(t, address)
		go func() {
			_, _ = io.WriteString(conn, begin+strings.Repeat("x", bytes-len(begin)-len(end))+end)
		}()
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != status {
			t.Errorf("%d bytes: status %d, want %d", bytes, answer.StatusCode, status)
		}
	}
}

func TestBrokenRequestLinesAreRefused(t *testing.T) {
	t.Parallel()
	address, _ := listening(t, start(t), func(*http.Server) {})
	for _, line := range []string{
		"GET /api/v1/actors/%zz HTTP/1.1", "GET /api/v1/actors?x=\x00 HTTP/1.1", "GET  HTTP/1.1", "nonsense", "GET /livez HTTP/9.9",
	} {
		conn := dial(t, address)
		if _, err := io.WriteString(conn, line+"\r\nHost: x\r\nConnection: close\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if answer.StatusCode < 400 || answer.StatusCode > 505 || answer.StatusCode == http.StatusInternalServerError {
			t.Errorf("%q: status %d", line, answer.StatusCode)
		}
		_ = answer.Body.Close()
	}
}

func TestARequestUnderWaySurvivesTheStop(t *testing.T) {
	t.Parallel()
	s := start(t)
	entered, leave := make(chan struct{}), make(chan struct{})
	s.api.Add("/slow", func(w http.ResponseWriter, _ *http.Request) error {
		close(entered)
		<-leave
		_, err := io.WriteString(w, "whole")
		return err
	})
	address, served := listening(t, s, func(*http.Server) {})
	conn := dial(t, address)
	if _, err := io.WriteString(conn, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-entered
	stopped := make(chan error, 1)
	closing := make(chan struct{})
	served.RegisterOnShutdown(func() { close(closing) })
	go func() { stopped <- served.Shutdown(context.WithoutCancel(t.Context())) }()
	<-closing
	close(leave)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, err := io.ReadAll(answer.Body); err != nil || string(text) != "whole" {
		t.Errorf("the answer is %q: %v", text, err)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}
