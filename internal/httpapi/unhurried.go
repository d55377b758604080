package httpapi

import (
	"io"
	"net/http"
	"time"
)

// stallTime is how long a long transfer may stand still before its client is cut off.
const stallTime = 30 * time.Second

// unhurried frees a call from the deadline of ordinary requests: it lasts as long as its client keeps taking, or
// sending. What writes and reads then goes through the writer and the reader returned, each of whose calls has a time
// limit of its own. The call's context still ends when the client leaves.
func (c *call) unhurried() (io.Writer, io.Reader) {
	c.req = c.req.WithContext(c.lasting)
	if !c.long {
		c.long = true
		c.api.metrics.transfers.Inc()
	}
	control := http.NewResponseController(c.out)
	_ = control.SetReadDeadline(time.Time{}) // else the context would end with it; a writer of a test has no deadlines
	return steadyWriter{c, control}, steadyReader{c, control}
}

type steadyWriter struct {
	call    *call
	control *http.ResponseController
}

func (w steadyWriter) Write(p []byte) (int, error) {
	_ = w.control.SetWriteDeadline(w.call.api.now().Add(stallTime)) // as above
	n, err := w.call.out.Write(p)
	w.call.gone = w.call.gone || err != nil
	return n, err
}

// Flush sends what was written.
func (w steadyWriter) Flush() { w.call.out.Flush() }

type steadyReader struct {
	call    *call
	control *http.ResponseController
}

func (r steadyReader) Read(p []byte) (int, error) {
	_ = r.control.SetReadDeadline(r.call.api.now().Add(stallTime)) // as above
	return r.call.req.Body.Read(p)
}
