package mongoledger

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

const (
	appName         = "dalil"
	defaultDatabase = "dalil"
	reachTimeout    = 5 * time.Second // to find a server, and for the first answer of one
	leaveTimeout    = 5 * time.Second // to finish the projection and to take leave at Close
)

// Ledger is a ledger in a MongoDB database. Its methods may be called by several goroutines at once.
type Ledger struct {
	client *mongo.Client
	db     *mongo.Database
	opts   Options

	// whenClosed runs f once the ledger is closed, unless stopped before.
	whenClosed func(f func()) (stop func() bool)
	close      func() error

	// epoch counts the connections made and lost: what was seen of the store in an earlier one may no longer hold.
	epoch atomic.Uint64

	// seen is the last position that this node appended or told: a position of this store's log for certain.
	seen atomic.Pointer[ledger.Position]

	appending chan struct{} // holds a token while one Append is under way; it guards verified and doubt
	verified  sighting
	doubt     bool // the last answer of Append was ErrUnclear

	own       own
	known     atomic.Uint64 // the greatest number up to which everything was seen to be projected
	projector *projector
}

// Open connects to the server that a MongoDB URI names and prepares the database in its path, "dalil" when there is
// none. A server that does not answer within five seconds is a fault with code store_unreachable. Neither an error nor
// the log ever holds the URI.
func Open(ctx context.Context, uri string, opts Options) (*Ledger, error) {
	opts = opts.filled()
	l := &Ledger{opts: opts, appending: make(chan struct{}, 1)}
	client, err := l.connect(uri)
	if err != nil {
		return nil, err
	}
	l.client = client
	l.db = client.Database(databaseName(uri), options.Database().
		SetReadConcern(readconcern.Majority()).SetWriteConcern(durable()).SetReadPreference(readpref.Primary()))
	if err := l.prepare(ctx); err != nil {
		l.disconnect(ctx)
		return nil, err
	}
	l.start(ctx)
	return l, nil
}

// connect makes the client and waits for the first answer.
func (l *Ledger) connect(uri string) (*mongo.Client, error) {
	opts := options.Client().ApplyURI(uri).
		SetAppName(appName).
		SetTimeout(l.opts.Timeout).
		SetServerSelectionTimeout(reachTimeout).
		SetRetryWrites(false).
		SetPoolMonitor(&event.PoolMonitor{Event: l.notice})
	if opts.Validate() != nil {
		// The driver's words may quote the URI, and with it the password.
		return nil, fault.Wrap(fault.Invalid, fault.CodeStoreUnreachable, errors.New("the MongoDB URI cannot be read"))
	}
	client, err := mongo.Connect(opts)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, fault.CodeStoreUnreachable, err)
	}
	return client, nil
}

// start begins what runs until Close: the projection, and a first sweep.
func (l *Ledger) start(ctx context.Context) {
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	l.whenClosed = func(f func()) func() bool { return context.AfterFunc(life, f) }
	l.projector = newProjector(l)
	var running sync.WaitGroup
	running.Go(func() { l.projector.run(life) })
	if l.opts.Now != nil {
		running.Go(func() { l.sweepAtOpen(life) })
	}
	l.close = sync.OnceValue(func() error {
		l.projector.finish(leaveTimeout)
		end()
		running.Wait()
		l.disconnect(context.WithoutCancel(life))
		return nil
	})
}

// Close finishes the projection of what this node has appended, as far as that goes within five seconds, ends every
// stream and leaves the server. What is left of the projection, another node or the next start completes.
func (l *Ledger) Close() error { return l.close() }

func (l *Ledger) disconnect(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, leaveTimeout)
	defer cancel()
	_ = l.client.Disconnect(ctx) // nothing is left to be lost: whatever was acknowledged is durable
}

// notice counts the connections made and lost.
func (l *Ledger) notice(e *event.PoolEvent) {
	if e.Type == event.ConnectionReady || e.Type == event.ConnectionPoolCleared {
		l.epoch.Add(1)
	}
}

// collection returns one of the database's collections. What must hold for every read and write is set here, so that
// no URI can weaken it.
func (l *Ledger) collection(name string) *mongo.Collection {
	return l.db.Collection(name, options.Collection().
		SetReadConcern(readconcern.Majority()).SetWriteConcern(durable()).SetReadPreference(readpref.Primary()))
}

// durable is the write concern: a majority has it in its journal.
func durable() *writeconcern.WriteConcern {
	w := writeconcern.Majority()
	journal := true
	w.Journal = &journal
	return w
}

// databaseName returns the database in the path of a MongoDB URI.
func databaseName(uri string) string {
	_, rest, _ := strings.Cut(uri, "://")
	rest, _, _ = strings.Cut(rest, "?")
	_, path, _ := strings.Cut(rest, "/")
	if name, err := url.PathUnescape(path); err == nil && name != "" {
		return name
	}
	return defaultDatabase
}

// until returns a context that ends with ctx or when the ledger is closed.
func (l *Ledger) until(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := l.whenClosed(func() { cancel(errClosed) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}
