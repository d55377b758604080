package mongoledger

import (
	"encoding/binary"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"dalil/internal/ledger"
)

// document is a BSON document that is being written. Every commit writes three, and the driver's own way, by reflection
// over structs, takes more time than the rest of an append. The structs with the same members are how they are read.
type document struct {
	bytes []byte
	open  []int // where the documents and arrays begin that are not finished yet
}

// newDocument begins a document that will have about so many bytes.
func newDocument(size int) *document {
	d := &document{bytes: make([]byte, 0, size), open: make([]int, 0, 8)}
	d.begin()
	return d
}

// begin leaves room for the length of a document or an array.
func (d *document) begin() {
	d.open = append(d.open, len(d.bytes))
	d.bytes = append(d.bytes, 0, 0, 0, 0)
}

// end ends what began last, and writes its length where it began.
func (d *document) end() {
	d.bytes = append(d.bytes, 0)
	from := d.open[len(d.open)-1]
	d.open = d.open[:len(d.open)-1]
	d.setLength(from, len(d.bytes)-from)
}

// length writes how many bytes follow.
func (d *document) length(n int) {
	d.bytes = binary.LittleEndian.AppendUint32(d.bytes, uint32(n)) //nolint:gosec // the server takes 16 MB at most
}

// setLength writes a length into the room left for it.
func (d *document) setLength(at, n int) {
	binary.LittleEndian.PutUint32(d.bytes[at:], uint32(n)) //nolint:gosec // as above
}

// done ends the document and returns it.
func (d *document) done() bson.Raw {
	d.end()
	return d.bytes
}

// name begins a member.
func (d *document) name(kind bson.Type, name string) {
	d.bytes = append(append(append(d.bytes, byte(kind)), name...), 0)
}

// object begins a member that is a document, until end.
func (d *document) object(name string) {
	d.name(bson.TypeEmbeddedDocument, name)
	d.begin()
}

// array begins a member that is an array, until end. Its elements are members named by their index.
func (d *document) array(name string) {
	d.name(bson.TypeArray, name)
	d.begin()
}

// text writes a string.
func (d *document) text(name, text string) {
	d.name(bson.TypeString, name)
	d.length(len(text) + 1)
	d.bytes = append(append(d.bytes, text...), 0)
}

// number writes a number of 64 bits, as the seq and version members are.
func (d *document) number(name string, n uint64) {
	d.name(bson.TypeInt64, name)
	d.bytes = binary.LittleEndian.AppendUint64(d.bytes, n)
}

// small writes a number of 32 bits.
func (d *document) small(name string, n int) {
	d.name(bson.TypeInt32, name)
	d.bytes = binary.LittleEndian.AppendUint32(d.bytes, uint32(n)) //nolint:gosec // a count, an index or a status
}

func (d *document) time(name string, t time.Time) {
	d.name(bson.TypeDateTime, name)
	d.bytes = binary.LittleEndian.AppendUint64(d.bytes, uint64(t.UnixMilli()))
}

func (d *document) binary(name string, b []byte) {
	d.name(bson.TypeBinary, name)
	d.length(len(b))
	d.bytes = append(d.bytes, bson.TypeBinaryGeneric)
	d.bytes = append(d.bytes, b...)
}

// seal writes the digest of a text and its salt.
func (d *document) seal(s *ledger.Seal) {
	d.binary("salt", s.Salt[:])
	d.binary("digest", s.Digest[:])
}
