package directory

import (
	"errors"
	"strconv"
	"time"

	"dalil/internal/fault"
)

// Status says how far a record has come.
type Status string

// The statuses. Only DELETE archives.
const (
	Draft     Status = "draft"
	Published Status = "published"
	Archived  Status = "archived"
)

// Visibility says who may see a record; it is also the clearance of a caller.
type Visibility string

// The visibilities, from the widest to the narrowest.
const (
	Public   Visibility = "public"   // anybody
	Partners Visibility = "partners" // any signed-in caller
	Ministry Visibility = "ministry" // analysts and above
)

// Level is 0 for public, 1 for partners, 2 for ministry and for whatever else: an unknown word never opens anything.
func (v Visibility) Level() int {
	switch v {
	case Public:
		return 0
	case Partners:
		return 1
	default:
		return 2
	}
}

// Narrower returns the narrower of two visibilities.
func (v Visibility) Narrower(w Visibility) Visibility {
	if w.Level() > v.Level() {
		return w
	}
	return v
}

// Time is an instant as records tell it: RFC 3339, UTC, milliseconds.
type Time struct{ time.Time }

const timeLayout = "2006-01-02T15:04:05.000Z"

// At returns the instant cut to the millisecond, in UTC.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

// String returns the instant as records tell it.
func (t Time) String() string { return t.UTC().Format(timeLayout) }

// MarshalText returns the instant as records tell it.
func (t Time) MarshalText() ([]byte, error) { return t.UTC().AppendFormat(nil, timeLayout), nil }

// UnmarshalText reads any RFC 3339 time.
func (t *Time) UnmarshalText(text []byte) error {
	parsed, err := time.Parse(time.RFC3339Nano, string(text))
	if err != nil {
		return err //nolint:wrapcheck // the decoder wraps it with the place
	}
	*t = At(parsed)
	return nil
}

// MarshalJSON hides the method of time.Time, which would cut zeros off the milliseconds.
func (t Time) MarshalJSON() ([]byte, error) { return t.appendJSON(nil), nil }

// appendJSON appends the instant as records tell it, in quotes. The layout of seconds is the one that package time
// writes without reading it first.
func (t Time) appendJSON(dst []byte) []byte {
	dst = t.UTC().AppendFormat(append(dst, '"'), time.RFC3339)
	const digits = "0123456789"
	milliseconds := t.Nanosecond() / 1e6
	dst = append(dst[:len(dst)-len("Z")], '.')
	return append(dst, digits[milliseconds/100], digits[milliseconds/10%10], digits[milliseconds%10], 'Z', '"')
}

// errNoTime says that a value of another type stands where a time is expected.
var errNoTime = errors.New("directory: a time is a text")

// UnmarshalJSON hides the method of time.Time, which would keep what is smaller than a millisecond. A text that is no
// time is a fault.
func (t *Time) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	if len(text) == 0 || text[0] != '"' {
		return errNoTime
	}
	var parsed time.Time
	if err := parsed.UnmarshalJSON(text); err != nil {
		return fault.New(fault.Invalid, fault.CodeBadInstant, nil)
	}
	*t = At(parsed)
	return nil
}

// Stamp says when, by whom and at which ledger position something was written.
type Stamp struct {
	At  Time   `json:"at"`
	By  string `json:"by,omitempty"` // account or key; shown to signed-in callers only
	Seq uint64 `json:"seq"`
}

// Attestation says when a record's owner last confirmed that it is still true.
type Attestation struct {
	At Time   `json:"at"`
	By string `json:"by,omitempty"`
}

// Envelope is what every record has beside its kind's own members. Version, Created, Updated, Attested and MergedInto
// are set by Dalil alone.
type Envelope struct {
	ID         string       `json:"id,omitempty" validate:"omitempty,id"`
	Version    uint64       `json:"version,omitzero"`
	Status     Status       `json:"status,omitempty" validate:"omitempty,term=statuses"`
	Visibility Visibility   `json:"visibility,omitempty" validate:"omitempty,term=visibilities"`
	Sources    []string     `json:"sources,omitempty" validate:"omitempty,max=200,unique,dive,id"`
	Confidence string       `json:"confidence,omitempty" validate:"omitempty,term=confidences"`
	Tags       []string     `json:"tags,omitempty" validate:"omitempty,max=50,unique,dive,tag"`
	Created    *Stamp       `json:"created,omitzero"`
	Updated    *Stamp       `json:"updated,omitzero"`
	Attested   *Attestation `json:"attested,omitzero"`
	MergedInto string       `json:"merged_into,omitempty"` // the surviving record, when this one was merged
}

// Head returns the envelope itself, so that every record gives access to it.
func (e *Envelope) Head() *Envelope { return e }

// Seen is the visibility that the record asks for by itself: a draft is seen like ministry.
func (e *Envelope) Seen() Visibility {
	if e.Status == Draft {
		return Ministry
	}
	return e.Visibility
}

// sourceReferences returns the references to the sources.
func (e *Envelope) sourceReferences() []Reference {
	refs := make([]Reference, 0, len(e.Sources)+4)
	for i, id := range e.Sources {
		refs = append(refs, Reference{"/sources/" + strconv.Itoa(i), Ref{Sources, id}})
	}
	return refs
}

// refer appends a reference unless the id is empty.
func refer(refs []Reference, pointer string, kind Kind, id string) []Reference {
	if id == "" {
		return refs
	}
	return append(refs, Reference{pointer, Ref{kind, id}})
}

// Record is one record of any kind: a pointer to the kind's struct.
type Record interface {
	Head() *Envelope
	RecordKind() Kind
	// References returns the places that name other records, in the order of the members.
	References() []Reference
}
