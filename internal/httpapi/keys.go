package httpapi

import (
	"net/http"

	"github.com/go-json-experiment/json"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/service"
)

const keysPath = basePath + "/keys"

// keyList is the wire form of the list of keys.
type keyList struct {
	Items []service.Key `json:"items"`
	Total int           `json:"total"`
	Seq   uint64        `json:"seq"`
}

// newKey is a key with its secret, which is told this once.
type newKey struct {
	service.Key

	Secret string `json:"secret,omitempty"`
}

// listKeys answers the live keys, without their secrets, which nobody has.
func (a *API) listKeys(c *call) error {
	keys, err := a.svc.Keys(c.caller)
	if err != nil {
		return err
	}
	return c.private(http.StatusOK, keyList{keys, len(keys), c.position()})
}

// getKey answers one key.
func (a *API) getKey(c *call) error {
	keys, err := a.svc.Keys(c.caller)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if key.ID == c.gin.Param("id") {
			return c.private(http.StatusOK, key)
		}
	}
	return fault.New(fault.NotFound, fault.CodeNotFound, nil)
}

// createKey makes a key and tells its secret.
func (a *API) createKey(c *call) error {
	w, body, err := c.writing()
	if err != nil {
		return err
	}
	var spec service.KeySpec
	if err := directory.DecodeStrict(body, &spec); err != nil {
		return err
	}
	key, secret, err := a.svc.CreateKey(c.req.Context(), w, spec)
	if err != nil {
		return c.unwritten(err)
	}
	c.head = a.svc.Head()
	if w.DryRun {
		return c.private(http.StatusOK, newKey{Key: key}) // its secret would open nothing
	}
	c.out.Header()["Location"] = []string{keysPath + "/" + key.ID}
	return c.private(http.StatusCreated, newKey{key, secret})
}

// revokeKey takes a key out of use.
func (a *API) revokeKey(c *call) error {
	w, _, err := c.writing()
	if err != nil {
		return err
	}
	key, err := a.svc.RevokeKey(c.req.Context(), w, c.gin.Param("id"))
	if err != nil {
		return c.unwritten(err)
	}
	c.head = a.svc.Head()
	if w.DryRun {
		return c.private(http.StatusOK, key)
	}
	c.stampPosition()
	c.out.WriteHeader(http.StatusNoContent)
	c.out.WriteHeaderNow()
	return nil
}

// private writes an answer that no cache may keep.
func (c *call) private(status int, value any) error {
	body, err := json.Marshal(value, json.Deterministic(true))
	if err != nil {
		return err
	}
	c.out.Header()["Cache-Control"] = neverCache
	return c.write(text(status, tag{}, body))
}
