package mongoledger_test

import (
	"context"
	"log/slog"
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

func serverURI(tb testing.TB) string {
	tb.Helper()
	uri := os.Getenv("DALIL_TEST_MONGODB_URI")
	if uri == "" {
		if strings.Contains(os.Getenv("DALIL_TEST_REQUIRE"), "mongodb") {
			tb.Fatal("DALIL_TEST_REQUIRE asks for MongoDB, and DALIL_TEST_MONGODB_URI is not set")
		}
		tb.Skip("needs MongoDB: set DALIL_TEST_MONGODB_URI (deployments/test-mongodb starts one)")
	}
	return uri
}

// database is an empty database that goes with the test, seen without any of our own code.
type database struct {
	*mongo.Database
	uri string // with the database in its path
}

func newDatabase(tb testing.TB) *database {
	tb.Helper()
	return databaseAt(tb, serverURI(tb))
}

func databaseAt(tb testing.TB, uri string) *database {
	tb.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		tb.Fatalf("connecting: %v", err)
	}
	name := "mongoledger_" + bson.NewObjectID().Hex()
	d := &database{client.Database(name), withDatabase(uri, name)}
	tb.Cleanup(func() {
		ctx := context.WithoutCancel(tb.Context())
		if err := d.Drop(ctx); err != nil {
			tb.Errorf("dropping the test's database: %v", err)
		}
		_ = client.Disconnect(ctx)
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
func (d *database) through(tb testing.TB) (*wireproxy.Proxy, string) {
	tb.Helper()
	proxy, err := wireproxy.Start(context.WithoutCancel(tb.Context()), d.uri) // the ledgers behind it are closed after the test
	if err != nil {
		tb.Fatalf("starting the proxy: %v", err)
	}
	tb.Cleanup(func() { _ = proxy.Close() })
	return proxy, withDatabase(proxy.URI(), d.Name())
}

// open opens a ledger and closes it with the test.
func open(tb testing.TB, uri string, opts mongoledger.Options) *mongoledger.Ledger {
	tb.Helper()
	l, err := mongoledger.Open(tb.Context(), uri, opts)
	if err != nil {
		tb.Fatalf("opening: %v", err)
	}
	tb.Cleanup(func() { _ = l.Close() })
	return l
}

// mustAppend appends commits after what the scribe knows and lets it learn them.
func mustAppend(tb testing.TB, l ledger.Ledger, s *ledgertest.Scribe, commits ...*ledger.Commit) {
	tb.Helper()
	if n, err := l.Append(tb.Context(), s.Position(), commits); n != len(commits) || err != nil {
		tb.Fatalf("appending: %d of %d durable, %v", n, len(commits), err)
	}
	s.Learn(commits...)
}

// wantLog sees that a ledger holds exactly these commits, each once, and that all of it verifies.
func wantLog(tb testing.TB, l ledger.Ledger, want ...*ledger.Commit) {
	tb.Helper()
	var got []ledger.Digest
	if err := l.Commits(tb.Context(), 0, func(c *ledger.Commit) error {
		got = append(got, c.Hash)
		return nil
	}); err != nil {
		tb.Fatalf("reading: %v", err)
	}
	if len(got) != len(want) {
		tb.Fatalf("%d commits, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i].Hash {
			tb.Errorf("commit %d is another one", want[i].Seq)
		}
	}
	_, err := ledger.Verify(tb.Context(), l, func(f ledger.Finding) { tb.Errorf("verify: %s", f) })
	if err != nil {
		tb.Fatalf("verifying: %v", err)
	}
}

// textLog returns a logger that writes into a log in memory.
func textLog(to *lines) *slog.Logger { return slog.New(slog.NewTextHandler(to, nil)) }
