package directory

import (
	"bytes"
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/fault"
)

// MaxRecordBytes is the largest canonical JSON of one record.
const MaxRecordBytes = 256 << 10

// Decode reads the JSON of a record of a kind, strictly: one value, UTF-8, no member twice, none unknown, none of the
// wrong type. Its errors are faults of kind Malformed that name the place.
func Decode(kind Kind, data []byte) (Record, error) {
	record := kind.New()
	if err := DecodeStrict(data, record); err != nil {
		return nil, err
	}
	return record, nil
}

// DecodeStrict reads one JSON value into target with the strictness of Decode.
func DecodeStrict(data []byte, target any) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return fault.New(fault.Malformed, fault.CodeBodyRequired, nil)
	}
	if err := json.Unmarshal(data, target, json.RejectUnknownMembers(true)); err != nil {
		return malformed(err)
	}
	return nil
}

// malformed turns the decoder's errors into faults that name the place.
func malformed(err error) error {
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
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
