package webhook_test

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dalil/internal/webhook"
)

func TestASignatureIsThatOfTheConventions(t *testing.T) {
	t.Parallel()
	// The example of the specification of Standard Webhooks.
	const told = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" // the example of the conventions
	secret, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(told, "whsec_"))
	if err != nil || webhook.Tell(secret) != told {
		t.Fatalf("%s: %v", webhook.Tell(secret), err)
	}
	got := webhook.Sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("signature %s", got)
	}
	for _, other := range []string{
		webhook.Sign(secret[1:], "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`)),
		webhook.Sign(secret, "msg_q", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`)),
		webhook.Sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265331, 0), []byte(`{"test": 2432232314}`)),
		webhook.Sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232315}`)),
	} {
		if other == got {
			t.Error("two different messages have one signature")
		}
	}
}

func TestOnlyPublicAddressesArePublic(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"8.8.8.8": true, "196.200.131.1": true, "2001:4860:4860::8888": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "127.8.8.8": false, "0.0.0.0": false, "0.1.2.3": false, "10.1.1.1": false, "172.16.0.1": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.1.1": false, "224.0.0.1": false, "255.255.255.255": false,
		"198.18.0.1": false, "192.0.0.8": false, "240.0.0.1": false, "::1": false, "::": false, "fe80::1": false, "fe80::1%eth0": false,
		"fc00::1": false, "fd12::1": false, "ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001:0:7f00:1::": false, "::127.0.0.1": false, "fec0::1": false,
	} {
		if got := webhook.Public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is public: %v", address, got)
		}
	}
}

func TestAnAddressIsHTTPSWithoutAPassword(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]struct{ always, private bool }{
		"https://example.org/hook":       {true, true},
		"https://8.8.8.8/":               {true, true},
		"https://10.0.0.1/":              {false, true},
		"https://[::1]:8443/":            {false, true},
		"http://localhost:9000/hook":     {false, true},
		"http://127.0.0.1/":              {false, true},
		"http://10.0.0.1/":               {false, false},
		"http://example.org/":            {false, false},
		"https://user:pass@example.org/": {false, false},
		"ftp://example.org/":             {false, false},
		"https:///x":                     {false, false},
		"//example.org/":                 {false, false},
		"https://example.org/#x":         {false, false},
		"":                               {false, false},
	} {
		if a, p := webhook.Allowed(address, false), webhook.Allowed(address, true); a != want.always || p != want.private {
			t.Errorf("%q is allowed: %v, where private ones are: %v", address, a, p)
		}
	}
}

func TestAMessageArrivesSignedAndARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var body []byte
	followed := false
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/ok":
			got = r
			body, _ = io.ReadAll(r.Body)
			w.WriteHeader(http.StatusNoContent)
		case "/away":
			http.Redirect(w, r, "/secret", http.StatusTemporaryRedirect)
		case "/secret":
			followed = true
		default:
			http.Error(w, "a secret text", http.StatusInternalServerError)
		}
	}))
	defer web.Close()
	s := webhook.NewSender(true)
	defer s.Close()
	m := webhook.Message{URL: web.URL + "/ok", ID: "msg_1", At: time.Unix(1_700_000_000, 0), Secret: []byte("secret"), Body: []byte(`{"a":1}`)}
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got.Header.Get("Webhook-Id") != "msg_1" || got.Header.Get("Webhook-Timestamp") != "1700000000" || string(body) != `{"a":1}` ||
		got.Header.Get("Webhook-Signature") != webhook.Sign(m.Secret, m.ID, m.At, m.Body) || got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("came with %v: %s", got.Header, body)
	}
	for path, status := range map[string]int{"/away": 307, "/broken": 500} {
		m.URL = web.URL + path
		err := s.Send(t.Context(), m)
		failure, ok := errors.AsType[*webhook.SendError](err)
		if !ok || failure.Status != status || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), web.URL) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if followed {
		t.Error("a redirect was followed")
	}
}

func TestANameThatLeadsToThisMachineIsRefusedWhenTheConnectionIsMade(t *testing.T) {
	t.Parallel()
	asked := false
	web := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer web.Close()
	s := webhook.NewSender(false)
	defer s.Close()
	_, port, _ := strings.Cut(web.Listener.Addr().String(), ":")
	for _, address := range []string{"https://localhost:" + port, web.URL} {
		err := s.Send(t.Context(), webhook.Message{URL: address, Body: []byte("{}")})
		if err == nil || asked {
			t.Errorf("%s was reached", address)
		}
		if strings.Contains(address, "localhost") && !strings.Contains(err.Error(), "public") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
