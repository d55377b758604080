package httpapi

import (
	"context"
	"errors"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/fault"
)

// mediaProblem is the media type of a problem document.
const mediaProblem = "application/problem+json"

// statusClientGone is what the log says of a request whose client left; nothing is written.
const statusClientGone = 499

// statusOf is the one table from the kinds of faults to statuses.
func statusOf(kind fault.Kind) int {
	switch kind {
	case fault.Malformed:
		return http.StatusBadRequest
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.NotAllowed:
		return http.StatusMethodNotAllowed
	case fault.NotAcceptable:
		return http.StatusNotAcceptable
	case fault.Conflict:
		return http.StatusConflict
	case fault.Gone:
		return http.StatusGone
	case fault.Stale:
		return http.StatusPreconditionFailed
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.URITooLong:
		return http.StatusRequestURITooLong
	case fault.Unsupported:
		return http.StatusUnsupportedMediaType
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NoCondition:
		return http.StatusPreconditionRequired
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Moved:
		return http.StatusPermanentRedirect
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Timeout:
		return http.StatusGatewayTimeout
	case fault.Internal:
	}
	return http.StatusInternalServerError
}

// problem is the wire form of a refusal (RFC 9457).
type problem struct {
	Type      string        `json:"type"`
	Title     string        `json:"title"`
	Status    int           `json:"status"`
	Detail    string        `json:"detail"`
	Instance  string        `json:"instance,omitempty"`
	Code      fault.Code    `json:"code"`
	RequestID string        `json:"request_id,omitempty"`
	Errors    []problemItem `json:"errors,omitempty"`

	Members map[string]any `json:",embed"`
}

// problemItem is one faulty place of a request.
type problemItem struct {
	Pointer   *string    `json:"pointer,omitzero"` // "" is the whole body
	Parameter string     `json:"parameter,omitempty"`
	Header    string     `json:"header,omitempty"`
	Code      fault.Code `json:"code"`
	Detail    string     `json:"detail"`
}

// asFault is what may be said of an error. What nobody classified is a defect of ours, unless a deadline passed.
func asFault(err error) *fault.Error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fault.Wrap(fault.Timeout, fault.CodeTimeout, err)
	}
	return fault.Wrap(fault.Internal, fault.CodeInternal, err)
}

// problemOf says a fault in a language. Of an internal one nothing but the fixed text is said.
func problemOf(f *fault.Error, lang string) problem {
	if f.Kind == fault.Internal {
		f = fault.New(fault.Internal, fault.CodeInternal, nil)
	}
	p := problem{
		Type: problemPath + "/" + string(f.Code), Title: titleOf(f.Kind, lang), Status: statusOf(f.Kind),
		Detail: fault.Message(lang, f.Code, f.Args), Code: f.Code, Members: f.Members,
	}
	for i := range f.Fields {
		field := &f.Fields[i]
		item := problemItem{
			Parameter: field.Parameter, Header: field.Header, Code: field.Code,
			Detail: fault.Message(lang, field.Code, field.Args),
		}
		if field.Parameter == "" && field.Header == "" {
			item.Pointer = &field.Pointer
		}
		p.Errors = append(p.Errors, item)
	}
	return p
}

// encodeProblem returns a problem's JSON: its own members in their order, then the further ones by name.
func encodeProblem(p problem) ([]byte, error) {
	return json.Marshal(p, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
}

// writeProblem answers with what may be said of an error. It writes nothing when the client has left, or when an
// answer has already begun.
func (c *call) writeProblem(err error) {
	c.refused = err
	if c.out.Written() {
		return
	}
	if errors.Is(err, context.Canceled) && c.req.Context().Err() != nil {
		c.gone = true
		return
	}
	f := asFault(err)
	if f.Kind == fault.Moved && !c.reads() {
		f = movedWrite(f) // a client that follows a 308 would repeat its write on another record
	}
	p := problemOf(f, messageLang(c.lang))
	p.Instance, p.RequestID = c.req.URL.EscapedPath(), c.id
	text, err := encodeProblem(p)
	if err != nil {
		c.refused = errors.Join(c.refused, err)
		text = []byte(`{"status":500}`)
		p.Status = http.StatusInternalServerError
	}
	h := c.out.Header()
	c.explainHeaders(f)
	h["Content-Type"] = []string{mediaProblem}
	h["Content-Language"] = []string{messageLang(c.lang)}
	h["Content-Length"] = []string{strconv.Itoa(len(text))}
	c.stampPosition()
	c.out.WriteHeader(p.Status)
	if c.req.Method != http.MethodHead {
		_, _ = c.out.Write(text) // a client that has left needs no answer
	}
	c.out.WriteHeaderNow()
}

// explainHeaders sets the headers that a refusal brings beside its document.
func (c *call) explainHeaders(f *fault.Error) {
	h := c.out.Header()
	if f.Kind == fault.Unauthenticated {
		h["Www-Authenticate"] = []string{`Bearer realm="dalil"`}
	}
	if f.Kind == fault.Moved {
		h["Location"] = []string{c.survivorAddress(f)}
	}
	retry := f.RetryAfter
	if retry == 0 && f.Kind == fault.Unavailable {
		retry = time.Second
	}
	if retry > 0 {
		h["Retry-After"] = []string{strconv.Itoa(int(math.Ceil(retry.Seconds())))}
	}
}

// movedWrite is what a write to a merged record is told.
func movedWrite(f *fault.Error) *fault.Error {
	same := *f
	same.Kind = fault.Conflict
	return &same
}

// survivorAddress is where a merged record's readers go on: the same question of the surviving record.
func (c *call) survivorAddress(f *fault.Error) string {
	survivor, _ := f.Members["survivor"].(string)
	address := recordPath(c.route.Kind, survivor)
	if c.req.URL.RawQuery != "" {
		address += "?" + c.req.URL.RawQuery
	}
	return address
}

// withMembers returns a fault with further members of its document.
func withMembers(f *fault.Error, members map[string]any) *fault.Error {
	same := *f
	same.Members = make(map[string]any, len(f.Members)+len(members))
	maps.Copy(same.Members, f.Members)
	maps.Copy(same.Members, members)
	return &same
}

// noRoute answers an address that is none of ours.
func noRoute(*call) error { return fault.New(fault.NotFound, fault.CodeNoSuchAddress, nil) }

// noMethod answers a method that an address does not have; OPTIONS is answered with those that it has.
func noMethod(c *call) error {
	allowed := allowedMethods(c.out.Header().Get("Allow"))
	c.out.Header().Set("Allow", allowed)
	if c.req.Method != http.MethodOptions {
		return fault.New(fault.NotAllowed, fault.CodeMethodNotAllowed, nil)
	}
	c.preflight()
	c.stampPosition()
	c.out.WriteHeader(http.StatusNoContent)
	c.out.WriteHeaderNow()
	return nil
}

// allowedMethods adds OPTIONS to what the router found, in a fixed order.
func allowedMethods(found string) string {
	methods := append(splitList(found), http.MethodOptions)
	slices.Sort(methods)
	return joinList(slices.Compact(methods))
}
