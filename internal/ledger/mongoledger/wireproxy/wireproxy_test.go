package wireproxy_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"dalil/internal/ledger/mongoledger/wireproxy"
)

// A bench is a collection seen twice: through the proxy, where faults befall, and directly, where the truth is.
type bench struct {
	proxy  *wireproxy.Proxy
	faulty *mongo.Collection
	actual *mongo.Collection
}

// newBench opens both views of a new collection. The driver's own retries are off: each test sees what one request
// came to.
func newBench(t *testing.T) *bench {
	t.Helper()
	return newBenchWith(t, options.Client().SetRetryWrites(false).SetRetryReads(false))
}

func newBenchWith(t *testing.T, opts *options.ClientOptions) *bench {
	t.Helper()
	uri := serverURI(t)
	proxy, err := wireproxy.Start(t.Context(), uri)
	if err != nil {
		t.Fatalf("starting the proxy: %v", err)
	}
	database := "wireproxy_" + bson.NewObjectID().Hex()
	b := &bench{
		proxy:  proxy,
		faulty: collection(t, opts.ApplyURI(proxy.URI()), database),
		actual: collection(t, options.Client().ApplyURI(uri), database),
	}
	t.Cleanup(func() {
		if err := b.actual.Database().Drop(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("dropping the test's database: %v", err)
		}
	})
	t.Cleanup(func() { _ = proxy.Close() })
	return b
}

func serverURI(t *testing.T) string {
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

func collection(t *testing.T, opts *options.ClientOptions, database string) *mongo.Collection {
	t.Helper()
	client, err := mongo.Connect(opts)
	if err != nil {
		t.Fatalf("connecting: %v", err)
	}
	// With the test's context, which has ended by then, the client leaves without asking a proxy that is gone.
	t.Cleanup(func() { _ = client.Disconnect(t.Context()) })
	durable := writeconcern.Majority()
	journal := true
	durable.Journal = &journal
	return client.Database(database).Collection("commits",
		options.Collection().SetWriteConcern(durable).SetReadConcern(readconcern.Majority()))
}

// insert writes documents with the given ids through the proxy, in one request.
func (b *bench) insert(ctx context.Context, ids ...int64) error {
	documents := make([]any, len(ids))
	for i, id := range ids {
		documents[i] = bson.D{{Key: "_id", Value: id}, {Key: "text", Value: "commit"}}
	}
	_, err := b.faulty.InsertMany(ctx, documents)
	return err
}

// written are the ids that the server holds.
func (b *bench) written(t *testing.T) []int64 {
	t.Helper()
	return idsIn(t, b.actual)
}

func idsIn(t *testing.T, c *mongo.Collection) []int64 {
	t.Helper()
	cursor, err := c.Find(t.Context(), bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		t.Fatalf("reading: %v", err)
	}
	var documents []struct {
		ID int64 `bson:"_id"`
	}
	if err := cursor.All(t.Context(), &documents); err != nil {
		t.Fatalf("reading: %v", err)
	}
	ids := make([]int64, len(documents))
	for i, d := range documents {
		ids[i] = d.ID
	}
	return ids
}
