package service

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
	"dalil/internal/telemetry"
	"dalil/internal/webhook"
)

// Options are what a Service needs beside its ledger. Log and Now are required.
type Options struct {
	Log      *slog.Logger
	Now      func() time.Time
	Location *time.Location // of "today"; nil is UTC

	// BootstrapKey becomes the first admin key of an empty ledger. When it is empty one is made, and Announce is told
	// its secret, once, by the node whose commit it was.
	BootstrapKey string
	Announce     func(secret string)
	// Sample gives the records to begin with when no record of the six kinds was ever written; nil for none.
	Sample func() ([]directory.Record, error)
	// Deliver sends a message of a webhook; nil for none to be sent. MayDeliver tells whether one may be sent to an
	// address at all.
	Deliver    func(ctx context.Context, m webhook.Message) error
	MayDeliver func(address string) bool
	// HookKey is what the secrets of webhooks are made from; "" is the ledger's own id.
	HookKey string
	// MaxCitations is how many citations are kept; 0 is 20,000.
	MaxCitations int
	// Observer is told what the writer does and what goes wrong beside it, for metrics.
	Observer Observer
	// Tracer follows what is asked through the writer to the ledger; nil traces nothing.
	Tracer *telemetry.Tracer
}

// Service holds the use cases on one ledger.
type Service struct {
	ledger   ledger.Ledger
	log      *slog.Logger
	now      func() time.Time
	location *time.Location

	head     head
	state    *state
	writer   *writer
	redactor *redactor
	running  *running
	uses     *uses
	annals   *annals
	pasts    *pasts

	maxCitations int

	hooks    *hooks
	observer Observer
	tracer   *telemetry.Tracer
	surveyed atomic.Pointer[ledger.Reach] // what the store last told
	origin   atomic.Pointer[origin]       // nil before the first commit

	stop  context.CancelFunc // ends the goroutines
	tasks sync.WaitGroup     // the goroutines
}

// Open reads the ledger up to its head, starts the writer and the following of other nodes, and makes the first
// commits of an empty ledger. It does not own the ledger: who opened it closes it, after Close.
func Open(ctx context.Context, l ledger.Ledger, opts Options) (*Service, error) {
	loaded, err := load(ctx, l)
	if err != nil {
		return nil, err
	}
	s := &Service{
		ledger: l, log: opts.Log, now: opts.Now, location: opts.Location, state: newState(), running: newRunning(),
		uses: readUses(ctx, l, opts.Log), annals: newAnnals(), pasts: newPasts(), hooks: newHooks(opts), observer: opts.Observer, tracer: opts.Tracer,
	}
	if s.maxCitations = opts.MaxCitations; s.maxCitations == 0 {
		s.maxCitations = usualCitations
	}
	if s.location == nil {
		s.location = time.UTC
	}
	s.head.publish(loaded.head)
	if loaded.newer != nil {
		s.state.block(loaded.newer)
		s.log.ErrorContext(ctx, "writing has stopped", slog.Any("error", loaded.newer))
	}
	s.redactor = newRedactor(l, s.log, &s.observer)
	s.redactor.add(loaded.erased)
	s.writer = newWriter(s, opts.Observer)
	if err := s.learnOrigin(ctx); err != nil {
		return nil, err
	}
	s.start(context.WithoutCancel(ctx))
	err = s.begin(ctx, opts)
	if err == nil {
		err = s.learnOrigin(ctx)
	}
	if err != nil {
		s.stop()
		s.tasks.Wait()
		return nil, err
	}
	return s, nil
}

// start runs the writer, the following and the redactor until stop is called.
func (s *Service) start(ctx context.Context) {
	ctx, s.stop = context.WithCancel(ctx)
	s.tasks.Go(func() { s.writer.run(ctx) })
	s.tasks.Go(func() { s.redactor.run(ctx) })
	s.tasks.Go(func() { s.keepUses(ctx) })
	s.tasks.Go(func() { s.keepAnnals(ctx) })
	s.tasks.Go(func() { s.keepPasts(ctx) })
	s.tasks.Go(func() { s.runHooks(ctx) })
	s.tasks.Go(func() { s.survey(ctx) })
	if s.state.mayWrite() {
		s.tasks.Go(func() { s.follow(ctx) })
		s.tasks.Go(func() { s.probe(ctx) })
	}
}

// Close takes no more proposals, lets those that wait be written until ctx ends, and ends the goroutines.
func (s *Service) Close(ctx context.Context) error {
	s.writer.queue.close()
	select {
	case <-s.writer.done:
	case <-ctx.Done():
	}
	s.stop()
	ended := make(chan struct{})
	go func() {
		s.tasks.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
	}
	// The store may still be at work; without an answer from it within a moment there is nobody to wait for.
	select {
	case <-ended:
		return nil
	case <-time.After(closeGrace):
		return fault.Wrap(fault.Unavailable, fault.CodeOutcomeUnknown, ctx.Err())
	}
}

// closeGrace is how long Close waits for a store that does not heed the end of its context.
const closeGrace = time.Second

// Ready returns nil, or a fault that says why this node should not be sent requests.
func (s *Service) Ready() error {
	if err := s.state.trouble(); err != nil {
		return err
	}
	return clockFault(s.now(), s.head.get())
}

// Fatal yields the error for which the process must end.
func (s *Service) Fatal() <-chan error { return s.state.fatal }

// Waiting is the number of proposals that wait for the writer.
func (s *Service) Waiting() int { return s.writer.queue.len() }

// Head returns the newest durable state of the directory.
func (s *Service) Head() *readmodel.Snapshot { return s.head.get() }

// patience is how long AtLeast waits.
const patience = 2 * time.Second

// AtLeast returns the head once it has reached a position. It waits for at most two seconds.
func (s *Service) AtLeast(ctx context.Context, seq uint64) (*readmodel.Snapshot, error) {
	return s.head.atLeast(ctx, seq)
}
