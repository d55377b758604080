package boltledger

import (
	"fmt"
	"slices"
	"sync"

	"go.etcd.io/bbolt"

	"dalil/internal/ledger"
)

// fill is how full the pages of the log are made: nothing is ever put between its keys.
const fill = 0.95

// batch is a group of commits as the file will hold them.
type batch struct {
	commits []*ledger.Commit
	heads   [][]byte
	changes [][]byte // of all commits, one after the other
	count   int      // of changes
	arena   *[]byte  // the memory of the values
}

// maxKept bounds the memory of a group that is kept for the next one, in bytes.
const maxKept = 1 << 20

// arenas keeps the memory of groups that are durable.
var arenas = sync.Pool{New: func() any { return new([]byte) }}

// encode makes the values of a group before anybody waits for it, in as few pieces of memory as can be.
func encode(commits []*ledger.Commit) (*batch, error) {
	size, count := 0, 0
	for _, c := range commits {
		size += headBytes(c)
		count += len(c.Changes)
		for i := range c.Changes {
			ch := &c.Changes[i]
			if err := checkChange(ch); err != nil {
				return nil, fmt.Errorf("commit %d: %w", c.Seq, err)
			}
			size += changeBytes(ch)
		}
	}
	all := make([][]byte, len(commits)+count)
	b := &batch{commits: commits, heads: all[:len(commits)], changes: all[len(commits):], count: count}
	b.arena = arenas.Get().(*[]byte) //nolint:errcheck,forcetypeassert // it holds nothing else
	arena := slices.Grow((*b.arena)[:0], size)
	n := 0
	for i, c := range commits {
		arena, b.heads[i] = cut(appendHead(arena, c), len(arena))
		for j := range c.Changes {
			arena, b.changes[n] = cut(appendChange(arena, &c.Changes[j]), len(arena))
			n++
		}
	}
	*b.arena = arena
	return b, nil
}

// release gives back the memory of the values: the transaction that held them has ended well.
func (b *batch) release() {
	if cap(*b.arena) <= maxKept {
		arenas.Put(b.arena)
	}
	b.arena, b.heads, b.changes = nil, nil, nil
}

// cut returns a buffer and what was appended to it from an offset on.
func cut(b []byte, from int) (grown, piece []byte) { return b, b[from:len(b):len(b)] }

// put puts the commits into the log, but for those that are known.
func (b *batch) put(tx *bbolt.Tx, known int) error {
	log := tx.Bucket([]byte(logBucket))
	log.FillPercent = fill
	n := 0
	for i, c := range b.commits {
		if i < known {
			n += len(c.Changes)
			continue
		}
		for j := range len(c.Changes) + 1 {
			key, value := logKey(c.Seq, uint32(j)), b.heads[i]
			if j > 0 {
				value = b.changes[n]
				n++
				if err := noteErasure(tx, key[:], &c.Changes[j-1]); err != nil {
					return fmt.Errorf("noting an erasure of commit %d: %w", c.Seq, err)
				}
			}
			if err := log.Put(key[:], value); err != nil {
				return fmt.Errorf("putting commit %d: %w", c.Seq, err)
			}
		}
	}
	return nil
}
