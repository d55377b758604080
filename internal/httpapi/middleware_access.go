package httpapi

import (
	"strconv"
	"strings"

	"dalil/internal/access"
	"dalil/internal/fault"
)

// admitted finds out who is asking, and whether they ask too often. A wrong key is told after the rate was judged, so
// that nobody can try keys without end.
func (a *API) admitted(next handler) handler {
	return func(c *call) error {
		c.identify()
		if !c.route.free {
			if err := a.limits.admit(c, a.now()); err != nil {
				return err
			}
		}
		return next(c)
	}
}

// identify asks who a key belongs to. Without a key the caller is anonymous.
func (c *call) identify() {
	c.caller, c.denied = access.Anonymous(), nil
	if c.route.free {
		return // what is asked before anybody can sign in
	}
	given := c.req.Header["Authorization"]
	if len(given) == 0 {
		return
	}
	scheme, secret, _ := strings.Cut(given[0], " ")
	if len(given) > 1 || !strings.EqualFold(scheme, "Bearer") {
		c.denied = fault.New(fault.Unauthenticated, fault.CodeUnauthenticated, nil)
		return
	}
	caller, err := c.api.svc.Identify(strings.TrimSpace(secret))
	if err != nil {
		c.denied = err
		return
	}
	c.caller = caller
	c.out.Header()["Cache-Control"] = privateCache
}

// positioned waits until this node has seen what the client has, and takes the state to answer from. A key is judged
// again on that state: it may have been made, or revoked, meanwhile.
func (a *API) positioned(next handler) handler {
	return func(c *call) error {
		if given := c.req.Header.Get("Dalil-Min-Seq"); given != "" {
			seq, err := strconv.ParseUint(given, 10, 64)
			if err != nil {
				return badHeader("Dalil-Min-Seq", "512")
			}
			if err := c.wait(seq); err != nil {
				return err
			}
		}
		if c.denied != nil {
			return c.denied
		}
		if c.route.Scope != "" {
			if err := c.caller.May(c.route.Scope); err != nil {
				return err
			}
		}
		return next(c)
	}
}

// wait takes the head once it has reached a position.
func (c *call) wait(seq uint64) error {
	if c.head.Position().Seq >= seq {
		return nil
	}
	head, err := c.api.svc.AtLeast(c.req.Context(), seq)
	if err != nil {
		return err
	}
	c.head = head
	c.identify()
	return nil
}

// badHeader refuses a request header that cannot be read, with examples of what can.
func badHeader(name, expected string) error {
	return fault.AtHeader(fault.Malformed, name, fault.CodeBadHeader, fault.Args{"expected": expected})
}

// stampPosition tells the position that the answer is true at.
func (c *call) stampPosition() {
	if seq := c.position(); seq > 0 || c.head != nil {
		c.out.Header()["Dalil-Seq"] = []string{strconv.FormatUint(seq, 10)}
	}
}
