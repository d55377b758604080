package httpapi

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/readmodel"
	"dalil/internal/telemetry"
)

// call is one request on its way, and what has been found out about it.
type call struct {
	api     *API
	gin     *gin.Context // for the path's parameters and the client's address; never handed on below the edge
	req     *http.Request
	out     gin.ResponseWriter
	route   *Route
	id      string // request id
	started time.Time
	lasting context.Context //nolint:containedctx // the request's own, before it got a deadline; see unhurried

	query    params
	queryErr error // why the query cannot be read; told after who is asking is known
	lang     string
	caller   access.Caller
	denied   error               // why the key lets nobody in
	head     *readmodel.Snapshot // the state that a read is answered from
	seq      uint64              // the position that the answer is true at; 0 is head's

	day *directory.Day // what counts as today; nil: today

	refused error // for the log
	gone    bool  // the client left
	long    bool  // a long transfer; see unhurried
	span    telemetry.Span
}

// reads tells whether the request only reads.
func (c *call) reads() bool {
	return c.req.Method == http.MethodGet || c.req.Method == http.MethodHead
}

// ref is the record that the address names. A function answers to its notation, too.
func (c *call) ref() directory.Ref { return c.named(c.route.Kind, c.gin.Param("id")) }

// named is the record that a kind and an id name; of a function its notation names it, too.
func (c *call) named(kind directory.Kind, id string) directory.Ref {
	ref := directory.Ref{Kind: kind, ID: id}
	if ref.Kind == directory.Functions {
		if id, ok := c.head.FunctionNamed(ref.ID); ok {
			ref.ID = id
		}
	}
	return ref
}

// today is the day that the answer is about unless another one is asked for.
func (c *call) today() directory.Day {
	if c.day != nil {
		return *c.day
	}
	return c.api.svc.Today()
}

// position is the one that the answer is true at.
func (c *call) position() uint64 {
	if c.seq == 0 && c.head != nil {
		return c.head.Position().Seq
	}
	return c.seq
}

// handler answers a call, or says why not.
type handler func(*call) error

// middleware puts something before and after a handler.
type middleware func(handler) handler

// middlewares is everything between the router and a handler, from the outside in.
func (a *API) middlewares() []middleware {
	return []middleware{
		a.identified, // a request id
		a.traced,     // a span, where traces are on
		a.logged,     // one line, and the metrics
		a.explained,  // an error becomes a problem document
		a.recovered,  // a panic becomes an error
		a.labelled,   // the headers of every answer; the language
		a.limited,    // the sizes of address and body, the time it may take
		a.admitted,   // who is asking; their rate
		a.positioned, // the state to answer from
		a.strict,     // the parameters, the body's type, what the client accepts
		a.recalled,   // the earlier state that known_at asks for
	}
}

// serve makes gin's handler of a row of the table.
func (a *API) serve(r *Route) gin.HandlerFunc {
	h := r.handle
	all := a.middlewares()
	for _, a := range slices.Backward(all) {
		h = a(h)
	}
	return func(g *gin.Context) {
		c := &call{
			api: a, gin: g, req: g.Request, out: g.Writer, route: r, lang: defaultLang, caller: access.Anonymous(), head: a.svc.Head(),
		}
		_ = h(c) // the outer middlewares have answered and logged it
	}
}
