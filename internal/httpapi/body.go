package httpapi

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"

	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// maxDepth is how deep a body may be nested. No record comes near it.
const maxDepth = 64

// body reads the whole body, and judges it as JSON: one value, not too deep.
func (c *call) body() ([]byte, error) {
	var text bytes.Buffer
	if n := c.req.ContentLength; n > 0 {
		text.Grow(int(min(n, maxBodyBytes)) + bytes.MinRead)
	}
	if _, err := text.ReadFrom(c.req.Body); err != nil {
		return nil, bodyFault(err)
	}
	if err := checkDepth(text.Bytes()); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}

// bodyFault says why a body could not be read.
func bodyFault(err error) error {
	if over, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge(over.Limit)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) {
		return fault.Wrap(fault.Malformed, fault.CodeTimeout, err) // the sender was too slow
	}
	return fault.Wrap(fault.Malformed, fault.CodeBadJSON, err) // cut off
}

// checkDepth refuses a text that is nested too deeply, and names the place. Whether it is JSON is judged by whoever
// decodes it; here only brackets outside of texts count.
func checkDepth(text []byte) error {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			if depth++; depth > maxDepth {
				return tooDeep(text)
			}
		case b == '}' || b == ']':
			depth--
		}
	}
	return nil
}

// tooDeep names the first place that lies too deep; a text that is no JSON before it is refused for that.
func tooDeep(text []byte) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(text))
	for {
		if _, err := d.ReadToken(); err != nil {
			var value jsontext.Value
			return directory.DecodeStrict(text, &value)
		}
		if d.StackDepth() > maxDepth {
			return &fault.Error{
				Kind: fault.Malformed, Code: fault.CodeTooDeep,
				Fields: []fault.Field{{Pointer: string(d.StackPointer()), Code: fault.CodeTooDeep}},
			}
		}
	}
}
