package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dalil/internal/fault"
)

// Source is where commits are read from: a Ledger, or a file that holds them.
type Source interface {
	// Commits streams, in order, the commits after a position; see Ledger.
	Commits(ctx context.Context, after uint64, yield func(*Commit) error) error
}

// CopyOptions say how Copy works. The zero CopyOptions are good.
type CopyOptions struct {
	GroupBytes int            // about how much JSON is appended at once; 8 MB when zero. A single commit may be longer
	Progress   func(Progress) // told after each group, never by two goroutines at once; nil tells nobody
}

// Progress is how far a long run over commits has come.
type Progress struct {
	Seq     uint64 // of the last commit that is done
	Changes int    // done by this run
	Bytes   int64  // of JSON, done by this run
}

// Copied is what Copy has done.
type Copied struct {
	Before  Position // of the last commit that the destination held already
	Head    Position // of the last commit that it holds now
	Commits int      // appended by this run
	Changes int      // in those
	Erased  int      // versions that erase commits name: their texts are gone at the destination, too
}

const (
	groupBytes   = 8 << 20
	groupCommits = 1_024
	unclearTries = 20
	unclearPause = 100 * time.Millisecond
	longestPause = 5 * time.Second
)

// Copy brings the commits of a source to a ledger, verbatim: numbers, times, tokens, seals and hashes. Each is checked
// by itself and after the one before. What the destination holds already must be the beginning of the source, commit by
// commit as their hashes say; it goes on from there, so a run that was ended at any instant is taken up by the next one.
// Otherwise nothing is written, and the error is a fault with code copy_differs.
//
// A text that is gone at the source stays gone; until the commit is there that names it as erased, Verify reports it.
// Texts that an erase commit names are dropped at the destination at the end of every run, in case they were copied
// before they were erased. Key uses (KeyUses) are not copied: they are no part of the chain, and say nothing about
// another store.
func Copy(ctx context.Context, from Source, to Ledger, opts CopyOptions) (Copied, error) {
	if opts.GroupBytes == 0 {
		opts.GroupBytes = groupBytes
	}
	c := &copier{to: to, opts: opts}
	if err := to.Commits(ctx, 0, c.hold); err != nil {
		return c.done, fmt.Errorf("reading the destination: %w", err)
	}
	c.done.Head = c.done.Before
	if err := c.run(ctx, from); err != nil {
		return c.done, err
	}
	if c.source.Seq < c.done.Before.Seq {
		return c.done, differs(fmt.Sprintf("it has %d commits, the source %d", c.done.Before.Seq, c.source.Seq))
	}
	c.done.Erased = len(c.erased)
	if err := to.Redact(ctx, c.erased); err != nil {
		return c.done, fmt.Errorf("dropping erased texts: %w", err)
	}
	return c.done, nil
}

// copier is a Copy under way.
type copier struct {
	to    Ledger
	opts  CopyOptions
	first Digest // of the destination
	done  Copied // its head is set by append alone

	source Position  // of the last commit read
	group  []*Commit // read, not handed over yet
	size   int       // of its JSON
	bytes  int64     // appended
	erased []RefVersion
}

// hold takes in a commit that the destination held before.
func (c *copier) hold(held *Commit) error {
	if err := held.Check(c.done.Before); err != nil {
		return broken("the destination", held.Seq, err)
	}
	if held.Seq == 1 {
		c.first = held.Hash
	}
	c.done.Before = held.Position()
	return nil
}

