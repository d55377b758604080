package mongoledger_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/ledger/ledgertest"
	"dalil/internal/ledger/mongoledger"
	"dalil/internal/ledger/mongoledger/wireproxy"
)

// put is a change that writes a text.
func put(ref directory.Ref, text string) ledger.Change {
	return ledger.Change{Op: ledger.Put, Ref: ref, JSON: []byte(text)}
}

// complete waits until all is projected.
func complete(tb testing.TB, l *mongoledger.Ledger) {
	tb.Helper()
	if err := l.Complete(tb.Context()); err != nil {
		tb.Fatalf("completing: %v", err)
	}
}

func TestTheDatabaseShowsRecordsWithTypedMembers(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	l := open(t, d.uri, quick)
	text := `{"founded":"2022-07","id":"ilo","locations":[{"lat":33.97,"lon":-7}],"name":{"ar":"دليل","fr":"OIT"},` +
		`"preferred":true,"size":9007199254740991,"version":2,"$odd.name":null}`
	c := scribe.Commit(put(directory.Ref{Kind: directory.Actors, ID: "ilo"}, text))
	mustAppend(t, l, scribe, c)
	complete(t, l)
	var got bson.D
	if err := d.Collection("actors").FindOne(t.Context(), bson.D{}).Decode(&got); err != nil {
		t.Fatal(err)
	}
	ch := c.Changes[0]
	want := bson.D{
		{Key: "_id", Value: "ilo"},
		{Key: "founded", Value: "2022-07"},
		{Key: "locations", Value: bson.A{bson.D{{Key: "lat", Value: 33.97}, {Key: "lon", Value: int32(-7)}}}},
		{Key: "name", Value: bson.D{{Key: "ar", Value: "دليل"}, {Key: "fr", Value: "OIT"}}},
		{Key: "preferred", Value: true},
		{Key: "size", Value: int64(9007199254740991)},
		{Key: "version", Value: int32(2)},
		{Key: "_odd_name", Value: nil},
		{Key: "_dalil", Value: bson.D{
			{Key: "seq", Value: int64(1)},
			{Key: "version", Value: int64(1)},
			{Key: "op", Value: "put"},
			{Key: "digest", Value: bson.Binary{Data: ch.Seal.Digest[:]}},
			{Key: "salt", Value: bson.Binary{Data: ch.Seal.Salt[:]}},
			{Key: "json", Value: text},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("document differs (-want +got):\n%s", diff)
	}
}

func TestATextThatIsNoObjectIsKeptWithoutMembers(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	l := open(t, d.uri, quick)
	deep := `{"a":` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + `}`
	all := []*ledger.Commit{scribe.Commit(
		put(directory.Ref{Kind: directory.Actors, ID: "list"}, `[1]`),
		put(directory.Ref{Kind: directory.Actors, ID: "broken"}, `{"a":`),
		put(directory.Ref{Kind: directory.Actors, ID: "deep"}, deep),
	)}
	mustAppend(t, l, scribe, all...)
	complete(t, l)
	wantLog(t, l, all...)
}

func TestAProjectionThatIsDoneAgainChangesNothing(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	l := open(t, d.uri, mongoledger.Options{Patience: time.Hour})
	all := scribe.Small(60)
	mustAppend(t, l, scribe, all...)
	complete(t, l)
	before := d.everything(t)
	d.forget(t)
	complete(t, l)
	if !bytes.Equal(before, d.everything(t)) {
		t.Error("the database differs")
	}
	wantLog(t, l, all...)
}

func TestAProgressThatIsGoneIsWrittenAgain(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	l := open(t, d.uri, quick)
	mustAppend(t, l, scribe, scribe.Small(20)...)
	complete(t, l)
	if _, err := d.Collection("meta").DeleteOne(t.Context(), bson.D{{Key: "_id", Value: "projection"}}); err != nil {
		t.Fatal(err)
	}
	complete(t, l)
	at, err := l.Load(t.Context(), func(ledger.Record) error { return nil })
	if err != nil || at != scribe.Position() {
		t.Errorf("loaded up to %d, %v, want %d", at.Seq, err, scribe.Position().Seq)
	}
}

// forget makes the database say that nothing is projected.
func (d *database) forget(tb testing.TB) {
	tb.Helper()
	_, err := d.Collection("meta").UpdateOne(tb.Context(), bson.D{{Key: "_id", Value: "projection"}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "projected", Value: int64(0)}}}})
	if err != nil {
		tb.Fatal(err)
	}
}

func TestAProjectionThatIsGoneIsMadeAgain(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	l := open(t, d.uri, quick)
	all := scribe.Small(40)
	mustAppend(t, l, scribe, all...)
	complete(t, l)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"meta", "revisions", "actors", "roles"} {
		if err := d.Collection(name).Drop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	l = open(t, d.uri, quick) // as after a backup of which only the commits were kept
	complete(t, l)
	wantLog(t, l, all...)
}

func TestANodeCompletesWhatAnotherLeftStandingStill(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	dead, living := deadNode(t, d), open(t, d.uri, quick)
	first := scribe.Small(3)
	mustAppend(t, dead, scribe, first...) // of which nothing is projected
	second := scribe.Small(3)
	mustAppend(t, living, scribe, second...)
	d.settled(t)
	wantLog(t, living, append(first, second...)...)
}

// deadNode returns a ledger that appends, but whose projection never gets through.
func deadNode(tb testing.TB, d *database) *mongoledger.Ledger {
	tb.Helper()
	proxy, uri := d.through(tb)
	for _, command := range []string{"insert", "update"} {
		proxy.Inject(wireproxy.Rule{
			Command: command, Times: wireproxy.Always, Fault: wireproxy.CutRequest(),
			Where: func(c *wireproxy.Command) bool {
				return c.Collection == "revisions" || directory.Kind(c.Collection).New() != nil
			},
		})
	}
	return open(tb, uri, mongoledger.Options{Patience: time.Hour})
}

