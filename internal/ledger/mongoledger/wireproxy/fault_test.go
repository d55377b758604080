package wireproxy_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/ledger/mongoledger/wireproxy"
)

func TestAHeldRequestIsDeliveredAfterItsClientHasGivenUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	held := b.proxy.Inject(wireproxy.Rule{Command: "insert", Fault: wireproxy.Hold()})
	ctx, cancel := context.WithCancel(t.Context())
	answer := make(chan error, 1)
	go func() { answer <- b.insert(ctx, 1) }()
	<-held.Fired()
	cancel()
	if err := <-answer; !errors.Is(err, context.Canceled) {
		t.Fatalf("the client got %v, want that it was cancelled", err)
	}
	if err := b.faulty.Database().Client().Disconnect(t.Context()); err != nil {
		t.Fatalf("the client goes: %v", err)
	}
	if got := b.written(t); len(got) != 0 {
		t.Fatalf("while the request is held the server has %v", got)
	}
	held.Release()
	<-held.Done()
	if diff := cmp.Diff([]int64{1}, b.written(t)); diff != "" {
		t.Errorf("after the release (-want +got):\n%s", diff)
	}
}

func TestAHeldRequestIsAnsweredWhenItsClientStillWaits(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	held := b.proxy.Inject(wireproxy.Rule{Command: "insert", Fault: wireproxy.Hold()})
	answer := make(chan error, 1)
	go func() { answer <- b.insert(t.Context(), 1) }()
	<-held.Fired()
	held.Release()
	if err := <-answer; err != nil {
		t.Errorf("the held insert: %v", err)
	}
}

func TestAHeldRequestMissesADeadline(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := b.insert(t.Context(), 1); err != nil { // the deadline is the insert's, not the connection's
		t.Fatal(err)
	}
	held := b.proxy.Inject(wireproxy.Rule{Command: "insert", Fault: wireproxy.Hold()})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := b.insert(ctx, 2); !mongo.IsTimeout(err) {
		t.Fatalf("the client got %v, want a timeout", err)
	}
	if err := b.insert(t.Context(), 3); err != nil {
		t.Errorf("the next insert: %v", err)
	}
	held.Release()
	<-held.Done()
	if diff := cmp.Diff([]int64{1, 2, 3}, b.written(t)); diff != "" {
		t.Errorf("the late insert comes after its successor (-want +got):\n%s", diff)
	}
}

func TestADroppedReplyLeavesTheWriteDone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	dropped := b.proxy.Inject(wireproxy.Rule{Command: "insert", Fault: wireproxy.DropReply()})
	ctx, cancel := context.WithCancel(t.Context())
	answer := make(chan error, 1)
	go func() { answer <- b.insert(ctx, 1, 2) }()
	<-dropped.Done()
	if diff := cmp.Diff([]int64{1, 2}, b.written(t)); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	cancel()
	if err := <-answer; !errors.Is(err, context.Canceled) {
		t.Errorf("the client got %v, want that it was left waiting", err)
	}
}

