package httpapi_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"dalil/internal/httpapi"
	"dalil/internal/service"
	"dalil/internal/webhook"
)

// delivery is what a receiver got.
type delivery struct {
	id, body string
	valid    bool
}

// receiver is a server that is sent messages; it answers each with what answer says.
func receiver(t *testing.T, secret func() string, answer func(n int) int) (address string, got <-chan delivery) {
	t.Helper()
	messages := make(chan delivery, 100)
	n := 0
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret(), "whsec_"))
		if err != nil {
			t.Error(err)
		}
		at, err := strconv.ParseInt(r.Header.Get("Webhook-Timestamp"), 10, 64)
		if err != nil {
			t.Error(err)
		}
		id := r.Header.Get("Webhook-Id")
		n++
		w.WriteHeader(answer(n))
		messages <- delivery{id, string(body), r.Header.Get("Webhook-Signature") == webhook.Sign(key, id, time.Unix(at, 0), body)}
	}))
	t.Cleanup(web.Close)
	return web.URL, messages
}

// sending makes a server send messages, to this machine as well.
func sending(o *httpapi.Options, below *service.Options) {
	livelyClock(o, below)
	sender := webhook.NewSender(true)
	below.Deliver, below.MayDeliver = sender.Send, sender.Allowed
}

func TestAWebhookIsToldWhatHappensSigned(t *testing.T) {
	t.Parallel()
	s := start(t, sending)
	secret := make(chan string, 1)
	known := ""
	address, got := receiver(t, func() string {
		if known == "" {
			known = <-secret
		}
		return known
	}, func(int) int { return http.StatusNoContent })
	s.create("actors", actor("before", "Before", ""))
	made := s.send("POST", "/webhooks", `{"url":"`+address+`/hook?token=t","kinds":["actors"]}`).expect(201)
	hook := made.wantHead("Cache-Control", "no-store").object()
	secret <- hook["secret"].(string)
	one := "/webhooks/" + hook["id"].(string)
	made.wantHead("Location", "/api/v1"+one)
	s.create("actors", actor("hidden", "Hidden", `,"visibility":"ministry"`))
	s.create("sources", `{"id":"s","title":"Source","kind":"report"}`)
	s.create("actors", actor("oit", "OIT", ""))
	for _, want := range []string{`{"seq":6,`, `{"seq":7,`} {
		d := <-got // before the next write: what may no longer be seen is not told
		if want == `{"seq":6,` {
			s.send("PATCH", "/actors/oit", `{"visibility":"partners"}`).with("If-Match", "*").expect(200)
		}
		if !d.valid || !strings.Contains(d.body, want) || !strings.HasPrefix(d.id, "msg_") || strings.Contains(d.body, "idden") {
			t.Errorf("want %s: %+v", want, d)
		}
		var message struct {
			Type string `json:"type"`
			At   string `json:"timestamp"`
			Data struct {
				Items []told `json:"items"`
			} `json:"data"`
		}
		if err := json.Unmarshal([]byte(d.body), &message); err != nil || message.Type != "changes" || len(message.Data.Items) != 1 || message.At == "" {
			t.Errorf("%v: %s", err, d.body)
		}
	}
	if answer := s.send("POST", one+"/test", "").expect(200).object(); answer["delivered"] != true {
		t.Errorf("a test is answered %v", answer)
	}
	if d := <-got; !d.valid || !strings.Contains(d.body, `"type":"ping"`) {
		t.Errorf("a test is %+v", d)
	}
	for _, target := range []string{"/webhooks", one} {
		body := s.get(target).as(adminKey).expect(200).Body.String()
		if !strings.Contains(body, address) || strings.Contains(body, known) || strings.Contains(body, "salt") {
			t.Errorf("%s: %s", target, body)
		}
	}
	s.send("DELETE", one, "").expect(204)
	s.get(one).as(adminKey).refused(404, "not_found", "")
	s.send("POST", one+"/test", "").refused(404, "not_found", "")
	page := s.changes("?after=0", adminKey)
	for _, item := range page.Items {
		if item.Kind == "webhooks" || item.Kind == "api_keys" {
			t.Errorf("the changes tell of %s", item.Kind)
		}
	}
}

