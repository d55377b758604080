package readmodel

import (
	"encoding/binary"
	"time"

	"github.com/tidwall/btree"

	"dalil/internal/ledger"
)

// receiptLife is how long the outcome of an idempotent request is kept.
const receiptLife = 24 * time.Hour

// receipts holds the idempotency receipts of the last day, by digest and by position.
type receipts struct {
	owner    *owner
	byDigest btree.Map[string, ledger.Receipt]
	bySeq    btree.Map[string, string] // position as 8 bytes → digest
}

// Receipt returns the outcome of the request with that digest, kept 24 hours before the time of the last commit.
func (s *state) Receipt(d ledger.Digest) (ledger.Receipt, bool) {
	r, ok := s.receipts.byDigest.Get(string(d[:]))
	if !ok || s.at.Sub(r.At) > receiptLife {
		return ledger.Receipt{}, false
	}
	return r, true
}

// own makes the receipts the owner's to change.
func (r *receipts) own(o *owner) {
	if r.owner != o {
		r.byDigest, r.bySeq, r.owner = forkMap(r.byDigest), forkMap(r.bySeq), o
	}
}

// keep adds a receipt. Of two with one digest the later counts.
func (r *receipts) keep(o *owner, receipt ledger.Receipt) {
	r.own(o)
	digest := string(receipt.Request.Digest[:])
	if held, ok := r.byDigest.Get(digest); ok && held.Seq > receipt.Seq {
		return
	}
	r.byDigest.Set(digest, receipt)
	r.bySeq.Set(seqKey(receipt.Seq), digest)
}

// expire drops the receipts that are older than a day before now.
func (r *receipts) expire(o *owner, now time.Time) {
	for {
		seq, digest, ok := r.bySeq.Min()
		if !ok {
			return
		}
		oldest, ok := r.byDigest.Get(digest)
		replaced := !ok || seqKey(oldest.Seq) != seq
		if !replaced && now.Sub(oldest.At) <= receiptLife {
			return
		}
		r.own(o)
		r.bySeq.Delete(seq)
		if !replaced {
			r.byDigest.Delete(digest)
		}
	}
}

// seqKey writes a position so that texts order as numbers do.
func seqKey(seq uint64) string { return string(binary.BigEndian.AppendUint64(nil, seq)) }
