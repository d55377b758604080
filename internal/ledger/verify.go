package ledger

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"dalil/internal/directory"
)

// Finding says what is wrong where. Ref and Version are zero where a whole commit is meant.
type Finding struct {
	Seq     uint64
	Ref     directory.Ref
	Version uint64
	What    string
}

// String returns the finding as one line.
func (f Finding) String() string {
	if f.Ref.ID == "" {
		return fmt.Sprintf("commit %d: %s", f.Seq, f.What)
	}
	return fmt.Sprintf("commit %d, %s version %d: %s", f.Seq, f.Ref, f.Version, f.What)
}

// Summary counts what Verify has seen.
type Summary struct {
	Commits int
	Changes int
	Records int      // archived ones included
	Erased  int      // versions whose text is gone, as an erase commit says
	Head    Position // of the last commit seen
}

// Verify reads a whole ledger and reports everything that is wrong with it: numbers, links, hashes and texts of the
// commits; times that go backward; versions of a record that are not consecutive; blank texts that no erase commit
// names, and texts that one names but are still there; then the checkpoint and the histories wherever they differ from
// the commits, which are right. The error is of the reading itself; the findings up to there stand.
//
// The ledger may be written to meanwhile; what comes after the head at the start is left alone. Of each record only
// the last version's digest and a sum over its history are kept.
func Verify(ctx context.Context, l Ledger, report func(Finding)) (Summary, error) {
	v := newVerifier(report)
	if err := v.chain(ctx, l); err != nil {
		return v.summary(), err
	}
	if err := v.checkpoint(ctx, l); err != nil {
		return v.summary(), err
	}
	return v.summary(), v.histories(ctx, l)
}

// VerifyCommits reports what Verify does of the commits alone: for a source that has neither checkpoint nor histories.
func VerifyCommits(ctx context.Context, s Source, report func(Finding)) (Summary, error) {
	v := newVerifier(report)
	err := v.chain(ctx, s)
	return v.summary(), err
}

func newVerifier(report func(Finding)) *verifier {
	return &verifier{
		report:  report,
		records: make(map[directory.Ref]*trace),
		blank:   make(map[RefVersion]uint64),
		named:   make(map[RefVersion]uint64),
	}
}

// chain judges every commit, and then what is blank.
func (v *verifier) chain(ctx context.Context, s Source) error {
	if err := s.Commits(ctx, 0, v.commit); err != nil {
		return fmt.Errorf("reading commits: %w", err)
	}
	v.judgeBlanks()
	return nil
}

// verifier is what Verify knows while it reads.
type verifier struct {
	report  func(Finding)
	sums    summer
	head    Position
	at      time.Time
	commits int
	changes int
	erased  int
	records map[directory.Ref]*trace
	blank   map[RefVersion]uint64 // versions without a text, and the commit of each
	named   map[RefVersion]uint64 // versions that an erase commit names, and that commit
}

// trace is what is kept of one record.
type trace struct {
	seq     uint64 // of the last version
	version uint64
	op      Op
	text    Digest // of the last version
	history tally  // of all versions
	told    tally  // of all versions as the store tells the history
	loaded  bool   // the checkpoint has it
}

func (v *verifier) summary() Summary {
	return Summary{Commits: v.commits, Changes: v.changes, Records: len(v.records), Erased: v.erased, Head: v.head}
}

// commit judges one commit by itself and after the one before.
func (v *verifier) commit(c *Commit) error {
	if err := c.Check(v.head); err != nil {
		if c.Format > Format {
			return err
		}
		v.report(Finding{Seq: c.Seq, What: err.Error()})
	}
	if c.At.Before(v.at) {
		v.report(Finding{Seq: c.Seq, What: fmt.Sprintf("its time %s is before the previous commit's", c.At.Format(time.RFC3339Nano))})
	}
	for i := range c.Changes {
		v.change(c, &c.Changes[i])
	}
	v.head, v.at = c.Position(), c.At
	v.commits++
	return nil
}

func (v *verifier) change(c *Commit, ch *Change) {
	t := v.records[ch.Ref]
	if t == nil {
		t = new(trace)
		v.records[ch.Ref] = t
	}
	if ch.Version != t.version+1 {
		v.report(Finding{c.Seq, ch.Ref, ch.Version, fmt.Sprintf("follows version %d", t.version)})
	}
	for _, erased := range ch.Erased {
		if ch.Op != Erase {
			v.report(Finding{c.Seq, ch.Ref, ch.Version, fmt.Sprintf("names erased versions but is a %s", ch.Op)})
			break
		}
		v.named[RefVersion{ch.Ref, erased}] = c.Seq
	}
	if ch.JSON == nil {
		v.blank[RefVersion{ch.Ref, ch.Version}] = c.Seq
	}
	t.seq, t.version, t.op = c.Seq, ch.Version, ch.Op
	t.text = v.text(ch.JSON)
	t.history.add(v.revision(ch.Ref, &Revision{c.Seq, c.At, c.Author, c.Reason, ch.Op, ch.Version, nil}, t.text))
	v.changes++
}

// judgeBlanks compares the texts that are gone with those that should be.
func (v *verifier) judgeBlanks() {
	for _, at := range sortedVersions(v.blank) {
		if _, ok := v.named[at]; ok {
			v.erased++
			continue
		}
		v.report(Finding{v.blank[at], at.Ref, at.Version, "the text is gone, but no erase commit names it"})
	}
	for _, at := range sortedVersions(v.named) {
		_, gone := v.blank[at]
		if t := v.records[at.Ref]; !gone && at.Version >= 1 && at.Version <= t.version {
			v.report(Finding{v.named[at], at.Ref, at.Version, "this erase commit names the version, but its text is still there"})
		}
	}
}

// text is the digest of a text; zero where it is gone.
func (v *verifier) text(json []byte) Digest {
	if json == nil {
		return Digest{}
	}
	v.sums.bytes(json)
	return v.sums.sum()
}

// revision is the digest of everything that History says of one version.
func (v *verifier) revision(ref directory.Ref, r *Revision, text Digest) Digest {
	w := &v.sums
	w.text(string(ref.Kind))
	w.text(ref.ID)
	w.number(r.Seq)
	w.number(uint64(r.At.UnixMilli()))
	w.text(r.Author.ID)
	w.text(r.Author.Via)
	w.text(r.Reason)
	w.text(string(r.Op))
	w.number(r.Version)
	w.bytes(text[:])
	return w.sum()
}

// tally is a sum of digests. It is the same in whatever order they come, and a digest that comes twice counts twice.
type tally [4]uint64

func (t *tally) add(d Digest) {
	for i := range t {
		t[i] += binary.BigEndian.Uint64(d[8*i:])
	}
}
