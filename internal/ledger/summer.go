package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
)

// summer writes typed values into a SHA-256 sum without ambiguity: numbers as big-endian 64 bits, texts and lists
// preceded by their length. It gathers them in one buffer that serves many sums; only what outgrows the buffer's limit
// is fed to a running hash, piece by piece. The zero summer is ready.
type summer struct {
	buf  []byte
	long hash.Hash // nil until the buffer has overflown
}

// summerLimit is where a sum goes over to a running hash.
const summerLimit = 32 << 10

// newSummer returns a summer whose buffer has room for the sums of a commit of ordinary size.
func newSummer(c *Commit) summer {
	room := 512
	for i := range c.Changes {
		room = max(room, len(c.Changes[i].JSON)+64)
	}
	return summer{buf: make([]byte, 0, min(room, summerLimit))}
}

// commit is the hash of a commit: over a name, then every member. Texts that can be erased enter by their salted
// digests only.
func (w *summer) commit(c *Commit) Digest {
	changes := w.changes(c.Changes)
	w.text("dalil commit")
	w.number(uint64(c.Format)) //nolint:gosec // formats are small and positive
	w.number(c.Seq)
	w.number(uint64(c.At.UnixMilli()))
	w.bytes(c.AuthorSeal.Digest[:])
	w.bytes(c.ReasonSeal.Digest[:])
	w.bytes(c.Token[:])
	w.bytes(c.Ledger[:])
	w.request(c.Request)
	w.number(uint64(len(c.Changes)))
	w.bytes(changes[:])
	w.bytes(c.Prev[:])
	return w.sum()
}

// changes is the digest of a run of changes.
func (w *summer) changes(changes []Change) Digest {
	for i := range changes {
		ch := &changes[i]
		w.text(string(ch.Op))
		w.text(string(ch.Ref.Kind))
		w.text(ch.Ref.ID)
		w.number(ch.Version)
		w.number(uint64(len(ch.Erased)))
		for _, v := range ch.Erased {
			w.number(v)
		}
		w.bytes(ch.Seal.Digest[:])
	}
	return w.sum()
}

// seal is the digest of a text under a salt.
func (w *summer) seal(salt ID16, text []byte) Digest {
	w.bytes(salt[:])
	w.bytes(text)
	return w.sum()
}

func (w *summer) request(r *Request) {
	if r == nil {
		w.number(0)
		return
	}
	w.number(1)
	w.bytes(r.Digest[:])
	w.bytes(r.Fingerprint[:])
	w.number(uint64(r.Status)) //nolint:gosec // an HTTP status
	w.number(uint64(len(r.Results)))
	for _, res := range r.Results {
		w.number(uint64(res.Status)) //nolint:gosec // an HTTP status
		w.text(string(res.Ref.Kind))
		w.text(res.Ref.ID)
		w.number(res.Version)
	}
}

func (w *summer) number(n uint64) {
	w.buf = binary.BigEndian.AppendUint64(w.buf, n)
	w.drain()
}

func (w *summer) text(s string) {
	w.number(uint64(len(s)))
	w.buf = append(w.buf, s...)
	w.drain()
}

func (w *summer) bytes(b []byte) {
	if len(b) > summerLimit {
		w.flush()
		_, _ = w.long.Write(b) // a hash never returns an error
		return
	}
	w.buf = append(w.buf, b...)
	w.drain()
}

// drain keeps the buffer near its limit.
func (w *summer) drain() {
	if len(w.buf) > summerLimit {
		w.flush()
	}
}

func (w *summer) flush() {
	if w.long == nil {
		w.long = sha256.New()
	}
	_, _ = w.long.Write(w.buf) // as above
	w.buf = w.buf[:0]
}

// sum ends a sum and makes ready for the next.
func (w *summer) sum() Digest {
	if w.long == nil {
		d := sha256.Sum256(w.buf)
		w.buf = w.buf[:0]
		return d
	}
	w.flush()
	d := Digest(w.long.Sum(nil))
	w.long = nil
	return d
}
