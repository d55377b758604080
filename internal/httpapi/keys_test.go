package httpapi_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"dalil/internal/httpapi"
	"dalil/internal/service"
)

func TestAKeyIsToldOnceAndOpensUntilItIsRevoked(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("oit", "OIT", `,"visibility":"partners"`))
	made := s.send("POST", "/keys", `{"name":"portal","scope":"read","clearance":"partners"}`).expect(201)
	key := made.wantHead("Cache-Control", "no-store").object()
	secret, id := key["secret"].(string), key["id"].(string)
	if made.head("Location") != "/api/v1/keys/"+id || !strings.HasPrefix(secret, "dalil_") {
		t.Errorf("key %v at %s", key, made.head("Location"))
	}
	s.get("/actors/oit").as(secret).expect(200)
	s.get("/actors/oit").refused(404, "not_found", "")
	for _, target := range []string{"/keys", "/keys/" + id} {
		body := s.get(target).as(adminKey).expect(200).Body.String()
		if !strings.Contains(body, `"name":"portal"`) || strings.Contains(body, secret) || strings.Contains(body, "hash") {
			t.Errorf("%s: %s", target, body)
		}
	}
	gone := s.send("DELETE", "/keys/"+id+"?reason=lost", "").expect(204)
	if gone.Body.Len() > 0 || gone.head("Dalil-Seq") == made.head("Dalil-Seq") {
		t.Errorf("revoking answered %s at %s", gone.Body, gone.head("Dalil-Seq"))
	}
	s.get("/actors/oit").as(secret).refused(401, "unauthenticated", "")
	s.get("/keys/"+id).as(adminKey).refused(404, "not_found", "")
	s.send("DELETE", "/keys/"+id, "").refused(404, "not_found", "")
	s.send("DELETE", "/keys/bootstrap", "").refused(409, "last_admin_key", "")
}

func TestAKeyIsMadeStrictly(t *testing.T) {
	t.Parallel()
	s := start(t)
	const valid = `{"name":"n","scope":"read","clearance":"partners"`
	s.send("POST", "/keys", valid+`,"secret":"mine"}`).refused(400, "unknown_member", "/secret unknown_member")
	s.send("POST", "/keys", valid+`,"expires":"2020-01-01T00:00:00Z"}`).refused(422, "invalid", "/expires in_past")
	for _, expires := range []string{"soon", "yesterday", "", "2027-01-01", "2027-02-30T00:00:00Z", "2027-01-01T00:00:00"} {
		s.send("POST", "/keys", valid+`,"expires":"`+expires+`"}`).refused(422, "invalid", "/expires bad_instant")
	}
	for _, expires := range []string{"0", "{}", "[]", "true", "null"} {
		s.send("POST", "/keys", valid+`,"expires":`+expires+`}`).refused(400, "wrong_type", "/expires wrong_type")
	}
	s.send("POST", "/keys", `{"name":"n","scope":"root","clearance":"partners"}`).refused(422, "invalid", "/scope unknown_value")
	s.send("POST", "/keys", `{"name":"n","scope":"read","clearance":"public"}`).refused(422, "invalid", "/clearance unknown_value")
	first := s.send("POST", "/keys", valid+"}").with("Idempotency-Key", "k").expect(201)
	p := s.send("POST", "/keys", valid+"}").with("Idempotency-Key", "k").refused(409, "secret_shown_once", "Idempotency-Key secret_shown_once")
	if id := first.object()["id"].(string); !strings.Contains(p.Detail, id) {
		t.Errorf("the refusal does not name the key: %s", p.Detail)
	}
}

func TestAWrongKeyIsRefusedWhereverItIsShown(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	at := fixedClock()()
	now := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return at
	}
	s := start(t, func(o *httpapi.Options, below *service.Options) { o.Now, below.Now = now, now })
	expiring := s.send("POST", "/keys", `{"name":"n","scope":"read","clearance":"partners","expires":"2026-11-24T10:00:00Z"}`).
		expect(201).object()["secret"].(string)
	s.get("/actors").as(expiring).expect(200)
	mu.Lock()
	at = at.Add(time.Hour)
	mu.Unlock()
	for _, header := range []string{
		"Bearer " + expiring, "Bearer", "Bearer ", "Bearer short", "Bearer nobody-has-this-key-at-all", adminKey,
		"Basic " + adminKey, "Bearer " + adminKey + "x", "Bearer  x y", "Bearer \"" + adminKey + "\"", "",
	} {
		for _, target := range []string{"/actors", "/actors/oit", "/vocabularies"} {
			r := s.get(target).with("Authorization", header)
			r.refused(401, "unauthenticated", "")
			r.do().wantHead("Www-Authenticate", `Bearer realm="dalil"`).wantHead("Vary", "Accept, Accept-Encoding, Accept-Language, Authorization")
		}
	}
	s.get("/actors").as(adminKey).as(adminKey).refused(401, "unauthenticated", "")
	s.ask("GET", "/livez").with("Authorization", "Bearer nonsense").expect(200)
}
