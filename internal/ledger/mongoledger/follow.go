package mongoledger

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

const (
	lookAnyway  = 10 * time.Second // between two looks where a change stream is the bell
	shortPause  = 50 * time.Millisecond
	longPause   = 2 * time.Second
	streamPause = 500 * time.Millisecond // before a broken change stream is opened again
	streamAwait = 5 * time.Second        // how long the server holds back an answer that has nothing to tell

	// After so many changes in a row that are all this node's own, the change stream rests until this node has appended
	// nothing for a while: the server is spared the telling, and another node's commit is met by the next Append.
	ownInARow = 64
	restTime  = 40 * time.Millisecond
)

// Follow streams the commits after a position as they come; see ledger.Ledger. What it tells it has from the commits of
// the store, or from this node's own once they are durable there: the change stream is only the bell that says when to
// look, and without one it looks every now and then. A server that is away is waited for.
func (l *Ledger) Follow(ctx context.Context, after ledger.Position, yield func(*ledger.Commit) error) error {
	within, cancel := l.until(ctx)
	f := &follower{l: l, last: after, yield: yield, bell: make(chan struct{}, 1), lost: true}
	f.told.Store(after.Seq)
	var watching sync.WaitGroup
	defer watching.Wait()
	defer cancel()
	l.own.join(f)
	defer l.own.leave(f)
	if !l.opts.PollOnly {
		watching.Go(func() { f.watch(within) })
	}
	err := f.follow(within)
	if fault.Is(err, fault.CodeStoreReplaced) {
		l.projector.halt()
	}
	switch {
	case errors.Is(f.ended, ledger.Stop):
		return nil
	case f.ended != nil:
		return f.ended
	case ctx.Err() != nil:
		return ctx.Err() //nolint:wrapcheck // the contract is the context's own error
	default:
		return err
	}
}

// follower is one Follow.
type follower struct {
	l     *Ledger
	last  ledger.Position // the last commit told
	yield func(*ledger.Commit) error
	ended error // what yield returned
	bell  chan struct{}
	lost  bool          // whether the own head must be looked at before anything else
	stood bool          // whether it was looked at just now, and was there
	look  atomic.Bool   // whether the store may hold what this node did not append
	told  atomic.Uint64 // the number of the last commit told

	opened atomic.Bool // a change stream opened, which was told nothing of what happened before: as lost

	mu   sync.Mutex
	live bool // whether a change stream rings the bell
}

func (f *follower) follow(ctx context.Context) error {
	pause, every := shortPause, f.interval()
	due := time.NewTimer(every) // when the own head is looked at again, however often the bell rings before
	defer due.Stop()
	for {
		last := every
		every = f.interval()
		err := f.catchUp(ctx)
		switch {
		case f.ended != nil:
			return f.ended
		case ctx.Err() != nil:
			return context.Cause(ctx) //nolint:wrapcheck // errClosed, or the caller's own
		case err == nil:
			pause = shortPause
			if f.stood || every != last {
				due.Reset(every)
			}
		case away(err):
			f.l.opts.Log.WarnContext(ctx, "following is interrupted", slog.Any("err", err))
			f.lost = true
			due.Reset(pause)
			pause = min(2*pause, longPause)
		default:
			return err
		}
		select {
		case <-f.bell:
		case <-due.C:
			f.lost = true // is the own head still there?
		case <-ctx.Done():
		}
	}
}

// catchUp tells what the store holds after the last commit told: what this node appended without asking the store.
func (f *follower) catchUp(ctx context.Context) error {
	f.lost = f.opened.Swap(false) || f.lost
	look := f.look.Swap(false) || f.lost
	f.stood = false
	if f.lost {
		if err := f.l.checkStands(ctx, f.last); err != nil {
			return err
		}
		f.lost, f.stood = false, true
	}
	for !look {
		var commits []*ledger.Commit
		if commits, look = f.l.own.after(f.last); len(commits) == 0 {
			break
		}
		for _, c := range commits {
			if err := f.next(c); err != nil {
				return err
			}
		}
	}
	if !look {
		return nil
	}
	err := f.l.commits(ctx, f.last.Seq, f.next)
	if err != nil {
		f.look.Store(true)
	}
	return err
}

