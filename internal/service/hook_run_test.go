package service_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/service"
	"dalil/internal/webhook"
)

// post is where the messages of a test arrive, or do not.
type post struct {
	mu     sync.Mutex
	broken int      // answer so many with a failure; -1 all
	tried  []string // ids
	came   []string // ids
	at     []time.Duration
	start  time.Time
}

func (p *post) deliver(_ context.Context, m webhook.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tried, p.at = append(p.tried, m.ID), append(p.at, time.Since(p.start))
	if p.broken != 0 {
		if p.broken > 0 {
			p.broken--
		}
		return &webhook.SendError{Status: http.StatusBadGateway, Text: "answered with status 502"}
	}
	p.came = append(p.came, m.ID)
	return nil
}

func administrator() access.Caller {
	return access.Caller{ID: "admin", Scope: access.Admin, Clearance: directory.Ministry}
}

func newHook(t *testing.T, s *service.Service) string {
	t.Helper()
	w := service.Write{Caller: administrator()}
	hook, secret, err := s.CreateHook(t.Context(), w, service.HookSpec{URL: "https://example.org/", Kinds: []string{"sources"}})
	if err != nil || !strings.HasPrefix(secret, "whsec_") {
		t.Fatal(err)
	}
	return hook.ID
}

func hookNow(t *testing.T, s *service.Service, id string) service.Hook {
	t.Helper()
	hook, err := s.Hook(administrator(), id)
	if err != nil {
		t.Fatal(err)
	}
	return hook
}

func TestAMessageIsSentAgainUntilItArrivesAndTheNextOnesWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &post{broken: 3, start: time.Now()}
		s := openService(t, newMemoryLedger(), func(o *service.Options) { o.Deliver = p.deliver })
		id := newHook(t, s)
		mustCommit(t, s, newID("first"))
		mustCommit(t, s, newID("second"))
		synctest.Wait()
		if hook := hookNow(t, s, id); hook.Failures != 1 || hook.LastError != "answered with status 502" || hook.LastAttempt == nil || hook.Seq != 2 {
			t.Errorf("after a failure: %+v", hook)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(p.tried) != 5 || len(p.came) != 2 || p.tried[0] != p.tried[3] || p.came[0] == p.came[1] {
			t.Errorf("tried %v\ncame %v", p.tried, p.came)
		}
		for i, most := range []time.Duration{0, 5 * time.Second, 15 * time.Second, 35 * time.Second} {
			if p.at[i] > most || p.at[i] < most*3/4 {
				t.Errorf("attempt %d came after %s", i+1, p.at[i])
			}
		}
		if hook := hookNow(t, s, id); hook.Failures != 0 || hook.LastError != "" || hook.Seq != 4 {
			t.Errorf("at the end: %+v", hook)
		}
	})
}

func TestAWebhookThatFailsForDaysIsDisabledWithTheReason(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &post{broken: -1, start: time.Now()}
		s := openService(t, newMemoryLedger(), func(o *service.Options) { o.Deliver = p.deliver })
		id := newHook(t, s)
		mustCommit(t, s, newID("first"))
		time.Sleep(71 * time.Hour)
		if hook := hookNow(t, s, id); hook.Disabled != "" {
			t.Errorf("too early: %+v", hook)
		}
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		if hook := hookNow(t, s, id); !strings.Contains(hook.Disabled, "502") {
			t.Errorf("not disabled: %+v", hook)
		}
		tried := len(p.tried)
		time.Sleep(100 * time.Hour)
		if len(p.tried) != tried {
			t.Error("it is still told")
		}
	})
}

func TestAWebhookGoesOnAfterAStartWhereItWas(t *testing.T) {
	t.Parallel()
	for name, open := range keepers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := open(t)
			var all [][]string
			for _, id := range []string{"first", "second"} {
				told := make(chan string, 10)
				deliver := func(_ context.Context, m webhook.Message) error { told <- string(m.Body); return nil }
				s, err := service.Open(t.Context(), l, serviceOptions(deliver))
				if err != nil {
					t.Fatal(err)
				}
				if id == "first" {
					newHook(t, s)
				}
				mustCommit(t, s, newID(id))
				all = append(all, []string{<-told})
				if err := s.Close(t.Context()); err != nil {
					t.Fatal(err)
				}
				close(told)
				for body := range told {
					all[len(all)-1] = append(all[len(all)-1], body)
				}
			}
			var said []string
			for _, bodies := range all {
				for _, body := range bodies {
					_, id, _ := strings.Cut(body, `"id":"`)
					id, _, _ = strings.Cut(id, `"`)
					said = append(said, id)
				}
			}
			if diff := cmp.Diff([]string{"first", "second"}, said); diff != "" {
				t.Errorf("told differs:\n%s", diff)
			}
		})
	}
}
