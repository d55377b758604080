package boltledger_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/ledger/ledgertest"
)

// made makes a store with some commits in it, and returns its path and the commits.
func made(tb testing.TB, commits int) (string, []*ledger.Commit) {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "dalil.db")
	l := mustOpen(tb, path)
	scribe := ledgertest.NewScribe(ledgertest.Seed(tb))
	group := scribe.Small(commits)
	mustAppend(tb, l, ledger.Position{}, group)
	mustClose(tb, l)
	return path, group
}

// refused opens a store, which must fail with a code, and returns what the error says.
func refused(t *testing.T, path string, opts boltledger.Options, code fault.Code) string {
	t.Helper()
	l, err := boltledger.Open(path, opts)
	if err == nil {
		l.Close()
	}
	if !fault.Is(err, code) {
		t.Errorf("got %v, want a fault with code %s", err, code)
	}
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got kind %d, want Unavailable", fault.KindOf(err))
	}
	return fmt.Sprint(err)
}

func TestAStoreThatIsOpenIsLockedAndNamed(t *testing.T) {
	t.Parallel()
	path, _ := made(t, 3)
	mustOpen(t, path)
	said := refused(t, path, boltledger.Options{}, fault.CodeStoreLocked)
	if !strings.Contains(said, path) {
		t.Errorf("the error does not name the file: %s", said)
	}
}

func TestAFileThatIsNotOursIsLeftAlone(t *testing.T) {
	t.Parallel()
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	update(t, foreign, func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("theirs"))
		return err
	})
	similar := filepath.Join(t.TempDir(), "similar.db")
	update(t, similar, func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucket([]byte("meta"))
		return errors.Join(err, meta.Put([]byte("magic"), []byte("theirs")))
	})
	noise := make([]byte, 100_000)
	_, _ = rand.Read(noise)
	for name, data := range map[string][]byte{
		"a text":        []byte("id,name\n1,x\n"),
		"one byte":      {0},
		"noise":         noise,
		"zeros":         make([]byte, 65_536),
		"another bbolt": readFile(t, foreign),
		"similar bbolt": readFile(t, similar),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "file")
			writeFile(t, path, data)
			said := refused(t, path, boltledger.Options{}, fault.CodeStoreNotOurs)
			if !strings.Contains(said, path) {
				t.Errorf("the error does not name the file: %s", said)
			}
			if !bytes.Equal(readFile(t, path), data) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestAFolderIsNoStore(t *testing.T) {
	t.Parallel()
	refused(t, t.TempDir(), boltledger.Options{}, fault.CodeStoreNotOurs)
}

func TestAStoreThatIsCutShortIsDamaged(t *testing.T) {
	t.Parallel()
	path, _ := made(t, 400)
	whole := readFile(t, path)
	used := lastByte(whole)
	for _, size := range []int{100, 4096, 4097, 8192, 9000, used / 2, used - 4096} {
		t.Run(fmt.Sprint(size, " bytes"), func(t *testing.T) {
			t.Parallel()
			cut := filepath.Join(t.TempDir(), "cut.db")
			writeFile(t, cut, whole[:size])
			refused(t, cut, boltledger.Options{}, fault.CodeStoreDamaged)
		})
	}
}

// lastByte returns where the zeros at the end of a file begin: the file grows ahead of what is in it.
func lastByte(data []byte) int { return len(bytes.TrimRight(data, "\x00")) }

func TestAStoreWithoutItsFirstPagesIsDamaged(t *testing.T) {
	t.Parallel()
	path, _ := made(t, 50)
	data := readFile(t, path)
	_, _ = rand.Read(data[:8192])
	writeFile(t, path, data)
	refused(t, path, boltledger.Options{}, fault.CodeStoreDamaged)
}

func TestNoDamagedPageEndsTheProcess(t *testing.T) {
	t.Parallel()
	path, group := made(t, 120)
	whole := readFile(t, path)
	page, found := os.Getpagesize(), 0
	used := (lastByte(whole) + page - 1) / page * page
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for at := 0; at < used; at += page {
		for _, spoil := range []func([]byte){
			func(b []byte) { _, _ = rand.Read(b) },
			func(b []byte) { clear(b) },
			func(b []byte) { copy(b, whole[2*page:]) },
			func(b []byte) { b[page/2] ^= 0xff; b[40] ^= 0xff },
		} {
			data := bytes.Clone(whole[:used])
			spoil(data[at : at+page])
			if _, err := file.WriteAt(data, 0); err != nil {
				t.Fatal(err)
			}
			if sound(t, path, group) {
				continue // a free page, or one of the two meta pages
			}
			found++
		}
	}
	if found == 0 {
		t.Error("no damage was found")
	}
	t.Logf("%d damages found", found)
}

