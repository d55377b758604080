package backupfile_test

import (
	"bytes"
	"encoding/binary"
	"runtime"
	"testing"

	"github.com/klauspost/compress/zstd"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/ledger/backupfile"
	"dalil/internal/ledger/ledgertest"
)

// packed makes a file of frames that nobody has written: first line, zstd in its plainest form, seal.
func packed(tb testing.TB, frames []byte) []byte {
	tb.Helper()
	file := []byte("DALIL BACKUP 1\n")
	file = append(file, 0x28, 0xb5, 0x2f, 0xfd, 0, 0x50) // zstd's mark, no options, a window of 1 MB
	for {
		some := min(len(frames), 100_000)
		head := uint32(some) << 3 // a block as it is
		if some == len(frames) {
			head |= 1 // the last one
		}
		file = append(file, byte(head), byte(head>>8), byte(head>>16))
		file = append(file, frames[:some]...)
		if frames = frames[some:]; head&1 != 0 {
			return append(file, backupfile.SealOf(file)...)
		}
	}
}

// unpacked returns the frames of a file.
func unpacked(tb testing.TB, file []byte) []byte {
	tb.Helper()
	zr, err := zstd.NewReader(nil)
	if err != nil {
		tb.Fatal(err)
	}
	defer zr.Close()
	frames, err := zr.DecodeAll(bytes.TrimPrefix(file, []byte("DALIL BACKUP 1\n")), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return frames
}

func frame(letter byte, content []byte) []byte {
	return append(binary.AppendUvarint([]byte{letter}, uint64(len(content))), content...)
}

// small returns a backup of a few commits.
func small(tb testing.TB) []byte {
	tb.Helper()
	l, scribe := newStore(tb), ledgertest.NewScribe(7)
	group := scribe.Small(4)
	if _, err := l.Append(tb.Context(), ledger.Position{}, group); err != nil {
		tb.Fatal(err)
	}
	return backup(tb, l)
}

// FuzzReader reads anything: what is inside the file behind a good seal, and the file itself. Whatever it is, reading
// ends in a fault or in whole commits, and never takes memory that the file does not account for.
func FuzzReader(f *testing.F) {
	file := small(f)
	frames := unpacked(f, file)
	f.Add(frames)
	f.Add(frames[:len(frames)/2])
	f.Add(file)
	f.Add([]byte("DALIL BACKUP 1\n"))
	f.Add(frame(backupfile.HeaderFrame, make([]byte, 57)))
	f.Add(append(binary.AppendUvarint([]byte{backupfile.HeaderFrame}, 1<<62), "short"...))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, file := range [][]byte{data, packed(t, data)} {
			r, err := backupfile.NewReader(bytes.NewReader(file), "file")
			if err != nil {
				wantFault(t, err)
				continue
			}
			r.Limit(1 << 20)
			n, changes := uint64(0), 0
			err = r.Commits(t.Context(), 0, func(c *ledger.Commit) error {
				n++
				changes += len(c.Changes)
				if c.Seq != n {
					t.Fatalf("commit %d comes as number %d", c.Seq, n)
				}
				return nil
			})
			if err != nil {
				wantFault(t, err)
			} else if n != r.Header().Head.Seq {
				t.Fatalf("%d commits are whole, the header says %d", n, r.Header().Head.Seq)
			}
			if changes > len(data) {
				t.Fatalf("%d changes of %d bytes", changes, len(data))
			}
			r.Close()
		}
	})
}

func wantFault(t *testing.T, err error) {
	t.Helper()
	for _, code := range []fault.Code{fault.CodeBackupDamaged, fault.CodeBackupNotOurs, fault.CodeBackupNewer} {
		if fault.Is(err, code) {
			return
		}
	}
	t.Fatalf("got %v, want a fault about the backup", err)
}

func TestAFileThatPromisesMuchTakesLittleMemory(t *testing.T) { //nolint:paralleltest // it measures this process's memory
	header := unpacked(t, small(t))
	header = header[:2+int(header[1])]
	promise := binary.AppendUvarint([]byte{backupfile.CommitFrame}, backupfile.FrameLimit)
	zeros := bytes.Repeat([]byte{0}, 32<<20)
	for name, frames := range map[string][]byte{
		"a frame that is not there": append(bytes.Clone(header), promise...),
		"a frame longer than any":   append(bytes.Clone(header), binary.AppendUvarint([]byte{backupfile.CommitFrame}, 1<<60)...),
		"a frame of nothing":        append(append(bytes.Clone(header), binary.AppendUvarint([]byte{backupfile.CommitFrame}, uint64(len(zeros)))...), zeros...),
	} {
		file := packed(t, frames)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		_, err := read(t.Context(), file)
		runtime.ReadMemStats(&after)
		wantFault(t, err)
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 4*backupfile.FrameLimit {
			t.Errorf("%s: %d bytes were taken for a file of %d", name, taken, len(file))
		}
	}
}
