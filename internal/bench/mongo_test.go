package bench_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
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

// BenchmarkImportMongoDB imports the registry's file, reading and all checks included, into a file and into MongoDB, its
// collections for people included. Beside it a bare driver writes the same documents into another database, under the
// same concerns. It tells the median seconds of each, and how many times the bare driver's the import takes beyond that into a
// file: to be 1.5 at most.
func BenchmarkImportMongoDB(b *testing.B) {
	path := registry(b)
	var embedded, imported, written []time.Duration
	for b.Loop() {
		embedded = append(embedded, timed(func() { importInto(b, path, openFile(b)) }))
		db, uri := newDatabase(b)
		l := openDatabase(b, uri)
		imported = append(imported, timed(func() { importInto(b, path, l); complete(b, l) }))
		documents := make(map[string][]bson.Raw)
		for _, name := range slices.Concat(first, behind) {
			documents[name] = allDocuments(b, db.Collection(name))
		}
		bare, _ := newDatabase(b)
		written = append(written, timed(func() { writeBare(b, bare, documents) }))
	}
	file, database, driver := median(b, "embedded", embedded), median(b, "mongodb", imported), median(b, "bare", written)
	b.ReportMetric((database-file)/driver, "more/bare")
	b.ReportMetric(0, "ns/op") // of all together it tells nothing
}

// BenchmarkStartMongoDB starts on a database that holds the registry's organisations until the service is ready. Beside
// it a bare driver reads the same documents, and a service starts on a file with the same records. It tells the median
// seconds of each, and how many times the bare driver's the start takes beyond one second: to be 1.5 at most.
func BenchmarkStartMongoDB(b *testing.B) {
	path := registry(b)
	file := filepath.Join(b.TempDir(), "dalil.db")
	whileOpen(b, file, func(s *service.Service) { importAll(b, path, s) })
	db, uri := newDatabase(b)
	l := openDatabase(b, uri)
	importInto(b, path, l)
	complete(b, l)
	var embedded, started, read []time.Duration
	for b.Loop() {
		runtime.GC()
		began := time.Now()
		whileOpen(b, file, func(*service.Service) { embedded = append(embedded, time.Since(began)) })
		runtime.GC()
		var ready *service.Service
		started = append(started, timed(func() {
			l := openDatabase(b, uri)
			ready = serviceOn(b, l)
			if err := ready.Ready(); err != nil {
				b.Fatal(err)
			}
		}))
		if err := ready.Close(context.WithoutCancel(b.Context())); err != nil {
			b.Fatal(err)
		}
		ready = nil
		runtime.GC()
		read = append(read, timed(func() { readBare(b, db) }))
	}
	median(b, "embedded", embedded)
	database, driver := median(b, "mongodb", started), median(b, "bare", read)
	b.ReportMetric((database-1)/driver, "more/bare")
	b.ReportMetric(0, "ns/op") // of all together it tells nothing
}

// registry returns the path of the registry's file or skips a benchmark that has none.
func registry(b *testing.B) string {
	b.Helper()
	path := bench.Path()
	if path == "" {
		b.Skipf("the organisations are not here: set %s to the path of organizations.ndjson.gz", bench.Variable)
	}
	return path
}

// complete waits until the collections for people are written as well.
func complete(b *testing.B, l *mongoledger.Ledger) {
	b.Helper()
	if err := l.Complete(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
}

// The collections of an import: a commit lists its parts, so these come first; the others follow from them.
var (
	first  = []string{"commit_parts", "commits"}
	behind = []string{"actors", "relations", "revisions"}
)

// median logs how long something took each time, and reports and returns the median in seconds.
func median(b *testing.B, what string, took []time.Duration) float64 {
	b.Helper()
	b.Logf("%s: %v", what, took)
	slices.Sort(took)
	seconds := took[len(took)/2].Seconds()
	b.ReportMetric(seconds, what+"-s")
	return seconds
}

func timed(do func()) time.Duration {
	began := time.Now()
	do()
	return time.Since(began)
}

// importInto reads the registry's file and imports it into an empty store.
func importInto(b *testing.B, path string, l ledger.Ledger) {
	b.Helper()
	s := serviceOn(b, l)
	importAll(b, path, s)
	if err := s.Close(context.WithoutCancel(b.Context())); err != nil {
		b.Fatal(err)
	}
}

func importAll(b *testing.B, path string, s *service.Service) {
	b.Helper()
	input := interchange.Input{Name: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
	items, faults, err := interchange.Read(b.Context(), []interchange.Input{input}, interchange.ReadOptions{})
	if err != nil || len(faults) > 0 {
		b.Fatal(err, faults)
	}
	w := service.Write{Caller: access.Caller{ID: "import", Scope: access.Admin, Clearance: directory.Ministry, Via: "cli"}}
	report, err := s.Import(b.Context(), w, items, service.ImportOptions{})
	if err != nil || report.Created != len(items) {
		b.Fatal(err, report.Created)
	}
}

// serviceOn returns a service that its caller closes: nothing must keep it, or later ones would run beside all of them.
func serviceOn(b *testing.B, l ledger.Ledger) *service.Service {
	b.Helper()
	s, err := service.Open(b.Context(), l, service.Options{
		Log: slog.New(slog.DiscardHandler), Now: time.Now, BootstrapKey: "a-key-for-benchmarks-only",
	})
	if err != nil {
		b.Fatal(err)
	}
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

// readBare reads what a start needs: of the current records of every kind what Dalil itself has written there, each text
// as bytes of its own.
func readBare(b *testing.B, db *mongo.Database) {
	b.Helper()
	texts := 0
	for _, kind := range directory.AllKinds() {
		cursor, err := db.Collection(string(kind)).Find(b.Context(), bson.D{},
			options.Find().SetProjection(bson.D{{Key: "_dalil", Value: 1}}).SetBatchSize(5_000))
		if err != nil {
			b.Fatal(err)
		}
		for cursor.Next(b.Context()) {
			if text, ok := cursor.Current.Lookup("_dalil", "json").StringValueOK(); ok && len(text) > 0 {
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
