package app_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestAServerThatStopsLetsGoOfTheConnectionsToWebhooks(t *testing.T) {
	t.Parallel()
	told, left := make(chan struct{}, 8), make(chan struct{}, 8)
	receiver := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { told <- struct{}{} }))
	receiver.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			left <- struct{}{}
		}
	}
	receiver.Start()
	t.Cleanup(receiver.Close)

	server := startServer(t, "--webhook-allow-private")
	if status, body := server.call(t, http.MethodPost, "/api/v1/webhooks", `{"url":"`+receiver.URL+`"}`); status != http.StatusCreated {
		t.Fatalf("making a webhook: %d %s", status, body)
	}
	if status, body := server.call(t, http.MethodPost, "/api/v1/sources", `{"title":"Told","kind":"other"}`); status != http.StatusCreated {
		t.Fatalf("writing: %d %s", status, body)
	}
	<-told
	if len(left) > 0 {
		t.Fatal("the connection was closed before the server stopped")
	}
	if code := server.stop(); code != 0 {
		t.Fatalf("the server ended with %d", code)
	}
	select {
	case <-left:
	case <-time.After(10 * time.Second):
		t.Error("the connection to the webhook is still open")
	}
}
