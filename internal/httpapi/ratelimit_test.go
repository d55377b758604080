package httpapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"dalil/internal/httpapi"
	"dalil/internal/service"
)

// rated starts a server with rates, and a clock that the test moves.
func rated(t *testing.T, anonymous, signedIn int, proxies ...string) (*server, func(time.Duration)) {
	t.Helper()
	now, later := movingClock(fixedClock()())
	s := start(t, func(o *httpapi.Options, below *service.Options) {
		o.Now, below.Now = now, now
		o.RateAnonymous, o.RateSignedIn, o.TrustedProxies = anonymous, signedIn, proxies
	})
	return s, later
}

// from asks for the actors from an address.
func (s *server) from(address string, header ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequestWithContext(s.Context(), http.MethodGet, "/api/v1/actors", http.NoBody)
	req.RemoteAddr = address
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	recorder := httptest.NewRecorder()
	s.api.ServeHTTP(recorder, req)
	return recorder
}

func TestWhoAsksTooOftenIsToldWhenToComeBack(t *testing.T) {
	t.Parallel()
	s, later := rated(t, 60, 0)
	for i := range 60 {
		got := s.get("/actors").expect(200).wantHead("Ratelimit-Policy", `"anonymous";q=60;w=60`)
		if i == 0 {
			got.wantHead("Ratelimit", `"anonymous";r=59;t=1`)
		}
	}
	s.get("/actors").refused(429, "too_many_requests", "")
	s.get("/actors").do().wantHead("Retry-After", "1").wantHead("Ratelimit", `"anonymous";r=0;t=1`)
	s.get("/actors").as("a-key-that-nobody-has-at-all").refused(429, "too_many_requests", "")
	s.get("/actors").as(adminKey).expect(200).wantHead("Ratelimit", "")
	s.ask("GET", "/livez").expect(200).wantHead("Ratelimit", "")
	later(time.Second)
	s.get("/actors").expect(200)
	s.get("/actors").refused(429, "too_many_requests", "")
	later(time.Hour)
	s.get("/actors").expect(200).wantHead("Ratelimit", `"anonymous";r=59;t=1`)
}

func TestEachKeyAndEachAddressHasItsOwnRate(t *testing.T) {
	t.Parallel()
	s, _ := rated(t, 1, 4)
	other := s.key("k", "read", "partners")
	for range 3 {
		s.get("/actors").as(adminKey).expect(200)
	}
	s.get("/actors").as(adminKey).refused(429, "too_many_requests", "")
	for range 4 {
		s.get("/actors").as(other).expect(200)
	}
	s.get("/actors").as(other).refused(429, "too_many_requests", "")
	for address, want := range map[string]int{"192.0.2.7:1": 200, "192.0.2.8:1": 200} {
		if got := s.from(address).Code; got != want {
			t.Errorf("%s: %d", address, got)
		}
	}
	if got := s.from("192.0.2.7:2").Code; got != 429 {
		t.Errorf("another port of the same address: %d", got)
	}
	if first, second := s.from("[2001:db8::1]:1").Code, s.from("[2001:db8::2]:1").Code; first != 200 || second != 429 {
		t.Errorf("two addresses of one IPv6 network: %d, %d", first, second)
	}
}

func TestOnlyATrustedProxySaysWhereARequestComesFrom(t *testing.T) {
	t.Parallel()
	s, _ := rated(t, 1, 0)
	s.from("192.0.2.7:1", "X-Forwarded-For", "198.51.100.1")
	if got := s.from("192.0.2.7:1", "X-Forwarded-For", "198.51.100.2").Code; got != 429 {
		t.Errorf("a client named its own address: %d", got)
	}
	behind, _ := rated(t, 1, 0, "192.0.2.0/24")
	behind.from("192.0.2.7:1", "X-Forwarded-For", "198.51.100.1")
	if got := behind.from("192.0.2.7:1", "X-Forwarded-For", "198.51.100.2").Code; got != 200 {
		t.Errorf("a proxy that is trusted is not believed: %d", got)
	}
	if got := behind.from("192.0.2.7:1", "X-Forwarded-For", "198.51.100.1").Code; got != 429 {
		t.Errorf("a client behind the proxy has no rate: %d", got)
	}
}

func TestTheTableOfRatesIsBounded(t *testing.T) {
	t.Parallel()
	s, _ := rated(t, 1, 0)
	for i := range httpapi.MaxBuckets + 100 {
		s.from(fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&255, i&255))
	}
	if n := s.api.Buckets(); n != httpapi.MaxBuckets {
		t.Errorf("%d callers are remembered", n)
	}
	if got := s.from("10.0.0.0:1").Code; got != 200 {
		t.Errorf("the one not seen for the longest was not forgotten: %d", got)
	}
}

func TestWithoutALimitNothingIsCounted(t *testing.T) {
	t.Parallel()
	s, _ := rated(t, 0, 0)
	for range 1000 {
		s.get("/actors/x").expect(404).wantHead("Ratelimit", "").wantHead("Ratelimit-Policy", "")
	}
	if s.api.Buckets() != 0 {
		t.Error("callers are remembered")
	}
}

func TestANetworkStandsForOneClient(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"10.0.0.1": "10.0.0.1", "::ffff:10.0.0.1": "10.0.0.1", "2001:db8::1": "2001:db8::/64", "fe80::1%eth0": "fe80::/64",
		"": "", "nonsense": "nonsense",
	} {
		if got := httpapi.Network(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