func TestABrokenConnectionIsANetworkError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault wireproxy.Fault
		want  []int64
	}{
		"before the request has arrived": {wireproxy.CutRequest(), []int64{}},
		"in the middle of the reply":     {wireproxy.CutReply(), []int64{1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.proxy.Inject(wireproxy.Rule{Command: "insert", Fault: c.fault})
			if err := b.insert(t.Context(), 1); !mongo.IsNetworkError(err) {
				t.Errorf("the client got %v, want a network error", err)
			}
			if diff := cmp.Diff(c.want, b.written(t)); diff != "" {
				t.Errorf("written (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAWriteConcernErrorComesWithTheDocumentsWritten(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault wireproxy.Fault
		code  int
	}{
		"timeout":      {wireproxy.WriteConcernTimeout(), 64},
		"stepped down": {wireproxy.SteppedDown(), 189},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.proxy.Inject(wireproxy.Rule{Command: "insert", Fault: c.fault})
			err := b.insert(t.Context(), 1, 2)
			var bulk mongo.BulkWriteException
			if !errors.As(err, &bulk) || bulk.WriteConcernError == nil || len(bulk.WriteErrors) != 0 {
				t.Fatalf("the client got %#v, want a write concern error", err)
			}
			if bulk.WriteConcernError.Code != c.code {
				t.Errorf("code %d, want %d", bulk.WriteConcernError.Code, c.code)
			}
			if diff := cmp.Diff([]int64{1, 2}, b.written(t)); diff != "" {
				t.Errorf("written (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAWriteConcernErrorKeepsTheWriteErrorsBesideIt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := b.insert(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	b.proxy.Inject(wireproxy.Rule{Command: "insert", Fault: wireproxy.SteppedDown()})
	err := b.insert(t.Context(), 1, 2, 3)
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) || bulk.WriteConcernError == nil || len(bulk.WriteErrors) != 1 {
		t.Fatalf("the client got %#v, want both kinds of error", err)
	}
	if bulk.WriteErrors[0].Index != 1 || !mongo.IsDuplicateKeyError(err) {
		t.Errorf("write error %+v, want a duplicate key at 1", bulk.WriteErrors[0])
	}
}

func TestAnElectionInTheMiddleOfAnInsertLeavesItsFirstDocuments(t *testing.T) {
	t.Parallel()
	for k, want := range [][]int64{{}, {1}, {1, 2}, {1, 2, 3}, {1, 2, 3}} {
		b := newBench(t)
		b.proxy.Inject(wireproxy.Rule{Command: "insert", Fault: wireproxy.NotWritablePrimaryAfter(k)})
		wantNotPrimary(t, b.insert(t.Context(), 1, 2, 3))
		if diff := cmp.Diff(want, b.written(t)); diff != "" {
			t.Errorf("after %d documents (-want +got):\n%s", k, diff)
		}
		if err := b.insert(t.Context(), 4); err != nil {
			t.Errorf("after the election: %v", err)
		}
	}
}

func TestDocumentsInsideTheBodyAreCountedTheSame(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.proxy.Inject(wireproxy.Rule{Command: "insert", Fault: wireproxy.NotWritablePrimaryAfter(2)})
	err := b.faulty.Database().RunCommand(t.Context(), bson.D{
		{Key: "insert", Value: "commits"},
		{Key: "ordered", Value: true},
		{Key: "documents", Value: bson.A{
			bson.D{{Key: "_id", Value: int64(1)}},
			bson.D{{Key: "_id", Value: int64(2)}},
			bson.D{{Key: "_id", Value: int64(3)}},
		}},
	}).Err()
	wantNotPrimary(t, err)
	if diff := cmp.Diff([]int64{1, 2}, b.written(t)); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
}

func TestTheDriverRepeatsWhatARealServerLetsItRepeat(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]wireproxy.Fault{
		"lost election":           wireproxy.NotWritablePrimaryAfter(0),
		"lost reply":              wireproxy.CutReply(),
		"stepped down meanwhile":  wireproxy.SteppedDown(),
		"connection lost at once": wireproxy.CutRequest(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBenchWith(t, options.Client().SetRetryWrites(true))
			injection := b.proxy.Inject(wireproxy.Rule{Command: "insert", Fault: fault})
			if err := b.insert(t.Context(), 1, 2); err != nil {
				t.Errorf("the client got %v, want that its driver tried again", err)
			}
			if injection.Hits() != 1 {
				t.Errorf("the fault befell %d requests, want 1", injection.Hits())
			}
			if diff := cmp.Diff([]int64{1, 2}, b.written(t)); diff != "" {
				t.Errorf("written (-want +got):\n%s", diff)
			}
		})
	}
}

func TestADuplicateKeyIsFollowedByEmptyReads(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.proxy.Inject(wireproxy.Rule{Command: "insert", Collection: "commits", Fault: wireproxy.DuplicateKey()})
	empty := b.proxy.Inject(wireproxy.Rule{
		Command: "find", Collection: "commits", Times: 2, Fault: wireproxy.EmptyCursor(),
		Where: func(c *wireproxy.Command) bool {
			id, ok := c.Body.Lookup("filter", "_id").AsInt64OK()
			return ok && id == 7
		},
	})
	err := b.insert(t.Context(), 7, 8)
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) || len(bulk.WriteErrors) != 1 || bulk.WriteErrors[0].Index != 0 {
		t.Fatalf("the client got %#v, want one write error", err)
	}
	if !mongo.IsDuplicateKeyError(err) {
		t.Errorf("the client got %v, want a duplicate key", err)
	}
	if got := b.written(t); len(got) != 0 {
		t.Errorf("the server has %v, want nothing", got)
	}
	if _, err := b.actual.InsertOne(t.Context(), bson.D{{Key: "_id", Value: int64(7)}}); err != nil {
		t.Fatal(err)
	}
	for n, want := range []error{mongo.ErrNoDocuments, mongo.ErrNoDocuments, nil} {
		err := b.faulty.FindOne(t.Context(), bson.D{{Key: "_id", Value: int64(7)}}).Err()
		if !errors.Is(err, want) {
			t.Errorf("read %d: %v, want %v", n+1, err, want)
		}
	}
	if empty.Hits() != 2 {
		t.Errorf("%d empty reads, want 2", empty.Hits())
	}
}

func wantNotPrimary(t *testing.T, err error) {
	t.Helper()
	var failed mongo.ServerError
	if !errors.As(err, &failed) || !failed.HasErrorCode(10107) {
		t.Errorf("the client got %v, want NotWritablePrimary", err)
	}
}
