package mongoledger

import (
	"bytes"
	"encoding/binary"
	"math"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"go.mongodb.org/mongo-driver/v2/bson"

	"dalil/internal/ledger"
)

// maxDepth is how deep a record's JSON is typed; the server takes 100 levels at most, and no record has ten.
const maxDepth = 50

// dalilDoc is what Dalil itself writes into a record's document: the current version as its commit holds it.
type dalilDoc struct {
	Seq     uint64        `bson:"seq"`
	Version uint64        `bson:"version"`
	Op      ledger.Op     `bson:"op"`
	Digest  ledger.Digest `bson:"digest"`
	Salt    *ledger.ID16  `bson:"salt,omitempty"`
	JSON    string        `bson:"json,omitempty"`
}

// encodeRecord returns the document of a record after a change: its members typed, for people, then what Dalil reads.
func encodeRecord(seq uint64, ch *ledger.Change) bson.Raw {
	d := newDocument(320 + len(ch.Ref.ID) + 3*len(ch.JSON))
	d.text("_id", ch.Ref.ID)
	d.members(ch.JSON)
	d.object("_dalil")
	d.number("seq", seq)
	d.number("version", ch.Version)
	d.text("op", string(ch.Op))
	d.digest(ch)
	d.end()
	return d.done()
}

// members writes the members of a JSON object as typed values. The id is left out, _id says it. What is no object has
// no members.
func (d *document) members(json []byte) {
	from, open := len(d.bytes), len(d.open)
	text := jsontext.NewDecoder(bytes.NewBuffer(json), jsontext.AllowDuplicateNames(true)) // canonical JSON has none
	if text.PeekKind() != '{' || d.typedObject(text, true) != nil {
		d.bytes, d.open = d.bytes[:from], d.open[:open]
	}
}

// typedObject writes the members of the JSON object that comes next; of the record itself not those that _id and
// _dalil say.
func (d *document) typedObject(text *jsontext.Decoder, record bool) error {
	if _, err := text.ReadToken(); err != nil {
		return err //nolint:wrapcheck // members drops it
	}
	for text.PeekKind() != '}' {
		quoted, err := text.ReadValue()
		if err != nil {
			return err //nolint:wrapcheck // as above
		}
		at := len(d.bytes)
		d.bytes, err = jsontext.AppendUnquote(append(d.bytes, 0), quoted)
		if err != nil {
			return err //nolint:wrapcheck // as above
		}
		name := d.bytes[at+1:]
		mendName(name)
		said := record && (string(name) == "id" || string(name) == "_id" || string(name) == "_dalil")
		d.bytes = append(d.bytes, 0)
		if err := d.typedValue(text, at); err != nil {
			return err
		}
		if said {
			d.bytes = d.bytes[:at]
		}
	}
	_, err := text.ReadToken()
	return err //nolint:wrapcheck // as above
}

// typedValue writes the JSON value that comes next, and its type where the member begins. Dates stay the texts they
// are: a reduced one has no BSON type.
func (d *document) typedValue(text *jsontext.Decoder, at int) error {
	kind := text.PeekKind()
	switch {
	case (kind == '{' || kind == '[') && text.StackDepth() >= maxDepth:
		raw, err := text.ReadValue()
		d.bytes[at] = byte(bson.TypeString)
		d.length(len(raw) + 1)
		d.bytes = append(append(d.bytes, raw...), 0)
		return err //nolint:wrapcheck // as above
	case kind == '{':
		d.bytes[at] = byte(bson.TypeEmbeddedDocument)
		d.begin()
		err := d.typedObject(text, false)
		d.end()
		return err
	case kind == '[':
		d.bytes[at] = byte(bson.TypeArray)
		d.begin()
		err := d.typedElements(text)
		d.end()
		return err
	case kind == '"':
		d.bytes[at] = byte(bson.TypeString)
		return d.typedText(text)
	default:
		return d.typedScalar(text, at)
	}
}

// typedElements writes the elements of the JSON array that comes next.
func (d *document) typedElements(text *jsontext.Decoder) error {
	if _, err := text.ReadToken(); err != nil {
		return err //nolint:wrapcheck // as above
	}
	for i := int64(0); text.PeekKind() != ']'; i++ {
		at := len(d.bytes)
		d.bytes = append(strconv.AppendInt(append(d.bytes, 0), i, 10), 0)
		if err := d.typedValue(text, at); err != nil {
			return err
		}
	}
	_, err := text.ReadToken()
	return err //nolint:wrapcheck // as above
}

// typedText writes the JSON string that comes next.
func (d *document) typedText(text *jsontext.Decoder) error {
	quoted, err := text.ReadValue()
	if err != nil {
		return err //nolint:wrapcheck // as above
	}
	from := len(d.bytes)
	d.length(0)
	if d.bytes, err = jsontext.AppendUnquote(d.bytes, quoted); err != nil {
		return err //nolint:wrapcheck // as above
	}
	d.bytes = append(d.bytes, 0)
	d.setLength(from, len(d.bytes)-from-4)
	return nil
}

// typedScalar writes the JSON number, boolean or null that comes next. A whole number becomes the smallest integer type
// that holds it, any other a double.
func (d *document) typedScalar(text *jsontext.Decoder, at int) error {
	token, err := text.ReadToken()
	if err != nil {
		return err //nolint:wrapcheck // as above
	}
	switch token.Kind() {
	case 't', 'f':
		d.bytes[at] = byte(bson.TypeBoolean)
		d.bytes = append(d.bytes, truth(token.Bool()))
	case 'n':
		d.bytes[at] = byte(bson.TypeNull)
	default:
		d.typedNumber(at, token.String())
	}
	return nil
}

// typedNumber writes a JSON number.
func (d *document) typedNumber(at int, text string) {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		f, _ := strconv.ParseFloat(text, 64) // out of range it is infinite, which is what is meant
		d.bytes[at] = byte(bson.TypeDouble)
		d.bytes = binary.LittleEndian.AppendUint64(d.bytes, math.Float64bits(f))
	case n >= math.MinInt32 && n <= math.MaxInt32:
		d.bytes[at] = byte(bson.TypeInt32)
		d.bytes = binary.LittleEndian.AppendUint32(d.bytes, uint32(n)) //nolint:gosec // the same bits
	default:
		d.bytes[at] = byte(bson.TypeInt64)
		d.bytes = binary.LittleEndian.AppendUint64(d.bytes, uint64(n)) //nolint:gosec // the same bits
	}
}

func truth(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// mendName changes a name into one that the server cannot take for an operator or a path. Validation lets none such
// pass.
func mendName(name []byte) {
	for i, c := range name {
		if c == '.' || c == 0 || c == '$' && i == 0 {
			name[i] = '_'
		}
	}
}
