package backupfile

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"github.com/klauspost/compress/zstd"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// Store is what a backup is made of: any ledger.Ledger.
type Store interface {
	ledger.Source

	// Erasures streams the versions that erase commits name; see ledger.Ledger.
	Erasures(ctx context.Context, yield func(ledger.RefVersion) error) error
}

// Options say what Write writes.
type Options struct {
	Head     ledger.Position       // of the last commit to be written
	Made     time.Time             // the moment that the file tells
	Progress func(ledger.Progress) // told now and then; nil tells nobody
}

// Write writes the commits of a store up to a position. What the store is given meanwhile is left out, and its writers
// never wait. An empty store is refused, with a fault of code store_empty. Each commit is checked on the way: a backup
// of a broken chain is refused, too.
func Write(ctx context.Context, to io.Writer, from Store, opts Options) (Totals, error) {
	if opts.Head.Seq == 0 {
		return Totals{}, fault.New(fault.Conflict, fault.CodeStoreEmpty, nil)
	}
	w := &writer{opts: opts, erased: make(map[ledger.RefVersion]bool)}
	if err := w.learnErased(ctx, from); err != nil {
		return Totals{}, err
	}
	sealing := &sealing{to: to, sum: newSum()}
	if _, err := fmt.Fprintf(sealing, "%s%d\n", magic, Format); err != nil {
		return Totals{}, err //nolint:wrapcheck // the receiver's own
	}
	zw, err := zstd.NewWriter(sealing, zstd.WithWindowSize(windowBytes), zstd.WithEncoderConcurrency(2))
	if err != nil {
		return Totals{}, fmt.Errorf("packing: %w", err)
	}
	defer zw.Close() //nolint:errcheck // closed for good below; here after an error that says more
	w.to = bufio.NewWriterSize(zw, runBytes/4)
	if err := w.commits(ctx, from); err != nil {
		return w.totals, err
	}
	if err := w.end(); err != nil {
		return w.totals, err
	}
	if err := zw.Close(); err != nil {
		return w.totals, err //nolint:wrapcheck // the receiver's own
	}
	return w.totals, sealing.seal()
}

// writer is a file that is being written.
type writer struct {
	opts   Options
	to     *bufio.Writer
	erased map[ledger.RefVersion]bool
	totals Totals
	bytes  int64
	buffer []byte
}

// learnErased asks which texts must not be written even if the store still has them. A store that keeps a projection
// knows for certain once that is complete.
func (w *writer) learnErased(ctx context.Context, from Store) error {
	if p, ok := from.(interface {
		Complete(ctx context.Context) error
	}); ok {
		if err := p.Complete(ctx); err != nil {
			return fmt.Errorf("completing the projection: %w", err)
		}
	}
	err := from.Erasures(ctx, func(v ledger.RefVersion) error {
		w.erased[v] = true
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading the erasures: %w", err)
	}
	return nil
}

// commits writes the header and every commit.
func (w *writer) commits(ctx context.Context, from ledger.Source) error {
	told := int64(0)
	err := from.Commits(ctx, 0, func(c *ledger.Commit) error {
		if c.Seq > w.opts.Head.Seq {
			return ledger.Stop
		}
		if err := c.Check(w.totals.Head); err != nil {
			return fmt.Errorf("commit %d: %w", c.Seq, err)
		}
		if c.Seq == 1 {
			w.buffer = appendHeader(w.buffer[:0], Header{c.Ledger, w.opts.Made, w.opts.Head})
			if err := w.frame(headerFrame, w.buffer); err != nil {
				return err
			}
		}
		if err := w.commit(c); err != nil {
			return err
		}
		if w.opts.Progress != nil && (w.bytes-told >= runBytes || c.Seq == w.opts.Head.Seq) {
			told = w.bytes
			w.opts.Progress(ledger.Progress{Seq: c.Seq, Changes: int(w.totals.Changes), Bytes: w.bytes}) //nolint:gosec // counted in memory
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading the store: %w", err)
	}
	if w.totals.Head != w.opts.Head {
		return fault.Wrap(fault.Unavailable, fault.CodeStoreReplaced, fmt.Errorf("the log ends at commit %d, not at %d", w.totals.Head.Seq, w.opts.Head.Seq))
	}
	return nil
}

// commit writes one commit, its changes in runs.
func (w *writer) commit(c *ledger.Commit) error {
	w.buffer = appendCommit(w.buffer[:0], c)
	if err := w.frame(commitFrame, w.buffer); err != nil {
		return err
	}
	w.buffer = w.buffer[:0]
	size := int64(0)
	for i := range c.Changes {
		ch := &c.Changes[i]
		w.buffer = appendChange(w.buffer, ch, w.erased[ledger.RefVersion{Ref: ch.Ref, Version: ch.Version}])
		w.bytes += int64(len(ch.JSON))
		if len(w.buffer) >= runBytes || i == len(c.Changes)-1 {
			size += int64(len(w.buffer))
			if err := w.frame(runFrame, w.buffer); err != nil {
				return err
			}
			w.buffer = w.buffer[:0]
		}
	}
	if size > commitLimit {
		return fmt.Errorf("commit %d takes %d bytes; a backup holds at most %d of one commit", c.Seq, size, int64(commitLimit))
	}
	w.totals.Commits++
	w.totals.Changes += uint64(len(c.Changes))
	w.totals.Head = c.Position()
	return nil
}

// end writes the last frame.
func (w *writer) end() error {
	w.buffer = appendTotals(w.buffer[:0], w.totals)
	if err := w.frame(endFrame, w.buffer); err != nil {
		return err
	}
	return w.to.Flush() //nolint:wrapcheck // the receiver's own
}

func (w *writer) frame(letter byte, content []byte) error {
	if len(content) > frameLimit {
		return fmt.Errorf("a frame of %d bytes is longer than a backup holds", len(content))
	}
	var head [1 + binary.MaxVarintLen64]byte
	start := binary.AppendUvarint(append(head[:0], letter), uint64(len(content)))
	if _, err := w.to.Write(start); err != nil {
		return err //nolint:wrapcheck // the receiver's own
	}
	_, err := w.to.Write(content)
	return err //nolint:wrapcheck // as above
}
