package httpapi

import (
	"net/http"

	"dalil/internal/fault"
)

// traced gives the request a span, within the trace that its headers tell of. What machines ask every few seconds has
// none.
func (a *API) traced(next handler) handler {
	return func(c *call) error {
		if a.tracer == nil || c.route.quiet {
			return next(c)
		}
		ctx, span := a.tracer.Serve(c.req.Context(), c.req.Header, methodName(c.req.Method), c.pattern())
		c.req, c.span = c.req.WithContext(ctx), span
		defer a.endSpan(c) // also when the answer is cut off by a panic
		return next(c)
	}
}

// endSpan says how the request was answered: nothing of what was asked, or by whom.
func (a *API) endSpan(c *call) {
	status := c.status()
	c.span.Int("http.response.status_code", status)
	c.span.Text("dalil.request_id", c.id)
	if status >= http.StatusInternalServerError {
		c.span.Fail(string(fault.CodeOf(c.refused)))
	}
	c.span.End()
}