// giveUp waits until a dead node has tried to project in vain: what is cut then takes reads under way with it.
func giveUp(tb testing.TB, dead *mongoledger.Ledger) {
	tb.Helper()
	if err := dead.Complete(tb.Context()); err == nil {
		tb.Fatal("a dead node has projected")
	}
}

func TestLoadAndHistoryAreRightHoweverFarTheProjectionIs(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	l := deadNode(t, d)
	all := scribe.Small(80)
	mustAppend(t, l, scribe, all...)
	giveUp(t, l)
	wantLog(t, l, all...) // of which Verify compares every record and every version
	if n, err := d.Collection("revisions").EstimatedDocumentCount(t.Context()); n != 0 || err != nil {
		t.Errorf("%d revisions were projected, %v", n, err)
	}
}

func TestTwoNodesThatTakeTurnsRaiseTheProjectionTogether(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	nodes := []*mongoledger.Ledger{open(t, d.uri, quick), open(t, d.uri, quick)}
	var all []*ledger.Commit
	for turn := range 30 {
		group := scribe.Small(3)
		mustAppend(t, nodes[turn%2], scribe, group...)
		all = append(all, group...)
	}
	d.settled(t)
	wantLog(t, nodes[0], all...)
}

func TestWhereTheProjectionWasChangedTheCommitIsRight(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	log := new(lines)
	l := open(t, d.uri, mongoledger.Options{Log: textLog(log)})
	all := []*ledger.Commit{scribe.Commit(
		put(directory.Ref{Kind: directory.Actors, ID: "changed"}, `{"id":"changed"}`),
		put(directory.Ref{Kind: directory.Actors, ID: "shortened"}, `{"id":"shortened"}`),
		put(directory.Ref{Kind: directory.Actors, ID: "kept"}, `{"id":"kept"}`),
	)}
	mustAppend(t, l, scribe, all...)
	complete(t, l)
	for _, damage := range []struct {
		collection, id string
		update         bson.D
	}{
		{"actors", "changed", bson.D{{Key: "$set", Value: bson.D{{Key: "_dalil.json", Value: `{"id":"other"}`}}}}},
		{"actors", "shortened", bson.D{{Key: "$unset", Value: bson.D{{Key: "_dalil", Value: ""}}}}},
		{"revisions", "actors/changed/1", bson.D{{Key: "$set", Value: bson.D{{Key: "json", Value: `{}`}}}}},
	} {
		result, err := d.Collection(damage.collection).UpdateOne(t.Context(), bson.D{{Key: "_id", Value: damage.id}}, damage.update)
		if err != nil || result.ModifiedCount != 1 {
			t.Fatalf("damaging %s: %v", damage.id, err)
		}
	}
	if _, err := d.Collection("actors").InsertOne(t.Context(), bson.D{{Key: "_id", Value: "stranger"}}); err != nil {
		t.Fatal(err)
	}
	wantLog(t, l, all...)
	for _, record := range []string{"actors/changed", "actors/shortened", "actors/stranger"} {
		if !strings.Contains(log.String(), record) {
			t.Errorf("the log does not name %s:\n%s", record, log)
		}
	}
	if strings.Contains(log.String(), "actors/kept") {
		t.Errorf("the log names a record that was not changed:\n%s", log)
	}
}

// lines is a log in memory.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestATextThatIsErasedDoesNotComeBackWithALateProjection(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	proxy, uri := d.through(t)
	var held []*wireproxy.Injection
	for _, name := range []string{"revisions", "actors"} {
		held = append(held, proxy.Inject(wireproxy.Rule{Command: "insert", Collection: name, Fault: wireproxy.Hold()}))
	}
	slow, other := open(t, uri, mongoledger.Options{Patience: time.Hour}), open(t, d.uri, quick)
	ref := directory.Ref{Kind: directory.Actors, ID: "gone"}
	mustAppend(t, slow, scribe, scribe.Commit(put(ref, `{"secret":"0123456789abcdef"}`)))
	for _, h := range held {
		<-h.Fired()
	}
	erase := ledger.Change{Op: ledger.Erase, Ref: ref, Erased: []uint64{1}, JSON: []byte(`{"status":"archived"}`)}
	mustAppend(t, other, scribe, scribe.Commit(erase))
	if err := other.Redact(t.Context(), []ledger.RefVersion{{Ref: ref, Version: 1}}); err != nil {
		t.Fatal(err)
	}
	for _, h := range held {
		h.Release()
		<-h.Done()
	}
	if err := slow.Complete(t.Context()); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(d.everything(t), []byte("0123456789abcdef")) {
		t.Error("the erased text is back")
	}
	if _, err := ledger.Verify(t.Context(), other, func(f ledger.Finding) { t.Errorf("verify: %s", f) }); err != nil {
		t.Fatal(err)
	}
}

func TestCloseFinishesTheProjection(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	l, err := mongoledger.Open(context.WithoutCancel(t.Context()), d.uri, mongoledger.Options{Patience: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, l, scribe, scribe.Small(50)...)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var progress struct{ Projected int64 }
	if err := d.Collection("meta").FindOne(t.Context(), bson.D{{Key: "_id", Value: "projection"}}).Decode(&progress); err != nil {
		t.Fatal(err)
	}
	if progress.Projected != 50 {
		t.Errorf("projected up to %d, want 50", progress.Projected)
	}
}
