package httpapi

import (
	"context"
	"crypto/rand"
	"net/http"
	"regexp"

	"dalil/internal/fault"
)

// The sizes of requests. A cursor carries the filters of its list in the address, so that the address may be longer
// than the filters alone ever get.
const (
	maxURIBytes   = 16 << 10
	maxBodyBytes  = 2 << 20
	maxBatchBytes = 32 << 20
)

// requestIDPattern is what a request id from outside may look like; another one is replaced.
var requestIDPattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// identified gives the call its id: the client's own when it is a short token.
func (a *API) identified(next handler) handler {
	return func(c *call) error {
		c.id = c.req.Header.Get("X-Request-Id")
		if !requestIDPattern.MatchString(c.id) {
			c.id = rand.Text()
		}
		c.out.Header()["X-Request-Id"] = []string{c.id}
		return next(c)
	}
}

// labelled sets the headers that every answer has, reads the query, and picks the language.
func (a *API) labelled(next handler) handler {
	return func(c *call) error {
		h := c.out.Header()
		h["Vary"] = varyHeader
		h["Cache-Control"] = openCache
		h["X-Content-Type-Options"] = nosniffHeader
		if c.reads() {
			allowScripts(h)
		}
		if len(c.req.URL.RawQuery) > maxURIBytes {
			return next(c) // refused by the next middleware, unread
		}
		c.query, c.queryErr = parseParams(c.req.URL.RawQuery)
		c.lang = pickLanguage(c.query.first("lang"), c.req.Header.Get("Accept-Language"))
		return next(c)
	}
}

// limited bounds the address, the body and the time.
func (a *API) limited(next handler) handler {
	return func(c *call) error {
		if uriBytes(c.req) > maxURIBytes {
			return fault.New(fault.URITooLong, fault.CodeURITooLong, fault.Args{"max": fault.Size(maxURIBytes)})
		}
		if c.req.Body != nil && c.req.Body != http.NoBody {
			limit := int64(maxBodyBytes)
			if c.route.Body != nil {
				limit = c.route.Body.Limit
			}
			if c.req.ContentLength > limit {
				return tooLarge(limit)
			}
			c.req.Body = http.MaxBytesReader(c.out, c.req.Body, limit)
		}
		c.lasting = c.req.Context()
		ctx, cancel := context.WithTimeout(c.lasting, a.deadline)
		defer cancel()
		c.req = c.req.WithContext(ctx)
		return next(c)
	}
}

// uriBytes is the length of the address as it was sent.
func uriBytes(r *http.Request) int {
	if r.RequestURI != "" {
		return len(r.RequestURI)
	}
	return len(r.URL.RequestURI())
}

func tooLarge(limit int64) error {
	return fault.New(fault.TooLarge, fault.CodeTooLarge, fault.Args{"max": fault.Size(limit)})
}
