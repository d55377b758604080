package boltledger

import (
	"encoding/binary"

	"dalil/internal/directory"
)

// The magic text and the version of the layout that doc.go describes.
const (
	magic  = "dalil ledger"
	layout = 1
)

// The sizes of a key of the bucket log, and of the version at the end of a key of revisions.
const (
	logKeySize  = 12
	versionSize = 8
)

// names are the buckets' and the meta keys' names. They are built anew where they are used: bbolt takes byte slices.
const (
	metaBucket      = "meta"
	logBucket       = "log"
	revisionsBucket = "revisions"
	erasuresBucket  = "erasures"
	keyUsesBucket   = "key_uses"

	magicKey  = "magic"
	layoutKey = "layout"
	erasedKey = "erased"
	toldKey   = "told"
)

// logKey is the key of a commit's head (index 0) or of its index-th change.
func logKey(seq uint64, index uint32) [logKeySize]byte {
	var k [logKeySize]byte
	binary.BigEndian.PutUint64(k[:], seq)
	binary.BigEndian.PutUint32(k[8:], index)
	return k
}

// seqOf returns the commit's number in a key of log.
func seqOf(key []byte) uint64 { return binary.BigEndian.Uint64(key) }

// indexOf returns the index in a key of log.
func indexOf(key []byte) uint32 { return binary.BigEndian.Uint32(key[8:]) }

// appendRef appends the key under which all revisions of a record stand. Lengths stand first, so that no record's key
// begins another's.
func appendRef(b []byte, ref directory.Ref) []byte {
	b = append(b, byte(len(ref.Kind))) //nolint:gosec // fits has looked
	b = append(b, ref.Kind...)
	b = binary.BigEndian.AppendUint16(b, uint16(len(ref.ID))) //nolint:gosec // fits has looked
	return append(b, ref.ID...)
}

// appendRevision appends the key of one version of a record. Versions are inverted: the newest comes first.
func appendRevision(b []byte, ref directory.Ref, version uint64) []byte {
	return binary.BigEndian.AppendUint64(appendRef(b, ref), ^version)
}

// versionOf returns the version in a key of revisions.
func versionOf(key []byte) uint64 {
	return ^binary.BigEndian.Uint64(key[len(key)-versionSize:])
}
