package httpapi

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// troubles are the codes under which a node is not ready, or writes nothing: a closed list, so that each is told of
// even while it is not so.
func troubles() []fault.Code {
	return []fault.Code{
		fault.CodeNotReady, fault.CodeUnavailable, fault.CodeClock, fault.CodeNewerFormat, fault.CodeStoreFull,
		fault.CodeStoreReplaced, fault.CodeOutcomeUnknown, fault.CodeNotWritten, fault.CodeContention,
	}
}

// stateOf tells the state of a service whenever it is asked, all of it at one moment.
type stateOf struct {
	api *API

	build, ready, notReady, position, at, lag, projection, behind, waiting, records *prometheus.Desc
	streams, hookBehind, hookFailing, hookDisabled                                  *prometheus.Desc
}

func newStateOf(a *API) *stateOf {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("dalil_"+name, help, labels, nil)
	}
	return &stateOf{
		api:        a,
		build:      desc("build_info", "Always 1; the label tells the program's version.", "version"),
		ready:      desc("ready", "1 when this node may be sent requests."),
		notReady:   desc("not_ready", "1 for the problem code for which this node is not ready.", "code"),
		position:   desc("ledger_position", "The ledger position that this node has reached."),
		at:         desc("ledger_last_commit_timestamp_seconds", "When the commit at that position was made; 0 before the first one."),
		lag:        desc("ledger_lag_commits", "Commits that the store was last seen to hold beyond this node's position; 0 on a file store."),
		projection: desc("projection_lag_commits", "Commits not yet in the collections for people; 0 on a file store."),
		behind:     desc("clock_behind_seconds", "How far this node's clock lies before the last commit; above 2 it writes nothing."),
		waiting:    desc("writer_waiting", "Proposals that wait for the writer."),
		records:    desc("records", "Live records of this node's state, by kind.", "kind"),

		streams:      desc("changes_streams", "Streams of changes that are open now."),
		hookBehind:   desc("webhook_behind_commits", "Commits that a webhook was not told yet, as far as this node knows.", "webhook"),
		hookFailing:  desc("webhook_failing_seconds", "Since when every message of this node to a webhook fails; 0 when the last one arrived.", "webhook"),
		hookDisabled: desc("webhook_disabled", "1 for a webhook that is told nothing any more, since its messages failed for days.", "webhook"),
	}
}

// Describe names everything that Collect tells.
func (s *stateOf) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		s.build, s.ready, s.notReady, s.position, s.at, s.lag, s.projection, s.behind, s.waiting, s.records,
		s.streams, s.hookBehind, s.hookFailing, s.hookDisabled,
	} {
		out <- d
	}
}

// Collect tells the state.
func (s *stateOf) Collect(out chan<- prometheus.Metric) {
	tell := func(d *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	head, svc := s.api.svc.Head(), s.api.svc
	tell(s.build, 1, s.api.version)
	s.tellReady(tell)
	tell(s.position, float64(head.Position().Seq))
	tell(s.at, seconds(head.At()))
	lag, projection := svc.Lag()
	tell(s.lag, float64(lag))
	tell(s.projection, float64(projection))
	tell(s.behind, svc.ClockBehind().Seconds())
	tell(s.waiting, float64(svc.Waiting()))
	for _, kind := range directory.Kinds() {
		tell(s.records, float64(head.Count(kind, directory.Ministry)), string(kind))
	}
	tell(s.streams, float64(s.api.streams.open()))
	s.tellHooks(tell)
}

// tellHooks tells how each webhook fares. Its id was made at random and tells nothing of where it leads.
func (s *stateOf) tellHooks(tell func(*prometheus.Desc, float64, ...string)) {
	for _, hook := range s.api.svc.HookStandings() {
		tell(s.hookBehind, float64(hook.Behind), hook.ID)
		tell(s.hookFailing, hook.Failing.Seconds(), hook.ID)
		tell(s.hookDisabled, one(hook.Disabled), hook.ID)
	}
}

// tellReady tells whether the node is ready, and of each reason whether it is the one for which it is not.
func (s *stateOf) tellReady(tell func(*prometheus.Desc, float64, ...string)) {
	err := s.api.ready()
	tell(s.ready, one(err == nil))
	for _, code := range troubles() {
		tell(s.notReady, one(fault.Is(err, code)), string(code))
	}
}

func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

func seconds(at time.Time) float64 {
	if at.IsZero() {
		return 0
	}
	return float64(at.UnixMilli()) / 1000
}
