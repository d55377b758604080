package service_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/service"
	"dalil/internal/webhook"
)

func TestHowAWebhookFaresIsMeasured(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &post{broken: -1, start: time.Now()}
		told := make(map[service.Delivery]int)
		s := openService(t, newMemoryLedger(), func(o *service.Options) {
			o.Deliver, o.Observer.Told = p.deliver, func(d service.Delivery) { told[d]++ }
		})
		if got := s.HookStandings(); len(got) != 0 {
			t.Errorf("without a webhook: %v", got)
		}
		id := newHook(t, s)
		want := func(when string, standing service.HookStanding) {
			t.Helper()
			synctest.Wait()
			standing.ID = id
			if diff := cmp.Diff([]service.HookStanding{standing}, s.HookStandings()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
		}
		want("at first", service.HookStanding{})
		mustCommit(t, s, newID("first"))
		mustCommit(t, s, newID("second"))
		want("after the first failure", service.HookStanding{Behind: 2})
		time.Sleep(2 * time.Hour)
		want("after two hours", service.HookStanding{Behind: 2, Failing: 2 * time.Hour})
		if failed := told[service.DeliveryRefused]; failed < 5 || failed != len(p.tried) || len(told) != 1 {
			t.Errorf("counted %v of %d", told, len(p.tried))
		}
		p.mu.Lock()
		p.broken = 0
		p.mu.Unlock()
		time.Sleep(2 * time.Hour)
		want("when it is told again", service.HookStanding{})
		if told[service.DeliveryArrived] != 2 {
			t.Errorf("counted %v", told)
		}
		p.mu.Lock()
		p.broken = -1
		p.mu.Unlock()
		mustCommit(t, s, newID("third"))
		time.Sleep(74 * time.Hour)
		want("disabled", service.HookStanding{Behind: 2, Disabled: true}) // the record that says so is a commit, too
	})
}

func TestAMessageThatNobodyAnswersIsCountedApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told []service.Delivery
		errs := []error{&webhook.SendError{Text: "no answer in time"}, errors.New("something else"), nil}
		s := openService(t, newMemoryLedger(), func(o *service.Options) {
			o.Deliver = func(context.Context, webhook.Message) error {
				err := errs[0]
				errs = errs[1:]
				return err
			}
			o.Observer.Told = func(d service.Delivery) { told = append(told, d) }
		})
		newHook(t, s)
		mustCommit(t, s, newID("first"))
		time.Sleep(time.Hour)
		synctest.Wait()
		want := []service.Delivery{service.DeliveryUnreachable, service.DeliveryUnreachable, service.DeliveryArrived}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("counted (-want +got):\n%s", diff)
		}
	})
}
