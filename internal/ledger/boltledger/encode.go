package boltledger

import (
	"encoding/binary"
	"fmt"
	"slices"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// A commit's head begins with members of fixed size. Format, time, token and hash keep their places in every format to
// come, so that the end of a log can be told whoever wrote it.
const (
	atOffset      = 2
	tokenOffset   = atOffset + 8
	hashOffset    = tokenOffset + len(ledger.ID16{})
	prevOffset    = hashOffset + len(ledger.Digest{})
	authorOffset  = prevOffset + len(ledger.Digest{})
	reasonOffset  = authorOffset + sealSize
	changesOffset = reasonOffset + sealSize
	flagsOffset   = changesOffset + 4
	headSize      = flagsOffset + 1

	sealSize = len(ledger.ID16{}) + len(ledger.Digest{})
)

// The flags of a head.
const (
	hasLedger  = 1 << iota // the ledger's id follows
	hasRequest             // a request stands at the end
)

// A change begins with whether its text is there, its operation and its digest. It has the format of its commit.
const (
	textOffset   = 0
	opOffset     = textOffset + 1
	digestOffset = opOffset + 1
	changeSize   = digestOffset + len(ledger.Digest{})
)

// maxName is the longest kind, id or other name that a key can hold with room to spare.
const maxName = 255

// operations gives each operation its byte in the file: its place in the list.
func operations() [6]ledger.Op {
	return [...]ledger.Op{1: ledger.Put, 2: ledger.Archive, 3: ledger.Restore, 4: ledger.Merge, 5: ledger.Erase}
}

// headBytes is about what a head takes; too little only costs a copy.
func headBytes(c *ledger.Commit) int {
	n := headSize + 32 + len(c.Author.ID) + len(c.Author.Via) + len(c.Reason)
	if c.Request != nil {
		n += 2*len(ledger.Digest{}) + 8 + 64*len(c.Request.Results)
	}
	return n
}

// appendHead appends a commit's head.
func appendHead(b []byte, c *ledger.Commit) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(c.Format)) //nolint:gosec // CheckAppend has looked
	b = binary.BigEndian.AppendUint64(b, uint64(c.At.UnixMilli()))
	b = append(append(append(b, c.Token[:]...), c.Hash[:]...), c.Prev[:]...)
	b = append(append(b, c.AuthorSeal.Salt[:]...), c.AuthorSeal.Digest[:]...)
	b = append(append(b, c.ReasonSeal.Salt[:]...), c.ReasonSeal.Digest[:]...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(c.Changes))) //nolint:gosec // at most MaxChanges
	flags := byte(0)
	if c.Ledger != (ledger.ID16{}) {
		flags |= hasLedger
	}
	if c.Request != nil {
		flags |= hasRequest
	}
	b = append(b, flags)
	if flags&hasLedger != 0 {
		b = append(b, c.Ledger[:]...)
	}
	b = appendText(b, c.Author.ID)
	b = appendText(b, c.Author.Via)
	b = appendText(b, c.Reason)
	if flags&hasRequest != 0 {
		b = appendRequest(b, c.Request)
	}
	return b
}

func appendRequest(b []byte, r *ledger.Request) []byte {
	b = append(append(b, r.Digest[:]...), r.Fingerprint[:]...)
	b = binary.AppendVarint(b, int64(r.Status))
	b = binary.AppendUvarint(b, uint64(len(r.Results)))
	for i := range r.Results {
		res := &r.Results[i]
		b = binary.AppendVarint(b, int64(res.Status))
		b = appendText(b, string(res.Ref.Kind))
		b = appendText(b, res.Ref.ID)
		b = binary.AppendUvarint(b, res.Version)
	}
	return b
}

// changeBytes is about what a change takes; too little only costs a copy.
func changeBytes(ch *ledger.Change) int {
	return changeSize + 48 + len(ch.Ref.Kind) + len(ch.Ref.ID) + 8*len(ch.Erased) + len(ch.JSON)
}

// appendChange appends a change: the text, if any, stands at the end behind its salt.
func appendChange(b []byte, ch *ledger.Change) []byte {
	text := byte(0)
	if ch.JSON != nil {
		text = 1
	}
	ops := operations()
	b = append(b, text, byte(slices.Index(ops[:], ch.Op))) //nolint:gosec // checkChange has looked
	b = append(b, ch.Seal.Digest[:]...)
	b = appendText(b, string(ch.Ref.Kind))
	b = appendText(b, ch.Ref.ID)
	b = binary.AppendUvarint(b, ch.Version)
	b = binary.AppendUvarint(b, uint64(len(ch.Erased)))
	for _, v := range ch.Erased {
		b = binary.AppendUvarint(b, v)
	}
	if ch.JSON != nil {
		b = append(append(b, ch.Seal.Salt[:]...), ch.JSON...)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// checkChange tells what the file cannot hold.
func checkChange(ch *ledger.Change) error {
	ops := operations()
	switch {
	case ch.Op == "" || !slices.Contains(ops[:], ch.Op):
		return fmt.Errorf("%s: unknown operation %q", ch.Ref, ch.Op)
	case !fits(ch.Ref):
		return fmt.Errorf("the name of a record is longer than %d bytes", maxName)
	default:
		return nil
	}
}

// fits tells whether a record can stand in a key.
func fits(ref directory.Ref) bool { return len(ref.Kind) <= maxName && len(ref.ID) <= maxName }
