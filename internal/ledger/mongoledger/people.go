package mongoledger

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"go.mongodb.org/mongo-driver/v2/bson"

	"dalil/internal/ledger"
)

// maxDepth is how deep a record's JSON is typed; the server takes 100 levels at most, and no record has ten.
const maxDepth = 50

// recordDoc is what Dalil itself reads of a record's document.
type recordDoc struct {
	ID    string   `bson:"_id"`
	Dalil dalilDoc `bson:"_dalil"`
}

// dalilDoc is the current version of a record as its commit holds it.
type dalilDoc struct {
	Seq     uint64        `bson:"seq"`
	Version uint64        `bson:"version"`
	Op      ledger.Op     `bson:"op"`
	Digest  ledger.Digest `bson:"digest"`
	Salt    *ledger.ID16  `bson:"salt,omitempty"`
	JSON    string        `bson:"json,omitempty"`
}

// encodeRecord returns the document of a record after a change: its members typed, for people, then what Dalil reads.
func encodeRecord(seq uint64, ch *ledger.Change) bson.D {
	doc := append(bson.D{{Key: "_id", Value: ch.Ref.ID}}, members(ch.JSON)...)
	dalil := dalilDoc{Seq: seq, Version: ch.Version, Op: ch.Op, Digest: ch.Seal.Digest, JSON: string(ch.JSON)}
	if ch.JSON != nil {
		dalil.Salt = &ch.Seal.Salt
	}
	return append(doc, bson.E{Key: "_dalil", Value: dalil})
}

// members returns the members of a JSON object as typed values. The id is left out, _id says it. What is no object has
// no members.
func members(json []byte) bson.D {
	value, err := typedValue(jsontext.NewDecoder(bytes.NewReader(json)))
	doc, ok := value.(bson.D)
	if err != nil || !ok {
		return nil
	}
	kept := doc[:0]
	for _, e := range doc {
		if e.Key != "id" && e.Key != "_id" && e.Key != "_dalil" {
			kept = append(kept, e)
		}
	}
	return kept
}

// typedValue reads the next JSON value. Dates stay the texts they are: a reduced one has no BSON type.
func typedValue(d *jsontext.Decoder) (any, error) {
	if kind := d.PeekKind(); (kind == '{' || kind == '[') && d.StackDepth() >= maxDepth {
		raw, err := d.ReadValue()
		return string(raw), err //nolint:wrapcheck // members drops it
	}
	token, err := d.ReadToken()
	if err != nil {
		return nil, err //nolint:wrapcheck // as above
	}
	switch token.Kind() {
	case '{':
		return typedObject(d)
	case '[':
		return typedArray(d)
	case '"':
		return token.String(), nil
	case '0':
		return typedNumber(token.String()), nil
	case 't', 'f':
		return token.Bool(), nil
	default:
		return nil, nil
	}
}

func typedObject(d *jsontext.Decoder) (any, error) {
	object := bson.D{}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return nil, err //nolint:wrapcheck // as above
		}
		key := memberName(name.String())
		value, err := typedValue(d)
		if err != nil {
			return nil, err
		}
		object = append(object, bson.E{Key: key, Value: value})
	}
	_, err := d.ReadToken()
	return object, err //nolint:wrapcheck // as above
}

func typedArray(d *jsontext.Decoder) (any, error) {
	array := bson.A{}
	for d.PeekKind() != ']' {
		value, err := typedValue(d)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	_, err := d.ReadToken()
	return array, err //nolint:wrapcheck // as above
}

// typedNumber returns a whole number as the smallest integer type that holds it, any other as a double.
func typedNumber(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		if n >= math.MinInt32 && n <= math.MaxInt32 {
			return int32(n)
		}
		return n
	}
	f, _ := strconv.ParseFloat(text, 64) // out of range it is infinite, which is what is meant
	return f
}

// memberName returns a name that the server cannot take for an operator or a path. Validation lets none such pass.
func memberName(name string) string {
	name = strings.NewReplacer(".", "_", "\x00", "_").Replace(name)
	if strings.HasPrefix(name, "$") {
		return "_" + name[1:]
	}
	return name
}