func TestAWebhookThatSaysItIsGoneIsDisabledAndATestBringsItBack(t *testing.T) {
	t.Parallel()
	s := start(t, sending)
	secret := make(chan string, 1)
	known := ""
	address, got := receiver(t, func() string {
		if known == "" {
			known = <-secret
		}
		return known
	}, func(n int) int { return map[bool]int{true: http.StatusGone, false: http.StatusOK}[n == 1] })
	hook := s.send("POST", "/webhooks", `{"url":"`+address+`"}`).expect(201).object()
	secret <- hook["secret"].(string)
	one := "/webhooks/" + hook["id"].(string)
	s.create("actors", actor("oit", "OIT", ""))
	first := <-got
	var view map[string]any
	for {
		moved := s.svc.Moved()
		if view = s.get(one).as(adminKey).expect(200).object(); view["disabled"] != nil {
			break
		}
		<-moved
	}
	if view["disabled"] != "answered with status 410" {
		t.Errorf("it is disabled because %v", view["disabled"])
	}
	s.create("actors", actor("oim", "OIM", ""))
	s.send("POST", one+"/test", "").expect(200)
	if ping := <-got; !strings.Contains(ping.body, "ping") {
		t.Errorf("not a ping: %+v", ping)
	}
	again, next := <-got, <-got
	if again.id != first.id || again.body != first.body || !strings.Contains(next.body, "oim") {
		t.Errorf("first %+v\nagain %+v\nthen %+v", first, again, next)
	}
}

func TestAWebhookIsMadeStrictly(t *testing.T) {
	t.Parallel()
	s := start(t, func(_ *httpapi.Options, below *service.Options) {
		sender := webhook.NewSender(false)
		below.Deliver, below.MayDeliver = sender.Send, sender.Allowed
	})
	for body, want := range map[string]struct {
		status int
		code   string
		place  string
	}{
		`{}`:                                 {422, "invalid", "/url required"},
		`{"url":"x"}`:                        {422, "invalid", "/url bad_url"},
		`{"url":"http://example.org/"}`:      {422, "invalid", "/url hook_address"},
		`{"url":"https://127.0.0.1/"}`:       {422, "invalid", "/url hook_address"},
		`{"url":"https://u:p@example.org/"}`: {422, "invalid", ""},
		`{"url":"https://example.org/","kinds":["api_keys"]}`:      {422, "invalid", ""},
		`{"url":"https://example.org/","ops":["x"]}`:               {422, "invalid", ""},
		`{"url":"https://example.org/","clearance":"x"}`:           {422, "invalid", ""},
		`{"url":"https://example.org/","secret":"mine"}`:           {400, "unknown_member", "/secret unknown_member"},
		`{"url":"https://example.org/","salt":"` + adminKey + `"}`: {400, "unknown_member", "/salt unknown_member"},
	} {
		s.send("POST", "/webhooks", body).refused(want.status, want.code, want.place)
	}
	for _, key := range []string{s.key("w", "write", "ministry"), s.key("r", "read", "ministry")} {
		s.get("/webhooks").as(key).refused(403, "forbidden", "")
	}
	s.get("/webhooks").refused(401, "unauthenticated", "")
	const valid = `{"url":"https://example.org/"}`
	s.send("POST", "/webhooks?dry_run=true", valid).expect(200)
	s.send("POST", "/webhooks", valid).with("Idempotency-Key", "k").expect(201)
	s.send("POST", "/webhooks", valid).with("Idempotency-Key", "k").refused(409, "secret_shown_once", "Idempotency-Key secret_shown_once")
	if total := s.get("/webhooks").as(adminKey).expect(200).object()["total"]; total != 1.0 {
		t.Errorf("there are %v", total)
	}
}
