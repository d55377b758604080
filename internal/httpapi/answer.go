package httpapi

import (
	"io"
	"net/http"
	"strconv"
	"sync"
)

// answer is a response before it is written. Its body comes in parts, each appended to a buffer: a list joins the
// records' own bytes, never encodes them again, and a page of any size needs no more memory than a small one.
type answer struct {
	status int
	media  string // "" is application/json
	tag    tag    // none when the version is ""
	parts  int
	part   func(to []byte, i int) []byte
}

// text is an answer of one piece of JSON.
func text(status int, t tag, json []byte) *answer {
	return &answer{status: status, tag: t, parts: 1, part: func(to []byte, _ int) []byte { return append(to, json...) }}
}

// as gives an answer another media type.
func (an *answer) as(media string) *answer {
	an.media = media
	return an
}

// chunk is how much of a body is written at once. A shorter body has a Content-Length.
const chunk = 256 << 10

// chunks keeps the buffers that bodies are joined in.
var chunks = sync.Pool{New: func() any { return new([]byte) }}

// write writes an answer: not modified, packed, or as it is.
func (c *call) write(an *answer) error {
	buffer, ok := chunks.Get().(*[]byte)
	if !ok {
		buffer = new([]byte)
	}
	body := joined{answer: an, buffer: (*buffer)[:0]}
	defer func() {
		*buffer = body.buffer
		chunks.Put(buffer)
	}()
	body.fill()
	packed := ""
	if len(body.buffer) >= minPacked {
		packed = coding(c.req.Header.Get("Accept-Encoding"))
	}
	c.stampPosition()
	if c.tagged(an.tag, packed) {
		c.out.WriteHeader(http.StatusNotModified)
		c.out.WriteHeaderNow()
		return nil
	}
	h := c.out.Header()
	h["Content-Type"] = jsonHeader
	if an.media != "" {
		h["Content-Type"] = []string{an.media}
	}
	switch {
	case packed != "":
		h["Content-Encoding"] = []string{packed}
	case body.whole():
		h["Content-Length"] = []string{strconv.Itoa(len(body.buffer))}
	}
	c.out.WriteHeader(an.status)
	c.out.WriteHeaderNow()
	if c.req.Method == http.MethodHead {
		return nil
	}
	err := body.writeTo(c.out, packed)
	c.gone = err != nil // nobody is there to be told
	return err
}

// tagged sets the entity tag of an answer, and tells whether the client holds it already.
func (c *call) tagged(t tag, coding string) bool {
	if t.version == "" {
		return false
	}
	etag := c.recalledTag(t).with(coding)
	c.out.Header()["Etag"] = []string{etag}
	return c.unchanged(etag)
}

// joined is a body on its way.
type joined struct {
	*answer

	next   int // the part to come
	buffer []byte
}

// fill joins parts until there is enough to write.
func (b *joined) fill() {
	for b.next < b.parts && len(b.buffer) < chunk {
		b.buffer = b.part(b.buffer, b.next)
		b.next++
	}
}

// whole tells whether the buffer holds all there is.
func (b *joined) whole() bool { return b.next == b.parts }

// writeTo writes the body in a coding.
func (b *joined) writeTo(w io.Writer, coding string) error {
	if coding != "" {
		return pack(w, coding, b.drain)
	}
	return b.drain(w)
}

// drain writes what was joined, and joins the rest.
func (b *joined) drain(w io.Writer) error {
	for {
		if _, err := w.Write(b.buffer); err != nil {
			return err
		}
		if b.whole() {
			return nil
		}
		b.buffer = b.buffer[:0]
		b.fill()
	}
}
