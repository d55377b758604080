package httpapi

import (
	"io"
	"mime"
	"slices"
	"strings"

	"dalil/internal/fault"
)

// The media types of bodies.
const (
	mediaJSON  = "application/json"
	mediaMerge = "application/merge-patch+json"
)

// Body is the body that an address takes.
type Body struct {
	Media []string
	Limit int64 // in bytes
}

// strict refuses whatever the address does not take, before anything is done.
func (a *API) strict(next handler) handler {
	return func(c *call) error {
		if c.route.Path == "" { // no address, or not this method of it: whatever else is wrong comes after that
			return next(c)
		}
		if c.queryErr != nil {
			return c.queryErr
		}
		if err := c.query.check(c.route); err != nil {
			return err
		}
		if err := checkLang(c.query.first("lang")); err != nil {
			return err
		}
		if err := c.acceptable(); err != nil {
			return err
		}
		if c.route.Body == nil {
			if err := c.withoutBody(); err != nil {
				return err
			}
			return next(c)
		}
		if err := c.bodyType(c.route.Body.Media); err != nil {
			return err
		}
		return next(c)
	}
}

// withoutBody refuses a body where none belongs: its sender means something that would be passed over.
func (c *call) withoutBody() error {
	if c.req.Body == nil || c.req.ContentLength == 0 {
		return nil
	}
	n, err := io.ReadFull(c.req.Body, make([]byte, 1))
	if n == 0 && err == io.EOF {
		return nil
	}
	return &fault.Error{
		Kind: fault.Malformed, Code: fault.CodeNotAllowedHere,
		Fields: []fault.Field{{Pointer: "", Code: fault.CodeNotAllowedHere}},
	}
}

// bodyType refuses a body of another type than the address takes, or one that is packed.
func (c *call) bodyType(media []string) error {
	if coding := c.req.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return fault.AtHeader(fault.Unsupported, "Content-Encoding", fault.CodeUnsupportedCoding, nil)
	}
	given, parameters, err := mime.ParseMediaType(c.req.Header.Get("Content-Type"))
	charset := parameters["charset"]
	if err != nil || !slices.Contains(media, given) || (charset != "" && !strings.EqualFold(charset, "utf-8")) {
		return fault.AtHeader(fault.Unsupported, "Content-Type", fault.CodeUnsupportedMedia, fault.Args{"expected": joinList(media)})
	}
	return nil
}