// run reads and appends at the same time: while a group is being made durable, the next one is read and checked.
func (c *copier) run(ctx context.Context, from Source) error {
	reading, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	groups, appended := make(chan []*Commit), make(chan error, 1)
	go func() { appended <- c.appendAll(ctx, groups, stop) }()
	hand := func() error {
		if len(c.group) == 0 {
			return nil
		}
		select {
		case groups <- c.group:
			c.group, c.size = nil, 0
			return nil
		case <-reading.Done():
			return context.Cause(reading) //nolint:wrapcheck // told by who caused it
		}
	}
	err := from.Commits(reading, 0, func(commit *Commit) error { return c.take(commit, hand) })
	if err == nil {
		err = hand()
	}
	close(groups)
	if failed := <-appended; failed != nil {
		return failed
	}
	if err != nil {
		return fmt.Errorf("reading the source: %w", err)
	}
	return nil
}

// take takes in a commit of the source, and hands a group over when it is long enough.
func (c *copier) take(commit *Commit, hand func() error) error {
	if err := commit.Check(c.source); err != nil {
		return broken("the source", commit.Seq, err)
	}
	before := c.done.Before
	switch {
	case commit.Seq == 1 && before.Seq > 0 && commit.Hash != c.first:
		return differs("it is another ledger")
	case commit.Seq == before.Seq && commit.Hash != before.Hash:
		return differs(fmt.Sprintf("it has the same beginning, and went on otherwise up to commit %d", commit.Seq))
	}
	c.source = commit.Position()
	size := 0
	for i := range commit.Changes {
		ch := &commit.Changes[i]
		size += len(ch.JSON)
		for _, version := range ch.Erased {
			c.erased = append(c.erased, RefVersion{ch.Ref, version})
		}
	}
	if commit.Seq <= before.Seq {
		return nil
	}
	if len(c.group) > 0 && (c.size+size > c.opts.GroupBytes || len(c.group) == groupCommits) {
		if err := hand(); err != nil {
			return err
		}
	}
	c.group = append(c.group, commit)
	c.size += size
	return nil
}

// appendAll appends the groups in their order. Its error ends the reading.
func (c *copier) appendAll(ctx context.Context, groups <-chan []*Commit, stop context.CancelCauseFunc) error {
	for group := range groups {
		if err := c.append(ctx, group); err != nil {
			stop(err)
			return err
		}
	}
	return nil
}

// append makes a group durable. Where the store gives no clear answer it is asked again: what is there already is known
// by its tokens.
func (c *copier) append(ctx context.Context, group []*Commit) error {
	pause := unclearPause
	for try := 1; ; try++ {
		n, err := c.to.Append(ctx, c.done.Head, group)
		c.learn(group[:n])
		group = group[n:]
		switch {
		case err == nil:
			c.tell()
			return nil
		case errors.Is(err, ErrMoved):
			return differs(fmt.Sprintf("somebody else has written to it after commit %d", c.done.Head.Seq))
		case !errors.Is(err, ErrUnclear) || try == unclearTries:
			return fmt.Errorf("appending after commit %d: %w", c.done.Head.Seq, err)
		}
		select {
		case <-time.After(pause):
			pause = min(2*pause, longestPause)
		case <-ctx.Done():
			return ctx.Err() //nolint:wrapcheck // the caller's own
		}
	}
}

// learn counts commits that are durable.
func (c *copier) learn(commits []*Commit) {
	for _, commit := range commits {
		c.done.Head = commit.Position()
		c.done.Commits++
		c.done.Changes += len(commit.Changes)
		for i := range commit.Changes {
			c.bytes += int64(len(commit.Changes[i].JSON))
		}
	}
}

func (c *copier) tell() {
	if c.opts.Progress != nil {
		c.opts.Progress(Progress{Seq: c.done.Head.Seq, Changes: c.done.Changes, Bytes: c.bytes})
	}
}

// differs says that the destination does not hold the beginning of the source.
func differs(what string) error {
	return fault.New(fault.Conflict, fault.CodeCopyDiffers, fault.Args{"what": what})
}

// broken says what Check has found. A commit of a newer format is a fault by itself.
func broken(side string, seq uint64, err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	return fault.New(fault.Unavailable, fault.CodeChainBroken, fault.Args{"seq": seq, "what": side + ": " + err.Error()})
}
