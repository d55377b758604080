package service_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/ledger/mongoledger"
	"dalil/internal/service"
)

// openBolt opens a new file.
func openBolt(tb testing.TB) ledger.Ledger {
	tb.Helper()
	l, err := boltledger.Open(filepath.Join(tb.TempDir(), "dalil.db"), boltledger.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := l.Close(); err != nil {
			tb.Errorf("closing the file: %v", err)
		}
	})
	return l
}

// newMongoDatabase returns the URI of an empty database that goes with the test. Without a server the test is skipped.
func newMongoDatabase(tb testing.TB) (*mongo.Database, string) {
	tb.Helper()
	uri := os.Getenv("DALIL_TEST_MONGODB_URI")
	if uri == "" {
		if strings.Contains(os.Getenv("DALIL_TEST_REQUIRE"), "mongodb") {
			tb.Fatal("DALIL_TEST_REQUIRE asks for MongoDB, and DALIL_TEST_MONGODB_URI is not set")
		}
		tb.Skip("needs MongoDB: set DALIL_TEST_MONGODB_URI (deployments/test-mongodb starts one)")
	}
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		tb.Fatalf("connecting: %v", err)
	}
	db := client.Database("service_" + bson.NewObjectID().Hex())
	tb.Cleanup(func() {
		if err := db.Drop(withoutCancel(tb)); err != nil {
			tb.Errorf("dropping the test's database: %v", err)
		}
		_ = client.Disconnect(withoutCancel(tb))
	})
	scheme, rest, _ := strings.Cut(uri, "://")
	hosts, tail, _ := strings.Cut(rest, "/")
	_, query, _ := strings.Cut(tail, "?")
	return db, scheme + "://" + hosts + "/" + db.Name() + "?" + query
}

// openNewMongo opens a new database.
func openNewMongo(tb testing.TB) ledger.Ledger {
	tb.Helper()
	_, uri := newMongoDatabase(tb)
	return openMongo(tb, uri)
}

// openMongo opens a database as one node does.
func openMongo(tb testing.TB, uri string) ledger.Ledger {
	tb.Helper()
	l, err := mongoledger.Open(tb.Context(), uri, mongoledger.Options{})
	if err != nil {
		tb.Fatalf("opening the database: %v", err)
	}
	tb.Cleanup(func() {
		if err := l.Close(); err != nil {
			tb.Errorf("leaving the database: %v", err)
		}
	})
	return l
}

func TestOfConflictingWritesOnOneFileExactlyOneWins(t *testing.T) {
	t.Parallel()
	l := openBolt(t)
	newArena(t, 11, openService(t, l)).battle(200, l)
}

func TestOfConflictingWritesOnATroubledFileExactlyOneWins(t *testing.T) {
	t.Parallel()
	l := openBolt(t)
	view := &troubledLedger{Ledger: l, trouble: newChaos(12).trouble}
	newArena(t, 12, openService(t, view), openService(t, view)).battle(50, l)
}

func TestOfConflictingWritesOfTwoNodesOnMongoDBExactlyOneWins(t *testing.T) {
	t.Parallel()
	_, uri := newMongoDatabase(t)
	first, second := openMongo(t, uri), openMongo(t, uri)
	newArena(t, 13, openService(t, first), openService(t, second)).battle(200, first)
}

func TestOfConflictingWritesOfTwoNodesOnATroubledMongoDBExactlyOneWins(t *testing.T) {
	t.Parallel()
	_, uri := newMongoDatabase(t)
	first, second := openMongo(t, uri), openMongo(t, uri)
	var nodes []*service.Service
	for i, l := range []ledger.Ledger{first, second} {
		nodes = append(nodes, openService(t, &troubledLedger{Ledger: l, trouble: newChaos(uint64(14 + i)).trouble}))
	}
	newArena(t, 14, nodes...).battle(50, first)
}

func TestNodesThatStartAtOnceOnMongoDBMakeOneGenesisAndOneSample(t *testing.T) {
	t.Parallel()
	for range 3 {
		_, uri := newMongoDatabase(t)
		views := make(chan ledger.Ledger, 4)
		for range cap(views) {
			views <- openMongo(t, uri)
		}
		startAtOnce(t, openMongo(t, uri), func() ledger.Ledger { return <-views })
	}
}
