package backupfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"io"
)

// The seal stands at the very end, in a frame that zstd passes over: its mark, the length of its content, and the
// SHA-256 of every byte of the file before it.
const (
	sealMark = 0x184D2A5D
	sealSize = 8 + sha256.Size
)

// sealing sums up what it writes.
type sealing struct {
	to  io.Writer
	sum hash.Hash
}

func (s *sealing) Write(p []byte) (int, error) {
	n, err := s.to.Write(p)
	_, _ = s.sum.Write(p[:n]) // a hash never returns an error
	return n, err             //nolint:wrapcheck // the receiver's own
}

// seal writes the seal of what was written.
func (s *sealing) seal() error {
	_, err := s.to.Write(sealOf(s.sum))
	return err //nolint:wrapcheck // the receiver's own
}

func newSum() hash.Hash { return sha256.New() }

func sealOf(sum hash.Hash) []byte {
	b := binary.LittleEndian.AppendUint32(nil, sealMark)
	b = binary.LittleEndian.AppendUint32(b, sha256.Size)
	return sum.Sum(b)
}

// sealed sums up what it reads but for the seal, which it holds back at the end of what it has seen.
type sealed struct {
	from io.Reader
	sum  hash.Hash
	last []byte // the last bytes read, at most as many as a seal has
	err  error  // why reading failed, which zstd does not always tell
}

func (s *sealed) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	s.last = append(s.last, p[:n]...)
	if over := len(s.last) - sealSize; over > 0 {
		_, _ = s.sum.Write(s.last[:over]) // a hash never returns an error
		s.last = append(s.last[:0], s.last[over:]...)
	}
	return n, err
}

// fits tells whether the file, read to its end, ends with the seal of what stands before.
func (s *sealed) fits() bool { return bytes.Equal(s.last, sealOf(s.sum)) }