// sound tells whether a store opens and verifies and has all commits. It must neither panic nor say what is wrong in
// anything but a fault or a finding.
func sound(t *testing.T, path string, group []*ledger.Commit) bool {
	t.Helper()
	l, err := boltledger.Open(path, boltledger.Options{})
	if err != nil {
		expectFault(t, err)
		return false
	}
	defer l.Close()
	findings := 0
	summary, err := ledger.Verify(t.Context(), l, func(ledger.Finding) { findings++ })
	if err != nil {
		expectFault(t, err)
		return false
	}
	return findings == 0 && summary.Head == group[len(group)-1].Position()
}

func expectFault(t *testing.T, err error) {
	t.Helper()
	switch code := fault.CodeOf(err); code {
	case fault.CodeStoreDamaged, fault.CodeStoreNotOurs, fault.CodeNewerFormat:
	default:
		t.Errorf("code %s: %v", code, err)
	}
}

func TestAFileThatIsCutShortUnderneathEndsInAFault(t *testing.T) {
	t.Parallel()
	path, group := made(t, 400)
	l := mustOpen(t, path)
	if err := os.Truncate(path, 8192); err != nil {
		t.Fatal(err)
	}
	err := l.Commits(t.Context(), 0, func(*ledger.Commit) error { return nil })
	if !fault.Is(err, fault.CodeStoreDamaged) {
		t.Errorf("got %v", err)
	}
	scribe, head := ledgertest.NewScribe(1), l.Head()
	scribe.Learn(group...)
	for range 2 { // for good
		n, err := l.Append(t.Context(), head, scribe.Small(1))
		if n != 0 || !errors.Is(err, ledger.ErrFatal) {
			t.Errorf("appending: %d durable, error %v, want ErrFatal", n, err)
		}
	}
	if l.Head() != head {
		t.Errorf("head %d, want %d", l.Head().Seq, head.Seq)
	}
	if err := l.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
}

func TestAnEmptyFileBecomesANewStore(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "empty.db")
	writeFile(t, path, nil)
	l := mustOpen(t, path)
	if head := l.Head(); head != (ledger.Position{}) {
		t.Errorf("head %v", head)
	}
	mustAppend(t, l, ledger.Position{}, ledgertest.NewScribe(1).Small(2))
}

func TestAStoreThatWasMadeButNeverWrittenIsANewStore(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "begun.db")
	update(t, path, func(*bbolt.Tx) error { return nil })
	mustAppend(t, mustOpen(t, path), ledger.Position{}, ledgertest.NewScribe(1).Small(2))
}

func TestANewerLayoutIsLeftAlone(t *testing.T) {
	t.Parallel()
	path, _ := made(t, 3)
	update(t, path, func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("layout"), []byte{2}) })
	before := readFile(t, path)
	refused(t, path, boltledger.Options{}, fault.CodeNewerFormat)
	if !bytes.Equal(readFile(t, path), before) {
		t.Error("the file was changed")
	}
}

func TestAMissingFolderIsSaid(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "nowhere", "dalil.db")
	for _, existing := range []bool{false, true} {
		said := refused(t, path, boltledger.Options{Existing: existing}, fault.CodeStoreNoFolder)
		if !strings.Contains(said, path) {
			t.Errorf("the error does not name the file: %s", said)
		}
	}
}

func TestAStoreThatMustExistIsNotMade(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "typo.db")
	refused(t, path, boltledger.Options{Existing: true}, fault.CodeStoreMissing)
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file is there: %v", err)
	}
}

func TestAFileThatMayNotBeWrittenIsSaid(t *testing.T) {
	t.Parallel()
	if byNobody(t) {
		return
	}
	path, _ := made(t, 3)
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	refused(t, path, boltledger.Options{}, fault.CodeStoreNotAllowed)
}

func TestOnlyTheOwnerMayReadANewStore(t *testing.T) {
	t.Parallel()
	path, _ := made(t, 1)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}
