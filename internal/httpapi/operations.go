package httpapi

import (
	"net/http"
	"strconv"

	"dalil/internal/fault"
)

// mount answers with a handler of net/http.
func mount(h http.Handler) handler {
	return func(c *call) error {
		c.stampPosition()
		h.ServeHTTP(c.out, c.req)
		return nil
	}
}

// livezPath is where the process says that it answers, with alive.
const (
	livezPath = "/livez"
	alive     = `{"status":"alive"}`
)

// livez says that the process answers.
func (a *API) livez(c *call) error {
	return c.write(text(http.StatusOK, tag{}, []byte(alive)))
}

// readyz says that this node may be sent requests, or why not.
func (a *API) readyz(c *call) error {
	if err := a.ready(); err != nil {
		return err
	}
	body := strconv.AppendUint([]byte(`{"status":"ready","seq":`), c.position(), 10)
	return c.write(text(http.StatusOK, tag{}, append(body, '}')))
}

func (a *API) ready() error {
	if a.stopping.Load() {
		return fault.New(fault.Unavailable, fault.CodeNotReady, nil)
	}
	return a.svc.Ready()
}
