package boltledger

import (
	"encoding/binary"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// entry reads a value of the log, front to back. What it returns never refers to the file. Reading beyond the end
// makes it bad and yields zeros.
type entry struct {
	b   []byte
	bad bool
}

func (e *entry) take(n int) []byte {
	if n < 0 || n > len(e.b) {
		e.bad, e.b = true, nil
		return nil
	}
	taken := e.b[:n]
	e.b = e.b[n:]
	return taken
}

func (e *entry) uvarint() uint64 {
	v, n := binary.Uvarint(e.b)
	if n <= 0 {
		e.bad, e.b = true, nil
		return 0
	}
	e.b = e.b[n:]
	return v
}

func (e *entry) varint() int64 {
	v, n := binary.Varint(e.b)
	if n <= 0 {
		e.bad, e.b = true, nil
		return 0
	}
	e.b = e.b[n:]
	return v
}

// size reads a length or a count; nothing is longer than what is left.
func (e *entry) size() int {
	n := e.uvarint()
	if n > uint64(len(e.b)) {
		e.bad, e.b = true, nil
		return 0
	}
	return int(n) //nolint:gosec // just compared
}

func (e *entry) text() string { return string(e.take(e.size())) }

func (e *entry) id16() (id ledger.ID16) {
	copy(id[:], e.take(len(id)))
	return id
}

func (e *entry) digest() (d ledger.Digest) {
	copy(d[:], e.take(len(d)))
	return d
}

func (e *entry) seal() ledger.Seal { return ledger.Seal{Salt: e.id16(), Digest: e.digest()} }

// kind reads a kind without making a new string of a known one.
func (e *entry) kind() directory.Kind {
	name := e.take(e.size())
	switch string(name) {
	case string(directory.Actors):
		return directory.Actors
	case string(directory.Initiatives):
		return directory.Initiatives
	case string(directory.Functions):
		return directory.Functions
	case string(directory.Roles):
		return directory.Roles
	case string(directory.Relations):
		return directory.Relations
	case string(directory.Sources):
		return directory.Sources
	default:
		return directory.Kind(name)
	}
}

// formatOf returns the format of a head or a change; 0 when it is too short to have one.
func formatOf(value []byte) int {
	if len(value) < atOffset {
		return 0
	}
	return int(binary.BigEndian.Uint16(value))
}

// timeOf returns the time of a head.
func timeOf(value []byte) time.Time {
	return time.UnixMilli(int64(binary.BigEndian.Uint64(value[atOffset:]))).UTC() //nolint:gosec // as written
}

// positionOf returns the position of the commit whose head this is.
func positionOf(seq uint64, value []byte) ledger.Position {
	return ledger.Position{Seq: seq, Hash: ledger.Digest(value[hashOffset:])}
}

// tokenOf returns the token of the commit whose head this is.
func tokenOf(value []byte) ledger.ID16 { return ledger.ID16(value[tokenOffset:]) }

// countOf returns how many changes follow the head.
func countOf(value []byte) uint32 { return binary.BigEndian.Uint32(value[changesOffset:]) }

// decodeHead reads a commit's head; its changes are left out.
func decodeHead(seq uint64, value []byte) (*ledger.Commit, error) {
	if format := formatOf(value); format > ledger.Format {
		return nil, ledger.NewerFormat(seq, format)
	}
	if len(value) < headSize {
		return nil, damagedAt(seq, "its head is short")
	}
	c := &ledger.Commit{
		Format: formatOf(value), Seq: seq, At: timeOf(value), Token: tokenOf(value), Hash: positionOf(seq, value).Hash,
	}
	e := entry{b: value[prevOffset:]}
	c.Prev = e.digest()
	c.AuthorSeal, c.ReasonSeal = e.seal(), e.seal()
	flags := value[flagsOffset]
	e.b = value[headSize:]
	if flags&hasLedger != 0 {
		c.Ledger = e.id16()
	}
	c.Author = ledger.Author{ID: e.text(), Via: e.text()}
	c.Reason = e.text()
	if flags&hasRequest != 0 {
		c.Request = e.request()
	}
	if e.bad {
		return nil, damagedAt(seq, "its head cannot be read")
	}
	return c, nil
}

func (e *entry) request() *ledger.Request {
	r := &ledger.Request{Digest: e.digest(), Fingerprint: e.digest(), Status: int(e.varint())}
	n := e.size()
	if n > 0 {
		r.Results = make([]ledger.Result, n)
	}
	for i := range r.Results {
		r.Results[i] = ledger.Result{
			Status: int(e.varint()), Ref: directory.Ref{Kind: e.kind(), ID: e.text()}, Version: e.uvarint(),
		}
	}
	return r
}

// decodeChange reads a change of the commit with a number.
func decodeChange(seq uint64, value []byte, ch *ledger.Change) error {
	e, text := openChange(value)
	ops := operations()
	if e.bad || int(value[opOffset]) >= len(ops) {
		return damagedAt(seq, "a change cannot be read")
	}
	ch.Op = ops[value[opOffset]]
	ch.Seal.Digest = ledger.Digest(value[digestOffset:])
	ch.Ref = directory.Ref{Kind: e.kind(), ID: e.text()}
	ch.Version = e.uvarint()
	if n := e.size(); n > 0 {
		ch.Erased = make([]uint64, n)
		for i := range ch.Erased {
			ch.Erased[i] = e.uvarint()
		}
	}
	if text {
		ch.Seal.Salt = e.id16()
		ch.JSON = append([]byte{}, e.b...)
	}
	if e.bad {
		return damagedAt(seq, "a change cannot be read")
	}
	return nil
}

// nameOf returns the record that a change is about, and its version.
func nameOf(seq uint64, value []byte) (directory.Ref, uint64, error) {
	e, _ := openChange(value)
	ref := directory.Ref{Kind: e.kind(), ID: e.text()}
	version := e.uvarint()
	if e.bad {
		return ref, 0, damagedAt(seq, "a change cannot be read")
	}
	return ref, version, nil
}

// openChange returns what follows the fixed part of a change, and whether its text is there.
func openChange(value []byte) (entry, bool) {
	if len(value) < changeSize {
		return entry{bad: true}, false
	}
	return entry{b: value[changeSize:]}, value[textOffset] == 1
}

// blanked returns a change without salt and text; nil when it has none or cannot be read.
func blanked(value []byte) []byte {
	e, text := openChange(value)
	if !text {
		return nil
	}
	e.take(e.size()) // kind
	e.take(e.size()) // id
	e.uvarint()      // version
	for n := e.size(); n > 0; n-- {
		e.uvarint()
	}
	if e.bad {
		return nil
	}
	blank := append([]byte{}, value[:len(value)-len(e.b)]...)
	blank[textOffset] = 0
	return blank
}
