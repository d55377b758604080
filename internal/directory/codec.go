package directory

import (
	"bytes"
	"errors"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/fault"
)

// MaxRecordBytes is the largest canonical JSON of one record.
const MaxRecordBytes = 256 << 10

// Decode reads the JSON of a record of a kind, strictly: one value, UTF-8, no member twice, none unknown, none of the
// wrong type, which null is everywhere. Its errors are faults of kind Malformed that name the place; of a text that
// cannot be read as what it stands for, such as a time, of kind Invalid.
func Decode(kind Kind, data []byte) (Record, error) {
	record := kind.New()
	if err := DecodeStrict(data, record); err != nil {
		return nil, err
	}
	return record, nil
}

// DecodeStrict reads one JSON value into target with the strictness of Decode.
func DecodeStrict(data []byte, target any) error {
	if bytes.Contains(data, []byte("null")) { // rare, and slow to look for
		return decode(data, target, withoutNull())
	}
	return decode(data, target)
}

// DecodeSparse is DecodeStrict, but a member that is null is one that was left out: other programs write empty cells so.
func DecodeSparse(data []byte, target any) error { return decode(data, target) }

func decode(data []byte, target any, further ...json.Options) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return fault.New(fault.Malformed, fault.CodeBodyRequired, nil)
	}
	if err := json.Unmarshal(data, target, append(further, json.RejectUnknownMembers(true))...); err != nil {
		return malformed(err)
	}
	return nil
}

// errNull says that null stands where a value is expected.
var errNull = errors.New("directory: null is no value")

// withoutNull refuses null, which the decoder would take for an empty value; but not where any JSON may stand.
var withoutNull = sync.OnceValue(func() json.Options {
	return json.WithUnmarshalers(json.UnmarshalFromFunc(func(d *jsontext.Decoder, target any) error {
		if _, anything := target.(*jsontext.Value); !anything && d.PeekKind() == 'n' {
			return errNull
		}
		return errors.ErrUnsupported // the usual way
	}))
})

// malformed turns the decoder's errors into faults that name the place.
func malformed(err error) error {
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		if f, ok := errors.AsType[*fault.Error](semantic.Err); ok { // a text of the right type that is not right
			place := fault.AtPointer(string(semantic.JSONPointer), f.Code, f.Args)
			place.Err = err
			return place
		}
		code := fault.CodeWrongType
		if errors.Is(err, json.ErrUnknownName) {
			code = fault.CodeUnknownMember
		}
		return malformedAt(string(semantic.JSONPointer), code, err)
	}
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		code := fault.CodeBadJSON
		if errors.Is(err, jsontext.ErrDuplicateName) {
			code = fault.CodeDuplicateMember
		}
		return malformedAt(string(syntactic.JSONPointer), code, err)
	}
	return fault.Wrap(fault.Malformed, fault.CodeBadJSON, err)
}

func malformedAt(pointer string, code fault.Code, err error) error {
	return &fault.Error{Kind: fault.Malformed, Code: code, Fields: []fault.Field{{Pointer: pointer, Code: code}}, Err: err}
}

// CheckJSON judges a text as Decode does before it looks at the members: one JSON value, UTF-8, no member twice.
func CheckJSON(data []byte) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return fault.New(fault.Malformed, fault.CodeBodyRequired, nil)
	}
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		return malformed(err)
	}
	return nil
}
