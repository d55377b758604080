package mongoledger_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/ledger"
	"dalil/internal/ledger/ledgertest"
	"dalil/internal/ledger/mongoledger"
	"dalil/internal/ledger/mongoledger/wireproxy"
)

func TestMain(m *testing.M) {
	if ledgertest.IsChild() {
		os.Exit(ledgertest.RunChild(func(target string) (ledger.Ledger, error) {
			return mongoledger.Open(context.Background(), target, quick)
		}))
	}
	os.Exit(m.Run())
}

// quick are options that keep a test from waiting: what stands still is completed at once.
var quick = mongoledger.Options{Patience: 100 * time.Millisecond, Poll: 20 * time.Millisecond}

func serverURI(t testing.TB) string {
	t.Helper()
	uri := os.Getenv("DALIL_TEST_MONGODB_URI")
	if uri == "" {
		if strings.Contains(os.Getenv("DALIL_TEST_REQUIRE"), "mongodb") {
			t.Fatal("DALIL_TEST_REQUIRE asks for MongoDB, and DALIL_TEST_MONGODB_URI is not set")
		}
		t.Skip("needs MongoDB: set DALIL_TEST_MONGODB_URI (deployments/test-mongodb starts one)")
	}
	return uri
}

// database is an empty database that goes with the test, seen without any of our own code.
type database struct {
	*mongo.Database
	uri string // with the database in its path
}

func newDatabase(t testing.TB) *database {
	t.Helper()
	return databaseAt(t, serverURI(t))
}

func databaseAt(t testing.TB, uri string) *database {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatalf("connecting: %v", err)
	}
	name := "mongoledger_" + bson.NewObjectID().Hex()
	d := &database{client.Database(name), withDatabase(uri, name)}
	t.Cleanup(func() {
		if err := d.Drop(context.Background()); err != nil {
			t.Errorf("dropping the test's database: %v", err)
		}
		_ = client.Disconnect(context.Background())
	})
	return d
}

// withDatabase returns a URI with a database in its path.
func withDatabase(uri, name string) string {
	scheme, rest, _ := strings.Cut(uri, "://")
	hosts, tail, _ := strings.Cut(rest, "/")
	_, query, _ := strings.Cut(tail, "?")
	return scheme + "://" + hosts + "/" + name + "?" + query
}

// through starts a proxy before the server and returns it with the database's URI through it.
func (d *database) through(t testing.TB) (*wireproxy.Proxy, string) {
	t.Helper()
	proxy, err := wireproxy.Start(t.Context(), d.uri)
	if err != nil {
		t.Fatalf("starting the proxy: %v", err)
	}
	t.Cleanup(func() { _ = proxy.Close() })
	return proxy, withDatabase(proxy.URI(), d.Name())
}

// open opens a ledger and closes it with the test.
func open(t testing.TB, uri string, opts mongoledger.Options) *mongoledger.Ledger {
	t.Helper()
	l, err := mongoledger.Open(t.Context(), uri, opts)
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// mustAppend appends commits after what the scribe knows and lets it learn them.
func mustAppend(t testing.TB, l ledger.Ledger, s *ledgertest.Scribe, commits ...*ledger.Commit) {
	t.Helper()
	if n, err := l.Append(t.Context(), s.Position(), commits); n != len(commits) || err != nil {
		t.Fatalf("appending: %d of %d durable, %v", n, len(commits), err)
	}
	s.Learn(commits...)
}

// wantLog sees that a ledger holds exactly these commits, each once, and that all of it verifies.
func wantLog(t testing.TB, l ledger.Ledger, want ...*ledger.Commit) {
	t.Helper()
	var got []ledger.Digest
	if err := l.Commits(t.Context(), 0, func(c *ledger.Commit) error {
		got = append(got, c.Hash)
		return nil
	}); err != nil {
		t.Fatalf("reading: %v", err)
	}
	if len(got) != len(want) {
		t.Fatalf("%d commits, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i].Hash {
			t.Errorf("commit %d is another one", want[i].Seq)
		}
	}
	_, err := ledger.Verify(t.Context(), l, func(f ledger.Finding) { t.Errorf("verify: %s", f) })
	if err != nil {
		t.Fatalf("verifying: %v", err)
	}
}
