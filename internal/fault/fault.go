// Package fault has one duty: the one error type of Dalil, its closed list of kinds, and the catalogue of what may be
// said of an error in English, French and Arabic.
//
// An error that is not a *Error is of kind Internal: its text is for the log, never for a caller.
package fault

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind says what sort of failure an error is; the edges map it to a status or an exit code.
type Kind uint8

// The kinds. The zero kind is Internal, so that what nobody classified is never shown.
const (
	Internal        Kind = iota // a defect of ours, or an unclassified failure
	Malformed                   // a query or body that cannot be read: not JSON, unknown member, unknown parameter
	Unauthenticated             // nobody, or a key that is not valid
	Forbidden                   // somebody, but not allowed
	NotFound                    // no such thing, or not one this caller may see
	Gone                        // it was archived
	Moved                       // it was merged into another
	NotAllowed                  // the resource has no such method
	Conflict                    // it clashes with what the directory holds
	Stale                       // a condition (If-Match) no longer holds
	NoCondition                 // a condition is required and absent
	TooLarge                    // the body is over its limit
	URITooLong                  // the address is over its limit
	Unsupported                 // a media type or coding that is not read
	NotAcceptable               // none of the media types asked for is served
	Invalid                     // readable, but a rule of the domain is broken
	TooMany                     // over the rate limit
	Unavailable                 // the store is away, or the outcome is not known
	Timeout                     // the deadline passed
)

// Args fills the placeholders of a message: {max} is replaced by Args["max"].
type Args map[string]any

// Field is one faulty place of a request: exactly one of Pointer, Parameter and Header says where.
type Field struct {
	Pointer   string // JSON Pointer (RFC 6901) into the body; "" is the whole body
	Parameter string // name of a query or path parameter
	Header    string // name of a request header
	Code      Code
	Args      Args
}

// Error is what a layer says about a failure. Code, Args, Fields and Members may be shown; Err never is.
type Error struct {
	Kind       Kind
	Code       Code
	Args       Args
	Fields     []Field
	Members    map[string]any // further members of the problem document, safe to show (candidates, survivor, …)
	RetryAfter time.Duration  // when trying again may help; zero says nothing about it
	Err        error          // the cause, for the log
}

// New returns an error of a kind with a code of the catalogue.
func New(kind Kind, code Code, args Args) *Error {
	return &Error{Kind: kind, Code: code, Args: args}
}

// Wrap returns an error of a kind with a code of the catalogue, caused by err.
func Wrap(kind Kind, code Code, err error) *Error {
	return &Error{Kind: kind, Code: code, Err: err}
}

// OfFields returns an error about faulty places of a request; it is nil when there are none.
func OfFields(kind Kind, code Code, fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: kind, Code: code, Fields: fields}
}

// AtPointer returns an Invalid error about one place of a body.
func AtPointer(pointer string, code Code, args Args) *Error {
	return &Error{Kind: Invalid, Code: CodeInvalid, Fields: []Field{{Pointer: pointer, Code: code, Args: args}}}
}

// AtParameter returns a Malformed error about one query parameter.
func AtParameter(name string, code Code, args Args) *Error {
	return &Error{Kind: Malformed, Code: CodeBadParameter, Fields: []Field{{Parameter: name, Code: code, Args: args}}}
}

// AtHeader returns an error of a kind about one request header.
func AtHeader(kind Kind, name string, code Code, args Args) *Error {
	return &Error{Kind: kind, Code: code, Args: args, Fields: []Field{{Header: name, Code: code, Args: args}}}
}

// Error tells the code, the places and the cause: a text for logs, in English.
func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString(Message("en", e.Code, e.Args))
	for _, f := range e.Fields {
		fmt.Fprintf(&text, "; %s%s%s: %s", f.Pointer, f.Parameter, f.Header, Message("en", f.Code, f.Args))
	}
	if e.Err != nil {
		text.WriteString(": " + e.Err.Error())
	}
	return text.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of err; Internal for whatever is not a *Error.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf returns the code of err; CodeInternal for whatever is not a *Error.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}

// Is tells whether err is a *Error with the code.
func Is(err error, code Code) bool { return err != nil && CodeOf(err) == code }
