package httpapi

import (
	"io"
	"net/http"
	"strconv"
	"time"

	"dalil/internal/access"
	"dalil/internal/readmodel"
	"dalil/internal/service"
)

// mediaEvents is the media type of server-sent events.
const mediaEvents = "text/event-stream"

// defaultHeartbeat is how long a stream is silent at most.
const defaultHeartbeat = 15 * time.Second

var (
	eventsHeader     = []string{mediaEvents}
	unbufferedHeader = []string{"no"} // says to proxies that each event is to be handed on at once
)

// streamChanges tells what happened after a place, and what happens from now on, until the client leaves, its key lets
// it in no more, or the server stops. A part is read when the one before it was taken: a slow client holds up nobody,
// and one that takes nothing is cut off.
func (a *API) streamChanges(c *call, from readmodel.Place, limit int) error {
	leave, err := a.streams.enter(c.who())
	if err != nil {
		return err
	}
	defer leave()
	moved := a.svc.Moved()
	page, err := a.svc.Changes(c.req.Context(), c.head, c.caller, readmodel.Portion{From: from, Limit: limit})
	if err != nil {
		return err
	}
	h := c.out.Header()
	h["Content-Type"], h["X-Accel-Buffering"] = eventsHeader, unbufferedHeader
	c.stampPosition()
	c.out.WriteHeader(http.StatusOK)
	c.out.WriteHeaderNow()
	if c.req.Method == http.MethodHead {
		return nil
	}
	w, _ := c.unhurried()
	s := stream{call: c, out: w, caller: c.caller, limit: limit, beat: time.NewTicker(a.heartbeat)}
	defer s.beat.Stop()
	s.run(moved, &page)
	return nil
}

// stream is a client that is told what happens as it happens.
type stream struct {
	*call

	out    io.Writer
	caller access.Caller
	limit  int
	beat   *time.Ticker
	buffer []byte
}

// run sends parts as long as it can.
func (s *stream) run(moved <-chan struct{}, page *service.Changes) {
	s.buffer = append(s.buffer, "retry: 3000\n\n"...)
	for {
		if s.gone = s.send(page) != nil; s.gone {
			return
		}
		at := page.Next
		if !page.More && !s.wait(moved, at) {
			return
		}
		moved = s.api.svc.Moved()
		s.head = s.api.svc.Head()
		if !s.stillIn() {
			return
		}
		next, err := s.api.svc.Changes(s.req.Context(), s.head, s.caller, readmodel.Portion{From: at, Limit: s.limit})
		if err != nil {
			s.refused = err // the client comes again, and is told
			return
		}
		page = &next
	}
}

// send writes a part.
func (s *stream) send(page *service.Changes) error {
	for i := range page.Items {
		s.event(&page.Items[i])
		if len(s.buffer) >= chunk {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	return s.flush()
}

// event appends one event.
func (s *stream) event(item *service.Change) {
	s.buffer = append(s.buffer, "event: change\nid: "...)
	s.buffer = append(s.buffer, placeText(item.Place())...)
	s.buffer = append(s.buffer, "\ndata: "...)
	s.buffer = item.AppendJSON(s.buffer)
	s.buffer = append(s.buffer, "\n\n"...)
}

// flush sends what was gathered.
func (s *stream) flush() error {
	if len(s.buffer) == 0 {
		return nil
	}
	_, err := s.out.Write(s.buffer)
	s.call.out.Flush()
	if s.buffer = s.buffer[:0]; cap(s.buffer) > 2*chunk {
		s.buffer = nil
	}
	return err
}

// wait returns when there is more to tell; not when the stream is over. Now and then it says that it is still there,
// and up to which position everything was told.
func (s *stream) wait(moved <-chan struct{}, at readmodel.Place) bool {
	for {
		select {
		case <-moved:
			return true
		case <-s.req.Context().Done():
			s.gone = true
			return false
		case <-s.api.stopped:
			return false
		case <-s.beat.C:
		}
		if !s.stillIn() {
			return false
		}
		s.buffer = append(s.buffer, ": at "...)
		s.buffer = strconv.AppendUint(s.buffer, at.Seq, 10)
		s.buffer = append(s.buffer, "\nid: "...)
		s.buffer = append(s.buffer, placeText(at)...)
		s.buffer = append(s.buffer, "\n\n"...)
		if s.gone = s.flush() != nil; s.gone {
			return false
		}
	}
}

// stillIn tells whether the key still opens what it opened.
func (s *stream) stillIn() bool {
	s.identify()
	return s.denied == nil && s.call.caller == s.caller
}
