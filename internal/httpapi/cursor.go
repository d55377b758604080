package httpapi

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/go-json-experiment/json"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// cursor is where a list goes on: which list, what of it, in which order, from where, and the least position. It is
// good on any node, and for nobody else's list: it is sealed with a key that the nodes of one ledger share.
type cursor struct {
	List   string        `json:"l"`           // kind, or kind/id/history
	Select []string      `json:"q,omitempty"` // names and values of what selects and orders, in turn
	Lang   string        `json:"t,omitempty"` // of a sort by name
	Day    directory.Day `json:"d,omitempty"` // what "today" was on the first page
	Values []string      `json:"v,omitempty"` // the sort keys of the last record
	Last   string        `json:"i"`           // its id, or the version of a history
	Seq    uint64        `json:"s"`
}

// cursorSeal is the key of the seals, made from the ledger's own id.
type cursorSeal struct{ key []byte }

const sealBytes = 16

func (s *cursorSeal) sum(text []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write(text)
	return mac.Sum(nil)[:sealBytes]
}

// cursorSeal returns the key, made at the first call.
func (a *API) cursorSeal(ctx context.Context) (*cursorSeal, error) {
	if seal := a.seal.Load(); seal != nil {
		return seal, nil
	}
	id, err := a.svc.LedgerID(ctx)
	if err != nil {
		return nil, err
	}
	key := sha256.Sum256(append([]byte("dalil cursor "), id[:]...))
	seal := &cursorSeal{key[:]}
	a.seal.Store(seal)
	return seal, nil
}

// sealed returns a cursor as text.
func (c *call) sealed(at *cursor) (string, error) {
	seal, err := c.api.cursorSeal(c.req.Context())
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(at)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(seal.sum(text), text...)), nil
}

// opened reads the cursor of a request; nil when it has none. A cursor of another list is refused, and so is one that
// was not sealed here.
func (c *call) opened(list string) (*cursor, error) {
	given := c.query.first("cursor")
	if given == "" {
		return nil, nil //nolint:nilnil // no cursor is no error
	}
	seal, err := c.api.cursorSeal(c.req.Context())
	if err != nil {
		return nil, err
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(given)
	if err != nil || len(raw) < sealBytes || !hmac.Equal(raw[:sealBytes], seal.sum(raw[sealBytes:])) {
		return nil, fault.AtParameter("cursor", fault.CodeBadCursor, nil)
	}
	at := new(cursor)
	if err := json.Unmarshal(raw[sealBytes:], at); err != nil || len(at.Select)%2 != 0 {
		return nil, fault.AtParameter("cursor", fault.CodeBadCursor, nil)
	}
	if at.List != list {
		return nil, mismatch()
	}
	return at, nil
}

func mismatch() error { return fault.AtParameter("cursor", fault.CodeCursorMismatch, nil) }
