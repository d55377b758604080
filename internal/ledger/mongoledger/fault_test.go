package mongoledger_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/ledger/ledgertest"
	"dalil/internal/ledger/mongoledger"
	"dalil/internal/ledger/mongoledger/wireproxy"
)

// A scene is a ledger behind a proxy, with some commits in it, and a group that is to be appended.
type scene struct {
	*database
	proxy  *wireproxy.Proxy
	ledger *mongoledger.Ledger
	scribe *ledgertest.Scribe
	before []*ledger.Commit
	after  ledger.Position
	group  []*ledger.Commit
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{database: newDatabase(t), scribe: ledgertest.NewScribe(ledgertest.Seed(t))}
	proxy, uri := s.through(t)
	s.proxy, s.ledger = proxy, open(t, uri, quick)
	s.before = s.scribe.Small(2)
	mustAppend(t, s.ledger, s.scribe, s.before...)
	s.after = s.scribe.Position()
	s.group = s.scribe.Small(5)
	return s
}

// insertsOfCommits is the rule of a fault that befalls the next insert of commits.
func insertsOfCommits(f wireproxy.Fault) wireproxy.Rule {
	return wireproxy.Rule{Command: "insert", Collection: "commits", Fault: f}
}

// append appends the group and wants an unclear answer that counts none.
func (s *scene) appendUnclearly(t *testing.T, ctx context.Context) { //nolint:revive // t comes first in tests
	t.Helper()
	n, err := s.ledger.Append(ctx, s.after, s.group)
	if n != 0 || !errors.Is(err, ledger.ErrUnclear) {
		t.Fatalf("%d durable, %v, want 0 and ErrUnclear", n, err)
	}
}

// appendAgain appends the same group until the answer is clear, which must be that all of it is durable, once.
func (s *scene) appendAgain(t *testing.T) {
	t.Helper()
	n, err := 0, ledger.ErrUnclear
	for errors.Is(err, ledger.ErrUnclear) {
		n, err = s.ledger.Append(t.Context(), s.after, s.group)
	}
	if n != len(s.group) || err != nil {
		t.Fatalf("again: %d of %d durable, %v", n, len(s.group), err)
	}
	s.wantOnce(t)
}

// wantOnce sees that the group stands in the log once, and that the next one fits.
func (s *scene) wantOnce(t *testing.T) {
	t.Helper()
	all := slices.Concat(s.before, s.group)
	wantLog(t, open(t, s.uri, quick), all...)
	s.scribe.Learn(s.group...)
	more := s.scribe.Small(1)
	mustAppend(t, s.ledger, s.scribe, more...)
	wantLog(t, s.ledger, append(all, more...)...)
}

// hold appends the group, of which the request is held, until the caller stops waiting.
func (s *scene) hold(t *testing.T) *wireproxy.Injection {
	t.Helper()
	held := s.proxy.Inject(insertsOfCommits(wireproxy.Hold()))
	ctx, giveUp := context.WithCancel(t.Context())
	go func() {
		<-held.Fired()
		giveUp()
	}()
	s.appendUnclearly(t, ctx)
	return held
}

func TestARequestThatIsDeliveredLateCountsOnce(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	held := s.hold(t)
	held.Release()
	<-held.Done()
	s.appendAgain(t)
}

func TestARequestThatIsDeliveredAfterItsRepetitionCountsOnce(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	held := s.hold(t)
	if n, err := s.ledger.Append(t.Context(), s.after, s.group); n != len(s.group) || err != nil {
		t.Fatalf("again: %d durable, %v", n, err)
	}
	held.Release()
	<-held.Done()
	s.wantOnce(t)
}

func TestARequestThatIsDeliveredAfterAnothersCommitComesToNothing(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	held := s.hold(t)
	theirs := s.scribe.Small(1)
	other := open(t, s.uri, quick)
	mustAppend(t, other, s.scribe, theirs...)
	held.Release()
	<-held.Done()
	if n, err := s.ledger.Append(t.Context(), s.after, s.group); n != 0 || !errors.Is(err, ledger.ErrMoved) {
		t.Errorf("%d durable, %v, want 0 and ErrMoved", n, err)
	}
	wantLog(t, other, append(s.before, theirs...)...)
}

func TestALostAnswerIsAskedForAgain(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]wireproxy.Fault{
		"the answer is cut off after the write":   wireproxy.CutReply(),
		"the request is cut off before the write": wireproxy.CutRequest(),
		"a majority does not confirm in time":     wireproxy.WriteConcernTimeout(),
		"the primary steps down while it waits":   wireproxy.SteppedDown(),
		"not the primary, nothing was written":    wireproxy.NotWritablePrimaryAfter(0),
		"not the primary after two of five":       wireproxy.NotWritablePrimaryAfter(2),
		"not the primary after all five":          wireproxy.NotWritablePrimaryAfter(5),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			injection := s.proxy.Inject(insertsOfCommits(lost))
			s.appendUnclearly(t, t.Context())
			s.appendAgain(t)
			if injection.Hits() != 1 {
				t.Errorf("%d requests were befallen, want 1", injection.Hits())
			}
		})
	}
}

func TestAnAnswerThatNeverComesIsUnclear(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	dropped := s.proxy.Inject(insertsOfCommits(wireproxy.DropReply()))
	ctx, giveUp := context.WithCancel(t.Context())
	go func() {
		<-dropped.Done()
		giveUp()
	}()
	s.appendUnclearly(t, ctx)
	s.appendAgain(t)
}

