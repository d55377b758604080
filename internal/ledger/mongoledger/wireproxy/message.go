package wireproxy

import (
	"encoding/binary"
	"fmt"
	"io"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/wiremessage"
)

const (
	headerLength = 16
	// A server takes messages of 48 MB.
	longestMessage = 48_000_000
)

// A message is one message of the wire protocol, its header included.
type message []byte

func readMessage(r io.Reader) (message, error) {
	var header [headerLength]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return nil, fmt.Errorf("reading a message's header: %w", err)
	}
	length := binary.LittleEndian.Uint32(header[:])
	if length < headerLength || length > longestMessage {
		return nil, fmt.Errorf("a message of %d bytes", length)
	}
	m := make(message, length)
	copy(m, header[:])
	if _, err := io.ReadFull(r, m[headerLength:]); err != nil {
		return nil, fmt.Errorf("reading a message of %d bytes: %w", length, err)
	}
	return m, nil
}

// moreToCome reports whether the sender sends on without waiting: a server that streams its hello, or a client that
// wants no answer to a write.
func (m message) moreToCome() bool {
	_, _, _, opcode, _, _ := wiremessage.ReadHeader(m)
	return opcode == wiremessage.OpMsg && wiremessage.IsMsgMoreToCome(m)
}

// sections takes an OP_MSG apart: its body, and the documents that lie beside it by the name of their field.
func (m message) sections() (body bson.Raw, beside map[string][]bson.Raw, ok bool) {
	_, _, _, opcode, rest, ok := wiremessage.ReadHeader(m)
	if !ok || opcode != wiremessage.OpMsg {
		return nil, nil, false
	}
	flags, rest, ok := wiremessage.ReadMsgFlags(rest)
	if ok && flags&wiremessage.ChecksumPresent != 0 && len(rest) >= 4 {
		rest = rest[:len(rest)-4]
	}
	beside = make(map[string][]bson.Raw)
	for ok && len(rest) > 0 {
		var kind wiremessage.SectionType
		if kind, rest, ok = wiremessage.ReadMsgSectionType(rest); !ok {
			break
		}
		var documents []bsoncore.Document
		var document bsoncore.Document
		var field string
		switch kind {
		case wiremessage.SingleDocument:
			document, rest, ok = wiremessage.ReadMsgSectionSingleDocument(rest)
			body = bson.Raw(document)
		case wiremessage.DocumentSequence:
			field, documents, rest, ok = wiremessage.ReadMsgSectionDocumentSequence(rest)
			for _, d := range documents {
				beside[field] = append(beside[field], bson.Raw(d))
			}
		default:
			ok = false
		}
	}
	return body, beside, ok && body.Validate() == nil
}

// newMessage makes an OP_MSG of a body and the documents beside it, if any.
func newMessage(id, inReplyTo int32, body bson.Raw, field string, documents []bson.Raw) message {
	start, m := wiremessage.AppendHeaderStart(nil, id, inReplyTo, wiremessage.OpMsg)
	m = wiremessage.AppendMsgFlags(m, 0)
	m = wiremessage.AppendMsgSectionType(m, wiremessage.SingleDocument)
	m = append(m, body...)
	if len(documents) > 0 {
		m = wiremessage.AppendMsgSectionType(m, wiremessage.DocumentSequence)
		var sequence int32
		sequence, m = bsoncore.ReserveLength(m)
		m = append(append(m, field...), 0)
		for _, d := range documents {
			m = append(m, d...)
		}
		m = bsoncore.UpdateLength(m, sequence, int32(len(m))-sequence)
	}
	return bsoncore.UpdateLength(m, start, int32(len(m))-start)
}
