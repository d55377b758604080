package boltledger_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.etcd.io/bbolt"

	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/ledger/ledgertest"
)

func TestCompactKeepsEverythingWhileOthersReadAndWrite(t *testing.T) {
	t.Parallel()
	l := mustOpen(t, filepath.Join(t.TempDir(), "dalil.db"))
	scribe := ledgertest.NewScribe(ledgertest.Seed(t))
	first := scribe.Group(3_000)
	mustAppend(t, l, ledger.Position{}, first)
	scribe.Learn(first...)

	ctx, stop := context.WithCancel(t.Context())
	var tasks sync.WaitGroup
	defer tasks.Wait()
	defer stop()
	followed := make(chan uint64, 1)
	tasks.Go(func() {
		last := uint64(0)
		_ = l.Follow(ctx, ledger.Position{}, func(c *ledger.Commit) error { last = c.Seq; return nil })
		followed <- last
	})
	tasks.Go(func() {
		for ctx.Err() == nil {
			if _, err := ledger.Verify(t.Context(), l, func(f ledger.Finding) { t.Errorf("meanwhile: %s", f) }); err != nil {
				t.Errorf("meanwhile: %v", err)
				return
			}
		}
	})
	for range 6 {
		for range 5 {
			group := scribe.Small(10)
			mustAppend(t, l, scribe.Position(), group)
			scribe.Learn(group...)
		}
		if err := l.Compact(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	verified(t, l, scribe.Position())
}

func TestCompactMakesTheFileAsSmallAsItsContent(t *testing.T) {
	t.Parallel()
	path, group := made(t, 5)
	update(t, path, func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("ballast"))
		return err
	})
	update(t, path, func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("ballast")).Put([]byte("much"), make([]byte, 64<<20))
	})
	update(t, path, func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte("ballast")) })
	l := mustOpen(t, path)
	if err := l.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 40<<20 {
		t.Errorf("%d bytes, %v", info.Size(), err)
	}
	verified(t, l, group[4].Position())
	if _, err := os.Stat(path + boltledger.Leftover); !os.IsNotExist(err) {
		t.Errorf("the file of the compaction is still there: %v", err)
	}
}

func TestARedactionThatWasCutOffIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	path, group := made(t, 5)
	mark := bytes.Repeat([]byte("erased text "), 2_000)
	update(t, path, func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("mark"), mark) })
	update(t, path, func(tx *bbolt.Tx) error { // as after the first half: the text stands in free pages
		meta := tx.Bucket([]byte("meta"))
		if err := meta.Delete([]byte("mark")); err != nil {
			return err
		}
		return meta.Put([]byte("erased"), []byte{1})
	})
	if !bytes.Contains(readFile(t, path), mark[:100]) {
		t.Fatal("the text is not in the file: the test proves nothing")
	}
	writeFile(t, path+boltledger.Leftover, mark) // and a compaction had begun
	l := mustOpen(t, path)
	if _, err := os.Stat(path + boltledger.Leftover); !os.IsNotExist(err) {
		t.Errorf("what the compaction left is still there: %v", err)
	}
	if err := l.Redact(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(readFile(t, path), mark[:100]) {
		t.Error("the text is still in the file")
	}
	before := readFile(t, path)
	if err := l.Redact(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(readFile(t, path), before) {
		t.Error("nothing was to do, but the file was written anew")
	}
	verified(t, l, group[4].Position())
}

func TestACompactionThatIsCalledOffChangesNothing(t *testing.T) {
	t.Parallel()
	path, group := made(t, 5)
	l := mustOpen(t, path)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Compact(ctx); err == nil {
		t.Error("no error")
	}
	verified(t, l, group[4].Position())
}

func TestACompactionLeavesALinkToTheStoreALink(t *testing.T) {
	t.Parallel()
	path, group := made(t, 5)
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	l := mustOpen(t, link)
	if err := l.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustClose(t, l)
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is no link any more: %v", err)
	}
	verified(t, mustOpen(t, path), group[4].Position())
}
