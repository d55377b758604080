package bench_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"dalil/internal/access"
	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/ledger/mongoledger"
	"dalil/internal/service"
)

// BenchmarkMongoDB imports the registry's file, reading and all checks included, into a file and into MongoDB, and then
// starts on MongoDB. Beside it a bare driver writes the same documents into another database, under the same concerns,
// and reads them again. It tells the seconds of each, and how many times the bare driver's
//
//   - the import takes beyond that into a file (import/bare: to be 1.5 at most),
//   - the start takes beyond one second (start/bare: to be 1.5 at most).
func BenchmarkMongoDB(b *testing.B) {
	path := bench.Path()
	if path == "" {
		b.Skipf("the organisations are not here: set %s to the path of organizations.ndjson.gz", bench.Variable)
	}
	var embedded, imported, written, started, read time.Duration
	for n := 0; b.Loop(); n++ {
		embedded += timed(b, func() { importInto(b, path, openFile(b)) })
		db, uri := newDatabase(b)
		l := openDatabase(b, uri)
		imported += timed(b, func() {
			importInto(b, path, l)
			if err := l.Complete(b.Context()); err != nil {
				b.Fatal(err)
			}
		})
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
		started += timed(b, func() {
			l = openDatabase(b, uri)
			if err := serviceOn(b, l).Ready(); err != nil {
				b.Fatal(err)
			}
		})
		read += timed(b, func() { readBare(b, db) })
		documents := make(map[string][]bson.Raw)
		for _, name := range slices.Concat(first, behind) {
			documents[name] = allDocuments(b, db.Collection(name))
		}
		bare, _ := newDatabase(b)
		written += timed(b, func() { writeBare(b, bare, documents) })
	}
	tell := func(took time.Duration, name string) { b.ReportMetric(took.Seconds()/float64(b.N), name) }
	tell(embedded, "embedded-s")
	tell(imported, "import-s")
	tell(written, "bare-write-s")
	tell(started, "start-s")
	tell(read, "bare-read-s")
	b.ReportMetric((imported-embedded).Seconds()/written.Seconds(), "import/bare")
	b.ReportMetric((started.Seconds()-float64(b.N))/read.Seconds(), "start/bare")
	b.ReportMetric(0, "ns/op") // of all together it tells nothing
}

// The collections of an import: a commit lists its parts, so these come first; the others follow from them.
var (
	first  = []string{"commit_parts", "commits"}
	behind = []string{"actors", "relations", "revisions"}
)

func timed(b *testing.B, do func()) time.Duration {
	b.Helper()
	began := time.Now()
	do()
	return time.Since(began)
}

// importInto reads the registry's file and imports it into an empty store.
func importInto(b *testing.B, path string, l ledger.Ledger) {
	b.Helper()
	input := interchange.Input{Name: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
	items, faults, err := interchange.Read(b.Context(), []interchange.Input{input}, interchange.ReadOptions{})
	if err != nil || len(faults) > 0 {
		b.Fatal(err, faults)
	}
	s := serviceOn(b, l)
	w := service.Write{Caller: access.Caller{ID: "import", Scope: access.Admin, Clearance: directory.Ministry, Via: "cli"}}
	report, err := s.Import(b.Context(), w, items, service.ImportOptions{})
	if err != nil || report.Created != len(items) {
		b.Fatal(err, report.Created)
	}
	if err := s.Close(context.WithoutCancel(b.Context())); err != nil {
		b.Fatal(err)
	}
}

func serviceOn(b *testing.B, l ledger.Ledger) *service.Service {
	b.Helper()
	s, err := service.Open(b.Context(), l, service.Options{
		Log: slog.New(slog.DiscardHandler), Now: time.Now, BootstrapKey: "a-key-for-benchmarks-only",
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close(context.WithoutCancel(b.Context())) })
	return s
}

func openFile(b *testing.B) ledger.Ledger {
	b.Helper()
	l, err := boltledger.Open(filepath.Join(b.TempDir(), "dalil.db"), boltledger.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	return l
}

func openDatabase(b *testing.B, uri string) *mongoledger.Ledger {
	b.Helper()
	l, err := mongoledger.Open(b.Context(), uri, mongoledger.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	return l
}

// newDatabase returns a database of its own, for a driver that, like the ledger, does not repeat writes by itself.
func newDatabase(b *testing.B) (*mongo.Database, string) {
	b.Helper()
	uri := os.Getenv("DALIL_TEST_MONGODB_URI")
	if uri == "" {
		b.Skip("needs MongoDB: set DALIL_TEST_MONGODB_URI (deployments/test-mongodb starts one)")
	}
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetRetryWrites(false))
	if err != nil {
		b.Fatal(err)
	}
	db := client.Database("bench_" + bson.NewObjectID().Hex())
	b.Cleanup(func() {
		if err := db.Drop(context.WithoutCancel(b.Context())); err != nil {
			b.Errorf("dropping the database: %v", err)
		}
		_ = client.Disconnect(context.WithoutCancel(b.Context()))
	})
	scheme, rest, _ := strings.Cut(uri, "://")
	hosts, tail, _ := strings.Cut(rest, "/")
	_, query, _ := strings.Cut(tail, "?")
	return db, fmt.Sprintf("%s://%s/%s?%s", scheme, hosts, db.Name(), query)
}

// writeBare writes documents as the ledger does: parts, the commit, and behind it the rest, in messages of 500.
func writeBare(b *testing.B, db *mongo.Database, documents map[string][]bson.Raw) {
	b.Helper()
	durable := options.Collection().SetWriteConcern(&writeconcern.WriteConcern{W: writeconcern.WCMajority, Journal: new(true)})
	insert := func(name string, atOnce int) error {
		for some := range slices.Chunk(documents[name], atOnce) {
			if _, err := db.Collection(name, durable).InsertMany(b.Context(), some, options.InsertMany().SetOrdered(false)); err != nil {
				return err
			}
		}
		return nil
	}
	const parts, rest = 4, 500
	err := errors.Join(insert("commit_parts", parts), insert("commits", rest))
	revisions := make(chan error, 1)
	go func() { revisions <- insert("revisions", rest) }()
	if err := errors.Join(err, insert("actors", rest), insert("relations", rest), <-revisions); err != nil {
		b.Fatal(err)
	}
}

// readBare reads what a start needs: of the current records what Dalil itself has written there.
func readBare(b *testing.B, db *mongo.Database) {
	b.Helper()
	texts := 0
	for _, name := range []string{"actors", "relations"} {
		cursor, err := db.Collection(name).Find(b.Context(), bson.D{},
			options.Find().SetProjection(bson.D{{Key: "_dalil", Value: 1}}).SetBatchSize(5_000))
		if err != nil {
			b.Fatal(err)
		}
		for cursor.Next(b.Context()) {
			if _, ok := cursor.Current.Lookup("_dalil", "json").StringValueOK(); ok {
				texts++
			}
		}
		if err := cursor.Err(); err != nil {
			b.Fatal(err)
		}
	}
	if texts < 51_370 {
		b.Fatalf("%d texts were read", texts)
	}
}

func allDocuments(b *testing.B, c *mongo.Collection) []bson.Raw {
	b.Helper()
	cursor, err := c.Find(b.Context(), bson.D{})
	if err != nil {
		b.Fatal(err)
	}
	var all []bson.Raw
	if err := cursor.All(b.Context(), &all); err != nil || len(all) == 0 {
		b.Fatal(len(all), err)
	}
	return all
}
