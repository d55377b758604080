package httpapi_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/paths"
	"github.com/pb33f/libopenapi-validator/schema_validation"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"dalil/api"
)

// contract is the committed document, as a library reads it that is not ours.
type contract struct {
	model     *v3.Document
	validator validator.Validator
	shapes    schema_validation.SchemaValidator
	failed    error
}

// theContract reads the document once for all tests.
var theContract = sync.OnceValue(func() *contract {
	document, err := libopenapi.NewDocument(api.JSON)
	if err != nil {
		return &contract{failed: err}
	}
	built, err := document.BuildV3Model()
	if err != nil {
		return &contract{failed: err}
	}
	return &contract{
		model:     &built.Model,
		validator: validator.NewValidatorFromV3Model(&built.Model, config.WithFormatAssertions()),
		shapes:    schema_validation.NewSchemaValidator(config.WithFormatAssertions()),
	}
})

// hopHeaders are of HTTP itself, or keep browsers safe: they are no part of what a client is promised.
var hopHeaders = []string{
	"Accept-Ranges", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Content-Encoding", "Content-Length",
	"Content-Security-Policy", "Content-Type", "Last-Modified", "Referrer-Policy", "X-Content-Type-Options",
}

// keepsContract sees that an answer is one that the document describes: its status, its media type, its body, the
// headers that it must have, and no others.
func (r *request) keepsContract(asked *http.Request, recorder *httptest.ResponseRecorder) {
	r.Helper()
	c := theContract()
	if c.failed != nil {
		r.Errorf("reading the document: %v", c.failed)
		return
	}
	answer := recorder.Result()
	if asked.Context().Err() != nil && answer.Header.Get("Content-Type") == "" {
		return // nothing is answered to a client that has left
	}
	body := r.unpacked(answer)
	answer.Body = io.NopCloser(bytes.NewReader(body))
	if asked.Method == http.MethodHead {
		answer.Body = http.NoBody // the server does not send what a handler writes
	}
	item, _, template := paths.FindPath(asked, c.model, nil)
	var operation *v3.Operation
	ok := false
	if item != nil {
		operation, ok = item.GetOperations().Get(strings.ToLower(asked.Method))
	}
	switch path := asked.URL.Path; {
	case path == "/":
		return // the tests give it pages of their own
	case !ok, strings.HasSuffix(path, "/"): // which the library takes for the address without
		r.isOutsideContract(asked, answer, body)
		return
	}
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "application/x-ndjson") && len(body) > 0 {
		for line := range bytes.Lines(body) {
			if value := jsontext.Value(bytes.TrimSpace(line)); !value.IsValid() {
				r.Errorf("%s %s answers a line that is no JSON: %.200s", asked.Method, template, line)
			}
		}
		answer.Body = io.NopCloser(strings.NewReader(`"lines"`)) // the library takes the lines for one value
	}
	if valid, faults := c.validator.ValidateHttpResponse(asked, answer); !valid {
		r.Errorf("%s %s answers %d otherwise than the document says: %s: %.2000s", asked.Method, template, answer.StatusCode, said(faults), body)
	}
	described, ok := operation.Responses.Codes.Get(strconv.Itoa(answer.StatusCode))
	if !ok {
		return // told above
	}
	for name := range answer.Header {
		known := slices.Contains(hopHeaders, name)
		for declared := range described.Headers.KeysFromOldest() {
			known = known || strings.EqualFold(declared, name)
		}
		if !known {
			r.Errorf("%s %s answers %d with %s, of which the document says nothing", asked.Method, template, answer.StatusCode, name)
		}
	}
	r.hasKnownMembers(answer, body)
}

// isOutsideContract wants of an address or method that the document does not have what it says of those in words. Some
// tests have addresses of their own.
func (r *request) isOutsideContract(asked *http.Request, answer *http.Response, body []byte) {
	r.Helper()
	refused := answer.StatusCode == http.StatusNotFound || answer.StatusCode == http.StatusMethodNotAllowed
	if !refused || asked.Method == http.MethodHead {
		return
	}
	shape, ok := theContract().model.Components.Schemas.Get("Problem")
	if !ok {
		r.Error("the document has no schema of problems")
		return
	}
	if valid, faults := theContract().shapes.ValidateSchemaBytes(shape.Schema(), body); !valid {
		r.Errorf("%s %s answers a problem that is none: %s: %s", asked.Method, asked.URL, said(faults), body)
	}
	r.hasKnownMembers(answer, body)
}

// hasKnownMembers sees that a problem has no members that the document does not name, though it leaves room for them.
func (r *request) hasKnownMembers(answer *http.Response, body []byte) {
	r.Helper()
	if answer.Header.Get("Content-Type") != "application/problem+json" || len(body) == 0 {
		return
	}
	var members map[string]any
	if err := json.Unmarshal(body, &members); err != nil {
		r.Errorf("reading a problem: %v", err)
	}
	r.saysAll(members)
	shape, _ := theContract().model.Components.Schemas.Get("Problem")
	for name := range members {
		if _, ok := shape.Schema().Properties.Get(name); !ok {
			r.Errorf("a problem has the member %q, of which the document says nothing: %s", name, body)
		}
	}
}

// unpacked reads the body of an answer.
func (r *request) unpacked(answer *http.Response) []byte {
	r.Helper()
	var body io.Reader = answer.Body
	var err error
	switch coding := answer.Header.Get("Content-Encoding"); {
	case coding == "", r.method == http.MethodHead:
	case coding == "gzip":
		body, err = gzip.NewReader(body)
	case coding == "zstd":
		body, err = zstd.NewReader(body)
	default:
		r.Errorf("%s is an unknown coding", coding)
	}
	if err != nil {
		r.Errorf("unpacking: %v", err)
		return nil
	}
	text, err := io.ReadAll(body)
	if err != nil {
		r.Errorf("unpacking: %v", err)
	}
	return text
}

// said tells what a validator found.
func said(faults []*errors.ValidationError) string {
	var texts []string
	for _, f := range faults {
		texts = append(texts, f.Message+": "+f.Reason)
		for _, s := range f.SchemaValidationErrors {
			texts = append(texts, s.FieldPath+" "+s.Reason)
		}
	}
	return strings.Join(texts, "; ")
}

// openPlaceholder is what a message says where nothing was given to fill it.
var openPlaceholder = regexp.MustCompile(`\{[a-z_]+\}`)

// saysAll sees that no message of a problem has a placeholder left.
func (r *request) saysAll(members map[string]any) {
	r.Helper()
	for member, value := range members {
		switch value := value.(type) {
		case string:
			if (member == "detail" || member == "title") && openPlaceholder.MatchString(value) {
				r.Errorf("%s %s: a message is not filled: %s", r.method, r.target, value)
			}
		case map[string]any:
			r.saysAll(value)
		case []any:
			for _, item := range value {
				if object, ok := item.(map[string]any); ok {
					r.saysAll(object)
				}
			}
		}
	}
}
