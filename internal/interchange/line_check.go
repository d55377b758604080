package interchange

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/fault"
)

// checkLine says why a line is not one object in JSON, and where; nil for one that is.
func checkLine(at Place, text []byte) *CellError {
	text = bytes.TrimRight(text, " \t\r\n")
	start := len(text) - len(bytes.TrimLeft(text, " \t"))
	switch {
	case !jsontext.Value(text).IsValid():
		return badJSON(at, text)
	case text[start] != '{':
		return misplaced(at, text, start)
	default:
		return nil
	}
}

// badJSON says what is wrong with a text that is not one JSON value, or says a member twice.
func badJSON(at Place, text []byte) *CellError {
	in := jsontext.NewDecoder(bytes.NewReader(text))
	_, err := in.ReadValue()
	if err == nil {
		rest := text[in.InputOffset():]
		return misplaced(at, text, len(text)-len(bytes.TrimLeft(rest, " \t")))
	}
	wrong, ok := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case !ok, errors.Is(err, io.ErrUnexpectedEOF):
		return &CellError{at, fault.CodeLineCutOff, fault.Args{"at": utf8.RuneCount(text)}}
	case errors.Is(err, jsontext.ErrDuplicateName):
		at.Name = string(wrong.JSONPointer)
		return &CellError{at, fault.CodeDuplicateMember, nil}
	default:
		return misplaced(at, text, int(wrong.ByteOffset))
	}
}

// maxNear is how many characters of a line are repeated, from the wrong one on.
const maxNear = 20

// misplaced says that what stands at an offset of a line does not belong there.
func misplaced(at Place, text []byte, offset int) *CellError {
	near := bytes.Runes(bytes.ToValidUTF8(text[offset:], []byte("\uFFFD")))
	return &CellError{at, fault.CodeBadLine, fault.Args{
		"near": string(near[:min(len(near), maxNear)]), "at": utf8.RuneCount(text[:offset]) + 1,
	}}
}
