package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"
)

// summer writes typed values into a SHA-256 sum without ambiguity: numbers as big-endian 64 bits, texts and lists
// preceded by their length. It gathers them in one buffer that serves many sums; only what does not fit in goes to a
// running hash, a buffer at a time.
type summer struct {
	buf  []byte
	long hash.Hash // nil until the buffer has overflown
}

// summerLimit is the most that the buffer holds.
const summerLimit = 32 << 10

// summers are ready for the next commit: each is sealed or checked, so their buffers would be made anew all the time.
var summers = sync.Pool{New: func() any { return &summer{buf: make([]byte, 0, 1<<10)} }}

// takeSummer returns a summer, which the caller gives back.
func takeSummer() *summer {
	w, _ := summers.Get().(*summer)
	return w
}

func (w *summer) giveBack() { summers.Put(w) }

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

// sealAuthor is the digest of an author under a salt: of the text "ID, a zero byte, Via".
func (w *summer) sealAuthor(salt ID16, a Author) Digest {
	w.bytes(salt[:])
	put(w, a.ID)
	put(w, "\x00")
	put(w, a.Via)
	return w.sum()
}

// sealReason is the digest of a reason under a salt.
func (w *summer) sealReason(salt ID16, reason string) Digest {
	w.bytes(salt[:])
	put(w, reason)
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
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	w.bytes(b[:])
}

func (w *summer) text(s string) {
	w.number(uint64(len(s)))
	put(w, s)
}

func (w *summer) bytes(b []byte) { put(w, b) }

// put adds a text to the sum. It copies even the longest into the buffer: what is handed to a hash.Hash itself would
// have to be allocated, each salt and digest too.
func put[text string | []byte](w *summer, s text) {
	for len(w.buf)+len(s) > summerLimit {
		n := summerLimit - len(w.buf)
		w.buf = append(w.buf, s[:n]...)
		s = s[n:]
		w.flush()
	}
	w.buf = append(w.buf, s...)
}

func (w *summer) flush() {
	if w.long == nil {
		w.long = sha256.New()
	}
	_, _ = w.long.Write(w.buf) // a hash never returns an error
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
