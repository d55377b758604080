package httpapi

import "net/http"

// Scripts of any site may read what is open to anybody, and, with a key that they themselves hold, what it opens: no
// cookie is ever looked at, so no site can act in a visitor's name. Writes are not for other sites' scripts.
var (
	anyOrigin     = []string{"*"}
	exposed       = []string{"ETag, Link, Location, Retry-After, Content-Language, X-Request-Id, Dalil-Seq, Dalil-Replayed, RateLimit, RateLimit-Policy"}
	readMethods   = []string{"GET, HEAD"}
	scriptHeaders = []string{"Authorization, Accept, Accept-Language, Dalil-Min-Seq, If-None-Match, If-Match, Last-Event-ID, X-Request-Id"}
	preflightAge  = []string{"86400"}
)

// allowScripts opens an answer to the scripts of other sites.
func allowScripts(h http.Header) {
	h["Access-Control-Allow-Origin"] = anyOrigin
	h["Access-Control-Expose-Headers"] = exposed
}

// preflight answers the question that a browser asks before a script's request.
func (c *call) preflight() {
	if c.req.Header.Get("Origin") == "" || c.req.Header.Get("Access-Control-Request-Method") == "" {
		return
	}
	h := c.out.Header()
	allowScripts(h)
	h["Access-Control-Allow-Methods"] = readMethods
	h["Access-Control-Allow-Headers"] = scriptHeaders
	h["Access-Control-Max-Age"] = preflightAge
}
