package httpapi

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
)

// The bounds of what is cited: the bytes of its answer, and the characters of its path.
const (
	maxCited     = 8 << 20
	maxCitedPath = 3500 // what is added to it has room in a record
)

// uncitable are the parameters that a question cannot be cited with: what they ask for is no answer of its own.
var uncitable = []string{"cursor", "format"}

// question is a read that is asked by another request.
type question struct {
	route  *Route
	params gin.Params
	query  params
	path   string // without the query
}

// questionOf reads a path with its query. What is no citable read is a fault about the member path.
func (a *API) questionOf(path string) (*question, error) {
	refused := fault.AtPointer("/path", fault.CodeNotCitable, fault.Args{"without": strings.Join(uncitable, ", ")})
	u, err := url.ParseRequestURI(path)
	if err != nil || u.IsAbs() || u.Host != "" || u.Fragment != "" || strings.Contains(path, "#") {
		return nil, refused
	}
	q := &question{path: u.EscapedPath()}
	for i := range a.table {
		if r := &a.table[i]; r.citable {
			if found, ok := pathParams(r.Path, u.Path); ok {
				q.route, q.params = r, found
				break
			}
		}
	}
	if q.route == nil {
		return nil, refused
	}
	if q.query, err = parseParams(u.RawQuery); err != nil {
		return nil, aboutPath(err)
	}
	if slices.ContainsFunc(uncitable, q.query.has) {
		return nil, refused
	}
	return q, nil
}

// pathParams matches a path with the address of a route.
func pathParams(address, path string) (gin.Params, bool) {
	parts, given := strings.Split(address, "/"), strings.Split(path, "/")
	if len(parts) != len(given) {
		return nil, false
	}
	var found gin.Params
	for i, part := range parts {
		switch name, ok := strings.CutPrefix(part, ":"); {
		case ok && given[i] != "":
			found = append(found, gin.Param{Key: name, Value: given[i]})
		case ok || part != given[i]:
			return nil, false
		}
	}
	return found, true
}

// without returns the question without some parameters.
func (q *question) without(names ...string) params {
	return slices.DeleteFunc(slices.Clone(q.query), func(p pair) bool { return slices.Contains(names, p.name) })
}

// address is the path with its query.
func (q *question) address() string {
	var b strings.Builder
	b.WriteString(q.path)
	for i, p := range q.query {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(url.QueryEscape(p.name) + "=" + url.QueryEscape(p.value))
	}
	return b.String()
}

// ask answers a question as a caller of a clearance is answered on a day, in canonical JSON (RFC 8785).
func (c *call) ask(q *question, clearance directory.Visibility, day directory.Day) ([]byte, error) {
	req, err := http.NewRequestWithContext(c.req.Context(), http.MethodGet, q.address(), http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", mediaJSON)
	out := &captured{ResponseWriter: c.out, header: make(http.Header)}
	context := c.gin.Copy()
	context.Params, context.Request = q.params, req
	asked := &call{
		api: c.api, gin: context, req: req, out: out, route: q.route, id: c.id, started: c.started, lasting: req.Context(),
		query: q.query, lang: pickLanguage(q.query.first("lang"), ""), caller: access.Anonymous(), head: c.api.svc.Head(), day: &day,
	}
	if clearance != directory.Public {
		asked.caller = access.Caller{ID: string(directory.Citations), Scope: access.Read, Clearance: clearance, Via: c.caller.Via}
	}
	err = c.api.strict(c.api.recalled(q.route.handle))(asked)
	switch {
	case out.over:
		return nil, fault.AtPointer("/path", fault.CodeCitedTooLarge, fault.Args{"max": fault.Size(maxCited)})
	case err != nil:
		return nil, err
	}
	answer := jsontext.Value(out.body)
	if err := answer.Canonicalize(); err != nil {
		return nil, err
	}
	return answer, nil
}

// aboutPath tells a refusal of a question as one of the member path.
func aboutPath(err error) error {
	inner, ok := errors.AsType[*fault.Error](err)
	if !ok || inner.Kind == fault.Internal || inner.Kind >= fault.TooMany {
		return err
	}
	if inner.Kind == fault.Invalid {
		return err
	}
	code, args := inner.Code, inner.Args
	if len(inner.Fields) > 0 {
		code, args = inner.Fields[0].Code, inner.Fields[0].Args
	}
	return fault.AtPointer("/path", code, args)
}

// captured takes an answer into memory instead of sending it.
type captured struct {
	gin.ResponseWriter

	header http.Header
	body   []byte
	over   bool
}

// Header returns the header of the answer, which nobody is sent.
func (w *captured) Header() http.Header { return w.header }

// WriteHeader takes no notice: what is no answer is an error.
func (*captured) WriteHeader(int) {}

// WriteHeaderNow takes no notice, too.
func (*captured) WriteHeaderNow() {}

// Write keeps a part of the body.
func (w *captured) Write(part []byte) (int, error) {
	if len(w.body)+len(part) > maxCited {
		w.over = true
		return 0, http.ErrContentLength
	}
	w.body = append(w.body, part...)
	return len(part), nil
}