func TestADuplicateKeyWithNothingBehindItIsUnclear(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.proxy.Inject(insertsOfCommits(wireproxy.DuplicateKey()))
	empty := s.proxy.Inject(wireproxy.Rule{
		Command: "find", Collection: "commits", Where: asksForTokens, Times: wireproxy.Always, Fault: wireproxy.EmptyCursor(),
	})
	s.appendUnclearly(t, t.Context())
	if empty.Hits() < 2 {
		t.Errorf("the position was read %d times only", empty.Hits())
	}
	empty.Release()
	s.appendAgain(t)
}

func TestADuplicateKeyWithACommitThatShowsLateIsCountedAtOnce(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.proxy.Inject(insertsOfCommits(wireproxy.CutReply()))
	s.appendUnclearly(t, t.Context())
	empty := s.proxy.Inject(wireproxy.Rule{
		Command: "find", Collection: "commits", Where: asksForTokens, Times: 2, Fault: wireproxy.EmptyCursor(),
	})
	if n, err := s.ledger.Append(t.Context(), s.after, s.group); n != len(s.group) || err != nil {
		t.Errorf("%d durable, %v", n, err)
	}
	if empty.Hits() != 2 {
		t.Errorf("%d reads were empty, want 2", empty.Hits())
	}
	s.wantOnce(t)
}

// asksForTokens tells whether a find is the one that follows a duplicate key.
func asksForTokens(c *wireproxy.Command) bool {
	return c.Body.Lookup("filter", "_id", "$in").Type != 0 && c.Body.Lookup("projection", "token").Type != 0
}

func TestWhileAnAnswerIsUnclearAStoreThatIsAwayIsNoClearAnswer(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.proxy.Inject(insertsOfCommits(wireproxy.CutReply()))
	s.appendUnclearly(t, t.Context())
	s.proxy.Down()
	s.appendUnclearly(t, t.Context())
	s.appendUnclearly(t, t.Context())
	s.proxy.Up()
	s.appendAgain(t)
}

func TestAStoreThatIsAwayBeforeAnythingWasSentIsAClearAnswer(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.proxy.Down()
	// The driver finds out by a read, so that it has no connection left which it believes to be good.
	if err := s.ledger.Commits(t.Context(), 0, func(*ledger.Commit) error { return nil }); err == nil {
		t.Fatal("the server is down, and was read")
	}
	n, err := s.ledger.Append(t.Context(), s.after, s.group)
	if n != 0 || errors.Is(err, ledger.ErrUnclear) || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("%d durable, %v, want 0 and a fault of kind Unavailable", n, err)
	}
	s.proxy.Up()
	wantLog(t, open(t, s.uri, quick), s.before...)
}

func TestAPositionThatAMajorityShowsLateIsNotTakenForReplaced(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	late := open(t, withDatabase(s.proxy.URI(), s.Name()), quick) // has to look first
	injection := s.proxy.Inject(wireproxy.Rule{Command: "find", Collection: "commits", Where: asksForHead, Fault: wireproxy.EmptyCursor()})
	if n, err := late.Append(t.Context(), s.after, s.group); n != len(s.group) || err != nil {
		t.Errorf("%d durable, %v", n, err)
	}
	if injection.Hits() != 1 {
		t.Errorf("%d reads were empty, want 1", injection.Hits())
	}
	wantLog(t, late, append(s.before, s.group...)...)
}

// asksForHead tells whether a find is for one commit by its number.
func asksForHead(c *wireproxy.Command) bool {
	_, ok := c.Body.Lookup("filter", "_id").AsInt64OK()
	return ok
}

func TestAfterALostConnectionAReplacedStoreIsNoticedBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.settled(t)
	if err := s.Collection("commits").Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.proxy.Cut()
	n, err := s.ledger.Append(t.Context(), s.after, s.group)
	for errors.Is(err, ledger.ErrUnclear) { // the first may find a connection that it believes to be good
		n, err = s.ledger.Append(t.Context(), s.after, s.group)
	}
	if n != 0 || !fault.Is(err, fault.CodeStoreReplaced) {
		t.Errorf("%d durable, %v, want 0 and store_replaced", n, err)
	}
	if left, err := s.Collection("commits").EstimatedDocumentCount(t.Context()); left != 0 || err != nil {
		t.Errorf("%d commits were written, %v", left, err)
	}
}

func TestFollowOutlivesCutsInItsMiddle(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]mongoledger.Options{
		"with change streams": quick,
		"by polling":          polling,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			follower := open(t, withDatabase(s.proxy.URI(), s.Name()), opts)
			writer := open(t, s.uri, quick)
			told := make(chan *ledger.Commit)
			ended := make(chan error, 1)
			ctx, stop := context.WithCancel(t.Context())
			go func() {
				ended <- follower.Follow(ctx, ledger.Position{}, func(c *ledger.Commit) error {
					told <- c
					return nil
				})
			}()
			all := s.before
			read := 0
			next := func() {
				if c := <-told; c.Hash != all[read].Hash {
					t.Errorf("told commit %d, want %d", c.Seq, all[read].Seq)
				}
				read++
			}
			for round := range 12 {
				more := s.scribe.Small(20)
				mustAppend(t, writer, s.scribe, more...)
				all = append(all, more...)
				for range 7 {
					next()
				}
				switch round % 3 {
				case 0:
					s.proxy.Cut()
				case 1:
					s.proxy.Cut("getMore")
				default:
					s.proxy.Down()
					s.proxy.Up()
				}
			}
			for read < len(all) {
				next()
			}
			stop()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("Follow ended with %v", err)
			}
		})
	}
}
