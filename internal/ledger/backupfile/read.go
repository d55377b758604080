package backupfile

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// Reader reads one file from its beginning to its end.
type Reader struct {
	source *sealed
	zstd   *zstd.Decoder
	in     *bufio.Reader
	limit  int64 // of the changes of one commit

	header Header
	totals Totals // of what was read
	buffer []byte
}

// NewReader reads the first line and the header. Its faults say what is the matter: backup_not_ours with the name given,
// backup_newer_format, backup_damaged. The caller closes the reader.
func NewReader(from io.Reader, name string) (*Reader, error) {
	r := &Reader{source: &sealed{from: from, sum: newSum()}, limit: commitLimit}
	plain := bufio.NewReaderSize(r.source, 64<<10)
	if err := r.firstLine(plain, name); err != nil {
		return nil, err
	}
	var err error
	r.zstd, err = zstd.NewReader(plain, zstd.WithDecoderMaxWindow(windowBytes), zstd.WithDecoderConcurrency(2))
	if err != nil {
		return nil, fmt.Errorf("unpacking: %w", err)
	}
	r.in = bufio.NewReaderSize(r.zstd, 256<<10)
	letter, frame, err := r.frame(nil)
	if err != nil {
		r.Close()
		return nil, err
	}
	c := content{b: frame}
	r.header = c.header()
	if letter != headerFrame || !c.ended() || r.header.Head.Seq == 0 {
		r.Close()
		return nil, damaged("its header cannot be read")
	}
	return r, nil
}

// firstLine sees whose file it is, and of which format.
func (r *Reader) firstLine(plain *bufio.Reader, name string) error {
	start, err := plain.Peek(magicLimit)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	line, _, whole := bytes.Cut(start, []byte("\n"))
	version, ours := strings.CutPrefix(string(line), magic)
	format, err := strconv.Atoi(version)
	switch {
	case !whole && len(start) < magicLimit && len(start) > 0 && strings.HasPrefix(magic, string(start[:min(len(start), len(magic))])):
		return damaged("it ends within its first line")
	case !ours || !whole || err != nil || format < 1:
		return fault.New(fault.Invalid, fault.CodeBackupNotOurs, fault.Args{"path": name})
	case format > Format:
		return fault.New(fault.Unavailable, fault.CodeBackupNewer, fault.Args{"format": format})
	}
	_, _ = plain.Discard(len(line) + 1) // it was peeked at
	return nil
}

// Header returns what the file says of itself.
func (r *Reader) Header() Header { return r.header }

// Close releases what unpacking needs. It does not close what it was reading from.
func (r *Reader) Close() {
	if r.zstd != nil {
		r.zstd.Close()
	}
}

// Commits streams the commits after a position; see ledger.Source. It can be called once. Having told the last one, it
// sees that the file ends as it should: with the totals, the seal, and nothing after it.
func (r *Reader) Commits(ctx context.Context, after uint64, yield func(*ledger.Commit) error) error {
	for {
		letter, frame, err := r.frame(nil)
		if err != nil {
			return err
		}
		switch letter {
		case commitFrame:
		case endFrame:
			return r.end(frame)
		default:
			return r.damagedHere("a commit is expected")
		}
		c, err := r.commit(frame)
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err //nolint:wrapcheck // the caller's own
		}
		if c.Seq <= after {
			continue
		}
		if err := yield(c); err != nil {
			if errors.Is(err, ledger.Stop) {
				return nil
			}
			return err
		}
	}
}

// commit reads a commit whose frame is at hand, with its changes.
func (r *Reader) commit(frame []byte) (*ledger.Commit, error) {
	in := content{b: frame}
	c, count := in.commit()
	if !in.ended() || count > ledger.MaxChanges {
		return nil, r.damagedHere("a commit cannot be read")
	}
	if c.Seq != r.totals.Head.Seq+1 {
		return nil, r.damagedHere(fmt.Sprintf("the next commit has number %d", c.Seq))
	}
	if c.Seq == 1 && c.Ledger != r.header.Ledger {
		return nil, r.damagedHere("its header names another ledger")
	}
	for size := int64(0); uint64(len(c.Changes)) < count; {
		letter, run, err := r.frame([]byte{}) // of its own: the texts stay in it
		if err != nil {
			return nil, err
		}
		size += int64(len(run))
		in := content{b: run}
		for len(in.b) > 0 {
			c.Changes = append(c.Changes, in.change())
		}
		if letter != runFrame || in.bad || len(run) == 0 || uint64(len(c.Changes)) > count || size > r.limit {
			return nil, r.damagedHere(fmt.Sprintf("the changes of commit %d cannot be read", c.Seq))
		}
	}
	r.totals.Commits++
	r.totals.Changes += count
	r.totals.Head = c.Position()
	return c, nil
}

// end compares what was read with what the file says at its end.
func (r *Reader) end(frame []byte) error {
	in := content{b: frame}
	told := in.totals()
	switch {
	case !in.ended():
		return r.damagedHere("its end cannot be read")
	case told != r.totals || told.Head != r.header.Head:
		return r.damagedHere(fmt.Sprintf("its end tells of %d commits and %d changes, but %d and %d were read",
			told.Commits, told.Changes, r.totals.Commits, r.totals.Changes))
	}
	switch _, err := r.in.ReadByte(); {
	case err == nil:
		return r.damagedHere("something follows its end")
	case !errors.Is(err, io.EOF):
		return r.failed(err)
	case !r.source.fits():
		return r.damagedHere("its seal differs: some byte of it was changed, added or lost")
	default:
		return nil
	}
}

// frame reads the next frame into a buffer; nil is the reader's own, which the next one overwrites. It grows with what
// is there, whatever length is told.
func (r *Reader) frame(into []byte) (letter byte, frame []byte, err error) {
	letter, err = r.in.ReadByte()
	if err != nil {
		return 0, nil, r.failed(err)
	}
	n, err := binary.ReadUvarint(r.in)
	if err != nil {
		return 0, nil, r.failed(err)
	}
	if n > frameLimit {
		return 0, nil, r.damagedHere(fmt.Sprintf("a frame of %d bytes is longer than any", n))
	}
	own := into == nil
	if own {
		into = r.buffer[:0]
	}
	frame, err = readAll(r.in, into, int(n))
	if err != nil {
		return 0, nil, r.failed(err)
	}
	if own {
		r.buffer = frame
	}
	return letter, frame, nil
}

// readAll appends n bytes to a buffer, which grows by no more than it gets.
func readAll(in io.Reader, to []byte, n int) ([]byte, error) {
	for n > 0 {
		some := min(n, max(cap(to)-len(to), 64<<10, len(to)))
		start := len(to)
		to = append(to, make([]byte, some)...)
		if _, err := io.ReadFull(in, to[start:]); err != nil {
			return nil, err //nolint:wrapcheck // failed judges it
		}
		n -= some
	}
	return to, nil
}

// failed tells what an error of reading says about the file.
func (r *Reader) failed(err error) error {
	switch {
	case r.source.err != nil:
		return fmt.Errorf("reading the backup: %w", r.source.err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return r.damagedHere("the rest of it is missing")
	default:
		return r.damagedHere(err.Error())
	}
}

// damagedHere says what is wrong after the commit read last.
func (r *Reader) damagedHere(what string) error {
	if r.header.Head.Seq == 0 {
		return damaged("in its header: " + what)
	}
	return damaged(fmt.Sprintf("after commit %d of %d: %s", r.totals.Head.Seq, r.header.Head.Seq, what))
}

func damaged(what string) error {
	return fault.New(fault.Unavailable, fault.CodeBackupDamaged, fault.Args{"what": what})
}