// next tells a commit that ties to the last one.
func (f *follower) next(c *ledger.Commit) error {
	if c.Prev != f.last.Hash {
		return replaced("the next commit does not tie to the one before")
	}
	if f.ended = f.yield(c); f.ended != nil {
		return f.ended
	}
	f.last = c.Position()
	f.told.Store(c.Seq)
	f.l.see(f.last)
	f.l.projector.note(c.Seq)
	return nil
}

// away tells whether an error is of a store that may come back.
func away(err error) bool {
	return fault.Is(err, fault.CodeUnavailable) || fault.Is(err, fault.CodeStoreUnreachable)
}

// interval is how long to wait for the bell.
func (f *follower) interval() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.live {
		return lookAnyway
	}
	return f.l.opts.Poll
}

func (f *follower) setLive(live bool) {
	f.mu.Lock()
	f.live = live
	f.mu.Unlock()
	if live {
		f.opened.Store(true)
	}
	f.hear(true)
}

// hear says that there may be more to tell, and whether the store must be asked for it.
func (f *follower) hear(look bool) {
	if look {
		f.look.Store(true)
	}
	select {
	case f.bell <- struct{}{}:
	default: // it rings already
	}
}

// errOwn says that a change stream told of nothing but this node's own commits.
var errOwn = errors.New("only this node's own commits were told of")

// watch rings the bell whenever the commits change, until ctx ends or it turns out that the server has no change
// streams.
func (f *follower) watch(ctx context.Context) {
	for ctx.Err() == nil {
		err := f.stream(ctx)
		if errors.Is(err, errOwn) {
			f.rest(ctx)
			continue
		}
		f.setLive(false)
		if hasCode(err, codeChangeStreamNeedsOplog, codeUnknownStage, codeCommandNotFound, codeCommandNotSupported,
			codeNotImplemented, codeUnauthorized) {
			return
		}
		pause(ctx, streamPause)
	}
}

// rest waits until this node has not appended for a while.
func (f *follower) rest(ctx context.Context) {
	for before, _ := f.l.own.activity(); ctx.Err() == nil; {
		pause(ctx, restTime)
		appends, underWay := f.l.own.activity()
		if appends == before && !underWay {
			return
		}
		before = appends
	}
}

// pause waits for a while, or until ctx ends.
func pause(ctx context.Context, while time.Duration) {
	timer := time.NewTimer(while)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// stream rings the bell for what one change stream tells. It is open before the first ring, so what was committed
// before is found by the look that the ring asks for, and what comes later rings again.
func (f *follower) stream(ctx context.Context) error {
	names := bson.D{{Key: "$project", Value: bson.D{{Key: "operationType", Value: 1}, {Key: "documentKey", Value: 1}}}}
	stream, err := f.l.collection(commitsName).Watch(ctx, mongo.Pipeline{names},
		options.ChangeStream().SetMaxAwaitTime(min(streamAwait, f.l.opts.Timeout/2)))
	if err != nil {
		return err //nolint:wrapcheck // only its code is looked at
	}
	defer func() { _ = stream.Close(context.WithoutCancel(ctx)) }()
	f.setLive(true)
	own := 0
	for {
		switch {
		case stream.TryNext(ctx):
			if own++; !f.change(stream.Current) {
				own = 0
			}
			if own >= ownInARow && stream.RemainingBatchLength() == 0 {
				return errOwn
			}
		case stream.Err() != nil || stream.ID() == 0:
			return stream.Err() //nolint:wrapcheck // only its code is looked at
		default: // nothing was told for a while
			own = 0
		}
	}
}

// change rings the bell, unless the change is a commit that was told already. Nor does it ring for a position that this
// node has appended to or is appending to: who follows hears of that anyway, and it tells whether it was such a one.
func (f *follower) change(event bson.Raw) (own bool) {
	seq, ok := event.Lookup("documentKey", "_id").AsInt64OK()
	operation, _ := event.Lookup("operationType").StringValueOK()
	if !ok || operation != "insert" {
		f.hear(true)
		return false
	}
	own = f.l.own.reached(uint64(seq))       //nolint:gosec // numbers of commits
	if !own && uint64(seq) > f.told.Load() { //nolint:gosec // as above
		f.hear(true)
	}
	return own
}
