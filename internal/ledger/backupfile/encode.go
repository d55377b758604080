package backupfile

import (
	"encoding/binary"

	"dalil/internal/ledger"
)

// The flags of a commit.
const (
	hasLedger  = 1 << iota // the ledger's id follows
	hasRequest             // a request stands at the end
)

func appendHeader(b []byte, h Header) []byte {
	b = append(b, h.Ledger[:]...)
	b = binary.AppendVarint(b, h.Made.UnixMilli())
	return appendPosition(b, h.Head)
}

func appendPosition(b []byte, p ledger.Position) []byte {
	return append(binary.AppendUvarint(b, p.Seq), p.Hash[:]...)
}

func appendTotals(b []byte, t Totals) []byte {
	b = binary.AppendUvarint(b, t.Commits)
	b = binary.AppendUvarint(b, t.Changes)
	return appendPosition(b, t.Head)
}

// appendCommit appends everything of a commit but its changes, of which the number stands first.
func appendCommit(b []byte, c *ledger.Commit) []byte {
	b = binary.AppendUvarint(b, uint64(len(c.Changes)))
	b = binary.AppendUvarint(b, uint64(c.Format)) //nolint:gosec // formats are small and positive
	b = binary.AppendUvarint(b, c.Seq)
	b = binary.AppendVarint(b, c.At.UnixMilli())
	b = append(append(append(b, c.Token[:]...), c.Prev[:]...), c.Hash[:]...)
	b = appendSeal(appendSeal(b, c.AuthorSeal), c.ReasonSeal)
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
	b = appendText(appendText(appendText(b, c.Author.ID), c.Author.Via), c.Reason)
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
		b = appendText(appendText(b, string(res.Ref.Kind)), res.Ref.ID)
		b = binary.AppendUvarint(b, res.Version)
	}
	return b
}

// appendChange appends a change. A text that is gone has no salt either.
func appendChange(b []byte, ch *ledger.Change, blank bool) []byte {
	b = appendText(appendText(appendText(b, string(ch.Op)), string(ch.Ref.Kind)), ch.Ref.ID)
	b = binary.AppendUvarint(b, ch.Version)
	b = binary.AppendUvarint(b, uint64(len(ch.Erased)))
	for _, v := range ch.Erased {
		b = binary.AppendUvarint(b, v)
	}
	b = append(b, ch.Seal.Digest[:]...)
	if blank || ch.JSON == nil {
		return append(b, 0)
	}
	b = append(append(b, 1), ch.Seal.Salt[:]...)
	b = binary.AppendUvarint(b, uint64(len(ch.JSON)))
	return append(b, ch.JSON...)
}

func appendSeal(b []byte, s ledger.Seal) []byte {
	return append(append(b, s.Salt[:]...), s.Digest[:]...)
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
