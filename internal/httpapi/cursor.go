package httpapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/readmodel"
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

// append appends the cursor as JSON. A page of a list has one, so that it is written without reflection.
func (at *cursor) append(to []byte) []byte {
	to = append(to, `{"l":`...)
	to = readmodel.AppendQuoted(to, at.List)
	to = appendTexts(to, `,"q":`, at.Select)
	if at.Lang != "" {
		to = append(to, `,"t":`...)
		to = readmodel.AppendQuoted(to, at.Lang)
	}
	to = append(to, `,"d":`...)
	to = strconv.AppendInt(to, int64(at.Day), 10)
	to = appendTexts(to, `,"v":`, at.Values)
	to = append(to, `,"i":`...)
	to = readmodel.AppendQuoted(to, at.Last)
	to = append(to, `,"s":`...)
	to = strconv.AppendUint(to, at.Seq, 10)
	return append(to, '}')
}

// appendTexts appends a member that holds texts, unless it holds none.
func appendTexts(to []byte, name string, texts []string) []byte {
	if len(texts) == 0 {
		return to
	}
	to = append(to, name...)
	mark := byte('[')
	for _, text := range texts {
		to = append(to, mark)
		to, mark = readmodel.AppendQuoted(to, text), ','
	}
	return append(to, ']')
}

// cursorSeal makes the seals, with a key made from the ledger's own id.
type cursorSeal struct {
	key  []byte
	macs sync.Pool // of hash.Hash, to be used again
}

const sealBytes = 16

// append appends the seal of a text.
func (s *cursorSeal) append(to, text []byte) []byte {
	mac, ok := s.macs.Get().(hash.Hash)
	if !ok {
		mac = hmac.New(sha256.New, s.key)
	}
	defer s.macs.Put(mac)
	mac.Reset()
	mac.Write(text)
	var sum [sha256.Size]byte
	return append(to, mac.Sum(sum[:0])[:sealBytes]...)
}

// cursorSeal returns the key, made at the first call.
func (a *API) cursorSeal() (*cursorSeal, error) {
	if seal := a.seal.Load(); seal != nil {
		return seal, nil
	}
	id, err := a.svc.LedgerID()
	if err != nil {
		return nil, err
	}
	key := sha256.Sum256(append([]byte("dalil cursor "), id[:]...))
	seal := &cursorSeal{key: key[:]}
	a.seal.Store(seal)
	return seal, nil
}

// sealed returns a cursor as text.
func (c *call) sealed(at *cursor) (string, error) {
	seal, err := c.api.cursorSeal()
	if err != nil {
		return "", err
	}
	raw := at.append(make([]byte, sealBytes, 512))
	seal.append(raw[:0], raw[sealBytes:])
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// opened reads the cursor of a request; nil when it has none. A cursor of another list is refused, and so is one that
// was not sealed here.
func (c *call) opened(list string) (*cursor, error) {
	given := c.query.first("cursor")
	if given == "" {
		return nil, nil //nolint:nilnil // no cursor is no error
	}
	seal, err := c.api.cursorSeal()
	if err != nil {
		return nil, err
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(given)
	if err != nil || len(raw) < sealBytes || !hmac.Equal(raw[:sealBytes], seal.append(nil, raw[sealBytes:])) {
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
